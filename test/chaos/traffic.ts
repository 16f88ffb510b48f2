/**
 * Engines that place the planned calls: they ask over HTTP, and tell the broker until it acknowledges.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type JetStreamClient } from 'nats'
import { ask } from './ask.ts'
import type { Journal } from './journal.ts'
import type { PlannedCall, PlannedEvent, Sent } from './plan-calls.ts'
import type { ShopClient } from './shop.ts'

export interface Traffic {
  /** Places these calls at that rate; resolves when the last of their events is acknowledged. */
  place(calls: Iterable<PlannedCall>, perSecond: number): Promise<void>
  /** All in this order, without waiting for one before the next. */
  sendAtOnce(sent: readonly Sent[]): Promise<void>
  /** Asks that replica; nothing where it does not answer in time. */
  authorize(call: PlannedCall, url: string): Promise<'granted' | 'denied' | 'none'>
  /** Everything that was sent so far, once more. */
  replay(): Promise<void>
  /** What was to come after the last fault. */
  placeLate(calls: readonly PlannedCall[]): Promise<void>
  answers: { granted: number; denied: number; none: number }
  authorizeMs: number[]
  close(): Promise<void>
}

const publishTimeoutMs = 2000
const authorizeTimeoutMs = 500
/** Calls are over before they are placed. */
const answeredBeforeMs = 700_000

export async function openTraffic({
  natsUrl,
  replicaUrls,
  clients,
  journal,
  beganAt,
}: {
  natsUrl: string
  replicaUrls: () => string[]
  clients: readonly ShopClient[]
  journal: Journal
  /** Calls have been answered and are over before that instant. */
  beganAt: number
}): Promise<Traffic> {
  const broker = await connect({
    servers: natsUrl.split(','),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    pingInterval: 1000,
    timeout: 2000,
  })
  const stream = broker.jetstream()
  const answers = { granted: 0, denied: 0, none: 0 }
  const authorizeMs: number[] = []
  let messages = 0

  async function authorize({ callId, client }: PlannedCall, url: string): Promise<keyof typeof answers> {
    const askedAt = performance.now()
    const answer = await ask(url, 'POST', '/v1/authorizations', {
      body: { callId, client: clients[client]?.id, to: calledNumber },
      timeoutMs: authorizeTimeoutMs,
    }).catch(() => undefined)
    authorizeMs.push(performance.now() - askedAt)
    const outcome = answer === undefined ? 'none' : answer.body.allowed ? 'granted' : 'denied'
    answers[outcome] += 1
    return outcome
  }

  async function tell(call: PlannedCall, event: PlannedEvent): Promise<void> {
    const clientId = clients[call.client]?.id ?? ''
    const body = writeEvent(call, event, clientId, beganAt)
    const { kind, isPoison, copies } = event
    const noted = journal.sending({ callId: call.callId, clientId, kind, body, isPoison })
    for (let copy = 0; copy < copies; copy++) {
      journal.copies += 1
      if (await publish(stream, { subject: `calls.${kind}`, body, id: `message-${messages++}` }))
        noted.isAcked = true
      else journal.unacked += 1
    }
  }

  return {
    answers,
    authorizeMs,
    authorize,
    async place(calls, perSecond) {
      const startedAt = Date.now()
      const running = new Set<Promise<void>>()
      let placedCalls = 0
      for (const call of calls) {
        const waitMs = startedAt + (placedCalls++ / perSecond) * 1000 - Date.now()
        if (waitMs > 0) await sleep(waitMs)
        while (running.size > 300) await Promise.race(running)
        const urls = replicaUrls()
        const url = urls[authorizeMs.length % urls.length]
        const placed = (call.isAuthorized && url ? authorize(call, url) : Promise.resolve()).then(
          async () => {
            for (const event of call.events) if (!event.isLate) await tell(call, event)
          },
        )
        running.add(placed)
        void placed.finally(() => running.delete(placed))
      }
      await Promise.all(running)
    },
    async sendAtOnce(sent) {
      await Promise.all(sent.map(({ call, event }) => tell(call, event)))
    },
    async replay() {
      for (const { kind, body } of [...journal.events.values()]) {
        journal.copies += 1
        if (!(await publish(stream, { subject: `calls.${kind}`, body, id: `message-${messages++}` })))
          journal.unacked += 1
      }
    },
    async placeLate(calls) {
      for (const call of calls) for (const event of call.events) if (event.isLate) await tell(call, event)
    },
    close: () => broker.close(),
  }
}

const calledNumber = '+34600111222'

function writeEvent(call: PlannedCall, event: PlannedEvent, clientId: string, beganAt: number): string {
  if (event.isPoison) return JSON.stringify({ callId: call.callId, client: clientId, to: 17, poison: true })
  const answeredAt = call.isAcrossMonths ? endOfMonthBefore(beganAt) : beganAt - answeredBeforeMs
  const at = (ms: number) => new Date(ms).toISOString()
  return JSON.stringify({
    callId: call.callId,
    client: clientId,
    from: '+34911000111',
    to: calledNumber,
    startedAt: at(answeredAt - 5000),
    answeredAt: at(answeredAt),
    ...(call.engine === null ? {} : { engine: call.engine }),
    ...(event.kind === 'end' ? { endedAt: at(answeredAt + event.seconds * 1000) } : {}),
  })
}

/** Half a minute before a month that has begun for so long that calls of then are over. */
function endOfMonthBefore(beganAt: number): number {
  const date = new Date(beganAt - answeredBeforeMs)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) - 30_000
}

/** As an engine: under the same id until it is acknowledged, for two minutes. */
async function publish(
  stream: JetStreamClient,
  { subject, body, id }: { subject: string; body: string; id: string },
): Promise<boolean> {
  const until = Date.now() + 120_000
  while (Date.now() < until) {
    try {
      await stream.publish(subject, body, { msgID: id, timeout: publishTimeoutMs })
      return true
    } catch {
      await sleep(100)
    }
  }
  return false
}
