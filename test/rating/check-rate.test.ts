import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkRate } from '../../src/rating/check-rate.ts'
import type { Rate } from '../../src/rating/rate.ts'
import { aRate, aStep } from './tariff-builders.ts'

const check = suite('checkRate')

const steps = (...all: Parameters<typeof aStep>[0][]) => ({ steps: all.map(aStep) })
const minute = (rate: string) => steps({ rate, incrementSeconds: 60 })
const table: [string, Partial<Rate>, string[]][] = [
  ['an ordinary rate has no fault', {}, []],
  ['a prefix may carry a plus, 00 or be *', { prefix: '+34' }, []],
  ['letters are no prefix', { prefix: '34a' }, ['prefix invalid_prefix']],
  ['nineteen digits are no prefix', { prefix: '1'.repeat(19) }, ['prefix invalid_prefix']],
  ['00 alone is no prefix', { prefix: '00' }, ['prefix invalid_prefix']],
  ['ten decimals are the most', { connectFee: '0.0000000001' }, []],
  ['eleven are too many', { connectFee: '0.00000000001' }, ['connectFee too_many_decimals']],
  ['superfluous zeros do not count', { connectFee: '0.010000000000' }, []],
  ['a negative fee is no amount', { connectFee: '-1' }, ['connectFee invalid_amount']],
  ['an exponent is no amount', steps({ rate: '1e-3' }), ['steps/0/rate invalid_amount']],
  ['a million is the most', steps({ rate: '1000000' }), []],
  ['and not a fraction more', steps({ rate: '1000000.01' }), ['steps/0/rate out_of_range']],
  ['an increment of 0 s', steps({ incrementSeconds: 0 }), ['steps/0/incrementSeconds out_of_range']],
  ['a negative increment', steps({ incrementSeconds: -1 }), ['steps/0/incrementSeconds out_of_range']],
  ['an increment over a day', steps({ incrementSeconds: 86_401 }), ['steps/0/incrementSeconds out_of_range']],
  ['half a second', steps({ perSeconds: 0.5 }), ['steps/0/perSeconds out_of_range']],
  ['no steps', { steps: [] }, ['steps no_steps']],
  ['steps out of order', steps({}, { fromSecond: 0 }), ['steps/1/fromSecond steps_not_ascending']],
  ['four decimals for a deck of four', { minimumPrice: '0.0001' }, []],
  ['five for a deck of four', { maximumPrice: '0.00001' }, ['maximumPrice too_many_decimals']],
  [
    'a minimum above the maximum',
    { minimumPrice: '2', maximumPrice: '1' },
    ['minimumPrice minimum_above_maximum'],
  ],
  ['a late first step is told', steps({ fromSecond: 5 }), ['steps/0/fromSecond free_seconds']],
  [
    'a step that every increment passes over',
    steps({ incrementSeconds: 60 }, { fromSecond: 10 }, { fromSecond: 50 }),
    ['steps/1/fromSecond unreachable_step'],
  ],
  [
    'a step beyond the longest call',
    steps({}, { fromSecond: 2_678_400 }),
    ['steps/1/fromSecond unreachable_step'],
  ],
  [
    'a hang-up before the first increment',
    { maximumPrice: '0.05', maximumPriceAction: 'hang-up', ...steps({ incrementSeconds: 60 }) },
    ['maximumPrice maximum_below_first_increment'],
  ],
  [
    'a hang-up at the price of the first increment with fee',
    { maximumPrice: '0.07', connectFee: '0.01', maximumPriceAction: 'hang-up', ...minute('0.06') },
    [],
  ],
  [
    'a fee that lifts the first increment above it',
    { maximumPrice: '0.0699', connectFee: '0.01', maximumPriceAction: 'hang-up', ...minute('0.06') },
    ['maximumPrice maximum_below_first_increment'],
  ],
  [
    'a first increment that is charged above it by rounding up',
    { maximumPrice: '0.0001', maximumPriceAction: 'hang-up', ...minute('0.00011') },
    ['maximumPrice maximum_below_first_increment'],
  ],
  [
    'free seconds that last until the hang-up',
    {
      maximumPrice: '0.01',
      connectFee: '0.01',
      maximumPriceAction: 'hang-up',
      ...steps({ fromSecond: 5, rate: '9' }),
    },
    ['steps/0/fromSecond free_seconds'],
  ],
  [
    'free seconds whose fee is above it',
    {
      maximumPrice: '0.01',
      connectFee: '0.02',
      maximumPriceAction: 'hang-up',
      ...steps({ fromSecond: 5, rate: '9' }),
    },
    ['steps/0/fromSecond free_seconds', 'maximumPrice maximum_below_first_increment'],
  ],
  ['a maximum that only stops charging', { maximumPrice: '0.05', ...minute('0.06') }, []],
  [
    'a blocked rate is never called anyway',
    { maximumPrice: '0.05', maximumPriceAction: 'hang-up', blocked: true, ...minute('0.06') },
    [],
  ],
  [
    'every fault is told, not the first alone',
    { prefix: 'x', connectFee: 'y', ...steps({ rate: 'z', incrementSeconds: 0 }) },
    [
      'prefix invalid_prefix',
      'connectFee invalid_amount',
      'steps/0/rate invalid_amount',
      'steps/0/incrementSeconds out_of_range',
    ],
  ],
]
for (const [why, rate, expected] of table) {
  check(why, () => {
    const faults = checkRate(aRate(rate), { mode: 'up', decimals: 4 })
    assert.equal(
      faults.map(({ field, code }) => `${field} ${code}`),
      expected,
    )
  })
}

check('a hang-up that lets nobody begin refuses the rate, rounded as its deck rounds', () => {
  const rate = aRate({ maximumPrice: '0.0001', maximumPriceAction: 'hang-up', ...minute('0.00011') })
  assert.equal(
    checkRate(rate, { mode: 'up', decimals: 4 }).map(({ level }) => level),
    ['error'],
  )
  assert.equal(checkRate(rate, { mode: 'down', decimals: 4 }), [])
})

check('warnings refuse nothing', () => {
  const [fault] = checkRate(aRate(steps({ fromSecond: 5 })), { mode: 'up', decimals: 4 })
  assert.is(fault?.level, 'warning')
})

check.run()
