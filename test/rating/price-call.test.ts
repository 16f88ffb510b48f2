/** What a priced call tells besides its price, and how long money lasts, with every figure written out. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Decimal } from '../../src/money.ts'
import { affordableDuration, endOfIncrement } from '../../src/rating/affordable-duration.ts'
import { readExplanation } from '../../src/rating/explanation.ts'
import { findRate } from '../../src/rating/find-rate.ts'
import { priceCall } from '../../src/rating/price-call.ts'
import type { Rate } from '../../src/rating/rate.ts'
import { RateTable } from '../../src/rating/rate-table.ts'
import { RateTableNotLoaded } from '../../src/rating/tariff.ts'
import { anEntry, aRate, aStep, oneDeck, tariffsOf } from './tariff-builders.ts'

const answeredAt = Date.parse('2026-01-14T19:59:30Z')
const peak = tariffsOf({
  decks: {
    day: { rates: [aRate({ connectFee: '0.01', steps: [aStep({ rate: '0.10' })] })] },
    evening: {
      rates: [aRate({ prefix: '346', destination: 'Spain mobile', steps: [aStep({ rate: '0.01' })] })],
    },
  },
  plans: { p: { entries: [anEntry('day'), anEntry('evening', { weight: 20, from: '20:00', to: '24:00' })] } },
})
const call = { ...peak, to: '34600111222', answeredAt }

const pricing = suite('priceCall')

pricing('names are those of the rate at the answer', () => {
  const priced = priceCall({ ...call, durationSeconds: 90 })
  if (!priced.priced) throw new Error(priced.reason)
  const { explanation, price, ...rest } = priced
  assert.ok(explanation)
  // 0.01 + 30 × 0.10/60 + 60 × 0.01/60
  assert.is(price.toFixed(), '0.07')
  assert.equal(rest, {
    priced: true,
    billedSeconds: 90,
    destination: 'Spain',
    prefix: '34',
    connectFee: '0.01',
    ratingPlanId: 'p',
    ratingProfileId: 'profile-1',
    rateDeckId: 'day',
    rateDeckVersion: 1,
    exceedsMaximum: false,
    coveredSeconds: 0,
    draws: [],
  })
})

pricing('the versions in force at the answer price the whole call', () => {
  const asked: number[] = []
  const tariffs = {
    findPlan: (id: string, at: number) => {
      asked.push(at)
      return peak.tariffs.findPlan(id, at)
    },
    findDeck: (id: string, at: number) => {
      asked.push(at)
      return peak.tariffs.findDeck(id, at)
    },
  }
  priceCall({ ...call, tariffs, durationSeconds: 7_200 })
  assert.equal([...new Set(asked)], [answeredAt])
})

pricing('a deck whose table is not in memory is named to the caller', () => {
  const findDeck = () => {
    throw new RateTableNotLoaded('day', 7)
  }
  const tariffs = { ...peak.tariffs, findDeck }
  assert.throws(() => priceCall({ ...call, tariffs, durationSeconds: 1 }), /version 7 of rate deck day/)
})

pricing(
  'a call of zero seconds is priced even where the number has no rate, and findRate still tells why',
  () => {
    const nowhere = { ...call, to: '49301234' }
    const priced = priceCall({ ...nowhere, durationSeconds: 0 })
    assert.ok(priced.priced && priced.price.isZero() && priced.rateDeckId === null)
    assert.equal(findRate(nowhere), {
      priced: false,
      reason: 'destination_not_priced',
    })
  },
)

pricing('the preview at another time asks for that time', () => {
  const found = (at: string) => findRate({ ...call, answeredAt: Date.parse(at) })
  const [day, evening] = [found('2026-01-14T12:00:00Z'), found('2026-01-14T21:00:00Z')]
  assert.is(day.priced && day.rate.steps[0]?.rate, '0.1')
  assert.is(evening.priced && evening.destination, 'Spain mobile')
})

pricing('a call within the grace of its rate has no billed seconds, and still names the rate', () => {
  const graced = { ...call, ...oneDeck([aRate({ connectFee: '0.15', graceSeconds: 5 })]) }
  const [short, long] = [4, 5].map((durationSeconds) => priceCall({ ...graced, durationSeconds }))
  if (!short?.priced || !long?.priced) throw new Error('not priced')
  const { price, billedSeconds, prefix, connectFee, rateDeckId } = short
  assert.equal(
    [price.toFixed(), billedSeconds, prefix, connectFee, rateDeckId],
    ['0', 0, '34', '0.15', 'deck-1'],
  )
  // 0.15 + 5 × 0.06/60
  assert.equal([long.price.toFixed(), long.billedSeconds], ['0.155', 5])
})

const byCaller = tariffsOf({
  decks: {
    inter: { rates: [aRate({ prefix: '1', steps: [aStep({ rate: '0.02' })] })] },
    intra: { rates: [aRate({ prefix: '1', steps: [aStep({ rate: '0.01' })] })] },
  },
  plans: { p: { entries: [anEntry('inter'), anEntry('intra', { originPrefixes: ['1212', '1646'] })] } },
})
const northAmerica = {
  countryCode: '1',
  internationalPrefixes: ['011'],
  nationalPrefix: '',
  nationalLengths: [10],
}

pricing("the caller's number is read by the client's numbering, as the called one is", () => {
  const from = (sent: string | null, numbering = northAmerica) => {
    const priced = priceCall({
      ...byCaller,
      from: sent,
      numbering,
      to: '13055550100',
      answeredAt,
      durationSeconds: 60,
    })
    return priced.priced ? priced.rateDeckId : priced.reason
  }
  const known = ['+12125550100', '2125550100', '01112125550100', '6465550100']
  assert.equal(
    known.map((sent) => from(sent)),
    ['intra', 'intra', 'intra', 'intra'],
  )
  const others = ['4155550100', '01134911000111', '', 'anonymous', '+1 212 555 0100', null]
  assert.equal(
    others.map((sent) => from(sent)),
    ['inter', 'inter', 'inter', 'inter', 'inter', 'inter'],
  )
})

pricing('the rate found for a number is that of the caller', () => {
  const found = (from: string | null) => findRate({ ...byCaller, from, to: '13055550100', answeredAt })
  const [ofOrigin, unknown] = [found('+12125550100'), found(null)]
  assert.is(ofOrigin.priced && ofOrigin.rateDeckId, 'intra')
  assert.is(unknown.priced && unknown.rateDeckId, 'inter')
})

pricing.run()

const explaining = suite('readExplanation')

explaining('reads as a sum: tried, met, fee, stretches, rounding', () => {
  const priced = priceCall({ ...call, to: '34600', durationSeconds: 31 })
  const candidate = (prefix: string, outcome: string, rateDeckId: string | null = null) => ({
    kind: 'candidate',
    fromSecond: 0,
    prefix,
    rateDeckId,
    outcome,
  })
  const parts = readExplanation(JSON.parse(JSON.stringify(priced.explanation)))
  assert.equal(parts.slice(0, 3), [
    candidate('34600', 'no_such_prefix'),
    candidate('3460', 'no_such_prefix'),
    candidate('346', 'window_closed', 'evening'),
  ])
  const amounts = parts.filter(({ kind }) =>
    ['connectFee', 'stretch', 'sum', 'rounding', 'price'].includes(kind),
  )
  assert.equal(amounts, [
    { kind: 'connectFee', amount: '0.01' },
    {
      kind: 'stretch',
      fromSecond: 0,
      seconds: 30,
      prefix: '34',
      stepNumber: 1,
      step: { fromSecond: 0, rate: '0.1', perSeconds: 60, incrementSeconds: 1 },
      increments: 30,
      amount: '0.05',
    },
    {
      kind: 'stretch',
      fromSecond: 30,
      seconds: 1,
      prefix: '346',
      stepNumber: 1,
      step: { fromSecond: 0, rate: '0.01', perSeconds: 60, incrementSeconds: 1 },
      increments: 1,
      amount: '0.0001666666…',
      numerator: '1',
      denominator: '6000',
    },
    { kind: 'sum', amount: '0.0601666666…', numerator: '361', denominator: '6000' },
    { kind: 'rounding', mode: 'up', decimals: 4, before: '361/6000', after: '0.0602' },
    { kind: 'price', amount: '0.0602' },
  ])
  const windows = parts.flatMap((part) => (part.kind === 'rate' ? [part.window] : []))
  assert.equal(windows, [null, { days: null, from: '20:00', to: '24:00', timeZone: 'UTC' }])
})

explaining('says that a call was shorter than the grace of its rate', () => {
  const graced = oneDeck([aRate({ connectFee: '0.15', graceSeconds: 5 })])
  const { explanation } = priceCall({ ...call, ...graced, durationSeconds: 4 })
  const parts = readExplanation(JSON.parse(JSON.stringify(explanation)))
  assert.equal(
    parts.filter(({ kind }) => kind !== 'candidate' && kind !== 'rate'),
    [
      { kind: 'connectFee', amount: '0' },
      { kind: 'graceSeconds', seconds: 5, amount: '0' },
      { kind: 'sum', amount: '0' },
      { kind: 'rounding', mode: 'up', decimals: 4, before: '0', after: '0' },
      { kind: 'price', amount: '0' },
    ],
  )
})

explaining('says nothing of a grace where the call had none', () => {
  const graced = oneDeck([aRate({ graceSeconds: 5 })])
  for (const durationSeconds of [0, 5]) {
    const parts = readExplanation(priceCall({ ...call, ...graced, durationSeconds }).explanation)
    assert.not(parts.some(({ kind }) => kind === 'graceSeconds'))
  }
})

explaining(
  'says by which prefix of the caller an entry was met, and which ones were of other callers',
  () => {
    const tell = (from: string | null) => {
      const priced = priceCall({ ...byCaller, from, to: '13055550100', answeredAt, durationSeconds: 60 })
      const parts = readExplanation(JSON.parse(JSON.stringify(priced.explanation)))
      return parts.flatMap((part) => {
        if (part.kind === 'rate') return [[part.rateDeckId, part.originPrefix]]
        return part.kind === 'candidate' && part.rateDeckId ? [[part.rateDeckId, part.outcome]] : []
      })
    }
    assert.equal(tell('+12125550100'), [
      ['inter', 'shorter_origin'],
      ['intra', '1212'],
    ])
    assert.equal(tell('+14155550100'), [
      ['intra', 'other_origin'],
      ['inter', undefined],
    ])
    assert.equal(tell(null), [
      ['intra', 'other_origin'],
      ['inter', undefined],
    ])
  },
)

explaining('tells which limit changed the price', () => {
  const priced = priceCall({ ...call, ...oneDeck([aRate({ minimumPrice: '0.05' })]), durationSeconds: 1 })
  const parts = readExplanation(priced.explanation)
  assert.equal(parts.at(-2), { kind: 'minimumPrice', before: '0.001', after: '0.05' })
})

explaining('tells why a number was refused', () => {
  const blocked = priceCall({
    ...call,
    ...oneDeck([aRate({ blocked: true })]),
    to: '346',
    durationSeconds: 9,
  })
  assert.equal(
    readExplanation(blocked.explanation).map((part) => ('outcome' in part ? part.outcome : part.kind)),
    ['no_such_prefix', 'blocked', 'refusal'],
  )
  const lighter = priceCall({
    ...call,
    ...tariffsOf({
      decks: { a: { rates: [aRate()] }, b: { rates: [aRate()] }, c: { rates: [aRate()] }, d: { rates: [] } },
      plans: {
        p: {
          entries: [anEntry('a'), anEntry('b', { weight: 20 }), anEntry('c', { weight: 20 }), anEntry('d')],
        },
      },
    }),
    to: '34',
    durationSeconds: 9,
  })
  assert.equal(
    readExplanation(lighter.explanation).flatMap((part) => (part.kind === 'candidate' ? [part.outcome] : [])),
    ['lower_weight', 'later_in_plan', 'deck_without_rates'],
  )
})

explaining('parts that do not add up are never shown', () => {
  const { explanation } = priceCall({ ...call, durationSeconds: 90 })
  const altered = JSON.parse(JSON.stringify(explanation).replace('"0.1",60,1]', '"0.2",60,1]'))
  assert.throws(() => readExplanation(altered), /the parts of a price make 0.12, its stored sum is 0.07/)
})

explaining('an ordinary call is explained in some 300 bytes', () => {
  const { explanation } = priceCall({ ...call, ...oneDeck([aRate()]), durationSeconds: 60 })
  assert.ok(JSON.stringify(explanation).length < 300)
})

explaining.run()

const affording = suite('affordableDuration')

const hour = 3_600
const table: [string, Partial<Rate>, string, number, [number, number, string, string]][] = [
  ['per second, exact to the second', {}, '0.0125', hour, [12, 12, '0.012', 'money']],
  [
    'whole minutes only',
    { steps: [aStep({ incrementSeconds: 60 })] },
    '0.179',
    hour,
    [120, 120, '0.12', 'money'],
  ],
  ['the fee comes first', { connectFee: '0.10' }, '0.11', hour, [10, 10, '0.11', 'money']],
  ['not even the first increment', { connectFee: '0.10' }, '0.10', hour, [0, 0, '0', 'money']],
  ['the minimum is paid at once', { minimumPrice: '0.05' }, '0.049', hour, [0, 0, '0', 'money']],
  ['and then used up', { minimumPrice: '0.05' }, '0.05', hour, [50, 50, '0.05', 'money']],
  [
    'a maximum lets the call run on',
    { maximumPrice: '0.05' },
    '0.05',
    hour,
    [hour, hour, '0.05', 'max_seconds'],
  ],
  [
    'a maximum that hangs up ends it',
    { maximumPrice: '0.05', maximumPriceAction: 'hang-up' },
    '9',
    hour,
    [50, 50, '0.05', 'maximum_price'],
  ],
  [
    'a slice of 60 s ends with its last increment',
    { steps: [aStep({ incrementSeconds: 7 })] },
    '9',
    60,
    [60, 63, '0.063', 'max_seconds'],
  ],
  [
    'a free number needs no money',
    { steps: [aStep({ rate: '0' })] },
    '0',
    hour,
    [hour, hour, '0', 'max_seconds'],
  ],
  [
    'nor does a debt stop it',
    { steps: [aStep({ rate: '0' })] },
    '-5',
    hour,
    [hour, hour, '0', 'max_seconds'],
  ],
  [
    'no money buys what is within the grace',
    { connectFee: '0.10', graceSeconds: 5 },
    '0.10',
    hour,
    [4, 4, '0', 'money'],
  ],
  ['nor is a second of it paid for', { graceSeconds: 5 }, '0.004', hour, [4, 4, '0', 'money']],
  ['money for more pays from the first second', { graceSeconds: 5 }, '0.005', hour, [5, 5, '0.005', 'money']],
  ['a grace longer than the leg may last', { graceSeconds: 90 }, '0', 60, [60, 89, '0', 'max_seconds']],
  [
    'a grace within an increment that was paid',
    { graceSeconds: 5, steps: [aStep({ incrementSeconds: 60 })] },
    '0.06',
    3,
    [3, 4, '0', 'max_seconds'],
  ],
]
for (const [why, rate, money, maxSeconds, expected] of table) {
  affording(why, () => {
    const afford = affordableDuration({
      ...call,
      ...oneDeck([aRate(rate)]),
      money: new Decimal(money),
      maxSeconds,
    })
    if (!afford.priced) return assert.unreachable(afford.reason)
    const { seconds, paidUntilSecond, price, limitedBy } = afford
    assert.equal([seconds, paidUntilSecond, price.toFixed(), limitedBy], expected)
  })
}

affording('money lasts through a change of window', () => {
  // 0.01 fee + 30 × 0.10/60 = 0.06 by 20:00, then 0.01 buys a minute.
  const afford = affordableDuration({ ...call, money: new Decimal('0.07'), maxSeconds: hour })
  assert.is(afford.priced && afford.seconds, 90)
})

affording('an increment ends where the next starts, through steps', () => {
  const sixtyThenSix = {
    steps: [aStep({ incrementSeconds: 60 }), aStep({ fromSecond: 60, incrementSeconds: 6 })],
  }
  const stepped = { ...call, ...oneDeck([aRate(sixtyThenSix)]) }
  assert.equal(
    [1, 60, 61, 66, 67].map((second) => endOfIncrement({ ...stepped, second })),
    [60, 60, 66, 66, 72],
  )
  assert.is(endOfIncrement({ ...stepped, to: '49', second: 1 }), undefined)
})

affording.run()

const memory = suite('compiled rates')

memory('forgetting remembered rates changes no answer', () => {
  const rates = Array.from({ length: 20_000 }, (_, n) =>
    aRate({ prefix: String(n + 10_000), connectFee: `0.${n}1` }),
  )
  const compiled = RateTable.compile(rates)
  const feesOf = () => Array.from({ length: compiled.size }, (_, n) => compiled.rateAt(n).rate.connectFee)
  assert.equal(feesOf(), feesOf())
  assert.is(compiled.rateAt(19_999).rate.connectFee, '0.199991')
})

memory.run()
