/** What allowances pay of a call: worked tables, and the naive walk over random books. ALLOWANCE_RUNS: how many (150). */
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Decimal, roundingModes } from '../../src/money.ts'
import { affordableAtRate, affordableDuration } from '../../src/rating/affordable-duration.ts'
import { type Allowance, allowanceUnits, type Draw } from '../../src/rating/allowance.ts'
import { allowancePeriods, findPeriod, periodAmount, periodFee } from '../../src/rating/allowance-period.ts'
import { drawableOfItem, leftOfItem, rollOver } from '../../src/rating/allowance-rest.ts'
import { rateAtAnswer } from '../../src/rating/call-walk.ts'
import { readExplanation } from '../../src/rating/explanation.ts'
import { type CallToPrice, priceCall, priceWithDraws } from '../../src/rating/price-call.ts'
import type { Rate } from '../../src/rating/rate.ts'
import { rememberCovers } from '../../src/rating/remembered-covers.ts'
import type { Rounding } from '../../src/rating/tariff.ts'
import { fractionOf, naiveCovered } from './naive-allowances.ts'
import { anEntry, aRate, aStep, oneDeck, tariffsOf } from './tariff-builders.ts'

const answeredAt = Date.UTC(2026, 1, 10, 12)

type Given = Partial<Omit<Allowance, 'left'>> & { left: number | string }

function anAllowance({ left, ...of }: Given): Allowance {
  return {
    allowanceId: 'bundle',
    from: '2026-02-01',
    to: '2026-03-01',
    subscribedFrom: '2026-01-01',
    createdAt: 0,
    place: 0,
    name: 'minutes',
    prefixes: ['34'],
    unit: 'seconds',
    coversConnectFee: true,
    weight: 10,
    left: new Decimal(left),
    ...of,
  }
}

function price(
  rate: Partial<Rate>,
  durationSeconds: number,
  allowances: readonly Allowance[],
  rounding?: Rounding,
): { price: string; billed: number; covered: number; draws: string[] } {
  const call = {
    ...oneDeck([aRate(rate)], rounding),
    to: '34600111222',
    answeredAt,
    durationSeconds,
    allowances,
  }
  const priced = priceCall(call)
  if (!priced.priced) throw new Error(priced.reason)
  const parts = readExplanation(JSON.parse(JSON.stringify(priced.explanation)))
  const shown = parts.flatMap((part) => (part.kind === 'stretch' && part.coveredBy ? part.seconds : []))
  assert.is(
    shown.reduce((sum, seconds) => sum + seconds, 0),
    priced.coveredSeconds,
    'the explanation shows each covered stretch',
  )
  return {
    price: priced.price.toFixed(),
    billed: priced.billedSeconds,
    covered: priced.coveredSeconds,
    draws: priced.draws.map(({ allowanceId, item, amount }) => `${allowanceId} ${item} ${amount.toFixed()}`),
  }
}

/** 0.60 a minute, in whole minutes. */
const minutes = { steps: [aStep({ rate: '0.6', incrementSeconds: 60 })] }
/** 0.60 a minute: a whole first minute, then seconds. */
const minuteThenSeconds = {
  steps: [aStep({ rate: '0.6', incrementSeconds: 60 }), aStep({ rate: '0.6', fromSecond: 60 })],
}

const test = suite('what allowances pay of a call')

test('seconds pay whole increments while they last, and money pays the rest', () => {
  assert.equal(price(minutes, 150, [anAllowance({ left: 600 })]), {
    price: '0',
    billed: 180,
    covered: 180,
    draws: ['bundle minutes 180'],
  })
  assert.equal(price(minutes, 150, [anAllowance({ left: 120 })]), {
    price: '0.6',
    billed: 180,
    covered: 120,
    draws: ['bundle minutes 120'],
  })
  assert.equal(price(minutes, 150, [anAllowance({ left: 59 })]).draws, [], 'not a whole increment is left')
  assert.equal(price(minuteThenSeconds, 100, [anAllowance({ left: 75 })]), {
    price: '0.25',
    billed: 100,
    covered: 75,
    draws: ['bundle minutes 75'],
  })
  assert.equal(
    price(minuteThenSeconds, 100, [anAllowance({ left: 30 })]),
    { price: '0.7', billed: 100, covered: 30, draws: ['bundle minutes 30'] },
    'later increments are shorter',
  )
})

test('the number must begin with one of the prefixes of an item', () => {
  assert.is(price(minutes, 60, [anAllowance({ left: 60, prefixes: ['49', '3461'] })]).price, '0.6')
  assert.is(price(minutes, 60, [anAllowance({ left: 60, prefixes: ['49', '346'] })]).price, '0')
  assert.is(price(minutes, 60, [anAllowance({ left: 60, prefixes: ['*'] })]).price, '0')
})

test('the connect fee is covered with the first increment where the item covers fees', () => {
  const rate = { ...minutes, connectFee: '0.1' }
  assert.is(price(rate, 60, [anAllowance({ left: 60 })]).price, '0')
  assert.is(price(rate, 60, [anAllowance({ left: 60, coversConnectFee: false })]).price, '0.1')
  assert.is(price(rate, 120, [anAllowance({ left: 60 })]).price, '0.6', 'the fee was of the first increment')
})

test('money pays fee and increment together or not at all, and is booked as the call is rounded', () => {
  const rate = { ...minutes, connectFee: '0.1' }
  const money = { unit: 'money', name: 'credit' } as const
  assert.equal(price(rate, 120, [anAllowance({ ...money, left: '1.3' })]), {
    price: '0',
    billed: 120,
    covered: 120,
    draws: ['bundle credit 1.3'],
  })
  assert.is(price(rate, 60, [anAllowance({ ...money, left: '0.69' })]).price, '0.7', 'it must have both')
  assert.is(price(rate, 60, [anAllowance({ ...money, left: '0.6', coversConnectFee: false })]).price, '0.1')
  const thirds = { steps: [aStep({ rate: '0.01', perSeconds: 3 })] }
  assert.equal(
    price(thirds, 1, [anAllowance({ ...money, left: '1' })], { mode: 'up', decimals: 2 }).draws,
    ['bundle credit 0.01'],
    'a third of a cent is rounded once, up',
  )
  assert.equal(
    price(thirds, 4, [anAllowance({ ...money, left: '0.0134' })], { mode: 'up', decimals: 2 }).draws,
    ['bundle credit 0.0134'],
    'but never to more than there was',
  )
})

test('one call pays the whole call, at its first increment alone', () => {
  const calls = { unit: 'calls', name: 'calls' } as const
  assert.equal(price({ ...minutes, connectFee: '0.1' }, 3_600, [anAllowance({ ...calls, left: 2 })]), {
    price: '0',
    billed: 3_600,
    covered: 3_600,
    draws: ['bundle calls 1'],
  })
  const freeMinute = {
    steps: [
      aStep({ rate: '0', incrementSeconds: 60 }),
      aStep({ rate: '0.6', fromSecond: 60, incrementSeconds: 60 }),
    ],
  }
  assert.equal(
    price(freeMinute, 120, [anAllowance({ ...calls, left: 2 })]).draws,
    [],
    'the first increment costs nothing, and later ones do not ask for a call',
  )
  assert.equal(
    price(freeMinute, 120, [anAllowance({ left: 600 })]),
    { price: '0', billed: 120, covered: 60, draws: ['bundle minutes 60'] },
    'free increments draw no seconds',
  )
})

test('items are asked by weight, end of period, age of the subscription and place in the plan', () => {
  const all = [
    anAllowance({ allowanceId: 'a', left: 60, weight: 5 }),
    anAllowance({ allowanceId: 'b', left: 60, place: 1, name: 'second' }),
    anAllowance({ allowanceId: 'b', left: 60, place: 0, name: 'first' }),
    anAllowance({ allowanceId: 'c', left: 60, createdAt: -1 }),
    anAllowance({ allowanceId: 'd', left: 60, subscribedFrom: '2025-12-31', createdAt: 9 }),
    anAllowance({ allowanceId: 'e', left: 60, to: '2026-02-16' }),
    anAllowance({ allowanceId: 'f', left: 60, weight: 20, to: '2026-12-31' }),
  ]
  for (let count = 1; count <= 7; count += 1) {
    const order = ['f minutes', 'e minutes', 'd minutes', 'c minutes', 'b first', 'b second', 'a minutes']
    const drawn = price(minutes, count * 60, all).draws.map((draw) => draw.replace(/ 60$/, ''))
    assert.equal(drawn, order.slice(0, count))
  }
})

test('minimum and maximum touch the money charged, and not where all increments are covered', () => {
  const minimum = { ...minutes, minimumPrice: '1' }
  assert.is(price(minimum, 60, []).price, '1')
  assert.is(price(minimum, 60, [anAllowance({ left: 60 })]).price, '0')
  assert.is(price(minimum, 120, [anAllowance({ left: 60 })]).price, '1')
  const maximum = { ...minutes, maximumPrice: '1' }
  assert.is(price(maximum, 300, [anAllowance({ left: 60 })]).price, '1', '2.40 are left for money')
  assert.is(price(maximum, 120, [anAllowance({ left: 60 })]).price, '0.6')
})

test('a call that costs nothing draws nothing', () => {
  const allowances = [anAllowance({ left: 600 })]
  assert.equal(price({ ...minutes, graceSeconds: 10 }, 9, allowances).draws, [])
  assert.equal(price(minutes, 0, allowances).draws, [])
  assert.equal(price({ steps: [aStep({ rate: '0' })] }, 60, allowances).draws, [])
  assert.equal(
    price({ steps: [aStep({ rate: '0.06' })] }, 3, allowances, { mode: 'down', decimals: 2 }).draws,
    [],
    'it is rounded down to nothing',
  )
})

function afford(rate: Partial<Rate>, money: string, allowances: readonly Allowance[], maxSeconds = 3_600) {
  const call = { ...oneDeck([aRate(rate)]), to: '34600111222', answeredAt }
  const answer = affordableDuration({ ...call, money: new Decimal(money), maxSeconds, allowances })
  return answer.priced ? answer.seconds : answer.reason
}

test('allowances and money together buy a duration', () => {
  const bundle = [anAllowance({ left: 600 })]
  assert.is(afford(minutes, '0', []), 0)
  assert.is(afford(minutes, '0', bundle), 600)
  assert.is(afford(minutes, '-5', bundle), 600, 'who owes money may use its minutes')
  assert.is(afford(minutes, '1.3', bundle), 720)
  assert.is(afford({ ...minutes, connectFee: '0.1' }, '0', bundle), 600, 'the fee is covered, too')
  const withoutFee = [anAllowance({ left: 600, coversConnectFee: false })]
  assert.is(afford({ ...minutes, connectFee: '0.1' }, '0.05', withoutFee), 0, 'money pays the fee')
  assert.is(afford({ ...minutes, connectFee: '0.1' }, '0.1', withoutFee), 600)
  assert.is(afford(minutes, '0', [anAllowance({ unit: 'calls', left: 1 })]), 3_600)
})

test('months begin on the 1st, weeks on Monday, and the first and last period have fewer days', () => {
  const always = { from: '2026-01-15', to: null }
  const month = (day: string) => findPeriod('month', { from: '2026-01-15', to: '2026-03-11' }, day)
  assert.equal(month('2026-01-20'), { from: '2026-01-15', to: '2026-02-01', days: 17, calendarDays: 31 })
  assert.equal(month('2026-02-01'), { from: '2026-02-01', to: '2026-03-01', days: 28, calendarDays: 28 })
  assert.equal(month('2026-03-10'), { from: '2026-03-01', to: '2026-03-11', days: 10, calendarDays: 31 })
  assert.is(month('2026-03-11'), undefined)
  assert.is(month('2026-01-14'), undefined)
  assert.equal(findPeriod('week', always, '2026-03-29'), {
    from: '2026-03-23',
    to: '2026-03-30',
    days: 7,
    calendarDays: 7,
  })
  assert.equal(findPeriod('week', always, '2026-01-16')?.days, 4, 'from Thursday to Sunday')
  assert.equal(findPeriod('day', always, '2026-10-25')?.days, 1, 'however many hours it has')
})

test('quantity × amount comes first, then the share of days, then one rounding', () => {
  const share = findPeriod('month', { from: '2026-01-15', to: null }, '2026-01-15')
  const seconds = { amount: new Decimal(1_000), quantity: 3, unit: 'seconds', currencyDigits: 2 } as const
  assert.is(periodAmount({ ...seconds, share }).toFixed(), '1645', '3000 × 17 / 31 = 1645.16…')
  assert.is(periodAmount({ ...seconds, share: undefined }).toFixed(), '3000')
  const money = { amount: new Decimal('9.99'), quantity: 1, unit: 'money', currencyDigits: 2 } as const
  assert.is(periodAmount({ ...money, share }).toFixed(), '5.47', '5.478… down')
  assert.is(periodFee({ fee: new Decimal('9.99'), quantity: 1, currencyDigits: 2, share }).toFixed(), '5.48')
  assert.is(periodFee({ fee: new Decimal('31'), quantity: 2, currencyDigits: 0, share }).toFixed(), '34')
})

test('what is left of a period goes into the next one, is used first and lapses with it', () => {
  const item = (amount: number, rolledOver: number, used: number, reserved = 0, leased = 0) => ({
    amount: new Decimal(amount),
    rolledOver: new Decimal(rolledOver),
    used: new Decimal(used),
    reserved: new Decimal(reserved),
    leased: new Decimal(leased),
    rollover: true,
  })
  for (const [amount, rolledOver, used, reserved, handedOn] of [
    [100, 0, 30, 0, 70],
    [100, 40, 30, 0, 100],
    [100, 40, 60, 0, 80],
    [100, 40, 60, 10, 70],
    [100, 0, 100, 0, 0],
  ] as const) {
    assert.is(rollOver(item(amount, rolledOver, used, reserved)).toNumber(), handedOn)
  }
  assert.is(rollOver({ ...item(100, 0, 30), rollover: false }).toNumber(), 0)
  assert.is(leftOfItem(item(100, 40, 60, 10)).toNumber(), 70)
  const old = item(100, 0, 30)
  assert.is(drawableOfItem(old, undefined).toNumber(), 70, 'while its period lasts')
  assert.is(drawableOfItem(old, item(100, 70, 20)).toNumber(), 50, 'the rest of what was handed on')
  assert.is(drawableOfItem(old, item(100, 70, 90)).toNumber(), 0, 'the new period has used it up')
  const lapsing = item(100, 40, 0)
  assert.is(
    drawableOfItem(lapsing, item(100, 100, 100)).toNumber(),
    40,
    'what lapsed is for late calls alone',
  )
})

test('what replicas have set aside of an item is left of it, and nobody draws it or gets it handed on', () => {
  const zero = new Decimal(0)
  const item = {
    amount: new Decimal(100),
    rolledOver: zero,
    used: new Decimal(20),
    reserved: zero,
    rollover: true,
  }
  const leased = { ...item, leased: new Decimal(30) }
  assert.is(leftOfItem(leased).toNumber(), 80)
  assert.is(drawableOfItem(leased, undefined).toNumber(), 50)
  assert.is(rollOver(leased).toNumber(), 50)
  const next = { ...item, rolledOver: new Decimal(80), used: zero, leased: new Decimal(60) }
  assert.is(
    drawableOfItem({ ...item, leased: zero }, next).toNumber(),
    20,
    'the next period has leased the rest',
  )
})

const numRuns = Number(process.env.ALLOWANCE_RUNS ?? 150)
const amount = fc.constantFrom('0', '0.01', '0.05', '0.6', '1', '0.0333333333', '0.123457')
const step = fc.record({
  rate: amount,
  perSeconds: fc.constantFrom(1, 3, 7, 60, 60),
  incrementSeconds: fc.constantFrom(1, 6, 30, 60, 61),
})
const rate = fc
  .record({
    steps: fc.tuple(step, step, step, fc.integer({ min: 1, max: 200 }), fc.constantFrom(0, 0, 0, 20)),
    connectFee: amount,
    limits: fc.constantFrom([null, null], [null, null], ['2', null], [null, '3'], ['1', '5']),
    hangUp: fc.boolean(),
    graceSeconds: fc.constantFrom(0, 0, 6),
  })
  .map(({ steps: [one, two, three, gap, lead], limits: [minimumPrice, maximumPrice], hangUp, ...of }) =>
    aRate({
      ...of,
      steps: [
        { ...one, fromSecond: lead },
        { ...two, fromSecond: lead + gap },
        { ...three, fromSecond: lead + 2 * gap },
      ],
      minimumPrice: minimumPrice ?? null,
      maximumPrice: maximumPrice ?? null,
      maximumPriceAction: hangUp ? 'hang-up' : 'free',
    }),
  )
const setup = fc
  .record({
    rates: fc.tuple(rate, rate),
    roundings: fc.array(
      fc.record({ mode: fc.constantFrom(...roundingModes), decimals: fc.integer({ min: 0, max: 6 }) }),
      { minLength: 2, maxLength: 2 },
    ),
    window: fc.constantFrom('01:30', '02:00', '02:30', '03:00', '23:59'),
    timeZone: fc.constantFrom('UTC', 'Europe/Madrid', 'America/Santiago'),
  })
  .map(({ rates, roundings: [day, night], window, timeZone }) => ({
    decks: {
      day: { rounding: day ?? { mode: 'up' as const, decimals: 4 }, rates: [rates[0]] },
      night: { rounding: night ?? { mode: 'up' as const, decimals: 4 }, rates: [rates[1]] },
    },
    plans: { p: { entries: [anEntry('day'), anEntry('night', { from: window, to: '04:00', weight: 20 })] } },
    timeZone,
  }))
const allowance = fc
  .record({
    allowanceId: fc.constantFrom('a', 'b', 'c'),
    to: fc.constantFrom('2026-03-30', '2026-04-01'),
    subscribedFrom: fc.constantFrom('2026-01-01', '2026-02-01'),
    createdAt: fc.constantFrom(1, 2),
    prefixes: fc.constantFrom(['34'], ['*'], ['3460', '49'], ['49']),
    unit: fc.constantFrom(...allowanceUnits),
    coversConnectFee: fc.boolean(),
    weight: fc.constantFrom(10, 10, 20),
    left: fc.oneof(fc.constantFrom('0', '1', '60'), fc.integer({ min: 0, max: 300 }).map(String)),
    cents: fc.integer({ min: 0, max: 99 }),
  })
  .map(({ left, cents, ...of }) =>
    anAllowance({ ...of, left: of.unit === 'money' ? `${left}.${cents}` : left }),
  )
const allowances = fc
  .array(allowance, { maxLength: 5 })
  .map((all) => all.map((one, place) => ({ ...one, place, name: `item ${place}` })))
const nearTheClockChange = fc
  .integer({ min: -9_000, max: 9_000 })
  .map((s) => Date.UTC(2026, 2, 29, 1) + s * 1000)
const duration = fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 900 }))

const priceOf = (call: CallToPrice) => {
  const priced = priceCall(call)
  if (!priced.priced) throw new Error(priced.reason)
  return priced
}

test('an item that has nothing left covers nothing, not even what costs nothing beside a fee', () => {
  const decks = { d: { rates: [aRate({ connectFee: '0.01', steps: [aStep({ rate: '0' })] })] } }
  const made = { decks, plans: { p: { entries: [anEntry('d')] } } }
  const call = { ...tariffsOf(made), to: '34600111222', answeredAt: Date.UTC(2026, 2, 3), durationSeconds: 5 }
  for (const [left, covered] of [
    ['0', 0],
    ['1', 1],
  ] as const) {
    const given = [anAllowance({ unit: 'money', coversConnectFee: false, left })]
    const priced = priceOf({ ...call, allowances: given })
    assert.is(priced.price.toFixed(), '0.01')
    assert.is(priced.coveredSeconds, covered)
    assert.is(naiveCovered(made, call, given).coveredSeconds, covered)
  }
})

test('whole runs draw what one increment after another draws', () => {
  let covered = 0
  fc.assert(
    fc.property(setup, allowances, nearTheClockChange, duration, (made, given, at, durationSeconds) => {
      const call = { ...tariffsOf(made), to: '34600111222', answeredAt: at, durationSeconds }
      const priced = priceOf({ ...call, allowances: given })
      const naive = naiveCovered(made, call, given)
      assert.is(priced.price.toFixed(), naive.price)
      assert.is(priced.coveredSeconds, naive.coveredSeconds)
      assert.is(priced.draws.length, naive.drawn.size)
      for (const { allowanceId, item, unit, amount: drawn } of priced.draws) {
        const [n, d] = naive.drawn.get(`${allowanceId} ${item}`) ?? [0n, 1n]
        const left = given.find((one) => one.allowanceId === allowanceId && one.name === item)?.left
        assert.ok(left && drawn.lte(left), 'never more than there is')
        if (unit !== 'money') assert.is(drawn.toFixed(), (n / d).toString())
        else {
          const [m, e] = fractionOf(drawn.toFixed())
          const gap = n * e > m * d ? n * e - m * d : m * d - n * e
          assert.ok(gap <= d * e, 'rounded once, to a whole unit at most')
        }
      }
      if (priced.coveredSeconds > 0) covered += 1
      readExplanation(JSON.parse(JSON.stringify(priced.explanation)))
    }),
    { numRuns, seed: 20 },
  )
  assert.ok(covered > numRuns / 10, `${covered} calls were covered`)
})

test('a duration that is affordable with allowances is the longest whose price is within the money', () => {
  let cut = 0
  fc.assert(
    fc.property(
      setup,
      allowances,
      nearTheClockChange,
      fc.integer({ min: 0, max: 600 }),
      (made, given, at, cents) => {
        const call = { ...tariffsOf(made), to: '34600111222', answeredAt: at, allowances: given }
        const money = new Decimal(cents).div(100)
        const answer = affordableDuration({ ...call, money, maxSeconds: 400 })
        if (!answer.priced) throw new Error(answer.reason)
        const costs = (durationSeconds: number) => priceOf({ ...call, durationSeconds }).price
        assert.ok(costs(answer.seconds).lte(money), 'its price is within')
        if (answer.limitedBy !== 'money') return
        cut += 1
        assert.ok(costs(answer.seconds + 1).gt(money), 'one second more is beyond it')
      },
    ),
    { numRuns: numRuns / 2, seed: 21 },
  )
  assert.ok(cut > numRuns / 40, `${cut} durations were cut`)
})

test('what is remembered of what items pay is what walking the call says, whoever asked before', () => {
  const leg = fc.record({
    given: fc.oneof(
      allowances,
      allowances.map((all) => all.map((one) => ({ ...one, left: one.left.plus(5000) }))),
    ),
    at: nearTheClockChange,
    cents: fc.integer({ min: 0, max: 600 }),
    seconds: fc.constantFrom(1, 7, 60, 400),
    maxSeconds: fc.constantFrom(60, 400, 3600),
  })
  let covered = 0
  fc.assert(
    fc.property(setup, fc.array(leg, { minLength: 4, maxLength: 12 }), (made, legs) => {
      const tariffs = tariffsOf(made)
      for (const { given, at, cents, seconds, maxSeconds } of legs) {
        const call = { ...tariffs, to: '34600111222', answeredAt: at, allowances: given }
        const first = rateAtAnswer(call)
        if ('reason' in first) throw new Error(first.reason)
        const money = new Decimal(cents).div(100)
        const prices = rememberCovers(call, first)
        const walked = priceWithDraws({ ...call, durationSeconds: seconds }, first)
        assert.is(prices.priceFor(seconds).toFixed(), walked.price.toFixed())
        assert.equal(prices.drawsFor(seconds).map(showDraw), walked.draws.map(showDraw))
        assert.is(
          prices.secondsFor(money, maxSeconds),
          affordableAtRate({ ...call, money, maxSeconds }, first).seconds,
        )
        if (walked.draws.length > 0) covered += 1
      }
    }),
    { numRuns, seed: 22 },
  )
  assert.ok(covered > numRuns / 2, `${covered} legs drew`)
})

const showDraw = (draw: Draw) => ({ ...draw, amount: draw.amount.toFixed() })

test('the periods of a subscription follow each other without a gap, and their shares sum to the whole', () => {
  const day = fc
    .integer({ min: 0, max: 900 })
    .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))
  fc.assert(
    fc.property(fc.constantFrom(...allowancePeriods), day, day, (period, one, other) => {
      const days = { from: one < other ? one : other, to: one < other ? other : one }
      let at = days.from
      while (at < days.to) {
        const found = findPeriod(period, days, at)
        assert.is(found?.from, at)
        assert.ok(found && found.days >= 1 && found.days <= found.calendarDays)
        at = found?.to ?? days.to
      }
      assert.is(at, days.to)
    }),
    { numRuns: 60, seed: 22 },
  )
})

test.run()
