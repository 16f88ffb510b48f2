/**
 * The switch's side of NATS: asks before a call and tells of it afterwards, as an engine's user may. What the service
 * publishes and how far it is are looked at beside it, which an engine may not.
 */
import { connect, type NatsConnection } from 'nats'
import { natsOptions } from '../src/events/nats-url.ts'
import type { ShownRate } from './expected-price.ts'

export type Answer =
  | {
      callId: string
      clientId: string
      allowed: true
      special: boolean
      internal: boolean
      maxDurationSeconds: number
      rate: (ShownRate & { destination: string; currency: string }) | null
    }
  | { callId: string; clientId: string | null; allowed: false; reason: string }

export interface SipEngine {
  authorize(request: object): Promise<{ answer: Answer; ms: number }>
  tell(kind: 'start' | 'answer' | 'end', event: object): Promise<void>
  /** Facts heard so far, each once: by type, of these clients. */
  countFacts(type: string, clientIds: ReadonlySet<string>): number
  /** Resolves when the service has taken in everything told. Throws after a minute. */
  untilSettled(): Promise<void>
  close(): Promise<void>
}

const requestTimeoutMs = 5000

export async function openSipEngine(urls: { engine: string; onlooker: string }): Promise<SipEngine> {
  const connection = await connect({ ...natsOptions(urls.engine), name: 'demo-switch' })
  const onlooker = await connect({ ...natsOptions(urls.onlooker), name: 'demo-onlooker' })
  const stream = connection.jetstream()
  const facts = new Map<string, { type: string; subject: string }>()
  onlooker.subscribe('billing.calls.>', {
    callback: (error, message) => {
      if (error) return
      const fact = message.json<{ id: string; type: string; subject: string }>()
      facts.set(fact.id, fact)
    },
  })
  return {
    async authorize(request) {
      const askedAt = performance.now()
      const reply = await connection.request('billing.authorize', JSON.stringify(request), {
        timeout: requestTimeoutMs,
      })
      const ms = performance.now() - askedAt
      if (reply.headers?.get('Status')) throw new Error(`the service refuses a request: ${reply.string()}`)
      return { answer: reply.json<Answer>(), ms }
    },
    async tell(kind, event) {
      await stream.publish(`calls.${kind}`, JSON.stringify(event))
    },
    countFacts: (type, clientIds) =>
      [...facts.values()].filter((fact) => fact.type === type && clientIds.has(fact.subject)).length,
    untilSettled: () => untilSettled(onlooker),
    async close() {
      await connection.drain()
      await onlooker.drain()
    },
  }
}

async function untilSettled(connection: NatsConnection): Promise<void> {
  const manager = await connection.jetstreamManager()
  const deadline = performance.now() + 60_000
  for (;;) {
    const { num_pending, num_ack_pending } = await manager.consumers.info('CALLS', 'tollgate')
    if (num_pending === 0 && num_ack_pending === 0) return
    if (performance.now() > deadline)
      throw new Error(`${num_pending + num_ack_pending} events are not settled`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
