/**
 * Random books: who the client is, and what happens to it, step by step.
 *
 * A step names what it is about by a number that is taken modulo what there is, so that a book stays one when steps
 * are left out: that is how a failing one is made small.
 */
import fc from 'fast-check'

export const currencies = { EUR: 2, JPY: 0, KWD: 3 } as const
export type Currency = keyof typeof currencies

export interface ClientSetup {
  currency: Currency
  billingMethod: 'postpaid' | 'prepaid' | 'pseudoprepaid'
  pricesIncludeTax: boolean
  autoAllocate: boolean
  /** Days after the end of 2019 at which the first period begins. */
  start: number
  /** Of `taxSets`. */
  taxes: number
}

export type Step =
  | { do: 'call'; day: number; destination: number; isInbound: boolean; price: number }
  | { do: 'correct'; call: number; price: number }
  | {
      do: 'invoice'
      length: number
      taxes: number
      fixedCosts: { cost: number; quantity: number; span: number }[]
      discounts: { kind: 'percent' | 'amount'; size: number }[]
      minimum: number
    }
  | {
      do: 'credit'
      invoice: number
      how: 'all' | 'every line' | 'some lines'
      /** Of the lines, by turns: 0 none, 1 a part, 2 all that is left. */
      lines: number[]
      rebill: boolean | null
    }
  | { do: 'pay'; invoice: number; share: 'part' | 'all' | 'over'; fromBalance: boolean }
  | { do: 'reverse'; payment: number }
  | { do: 'pay out'; invoice: number; isAll: boolean }
  | { do: 'top up'; amount: number }
  | { do: 'adjust'; amount: number }
  | { do: 'allocate'; isOn: boolean }

export interface Book {
  client: ClientSetup
  steps: Step[]
}

const any = fc.nat({ max: 9_999 })

const invoice: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('invoice' as const),
  length: any,
  taxes: any,
  fixedCosts: fc.array(fc.record({ cost: any, quantity: fc.integer({ min: 1, max: 4 }), span: any }), {
    maxLength: 2,
  }),
  discounts: fc.array(
    fc.record({
      kind: fc.constantFrom('percent' as const, 'amount' as const),
      size: fc.integer({ min: 1, max: 60 }),
    }),
    { maxLength: 2 },
  ),
  minimum: any,
})

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      day: fc.integer({ min: -40, max: 25 }),
      destination: fc.nat({ max: 2 }),
      isInbound: fc.constantFrom(false, false, true),
      price: fc.integer({ min: 1, max: 99_999 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('correct' as const), call: any, price: fc.nat({ max: 99_999 }) }),
  },
  { weight: 5, arbitrary: invoice },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('credit' as const),
      invoice: any,
      how: fc.constantFrom(
        'all' as const,
        'every line' as const,
        'some lines' as const,
        'some lines' as const,
      ),
      lines: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 4 }),
      rebill: fc.constantFrom(null, null, true, false),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      invoice: any,
      share: fc.constantFrom('part' as const, 'all' as const, 'over' as const),
      fromBalance: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reverse' as const), payment: any }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pay out' as const), invoice: any, isAll: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('top up' as const), amount: fc.integer({ min: 1, max: 9_999 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      amount: fc.integer({ min: -5_000, max: 5_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('allocate' as const), isOn: fc.boolean() }) },
)

export const randomBook: fc.Arbitrary<Book> = fc.record({
  client: fc.record({
    currency: fc.constantFrom('EUR' as const, 'EUR' as const, 'JPY' as const, 'KWD' as const),
    billingMethod: fc.constantFrom(
      'postpaid' as const,
      'postpaid' as const,
      'prepaid' as const,
      'pseudoprepaid' as const,
    ),
    pricesIncludeTax: fc.constantFrom(false, false, true),
    autoAllocate: fc.constantFrom(true, true, false),
    start: fc.integer({ min: 1, max: 90 }),
    taxes: any,
  }),
  steps: fc.array(step, { minLength: 6, maxLength: 16, size: 'max' }),
})
