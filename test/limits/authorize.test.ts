import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  grantOrDeny,
  type Holds,
  judgeLeg,
  type Leg,
  type LegPrices,
  type RateAnswer,
  type Surroundings,
  type Totals,
} from '../../src/limits/authorize.ts'
import { type Client, termsAt } from '../../src/limits/client.ts'
import { Decimal } from '../../src/money.ts'
import type { RateMatch } from '../../src/rating/match-rate.ts'
import { aBrand, aClient, aDay, anAccount, aTerms } from './a-client.ts'

const test = suite('authorize')

const rate: RateAnswer = {
  priced: true,
  rate: {
    prefix: '34',
    destination: 'Spain',
    connectFee: '0',
    steps: [{ fromSecond: 0, rate: '0.60', perSeconds: 60, incrementSeconds: 1 }],
    minimumPrice: null,
    maximumPrice: null,
    maximumPriceAction: 'free',
    blocked: false,
    graceSeconds: 0,
    highRisk: null,
  },
  terms: {},
  // Asked by whoever prices, which nothing here does.
  match: {} as RateMatch,
  ratingPlanId: 'plan',
  ratingProfileId: 'profile',
  rateDeckId: 'deck',
}

const aLeg = (leg: Partial<Leg> = {}): Leg => ({
  direction: 'outbound',
  to: '+34600111222',
  toNormalized: '34600111222',
  sourceIp: '203.0.113.7',
  toClient: undefined,
  fromClient: undefined,
  at: Date.parse('2026-01-14T10:00:00Z'),
  ...leg,
})

const around = (surroundings: Partial<Surroundings> = {}): Surroundings => ({
  client: aClient(),
  brand: aBrand(),
  emergencyNumbers: new Set(['112']),
  isSourceAllowed: () => true,
  findRate: () => rate,
  ...surroundings,
})

/** `denied: reason` or the kind of the grant. */
function judged(leg: Partial<Leg>, surroundings: Partial<Surroundings> = {}): string {
  const judgement = judgeLeg(aLeg(leg), around(surroundings))
  return judgement.outcome === 'denied' ? `denied: ${judgement.reason}` : judgement.kind
}

const with_ = (client: Partial<Client>) => ({ client: aClient(client) })
const noRate = (reason: 'no_rating_profile' | 'destination_not_priced' | 'destination_blocked') => ({
  findRate: (): RateAnswer => ({ priced: false, reason }),
})
const never = { isSourceAllowed: () => false }

/** Each row fails on two checks: the one named comes first in the contract's list. */
const order: [string, Partial<Leg>, Partial<Surroundings>][] = [
  ['denied: invalid_number', { toNormalized: undefined }, { client: undefined }],
  ['denied: unknown_client', {}, { client: undefined, ...never }],
  ['denied: client_suspended', {}, { ...with_({ suspended: true }), ...never }],
  ['denied: ip_not_allowed', {}, { ...never, ...noRate('no_rating_profile') }],
  ['denied: no_rating_profile', {}, noRate('no_rating_profile')],
  ['denied: destination_not_priced', {}, noRate('destination_not_priced')],
  ['denied: destination_blocked', {}, noRate('destination_blocked')],
]
for (const [answer, leg, surroundings] of order) {
  test(`${answer} comes before what stands below it in the list`, () => {
    assert.is(judged(leg, surroundings), answer)
  })
}

test('an emergency number goes over suspension, filter and missing prices, as dialled or normalized', () => {
  const bad = { ...with_({ suspended: true }), ...never, ...noRate('no_rating_profile') }
  assert.is(judged({ to: '112', toNormalized: '112' }, bad), 'special')
  assert.is(
    judged(
      { to: '016', toNormalized: '34016' },
      { ...bad, brand: aBrand({}, { specialNumbers: new Set(['34016']) }) },
    ),
    'special',
  )
  assert.is(judged({ to: '112' }, { ...bad, client: undefined }), 'denied: unknown_client')
})

test('a number that only begins like an emergency number is none', () => {
  assert.is(judged({ to: '1123', toNormalized: '1123' }), 'priced')
})

test('a free number skips the checks of rates and money, not those before', () => {
  const brand = aBrand({ maxCalls: 1 }, { freeNumbers: new Set(['900100200']) })
  const leg = { to: '900100200', toNormalized: '900100200' }
  const judgement = judgeLeg(aLeg(leg), around({ brand, ...noRate('no_rating_profile') }))
  assert.equal(judgement, {
    outcome: 'granted',
    kind: 'free',
    rate: null,
    holds: { clientSlot: false, brandSlot: true, money: false },
  })
  assert.is(judged(leg, { brand, ...never }), 'denied: ip_not_allowed')
})

test('inbound legs are held to suspension and Max calls alone, and never priced', () => {
  const surroundings = { ...with_({ maxCalls: 2 }), ...never, ...noRate('no_rating_profile') }
  const judgement = judgeLeg(aLeg({ direction: 'inbound', toNormalized: undefined }), around(surroundings))
  assert.equal(judgement, {
    outcome: 'granted',
    kind: 'inbound',
    rate: null,
    holds: { clientSlot: true, brandSlot: false, money: false },
  })
  assert.is(judged({ direction: 'inbound' }, with_({ suspended: true })), 'denied: client_suspended')
})

test('a client calling itself or one of its corporation is internal: free, without profile or slot', () => {
  const corporationId = '01946000-0000-7000-8000-00000000000c'
  const client = aClient({ maxCalls: 1, terms: [aTerms({ corporationId })] })
  const other = aClient({ id: '01946000-0000-7000-8000-000000000002', terms: [aTerms({ corporationId })] })
  const stranger = aClient({ id: '01946000-0000-7000-8000-000000000003' })
  const none = noRate('no_rating_profile')
  for (const toClient of [client, other]) {
    const judgement = judgeLeg(aLeg({ toClient }), around({ client, ...none }))
    assert.equal(judgement, {
      outcome: 'granted',
      kind: 'internal',
      rate: null,
      holds: { clientSlot: false, brandSlot: false, money: false },
    })
  }
  assert.is(judged({ toClient: stranger }, { client, ...none }), 'denied: no_rating_profile')
  assert.is(
    judged({ toClient: aClient({ id: stranger.id }) }, { client: aClient(), ...none }),
    'denied: no_rating_profile',
  )
})

test('an inbound leg is internal by who calls, an outbound one by who is called', () => {
  const client = aClient({ maxCalls: 1 })
  assert.is(judged({ direction: 'inbound', fromClient: client }, { client }), 'internal')
  assert.is(judged({ direction: 'inbound', toClient: client }, { client }), 'inbound')
  assert.is(judged({ toClient: client }, { client }), 'internal')
  assert.is(judged({ fromClient: client }, { client }), 'priced')
})

test('billing method none needs no profile and is never priced', () => {
  const client = aClient({ terms: [aTerms({ billingMethod: 'none' })], maxDailyUsage: new Decimal(0) })
  assert.is(judged({}, { client, ...noRate('no_rating_profile') }), 'unbilled')
})

/** Which clients hold money for a paid call. */
const holders: [string, Partial<Client>, boolean][] = [
  ['postpaid without any limit', {}, false],
  ['postpaid with a credit limit', { creditLimit: new Decimal(5) }, true],
  ['postpaid with a daily limit', { maxDailyUsage: new Decimal(5) }, true],
  ['prepaid', { terms: [aTerms({ billingMethod: 'prepaid' })] }, true],
  ['pseudoprepaid', { terms: [aTerms({ billingMethod: 'pseudoprepaid' })] }, true],
]
for (const [who, client, money] of holders) {
  test(`${who} ${money ? 'holds' : 'does not hold'} money for a call`, () => {
    const judgement = judgeLeg(aLeg(), around(with_(client)))
    assert.is(judgement.outcome === 'granted' && judgement.holds.money, money)
  })
}

/** 0.01 a second, nothing for the first `freeSeconds`. */
function prices(freeSeconds = 0): LegPrices {
  const priceOf = (seconds: number) => new Decimal('0.01').times(Math.max(0, seconds - freeSeconds))
  return {
    firstIncrement: priceOf(1),
    priceFor: priceOf,
    drawsFor: () => [],
    secondsFor: (money, maxSeconds) => {
      if (money.gt(1e9)) return maxSeconds
      const bought = Math.max(0, money.div('0.01').toDecimalPlaces(0, Decimal.ROUND_DOWN).toNumber())
      return Math.min(maxSeconds, freeSeconds + bought)
    },
  }
}

const all: Holds = { clientSlot: true, brandSlot: true, money: true }

function decided(client: Client, totals: Partial<Totals> = {}, holds = all) {
  return grantOrDeny(holds, {
    client,
    terms: termsAt(client.terms, 0),
    brand: aBrand({ maxCalls: 9 }),
    account: anAccount(),
    brandRunningCalls: 0,
    usage: aDay(),
    secondsToMidnight: 86_400,
    prices: prices(),
    ...totals,
  })
}

const prepaid = (client: Partial<Client> = {}) =>
  aClient({ maxCalls: 9, ...client, terms: [aTerms({ billingMethod: 'prepaid' })] })
const outcome = (decision: ReturnType<typeof decided>) =>
  decision.allowed
    ? `${decision.maxDurationSeconds} s, ${decision.reserved} for ${decision.reservedSeconds} s`
    : decision.reason

/** What the client has, and what it is answered. Rates: 0.01 a second. */
const totals: [string, Client, Partial<Totals>, string][] = [
  [
    'Max calls in use',
    prepaid({ maxCalls: 2 }),
    { account: anAccount({ runningCalls: 2, balance: '9' }) },
    'max_calls_reached',
  ],
  [
    "the brand's Max calls in use",
    prepaid(),
    { brand: aBrand({ maxCalls: 3 }), brandRunningCalls: 3 },
    'max_calls_reached',
  ],
  ['the day before the balance', prepaid({ maxDailyUsage: new Decimal('0.005') }), {}, 'daily_limit_reached'],
  ['an empty balance', prepaid(), {}, 'insufficient_balance'],
  [
    'less than the first increment',
    prepaid(),
    { account: anAccount({ balance: '0.009' }) },
    'insufficient_balance',
  ],
  [
    'exactly the first increment',
    prepaid(),
    { account: anAccount({ balance: '0.01' }) },
    '1 s, 0.01 for 1 s',
  ],
  ['money for 45 s', prepaid(), { account: anAccount({ balance: '0.459' }) }, '45 s, 0.45 for 45 s'],
  ['money for more than a slice', prepaid(), { account: anAccount({ balance: '5' }) }, '500 s, 0.6 for 60 s'],
  [
    'what others have reserved',
    prepaid(),
    { account: anAccount({ balance: '5', reserved: '4.7' }) },
    '30 s, 0.3 for 30 s',
  ],
  ['a credit limit', prepaid({ creditLimit: new Decimal(1) }), {}, '100 s, 0.6 for 60 s'],
  [
    'never above maxCallSeconds',
    prepaid({ maxCallSeconds: 90 }),
    { account: anAccount({ balance: '5' }) },
    '90 s, 0.6 for 60 s',
  ],
  [
    'what is left of the day',
    prepaid({ maxDailyUsage: new Decimal(1) }),
    { account: anAccount({ balance: '5' }), usage: aDay('0.5', '0.2') },
    '30 s, 0.3 for 30 s',
  ],
  [
    'a day that ends during the call',
    prepaid({ maxDailyUsage: new Decimal(1) }),
    { account: anAccount({ balance: '5' }), usage: aDay('0.5'), secondsToMidnight: 40 },
    '100 s, 0.5 for 50 s',
  ],
  ['daily limit 0', aClient({ maxCalls: 9, maxDailyUsage: new Decimal(0) }), {}, 'daily_limit_reached'],
  [
    'a call that costs nothing at first, with nothing left',
    prepaid({ maxDailyUsage: new Decimal(0) }),
    { prices: prices(20) },
    '20 s, 0 for 20 s',
  ],
]
for (const [what, client, given, answer] of totals) {
  test(`${what}: ${answer}`, () => assert.is(outcome(decided(client, given)), answer))
}

test.run()
