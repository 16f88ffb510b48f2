/**
 * Calls since the beginning of last month, told as a switch tells of what it has in its files: the ends alone. They give each day its
 * spend, so that charts and invoices have something to show. The switch's own book has none of them.
 */
import { DateTime } from 'luxon'
import type { Destination } from './list-destinations.ts'
import { type PlannedCall, planCalls } from './plan-calls.ts'
import { seededRandom } from './seeded-random.ts'
import type { DemoClient } from './set-up-brand.ts'
import type { SipEngine } from './sip-engine.ts'

const dayMs = 86_400_000
const toldAtOnce = 24

/** Numbers that no sheet knows would keep the invoice of their month from being issued. */
const hasPrice = /^(?!\+(999|8816))\+?[0-9]{9,}$/

/** Answers how many were told. */
export async function playHistory(
  engine: SipEngine,
  of: {
    calls: number
    run: string
    clients: readonly DemoClient[]
    destinations: readonly Destination[]
    seed: number
    now: number
  },
): Promise<number> {
  // Money that is limited is told a story of its own, by the calls of today.
  const clients = of.clients.filter(
    ({ billingMethod, creditLimit, maxDailyUsage, maxCalls, hasNoProfile }) =>
      billingMethod === 'postpaid' && !creditLimit && !maxDailyUsage && !maxCalls && !hasNoProfile,
  )
  const random = seededRandom(of.seed)
  const firstAt = DateTime.fromMillis(of.now, { zone: 'UTC' })
    .minus({ months: 1 })
    .startOf('month')
    .plus({ days: 1 })
  const lastAt = of.now - dayMs
  const planned = planCalls({ ...of, clients, run: `${of.run}-before` }).filter(
    ({ client, direction, isAnswered, to }) =>
      client !== null && direction === 'outbound' && isAnswered && hasPrice.test(to),
  )
  const tellOf = (call: PlannedCall) => {
    const answeredAt = firstAt.toMillis() + (lastAt - firstAt.toMillis()) * random.share()
    const at = (seconds: number) => new Date(answeredAt + seconds * 1000).toISOString()
    return engine.tell('end', {
      callId: call.callId,
      client: call.domain,
      direction: 'outbound',
      from: call.from,
      to: call.to,
      engine: 'demo-switch',
      ...(call.toClientDomain !== null && { toClient: call.toClientDomain }),
      startedAt: at(-call.ringSeconds),
      answeredAt: at(0),
      endedAt: at(call.durationSeconds),
      cause: 16,
    })
  }
  for (let first = 0; first < planned.length; first += toldAtOnce) {
    await Promise.all(planned.slice(first, first + toldAtOnce).map(tellOf))
  }
  return planned.length
}
