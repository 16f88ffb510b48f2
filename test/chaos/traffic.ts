/**
 * Engines that place the planned calls: they ask over HTTP, and tell the broker until it acknowledges.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type JetStreamClient } from 'nats'
import type { Journal } from './journal.ts'
import type { PlannedCall, PlannedEvent } from './plan.ts'
import type { ShopClient } from './shop.ts'

export interface Traffic {
  /** Places these calls at that rate; resolves when the last of their events is acknowledged. */
  place(calls: Iterable<PlannedCall>, perSecond: number): Promise<void>
  /** What was to come after the last fault. */
  placeLate(calls: readonly PlannedCall[]): Promise<void>
  answers: { granted: number; denied: number; none: number }
  authorizeMs: number[]
  close(): Promise<void>
}

const publishTimeoutMs = 2000
const authorizeTimeoutMs = 500

export async function openTraffic({
  natsUrl,
  replicaUrls,
  clients,
  journal,
  key,
  beganAt,
}: {
  natsUrl: string
  replicaUrls: () => string[]
  clients: readonly ShopClient[]
  journal: Journal
  key: string
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

  async function authorize({ callId, client }: PlannedCall): Promise<void> {
    const urls = replicaUrls()
    const url = urls[authorizeMs.length % urls.length]
    const askedAt = performance.now()
    try {
      const answer = await fetch(`${url}/v1/authorizations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ callId, client: clients[client]?.id, to: calledNumber }),
        signal: AbortSignal.timeout(authorizeTimeoutMs),
      })
      const { allowed } = (await answer.json()) as { allowed?: boolean }
      if (allowed) answers.granted += 1
      else answers.denied += 1
    } catch {
      answers.none += 1
    }
    authorizeMs.push(performance.now() - askedAt)
  }

  async function tell(call: PlannedCall, event: PlannedEvent): Promise<void> {
    const clientId = clients[call.client]?.id ?? ''
    const body = writeEvent(call, event, clientId, beganAt)
    const { kind, isPoison, copies } = event
    const sent = journal.sending({ callId: call.callId, clientId, kind, body, isPoison })
    for (let copy = 0; copy < copies; copy++) {
      journal.copies += 1
      if (
        await publish(stream, {
          subject: `calls.${kind}`,
          body,
          id: `${call.callId}:${kind}:${copy}:${event.seconds}:${isPoison}`,
        })
      )
        sent.isAcked = true
      else journal.unacked += 1
    }
  }

  return {
    answers,
    authorizeMs,
    async place(calls, perSecond) {
      const startedAt = Date.now()
      const running = new Set<Promise<void>>()
      let placedCalls = 0
      for (const call of calls) {
        const waitMs = startedAt + (placedCalls++ / perSecond) * 1000 - Date.now()
        if (waitMs > 0) await sleep(waitMs)
        while (running.size > 300) await Promise.race(running)
        const placed = (call.isAuthorized ? authorize(call) : Promise.resolve()).then(async () => {
          for (const event of call.events) if (!event.isLate) await tell(call, event)
        })
        running.add(placed)
        void placed.finally(() => running.delete(placed))
      }
      await Promise.all(running)
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
  const answeredAt = beganAt - 700_000
  const at = (ms: number) => new Date(ms).toISOString()
  return JSON.stringify({
    callId: call.callId,
    client: clientId,
    from: '+34911000111',
    to: calledNumber,
    startedAt: at(answeredAt - 5000),
    answeredAt: at(answeredAt),
    ...(event.kind === 'end' ? { endedAt: at(answeredAt + event.seconds * 1000) } : {}),
  })
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
