/**
 * Asks over NATS as a switch does, a fixed number of requests in flight, and measures each answer.
 */
import { setTimeout } from 'node:timers/promises'
import { connect, type NatsConnection } from 'nats'
import { natsOptions } from '../src/events/nats-url.ts'
import { serveOrders } from './child.ts'
import { percentile } from './figures.ts'

export interface NatsLoadOrder {
  natsUrl: string
  subject: string
  requests: number
  inFlight: number
  /** Asked at this pace, whatever is answered; null: as soon as there is an answer. */
  perSecond?: number | null
  /** SIP domains, taken in turn. */
  clients: string[]
  numbers: string[]
  /** In front of each callId: no two orders share one. */
  run: string
}

export interface LoadResult {
  perSecond: number
  p50Ms: number
  p99Ms: number
  denied: number
  firstDenied?: object
  /** One of the answers, for an echo of the same size. */
  sample: object
}

let connection: NatsConnection | undefined

serveOrders<NatsLoadOrder>(async (order): Promise<LoadResult> => {
  connection ??= await connect(natsOptions(order.natsUrl))
  const broker = connection
  const latencies: number[] = []
  let next = 0
  let denied = 0
  let sample: object = {}
  let firstDenied: object | undefined
  const ask = async (i: number) => {
    const request = {
      callId: `${order.run}-${i};1928301774;out`,
      client: order.clients[i % order.clients.length],
      direction: 'outbound',
      from: '+34911000111',
      to: order.numbers[i % order.numbers.length],
      sourceIp: '203.0.113.7',
    }
    const askedAt = performance.now()
    const reply = await broker.request(order.subject, JSON.stringify(request), { timeout: 10_000 })
    const answer = reply.json<{ allowed: boolean }>()
    latencies.push(performance.now() - askedAt)
    if (!answer.allowed) {
      denied += 1
      firstDenied ??= answer
    }
    sample = answer
  }
  const lane = async () => {
    while (next < order.requests) await ask(next++)
  }
  const { perSecond = null } = order
  const startedAt = performance.now()
  if (perSecond === null) await Promise.all(Array.from({ length: order.inFlight }, lane))
  else await askInPace(order.requests, perSecond, ask)
  const seconds = (performance.now() - startedAt) / 1000
  return {
    perSecond: order.requests / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    denied,
    ...(firstDenied && { firstDenied }),
    sample,
  }
})

async function askInPace(
  requests: number,
  perSecond: number,
  ask: (i: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now()
  const answers: Promise<void>[] = []
  for (let i = 0; i < requests; i++) {
    const waitMs = startedAt + (i * 1000) / perSecond - performance.now()
    if (waitMs > 1) await setTimeout(waitMs)
    answers.push(ask(i))
  }
  await Promise.all(answers)
}
