/**
 * Has the broker lost events that it acknowledged and that we settled?
 *
 * A stream that lost its tail (a damaged file, an older copy put back) goes on at an earlier number. The durable
 * consumer believes that it has delivered those numbers and passes over all new events up to its old place, with
 * no error and empty counters. Compared are: the instant at which the stream was made, its last number, the place
 * of the consumer, and the event at the highest number that was settled, since once new events have passed the old
 * place all numbers look right again.
 *
 * Marks are read before the stream is asked: a mark can then never be ahead of a sound stream.
 * Source: docs/reliability.md, "Broker-loss detector".
 */
import { type ConsumerInfo, type JetStreamManager, NatsError, type StreamInfo } from 'nats'
import { eventDigest } from './event-digest.ts'

/** What a worker has settled last, written with the batch. */
export interface SettledMark {
  streamCreatedAt: string
  highSeq: number
  /** As `eventDigest` makes it. */
  highEventDigest: string
}

export interface Regression {
  cause: 'stream-made-anew' | 'last-number-fell' | 'consumer-ahead' | 'event-replaced'
  /** Settled events known to be gone. New ones may stand already at lower numbers of others that are gone too. */
  from: number
  to: number
}

export async function findRegression(
  manager: JetStreamManager,
  found: { marks: readonly SettledMark[]; consumer: ConsumerInfo; stream: StreamInfo },
): Promise<Regression | undefined> {
  const { consumer, stream } = found
  const marks = found.marks.toSorted((one, other) => other.highSeq - one.highSeq)
  const { first_seq: first, last_seq: last } = stream.state
  const [highest] = marks
  if (highest && marks.every(({ streamCreatedAt }) => streamCreatedAt !== stream.created)) {
    return { cause: 'stream-made-anew', from: 1, to: highest.highSeq }
  }
  const ours = marks.filter(({ streamCreatedAt }) => streamCreatedAt === stream.created)
  const ahead = ours.filter(({ highSeq }) => highSeq > last)
  if (ahead[0]) return { cause: 'last-number-fell', from: last + 1, to: ahead[0].highSeq }
  if (consumer.delivered.stream_seq > last) {
    return { cause: 'consumer-ahead', from: last + 1, to: consumer.delivered.stream_seq }
  }
  // What is older than the stream's first event has left it by age.
  const [mark, ...lower] = ours.filter(({ highSeq }) => highSeq >= first)
  if (!mark || (await isStillThere(manager, stream.config.name, mark))) return undefined
  for (const one of lower) {
    if (await isStillThere(manager, stream.config.name, one)) {
      return { cause: 'event-replaced', from: one.highSeq + 1, to: mark.highSeq }
    }
  }
  return { cause: 'event-replaced', from: first, to: mark.highSeq }
}

async function isStillThere(manager: JetStreamManager, stream: string, mark: SettledMark): Promise<boolean> {
  try {
    const message = await manager.streams.getMessage(stream, { seq: mark.highSeq })
    return eventDigest(message) === mark.highEventDigest
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === 10037) return false
    throw error
  }
}
