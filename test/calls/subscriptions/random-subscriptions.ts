/**
 * Random books of a client with allowances: what it subscribes to, and what happens, step by step. A step names what it is
 * about by a number that is taken modulo what there is, so that a book stays one when steps are left out.
 */
import fc from 'fast-check'

export interface RandomItem {
  unit: 'seconds' | 'calls' | 'money'
  amount: number
  prefixes: string[]
  coversConnectFee: boolean
  rollover: boolean
  weight: number
}

export interface RandomPlan {
  period: 'day' | 'week' | 'month'
  /** In cents. */
  fee: number
  items: RandomItem[]
}

export interface RandomSubscription {
  plan: RandomPlan
  /** Days before today; for who pays in advance after it. */
  begins: number
  /** Days that it is subscribed; 0: without end. */
  days: number
  quantity: number
  prorate: boolean
}

export type SubscriptionStep =
  | { do: 'wait'; hours: number }
  | { do: 'subscribe'; subscription: RandomSubscription }
  /** `hoursAgo` 0: it is granted, runs over whatever begins meanwhile, and ends. */
  | { do: 'call'; destination: number; seconds: number; hoursAgo: number }
  | { do: 'reject' }
  | { do: 'top up'; cents: number }
  | { do: 'new version'; plan: number; fee: number; items: RandomItem[] }
  | { do: 'new increments'; seconds: 1 | 7 | 30 | 60 }
  | { do: 'rerate'; hoursBack: number; isDryRun: boolean }

export interface SubscriptionBook {
  method: 'postpaid' | 'prepaid'
  timeZone: string
  creditCents: number
  steps: SubscriptionStep[]
}

const item: fc.Arbitrary<RandomItem> = fc.record({
  unit: fc.constantFrom('seconds' as const, 'seconds' as const, 'calls' as const, 'money' as const),
  amount: fc.integer({ min: 1, max: 400 }),
  prefixes: fc.constantFrom(['346'], ['*'], ['44', '3460']),
  coversConnectFee: fc.boolean(),
  rollover: fc.boolean(),
  weight: fc.constantFrom(10, 10, 20),
})
const items = fc.array(item, { maxLength: 3 })
const subscription: fc.Arbitrary<RandomSubscription> = fc.record({
  plan: fc.record({
    period: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
    fee: fc.constantFrom(0, 99, 333, 1_000),
    items,
  }),
  begins: fc.nat({ max: 12 }),
  days: fc.nat({ max: 12 }),
  quantity: fc.integer({ min: 1, max: 3 }),
  prorate: fc.boolean(),
})
const call: fc.Arbitrary<SubscriptionStep> = fc.record({
  do: fc.constant('call' as const),
  destination: fc.nat({ max: 1 }),
  seconds: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 9_000 })),
  hoursAgo: fc.constantFrom(0, 0, 1, 9, 20, 40),
})

const step: fc.Arbitrary<SubscriptionStep> = fc.oneof(
  { weight: 6, arbitrary: call },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('subscribe' as const), subscription }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('top up' as const), cents: fc.integer({ min: 1, max: 3_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('new version' as const),
      plan: fc.nat({ max: 99 }),
      fee: fc.constantFrom(0, 99, 700),
      items,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('new increments' as const),
      seconds: fc.constantFrom(1 as const, 7 as const, 30 as const, 60 as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rerate' as const),
      hoursBack: fc.integer({ min: 1, max: 300 }),
      isDryRun: fc.boolean(),
    }),
  },
)

export const randomSubscriptions: fc.Arbitrary<SubscriptionBook> = fc
  .record({
    method: fc.constantFrom('postpaid' as const, 'postpaid' as const, 'prepaid' as const),
    timeZone: fc.constantFrom('UTC', 'Europe/Madrid', 'America/Santiago'),
    creditCents: fc.constantFrom(0, 500),
    first: subscription,
    steps: fc.array(step, { minLength: 6, maxLength: 18, size: 'max' }),
  })
  .map(({ first, steps, ...client }) => ({
    ...client,
    steps: [{ do: 'subscribe' as const, subscription: first }, ...steps],
  }))
