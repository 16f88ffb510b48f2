import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { LegPrices } from '../../src/limits/authorize.ts'
import { type Client, termsAt } from '../../src/limits/client.ts'
import { isMetered, type MeteredLeg, maxGrant, nextSlice } from '../../src/limits/meter.ts'
import { Decimal } from '../../src/money.ts'
import { aClient, aDay, anAccount, aTerms } from './a-client.ts'

const test = suite('nextSlice')

/** 0.01 a second, charged by whole increments. */
function prices(incrementSeconds = 1, mostSeconds = Number.POSITIVE_INFINITY): LegPrices {
  const billed = (seconds: number) => Math.ceil(seconds / incrementSeconds) * incrementSeconds
  const priceOf = (seconds: number) => new Decimal('0.01').times(billed(seconds))
  return {
    firstIncrement: priceOf(1),
    priceFor: priceOf,
    drawsFor: () => [],
    secondsFor(money, maxSeconds) {
      const max = Math.min(maxSeconds, mostSeconds)
      if (money.gt(1e9)) return max
      const bought = money.div('0.01').div(incrementSeconds).floor().toNumber() * incrementSeconds
      return Math.min(max, bought)
    },
  }
}

const prepaid = (client: Partial<Client> = {}) =>
  aClient({ ...client, terms: [aTerms({ billingMethod: 'prepaid' })] })

interface Given {
  client?: Client
  balance?: string
  reserved?: string
  day?: ReturnType<typeof aDay>
  prices?: LegPrices
  leg?: Partial<MeteredLeg>
}

function slice(given: Given): string {
  const client = given.client ?? prepaid()
  const leg: MeteredLeg = {
    reserved: new Decimal('0.6'),
    reservedSeconds: 60,
    elapsedSeconds: 52,
    maxDurationSeconds: 500,
    isFixed: false,
    ...given.leg,
  }
  const decision = nextSlice(leg, {
    client,
    terms: termsAt(client.terms, 0),
    account: anAccount({ balance: given.balance ?? '5', reserved: given.reserved ?? '0.6' }),
    usage: given.day ?? aDay('0', '0.6'),
    prices: given.prices ?? prices(),
  })
  switch (decision.outcome) {
    case 'extended':
      return `${decision.reserved} for ${decision.reservedSeconds} s of ${decision.maxDurationSeconds} s`
    case 'exhausted':
      return decision.reason
    case 'complete':
      return 'complete'
  }
}

const day = (limit: string) => prepaid({ maxDailyUsage: new Decimal(limit) })
const cases: [string, Given, string][] = [
  ['money for all', {}, '1.2 for 120 s of 500 s'],
  ['money for a part of the slice', { balance: '0.85' }, '0.85 for 85 s of 500 s'],
  ['money for no second more', { balance: '0.609' }, 'insufficient_balance'],
  ['what other calls hold', { balance: '2', reserved: '1.7' }, '0.9 for 90 s of 500 s'],
  ['a balance that others have overdrawn', { balance: '-1' }, 'insufficient_balance'],
  ['whole increments', { balance: '1.1', prices: prices(25) }, '1 for 100 s of 500 s'],
  [
    'the rest of an increment that is bought already',
    { prices: prices(70), balance: '0.7', leg: { reserved: new Decimal('0.7') } },
    '0.7 for 70 s of 500 s',
  ],
  ['what is left of the day', { client: day('1'), day: aDay('0.2', '0.6') }, '0.8 for 80 s of 500 s'],
  ['a day that is spent', { client: day('1'), day: aDay('0.4', '0.6') }, 'daily_limit_reached'],
  ['the day before the balance', { client: day('0.6'), balance: '0.6' }, 'daily_limit_reached'],
  [
    'a credit limit',
    { client: prepaid({ creditLimit: new Decimal('0.2') }), balance: '0.6' },
    '0.8 for 80 s of 500 s',
  ],
  ['its longest duration', { client: prepaid({ maxCallSeconds: 75 }) }, '0.75 for 75 s of 500 s'],
  ['bought to its longest duration', { client: prepaid({ maxCallSeconds: 60 }) }, 'complete'],
  ['a meter that was away', { leg: { elapsedSeconds: 200 } }, '2.6 for 260 s of 500 s'],
  ['more money than at set-up', { leg: { maxDurationSeconds: 60 } }, '1.2 for 120 s of 500 s'],
  ['fixed at set-up', { leg: { maxDurationSeconds: 60, isFixed: true } }, 'complete'],
]
for (const [what, given, answer] of cases) {
  test(`${what}: ${answer}`, () => assert.is(slice(given), answer))
}

const metered: [string, Partial<Client>, boolean][] = [
  ['prepaid', { terms: [aTerms({ billingMethod: 'prepaid' })] }, true],
  ['pseudoprepaid', { terms: [aTerms({ billingMethod: 'pseudoprepaid' })] }, false],
  [
    'pseudoprepaid with a daily limit',
    { terms: [aTerms({ billingMethod: 'pseudoprepaid' })], maxDailyUsage: new Decimal(1) },
    true,
  ],
  ['postpaid', {}, false],
  ['postpaid with a credit limit', { creditLimit: new Decimal(1) }, true],
  ['postpaid with a daily limit', { maxDailyUsage: new Decimal(1) }, true],
  ['none', { terms: [aTerms({ billingMethod: 'none' })], maxDailyUsage: new Decimal(1) }, false],
]
for (const [who, client, is] of metered) {
  test(`${who} is ${is ? 'metered' : 'not metered'}`, () => {
    const one = aClient(client)
    assert.is(isMetered(one, termsAt(one.terms, 0)), is)
  })
}

test('a leg ends with its price or its time, whichever comes first', () => {
  const leg = {
    reserved: new Decimal(0),
    reservedSeconds: 0,
    elapsedSeconds: 0,
    maxDurationSeconds: null,
    isFixed: false,
  }
  const client = aClient({ maxCallSeconds: 100 })
  assert.equal(maxGrant(leg, { client, prices: prices(1, 40) }), {
    seconds: 40,
    reason: 'maximum_price_reached',
  })
  assert.equal(maxGrant(leg, { client, prices: prices() }), {
    seconds: 100,
    reason: 'maximum_duration_reached',
  })
  assert.equal(maxGrant(leg, { client, prices: null }), { seconds: 100, reason: 'maximum_duration_reached' })
})

test.run()
