/**
 * How long does the broker wait before it gives a message to another replica?
 *
 * What a killed replica held comes back after this time, so it is short, and a replica says each second of every
 * message it holds that it is still at work. Three of these may be late before a message is given to two.
 */
import { type JetStreamManager, NatsError, nanos } from 'nats'

export const ackWaitMs = 4000
/** How often a replica says that it is at work. */
export const workingMs = 1000

/** What releases before this one have set. */
const formerAckWaitMs = 30_000
const notFound = new Set([10059, 10014])

/**
 * Gives a consumer that an earlier release has made today's time. Any other time is the operator's, and stays.
 * Harmless on several replicas at once, also beside one of the earlier release.
 */
export async function shortenAckWait(
  manager: JetStreamManager,
  { stream, consumer }: { stream: string; consumer: string },
): Promise<void> {
  try {
    const { config } = await manager.consumers.info(stream, consumer)
    if (config.ack_wait !== nanos(formerAckWaitMs)) return
  } catch (error) {
    if (error instanceof NatsError && notFound.has(error.api_error?.err_code ?? 0)) return
    throw error
  }
  await manager.consumers.update(stream, consumer, { ack_wait: nanos(ackWaitMs) })
}
