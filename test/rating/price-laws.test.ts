/** Laws of pricing, tried on random tariffs and calls. RATING_RUNS: calls against the naive rater (1,000). */
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Decimal, roundAmount, roundingModes } from '../../src/money.ts'
import { affordableAtRate, affordableDuration, endOfIncrement } from '../../src/rating/affordable-duration.ts'
import { type CalendarDay, calendarModes } from '../../src/rating/calendar.ts'
import { rateAtAnswer } from '../../src/rating/call-walk.ts'
import { readExplanation } from '../../src/rating/explanation.ts'
import { fractionOfText, roundFraction } from '../../src/rating/fraction.ts'
import type { PricedCall } from '../../src/rating/price-call.ts'
import { priceAtRate, priceCall, priceOfFirstIncrement } from '../../src/rating/price-call.ts'
import type { Rate, Step } from '../../src/rating/rate.ts'
import { rememberPrices } from '../../src/rating/remembered-prices.ts'
import type { PlanEntry } from '../../src/rating/tariff.ts'
import { naiveDigits } from '../../src/verify/naive-digits.ts'
import { naivePrice } from '../../src/verify/naive-price.ts'
import type { TariffSetup } from './tariff-builders.ts'
import { aRate, oneDeck, tariffsOf } from './tariff-builders.ts'

const numRuns = Number(process.env.RATING_RUNS ?? 1_000)

const amount = fc.oneof(
  fc.constantFrom('0', '0.01', '0.05', '1', '0.0333333333'),
  fc.integer({ min: 0, max: 5_000_000 }).map((n) => new Decimal(n).div(1_000_000).toFixed()),
)
const increment = fc.oneof(fc.constantFrom(1, 6, 30, 60), fc.integer({ min: 1, max: 200 }))
const step = fc.record({
  rate: amount,
  perSeconds: fc.constantFrom(1, 3, 7, 60, 60, 60),
  incrementSeconds: increment,
})
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 2 }),
    fc.array(step, { minLength: 3, maxLength: 3 }),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([starts, all, lead]) =>
    [lead === 0 ? 20 : 0, ...starts.map((start) => start + 20).sort((a, b) => a - b)].map(
      (fromSecond, index) => ({
        ...(all[index] ?? { rate: '0', perSeconds: 60, incrementSeconds: 1 }),
        fromSecond,
      }),
    ),
  )
const limits = fc.constantFrom(
  { minimumPrice: null, maximumPrice: null },
  { minimumPrice: null, maximumPrice: null },
  { minimumPrice: '2', maximumPrice: null },
  { minimumPrice: null, maximumPrice: '3' },
  { minimumPrice: '1', maximumPrice: '5' },
)
const grace = fc.constantFrom(0, 0, 1, 6, 45)
const rateOf = (prefix: string): fc.Arbitrary<Rate> =>
  fc
    .tuple(steps, amount, limits, fc.integer({ min: 0, max: 12 }), fc.boolean(), grace)
    .map(([own, connectFee, limit, chance, isHangUp, graceSeconds]) =>
      aRate({
        prefix,
        steps: own,
        connectFee,
        ...limit,
        maximumPriceAction: isHangUp ? 'hang-up' : 'free',
        blocked: chance === 0,
        graceSeconds,
      }),
    )
const rounding = fc.record({
  mode: fc.constantFrom(...roundingModes),
  decimals: fc.integer({ min: 0, max: 6 }),
})
const deck = fc.record({
  rounding,
  rates: fc
    .subarray(['*', '3', '34', '346', '34600', '49'], { minLength: 0 })
    .chain((prefixes) => fc.tuple(...prefixes.map(rateOf))),
})
const time = fc.constantFrom('00:00', '01:30', '02:00', '02:30', '03:00', '08:00', '20:00', '22:00', '23:59')
const entry: fc.Arbitrary<PlanEntry> = fc
  .record({
    rateDeckId: fc.constantFrom('a', 'b', 'c'),
    weight: fc.constantFrom(10, 10, 20),
    days: fc.oneof(fc.constant(null), fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 })),
    from: time,
    to: fc.oneof(time, fc.constant('24:00')),
    originPrefixes: fc.oneof(
      fc.constant(null),
      fc.constant(null),
      fc.subarray(['1', '34', '349', '34911', '49'], { minLength: 1 }),
    ),
    calendar: fc.oneof(
      fc.constant(null),
      fc.constant(null),
      fc.record({
        calendarId: fc.constant('holidays'),
        mode: fc.constantFrom(...calendarModes),
        days: fc.subarray<CalendarDay>(
          [
            '2026-03-29',
            '2026-10-24',
            { month: 3, day: 28 },
            { month: 10, day: 25 },
            { easter: 0 },
            { easter: -1 },
          ],
          { minLength: 1 },
        ),
      }),
    ),
  })
  .map((one) => (one.from === one.to ? { ...one, from: '00:00', to: '24:00' } : one))
const plan = fc.record({
  timeZone: fc.constantFrom(null, 'UTC', 'Australia/Lord_Howe'),
  entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
})
const setup: fc.Arbitrary<TariffSetup & { timeZone: string }> = fc.record({
  decks: fc.record({ a: deck, b: deck, c: deck }),
  plans: fc.record({ p: plan, q: plan }),
  timeZone: fc.constantFrom('UTC', 'Europe/Madrid', 'America/Santiago', 'Asia/Kathmandu'),
  profiles: fc
    .tuple(fc.integer({ min: -60, max: 600 }), fc.integer({ min: -60, max: 600 }))
    .map(([one, two]) => [
      { plan: 'p', activatesAt: '2026-01-01T00:00:00.000Z' },
      { plan: 'q', activatesAt: new Date(Date.UTC(2026, 2, 29, 0, 50, one)).toISOString() },
      { plan: 'p', activatesAt: new Date(Date.UTC(2026, 2, 29, 0, 50, two, 250)).toISOString() },
    ]),
})
/** About clock changes of the zones above, and anywhere in a week. */
const answeredAt = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29T00:50:00Z',
      '2026-10-25T00:50:00Z',
      '2026-04-05T02:50:00Z',
      '2026-04-04T14:50:00Z',
    ),
    fc.integer({ min: -1_000_000, max: 1_200_000 }),
    fc.integer({ min: -3, max: 3 }),
  )
  .map(([near, ms, days]) => Date.parse(near) + ms + days * 43_200_000)
const duration = fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3_000 }))
const national = {
  countryCode: '34',
  internationalPrefixes: ['00'],
  nationalPrefix: '',
  nationalLengths: [9],
}
const caller = fc.record({
  from: fc.constantFrom(
    null,
    '',
    'anonymous',
    '+34911222333',
    '34600111222',
    '0049301234',
    '911222333',
    '12125550100',
  ),
  numbering: fc.constantFrom(null, national),
})
const to = fc.constantFrom('34600111222', '34911222333', '39061234567', '4930123456')

function callOf(made: TariffSetup, call: { to: string; answeredAt: number }) {
  return { ...tariffsOf(made), ...call }
}

function mustBePriced(priced: ReturnType<typeof priceCall>): PricedCall {
  if (!priced.priced) throw new Error(`refused: ${priced.reason}`)
  return priced
}

const laws = suite('laws of pricing')

laws('whole runs of increments cost what one increment after another costs', () => {
  let pricedCount = 0
  fc.assert(
    fc.property(setup, to, caller, answeredAt, duration, (made, number, from, at, durationSeconds) => {
      const call = { ...callOf(made, { to: number, answeredAt: at }), ...from, durationSeconds }
      const priced = priceCall(call)
      const sent = from.from === null ? null : naiveDigits(from.from, from.numbering)
      const naive = naivePrice(made, { ...call, from: sent })
      if (durationSeconds === 0) {
        assert.is(mustBePriced(priced).price.toFixed(), '0')
      } else {
        assert.is(priced.priced ? priced.price.toFixed() : priced.reason, naive)
      }
      if (priced.priced) pricedCount += 1
      readExplanation(JSON.parse(JSON.stringify(priced.explanation)))
    }),
    { numRuns },
  )
  assert.ok(pricedCount > numRuns / 10, `${pricedCount} calls were priced`)
})

laws('the affordable duration is the longest whose price is within the money', () => {
  let cut = 0
  fc.assert(
    fc.property(setup, to, answeredAt, fc.integer({ min: 0, max: 600 }), (made, number, at, cents) => {
      const call = callOf(made, { to: number, answeredAt: at })
      const money = new Decimal(cents).div(100)
      const afford = affordableDuration({ ...call, money, maxSeconds: 600 })
      if (!afford.priced) return
      const { maximumPrice, maximumPriceAction } = firstRate(made, call)
      const hangUp =
        maximumPriceAction === 'hang-up' && maximumPrice !== null ? new Decimal(maximumPrice) : money
      const budget = Decimal.min(money, hangUp)
      const price = (durationSeconds: number) => mustBePriced(priceCall({ ...call, durationSeconds })).price
      assert.ok(price(afford.seconds).lte(budget), 'its price is within')
      assert.is(price(afford.seconds).toFixed(), afford.seconds === 0 ? '0' : afford.price.toFixed())
      if (afford.limitedBy === 'max_seconds') return assert.is(afford.seconds, 600)
      cut += 1
      assert.is(afford.seconds, Math.min(afford.paidUntilSecond, 600))
      assert.ok(price(afford.seconds + 1).gt(budget), 'one second more is beyond it')
      assert.is(afford.limitedBy, hangUp.lt(money) ? 'maximum_price' : 'money')
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  )
  assert.ok(cut > numRuns / 40, `${cut} durations were cut`)
})

laws('what is remembered of a rate is what walking the call says, whoever asked before', () => {
  const cents = fc.integer({ min: -100, max: 20_000 })
  const asked = fc.array(
    fc.record({
      to,
      answeredAt,
      cents,
      seconds: fc.constantFrom(1, 59, 60, 600),
      max: fc.constantFrom(60, 600, 3600),
    }),
    { minLength: 4, maxLength: 12 },
  )
  let compared = 0
  fc.assert(
    fc.property(setup, asked, (made, legs) => {
      const tariffs = tariffsOf(made)
      for (const leg of legs) {
        const call = { ...tariffs, to: leg.to, answeredAt: leg.answeredAt }
        const first = rateAtAnswer(call)
        if ('reason' in first) continue
        const money = new Decimal(leg.cents).div(100)
        const prices = rememberPrices(call, first)
        assert.is(prices.firstIncrement.toFixed(), priceOfFirstIncrement(call, first).toFixed())
        assert.is(
          prices.priceFor(leg.seconds).toFixed(),
          priceAtRate({ ...call, durationSeconds: leg.seconds }, first).toFixed(),
        )
        assert.is(
          prices.secondsFor(money, leg.max),
          affordableAtRate({ ...call, money, maxSeconds: leg.max }, first).seconds,
        )
        compared += 1
      }
    }),
    { numRuns },
  )
  assert.ok(compared > numRuns, `${compared} legs were compared`)
})

function firstRate(made: TariffSetup, call: ReturnType<typeof callOf>): Rate {
  const { prefix, rateDeckId } = mustBePriced(priceCall({ ...call, durationSeconds: 1 }))
  const rate = made.decks[rateDeckId ?? '']?.rates.find((one) => one.prefix === prefix)
  if (!rate) throw new Error(`no rate ${prefix}`)
  return rate
}

laws('up to the end of an increment nothing more is charged, beyond it something may be', () => {
  fc.assert(
    fc.property(setup, to, answeredAt, fc.integer({ min: 1, max: 900 }), (made, number, at, second) => {
      const call = callOf(made, { to: number, answeredAt: at })
      const end = endOfIncrement({ ...call, second })
      if (end === undefined || second < firstRate(made, call).graceSeconds) return
      assert.ok(end >= second)
      const here = mustBePriced(priceCall({ ...call, durationSeconds: second }))
      const there = mustBePriced(priceCall({ ...call, durationSeconds: end }))
      assert.is(here.price.toFixed(), there.price.toFixed())
      assert.is(here.billedSeconds, there.billedSeconds)
    }),
    { numRuns: Math.ceil(numRuns / 4) },
  )
})

laws('a longer call never costs less while one deck rounds', () => {
  fc.assert(
    fc.property(rateOf('34'), rounding, duration, duration, (rate, round, one, other) => {
      const call = { ...oneDeck([fromTheStart(rate)], round), to: '34600', answeredAt: 0 }
      const at = { ...call, answeredAt: Date.UTC(2026, 0, 1) }
      const prices = [one, other].map(
        (seconds) => mustBePriced(priceCall({ ...at, durationSeconds: seconds })).price,
      )
      const [left = new Decimal(0), right = new Decimal(0)] = one <= other ? prices : prices.reverse()
      assert.ok(left.lte(right))
    }),
    { numRuns: 500 },
  )
})

/** Not blocked, and no free seconds: before the first increment no maximum holds the fee down. */
function fromTheStart(rate: Rate): Rate {
  const steps = rate.steps.map((one, index) => (index === 0 ? { ...one, fromSecond: 0 } : one))
  return { ...rate, steps, blocked: false }
}

laws('splitting a step into two of equal price changes nothing', () => {
  fc.assert(
    fc.property(step, rounding, duration, fc.integer({ min: 1, max: 900 }), (own, round, seconds, cut) => {
      const whole = [{ ...own, fromSecond: 0 }]
      const split = [...whole, { ...own, fromSecond: cut }]
      const prices = [whole, split].map((all) => {
        const call = {
          ...oneDeck([aRate({ steps: all })], round),
          to: '34600',
          answeredAt: Date.UTC(2026, 0, 1),
        }
        return mustBePriced(priceCall({ ...call, durationSeconds: seconds })).price.toFixed()
      })
      assert.is(prices[0], prices[1])
    }),
    { numRuns: 500 },
  )
})

laws('fractions round as decimal.js does, in every mode', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9_999_999, max: 9_999_999 }), rounding, (n, round) => {
      const exact = new Decimal(n).div(100_000)
      const units = roundFraction(fractionOfText(exact.toFixed()), round)
      assert.is(
        new Decimal(units.toString()).div(10 ** round.decimals).toFixed(),
        roundAmount(exact, round).toFixed(),
      )
    }),
    { numRuns: 2_000 },
  )
})

laws.run()
