/**
 * How do events of calls come from the broker into the books?
 *
 * One durable consumer is shared by all replicas. Messages are collected for 5 ms or up to 500, read, and given
 * to `settle` as one transaction; after its commit each is acknowledged. At most two batches are held, each
 * worked on by one of `concurrency` workers.
 *
 * - Infrastructure fails: the whole batch is given back with a delay, and nothing new is begun before that
 *   delay has passed. It grows to 1 s. For ever: an outage buries no call.
 * - Something unexpected: the batch is settled event by event, each in a transaction and with an ack of its own.
 *   What still fails is tried 8 times, alone, then becomes a dead letter `handler_error`.
 * - A process that dies between commit and ack: the broker delivers again, the settlement finds repeats.
 *
 * Source: docs/reliability.md, rules R1 and R6.
 */
import type { CallBatch } from '../calls/call-messages.ts'
import { errorMessage } from '../errors.ts'
import type { AtFailPoint } from '../fail-points.ts'
import { type Log, silentLog } from '../logging/log.ts'
import { logOnce } from '../logging/log-once.ts'
import { withinTime } from '../within-time.ts'
import { workingMs } from './ack-wait.ts'
import type { Broker } from './broker.ts'
import { eventDigest } from './event-digest.ts'
import { MessagePuller, type PulledMessage } from './pull-messages.ts'
import { isUndeliverable, readCallEvent } from './read-call-event.ts'
import { callsConsumer, callsStream } from './streams.ts'
import { Suspects } from './suspects.ts'
import { type BrokerMarks, type WatchState, watchStreams } from './watch-streams.ts'

export interface CallConsumerContext {
  broker: Broker
  /** One transaction; resolves after its commit. */
  settle(batch: CallBatch): Promise<void>
  isInfrastructureFailure(error: unknown): boolean
  log?: Log
  /** Name of this replica in the marks. */
  worker: string
  batchSize?: number
  /** Batches settled at the same time. */
  concurrency?: number
  /** First and longest delay before something is tried again. */
  retryMs?: { first: number; max: number }
  /** Copies of each message and bytes of each stream, where they are made. */
  streams?: { replicas?: number; maxBytes?: number }
  /** What was settled last, to notice a broker that lost events. */
  marks?: BrokerMarks
  atFailPoint?: AtFailPoint | undefined
}

export interface CallConsumer {
  /** For metrics and readiness. */
  state(): { held: number; settled: number; failures: number; handlerErrors: number }
  /** How the streams fare, for the same. */
  streams(): WatchState
  /** `ok`, or why events go back to the broker again and again. */
  settling(): string
  /** Stops pulling, finishes the open batches within that time (10 s), gives the rest back. */
  close(timeoutMs?: number): Promise<void>
}

const collectMs = 5
const triesBeforeDead = 8
const stopMs = 10_000

export function startCallConsumer(context: CallConsumerContext): CallConsumer {
  const {
    broker,
    settle,
    isInfrastructureFailure,
    log = silentLog,
    worker,
    atFailPoint,
    batchSize = 500,
    concurrency = 2,
    retryMs = { first: 100, max: 1000 },
  } = context
  const waiting: PulledMessage[] = []
  const held = new Set<PulledMessage>()
  const freeSlots = Array.from({ length: concurrency }, (_, slot) => slot)
  const suspects = new Suspects(retryMs)
  const returned = logOnce(log, 'batch_returned')
  const oneByOne = logOnce(log, 'batch_failed', { level: 'error' })
  const eventFailures = logOnce(log, 'event_failed', { level: 'error' })
  const refusedLetters = logOnce(log, 'dead_letter_refused', { level: 'error' })
  const count = { settled: 0, failures: 0, handlerErrors: 0 }
  let streamCreatedAt = ''
  let puller: MessagePuller | undefined
  let collecting: NodeJS.Timeout | undefined
  let infrastructureFailures = 0
  let lastFailure = ''
  let pausedUntil = 0
  let closing = false
  let whenIdle: (() => void) | undefined

  const watch = watchStreams({
    broker,
    streams: { batchSize, ...context.streams },
    marks: context.marks,
    log,
    onRenewed(createdAt) {
      streamCreatedAt = createdAt
      puller?.restart()
    },
  })

  const stopConnecting = broker.onConnect(async (connection) => {
    streamCreatedAt = await watch.look(connection)
    if (closing) return
    if (puller) return puller.restart(connection)
    puller = new MessagePuller({
      connection,
      stream: callsStream,
      consumer: callsConsumer,
      capacity: 2 * batchSize,
      inboxPrefix: broker.inboxPrefix,
      isConnected: () => broker.isConnected(),
      onMessage: receive,
    })
  })

  // The broker's clock runs for prefetched messages too, so it is said of every message held.
  const alive = setInterval(() => {
    for (const message of held) message.working()
  }, workingMs)

  function receive(message: PulledMessage): void {
    atFailPoint?.('after_fetch')
    held.add(message)
    if (closing) release([message], 0)
    else {
      waiting.push(message)
      collect()
    }
  }

  function collect(): void {
    if (waiting.length >= batchSize) beginBatch()
    else collecting ??= setTimeout(beginBatch, collectMs)
  }

  function beginBatch(): void {
    clearTimeout(collecting)
    collecting = undefined
    if (waiting.length === 0 || closing) return
    const pauseMs = pausedUntil - Date.now()
    if (pauseMs > 0) {
      collecting = setTimeout(beginBatch, pauseMs)
      return
    }
    const slot = freeSlots.pop()
    if (slot === undefined) return
    const batch = waiting.splice(0, batchSize)
    void work(batch, `${worker}/${slot}`).finally(() => {
      freeSlots.push(slot)
      if (freeSlots.length === concurrency) whenIdle?.()
      beginBatch()
    })
    if (waiting.length > 0) collect()
  }

  async function work(batch: PulledMessage[], markedBy: string): Promise<void> {
    // What failed before is tried alone, so that it fails nobody else's transaction.
    const together = batch.filter((message) => !suspects.has(message.seq))
    try {
      if (together.length > 0) {
        const read = toBatch(together, markedBy)
        atFailPoint?.('after_parse')
        await settle(read)
        acknowledge(together)
        atFailPoint?.('after_acks')
      }
      for (const message of batch) if (suspects.has(message.seq)) await settleAlone(message, markedBy)
      surroundingsAnswer()
    } catch (error) {
      if (isInfrastructureFailure(error)) return pause(batch, error)
      oneByOne.failed(error, { events: together.length })
      await settleOneByOne(batch, markedBy)
    }
  }

  function surroundingsAnswer(): void {
    infrastructureFailures = 0
    returned.over()
  }

  async function settleOneByOne(batch: PulledMessage[], markedBy: string): Promise<void> {
    try {
      for (const message of batch) if (held.has(message)) await settleAlone(message, markedBy)
      surroundingsAnswer()
    } catch (error) {
      pause(batch, error)
    }
  }

  /** Throws failures of the infrastructure alone. */
  async function settleAlone(message: PulledMessage, markedBy: string): Promise<void> {
    try {
      atFailPoint?.('one_after_begin')
      await settle(toBatch([message], markedBy))
      suspects.forget(message.seq)
      atFailPoint?.('one_after_commit')
      acknowledge([message])
      atFailPoint?.('one_after_ack')
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error
      const tries = suspects.count(message.seq)
      eventFailures.failed(error, { subject: message.subject, seq: message.seq, tries })
      if (tries < triesBeforeDead) return release([message], suspects.delayMs(tries))
      await deadLetter(message, error)
    }
  }

  async function deadLetter(message: PulledMessage, error: unknown): Promise<void> {
    const read = readCallEvent(message)
    const detail = errorMessage(error).replaceAll('\u0000', '').slice(0, 1000)
    try {
      await settle({
        events: [],
        undeliverable: [{ delivery: read.delivery, reason: 'handler_error', detail }],
      })
    } catch (failure) {
      if (isInfrastructureFailure(failure)) throw failure
      refusedLetters.failed(failure, { seq: message.seq })
      return release([message], retryMs.max)
    }
    count.handlerErrors += 1
    suspects.forget(message.seq)
    acknowledge([message])
  }

  function toBatch(messages: PulledMessage[], markedBy: string): CallBatch {
    const batch: CallBatch = { events: [], undeliverable: [] }
    let highest: PulledMessage | undefined
    for (const message of messages) {
      const read = readCallEvent(message)
      if (isUndeliverable(read)) batch.undeliverable.push(read)
      else batch.events.push(read)
      if (!highest || message.seq > highest.seq) highest = message
    }
    if (highest) {
      batch.mark = {
        stream: callsStream,
        worker: markedBy,
        streamCreatedAt,
        highSeq: highest.seq,
        highEventDigest: eventDigest(highest),
      }
    }
    return batch
  }

  function acknowledge(messages: readonly PulledMessage[]): void {
    for (const [index, message] of messages.entries()) {
      if (index === messages.length >> 1) atFailPoint?.('ack_half')
      message.ack()
    }
    count.settled += messages.length
    forget(messages)
  }

  function release(messages: readonly PulledMessage[], delayMs: number): void {
    const still = messages.filter((message) => held.has(message))
    for (const [index, message] of still.entries()) {
      if (index === still.length >> 1) atFailPoint?.('nak_half')
      message.nak(Math.max(1, delayMs))
    }
    forget(still)
  }

  function forget(messages: readonly PulledMessage[]): void {
    for (const message of messages) held.delete(message)
    puller?.release(messages.length)
  }

  function pause(batch: readonly PulledMessage[], error: unknown): void {
    const delayMs = Math.min(retryMs.max, retryMs.first * 2 ** Math.min(infrastructureFailures, 20))
    infrastructureFailures += 1
    lastFailure = errorMessage(error)
    count.failures += 1
    pausedUntil = Date.now() + delayMs
    returned.failed(error, { events: batch.length, delayMs })
    release(batch, delayMs)
  }

  async function finish(): Promise<void> {
    await puller?.stop()
    if (freeSlots.length < concurrency) await new Promise<void>((resolve) => (whenIdle = resolve))
  }

  return {
    state: () => ({ held: held.size, ...count }),
    streams: watch.state,
    // A single failure is a deadlock or a lock that took long.
    settling: () =>
      infrastructureFailures < 2 ? 'ok' : `given back ${infrastructureFailures} times: ${lastFailure}`,
    async close(timeoutMs = stopMs) {
      closing = true
      watch.close()
      stopConnecting()
      clearTimeout(collecting)
      release(waiting.splice(0), 0)
      // What is left of the time is for giving back what is not finished.
      await withinTime(finish(), 0.9 * timeoutMs, () => {})
      release([...held], 0)
      clearInterval(alive)
    },
  }
}
