/** A backlog of end events, and a process that settles it: what `settle.ts` and `bundles.ts` measure. */
import type { NatsConnection } from 'nats'
import { callsStream, ensureStreams } from '../src/events/streams.ts'
import type { BenchServers } from './bench-servers.ts'
import { startChild } from './child.ts'
import type { SettleOrder, SettleResult } from './settle-order.ts'

const batchSize = 500
const publishWindow = 1000

/** A new stream with nothing but these events. */
export async function publishBacklog(
  broker: NatsConnection,
  { books }: BenchServers,
  of: { events: number; clientIds: readonly string[]; run: string; carrier?: string },
): Promise<void> {
  const manager = await broker.jetstreamManager()
  await manager.streams.delete(callsStream).catch(() => {})
  await ensureStreams(manager, { batchSize })
  const stream = broker.jetstream()
  const numbers = books.numbers.slice(0, 20)
  const now = Date.now()
  for (let i = 0; i < of.events; i += publishWindow) {
    const count = Math.min(publishWindow, of.events - i)
    const published = Array.from({ length: count }, (_, offset) => {
      const at = i + offset
      const event = {
        callId: `${of.run}-${at};1928301774;out`,
        client: of.clientIds[at % of.clientIds.length],
        direction: 'outbound',
        from: '+34911000111',
        to: numbers[at % numbers.length],
        startedAt: new Date(now - 70_000).toISOString(),
        answeredAt: new Date(now - 65_000).toISOString(),
        endedAt: new Date(now - (at % 60_000)).toISOString(),
        cause: 16,
        ...(of.carrier !== undefined && { carrier: of.carrier }),
      }
      return stream.publish('calls.end', JSON.stringify(event))
    })
    await Promise.all(published)
  }
}

/** In a process of its own. */
export async function settleBacklog(
  { natsUrl, databaseUrl, books, pids }: BenchServers,
  { mode, events }: { mode: SettleOrder['mode']; events: number },
): Promise<SettleResult> {
  const worker = startChild('./settle-worker.ts')
  try {
    const { destinations, rateDeckId, ratingPlanId } = books
    const order: SettleOrder = {
      mode,
      natsUrl,
      databaseUrl,
      events,
      batchSize,
      postgresPid: pids.postgres,
      destinations,
      rateDeckId,
      ratingPlanId,
    }
    return await worker.ask<SettleResult>(order)
  } finally {
    await worker.stop()
  }
}
