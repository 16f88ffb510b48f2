/**
 * Are the streams and the consumer there, as they should be, and has the broker kept what it acknowledged?
 *
 * Looked at on each connection before anything is pulled, and every two seconds: what was deleted or changed is
 * put right or named, a JetStream that is dead is told although the connection stands, and how much waits is
 * counted. Where the broker lost settled events (`find-regression.ts`) the alarm `broker_regression` is raised and
 * the consumer made anew: it delivers all that the stream has, so that no new event is passed over; events settled
 * before are found to be repeats. What engines sent and the broker lost only they can send again.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { ConsumerInfo, JetStreamManager, NatsConnection, StreamInfo } from 'nats'
import { errorMessage } from '../errors.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { repeat } from '../repeat.ts'
import type { Broker } from './broker.ts'
import { findRegression, type Regression, type SettledMark } from './find-regression.ts'
import { callsConsumer, callsStream, prepareStreams, renewConsumer, type StreamOptions } from './streams.ts'

/** What was settled last, as the database has it. */
export interface BrokerMarks {
  list(): Promise<readonly SettledMark[]>
  /** One replica at a time; `forget` holds when `work` has resolved. */
  putRight(
    work: (marks: { list(): Promise<readonly SettledMark[]>; forget(): Promise<void> }) => Promise<void>,
  ): Promise<void>
}

export interface StreamWatchContext {
  broker: Broker
  streams: StreamOptions
  /** Without them a loss is seen from the consumer's place alone. */
  marks?: BrokerMarks | undefined
  log?: Log
  /** The stream or the consumer is another one: whoever pulls begins anew. */
  onRenewed?: (streamCreatedAt: string) => void
  intervalMs?: number
}

export interface WatchState {
  /** Events that wait for a delivery or for their acknowledgement; null before the first look. */
  waiting: number | null
  /** When the oldest of them was stored, in milliseconds since 1970; null where none waits. */
  oldestAt: number | null
  jetStreamAnswers: boolean
  regressions: number
  /** Streams and consumers found absent after the start, and settings put right. */
  repairs: number
}

export interface StreamWatch {
  /** Looks now; resolves with the instant at which the stream was made, as the broker writes it. */
  look(connection: NatsConnection): Promise<string>
  state(): WatchState
  close(): void
}

const answerMs = 2000
const confirmMs = 300

export function watchStreams(context: StreamWatchContext): StreamWatch {
  const { broker, streams, marks, log = silentLog, onRenewed, intervalMs = 2000 } = context
  const state: WatchState = {
    waiting: null,
    oldestAt: null,
    jetStreamAnswers: false,
    regressions: 0,
    repairs: 0,
  }
  const tried = new Set<string>()
  let connection: NatsConnection | undefined
  let streamCreatedAt = ''
  let consumerCreatedAt = ''
  let looking: Promise<unknown> = Promise.resolve()
  let closed = false
  const looks = repeat('watch_streams', { log, everyMs: intervalMs }, lookAgain)

  /** One look after the other. */
  function look(from: NatsConnection): Promise<string> {
    connection = from
    const result = looking.then(() => lookOnce(from))
    looking = result.catch(() => {})
    return result
  }

  /** What fails is told by `reportFaults`. */
  async function lookAgain(): Promise<number> {
    if (connection && broker.isConnected() && !connection.isClosed()) await look(connection).catch(() => {})
    return 0
  }

  async function lookOnce(from: NatsConnection): Promise<string> {
    try {
      const manager = await from.jetstreamManager({ timeout: answerMs, checkAPI: false })
      const prepared = await prepareStreams(manager, streams, tried)
      logChanges(prepared.changes)
      broker.reportFaults('streams', prepared.faults)
      const stream = await keepSound(manager, prepared.consumer)
      await countWaiting(manager, stream)
      broker.reportFaults('jetstream', [])
      state.jetStreamAnswers = true
      return stream.stream.created
    } catch (error) {
      if (!closed && broker.isConnected() && !from.isClosed()) {
        state.jetStreamAnswers = false
        broker.reportFaults('jetstream', [`JetStream does not answer: ${describeError(error)}`])
      }
      throw error
    }
  }

  function logChanges(changes: readonly { sentence: string; made: boolean }[]): void {
    for (const { sentence, made } of changes) {
      // The first start on a new broker makes everything; a changed setting is news at any time.
      if (made && streamCreatedAt === '') continue
      state.repairs += 1
      log.error({ event: 'broker_repaired', change: sentence })
      broker.reportNotice(`${new Date().toISOString()} ${sentence}`)
    }
  }

  /** Finds and puts right a loss; tells whoever pulls where stream or consumer is another one than before. */
  async function keepSound(manager: JetStreamManager, consumer: ConsumerInfo): Promise<Found> {
    let found = await compare(manager, marks, consumer)
    if (found.regression) {
      // A broker whose leader has just changed may answer behind itself: only what stays is a loss.
      await wait(confirmMs)
      found = await compare(manager, marks, await consumerInfo(manager))
    }
    if (found.regression) found = await putRight(manager, found.regression)
    const isOther =
      (streamCreatedAt !== '' && streamCreatedAt !== found.stream.created) ||
      (consumerCreatedAt !== '' && consumerCreatedAt !== found.consumer.created)
    streamCreatedAt = found.stream.created
    consumerCreatedAt = found.consumer.created
    if (isOther) onRenewed?.(streamCreatedAt)
    return found
  }

  async function putRight(manager: JetStreamManager, seen: Regression): Promise<Found> {
    const renew = async (regression: Regression) => {
      logRegression(regression)
      return renewConsumer(manager, streams)
    }
    if (!marks) return compare(manager, undefined, await renew(seen))
    await marks.putRight(async ({ list, forget }) => {
      // Another replica may have been faster.
      const now = await compare(manager, { list }, await consumerInfo(manager))
      if (!now.regression) return
      await renew(now.regression)
      await forget()
    })
    return compare(manager, marks, await consumerInfo(manager))
  }

  function logRegression({ cause, from, to }: Regression): void {
    state.regressions += 1
    const advice =
      'The broker lost events that it had acknowledged. All that it still has is read anew and no new event is passed over; let the engines send again what they sent since the last copy of its store.'
    log.error({ event: 'broker_regression', stream: callsStream, cause, from, to, advice })
    broker.reportNotice(
      `${new Date().toISOString()} broker_regression: stream ${callsStream} lost settled events ${from} to ${to} (${cause}); the consumer was made anew`,
    )
  }

  async function countWaiting(manager: JetStreamManager, { consumer, stream }: Found): Promise<void> {
    const waiting = consumer.num_pending + consumer.num_ack_pending
    const seq = Math.max(consumer.ack_floor.stream_seq + 1, stream.state.first_seq)
    const oldest =
      waiting > 0 ? await manager.streams.getMessage(callsStream, { seq }).catch(() => undefined) : undefined
    state.waiting = waiting
    // What cannot be read now keeps the age that it had.
    if (waiting === 0 || oldest) state.oldestAt = oldest?.time.getTime() ?? null
  }

  return {
    look,
    state: () => ({ ...state }),
    close() {
      closed = true
      void looks.close()
    },
  }
}

interface Found {
  consumer: ConsumerInfo
  stream: StreamInfo
  regression: Regression | undefined
}

/** A database that does not answer tells nothing of the broker: then the marks are left out. */
async function compare(
  manager: JetStreamManager,
  marks: Pick<BrokerMarks, 'list'> | undefined,
  consumer: ConsumerInfo,
): Promise<Found> {
  const listed = (await marks?.list().catch(() => [])) ?? []
  const stream = await manager.streams.info(callsStream)
  const regression = await findRegression(manager, { marks: listed, consumer, stream })
  return { consumer, stream, regression }
}

function consumerInfo(manager: JetStreamManager): Promise<ConsumerInfo> {
  return manager.consumers.info(callsStream, callsConsumer)
}

/** nats.js says "503" where nothing listens for requests to JetStream. */
function describeError(error: unknown): string {
  const words = errorMessage(error)
  return words === '503' ? 'it is not running' : words === 'TIMEOUT' ? `nothing within ${answerMs} ms` : words
}
