/**
 * Ends of calls at a pace, as an engine sends them, and how long each takes until its fact tells what the call costs.
 */
import { setTimeout } from 'node:timers/promises'
import { connect } from 'nats'
import { natsOptions } from '../src/events/nats-url.ts'
import { serveOrders } from './child.ts'
import { percentile } from './figures.ts'

export interface PacedEndsOrder {
  natsUrl: string
  events: number
  perSecond: number
  clientIds: string[]
  numbers: string[]
  /** In front of each callId: no two orders share one. */
  run: string
}

export interface PacedEndsResult {
  p50Ms: number
  p99Ms: number
}

/** For the facts of the last ends. */
const patienceMs = 10_000

serveOrders<PacedEndsOrder>(async ({ natsUrl, events, perSecond, clientIds, numbers, run }) => {
  const broker = await connect(natsOptions(natsUrl))
  const sentAt = new Map<string, number>()
  const latencies: number[] = []
  const subscription = broker.subscribe('billing.calls.priced.>', {
    callback: (_error, message) => {
      const { callId } = message.json<{ data: { callId: string } }>().data
      const at = sentAt.get(callId)
      if (at === undefined) return
      latencies.push(performance.now() - at)
      sentAt.delete(callId)
    },
  })
  await broker.flush()
  const startedAt = performance.now()
  for (let i = 0; i < events; i++) {
    const waitMs = startedAt + (i * 1000) / perSecond - performance.now()
    if (waitMs > 1) await setTimeout(waitMs)
    const callId = `${run}-${i};1928301774;out`
    const now = Date.now()
    sentAt.set(callId, performance.now())
    const end = {
      callId,
      client: clientIds[i % clientIds.length],
      direction: 'outbound',
      from: '+34911000111',
      to: numbers[i % numbers.length],
      startedAt: new Date(now - 70_000).toISOString(),
      answeredAt: new Date(now - 65_000).toISOString(),
      endedAt: new Date(now).toISOString(),
      cause: 16,
    }
    broker.publish('calls.end', JSON.stringify(end))
  }
  const until = performance.now() + patienceMs
  while (sentAt.size > 0 && performance.now() < until) await setTimeout(20)
  subscription.unsubscribe()
  await broker.close()
  if (sentAt.size > 0) throw new Error(`${sentAt.size} of ${events} ends were not settled`)
  return { p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
})
