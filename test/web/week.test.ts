/**
 * The picture of a plan's week: what is open in each minute of a day, over midnight too.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { describeDay, formatMinutes } from '../../web/console/week.ts'

const test = suite('the week of a plan')
const always = { days: null, from: '00:00', to: '24:00' }
const day = { days: [1, 2, 3, 4, 5], from: '08:00', to: '20:00' }
const night = { days: [5], from: '22:00', to: '06:00' }

const lines = (...given: Parameters<typeof describeDay>) =>
  describeDay(...given).map(({ from, to, open }) =>
    `${formatMinutes(from)}-${formatMinutes(to)} ${open.join('+')}`.trim(),
  )

test('a window around the clock leaves no gap', () => {
  assert.equal(lines([always], 7), ['00:00-24:00 0'])
})

test('what no window covers is a gap, and where two are open both are named', () => {
  assert.equal(lines([day], 1), ['00:00-08:00', '08:00-20:00 0', '20:00-24:00'])
  assert.equal(lines([day], 6), ['00:00-24:00'])
  assert.equal(lines([always, day], 1), ['00:00-08:00 0', '08:00-20:00 0+1', '20:00-24:00 0'])
})

test('a window over midnight goes on into the next day, from Sunday into Monday', () => {
  assert.equal(lines([night], 5), ['00:00-22:00', '22:00-24:00 0'])
  assert.equal(lines([night], 6), ['00:00-06:00 0', '06:00-24:00'])
  assert.equal(lines([{ ...night, days: [7] }], 1), ['00:00-06:00 0', '06:00-24:00'])
  assert.equal(lines([{ days: null, from: '22:00', to: '00:00' }], 3), ['00:00-22:00', '22:00-24:00 0'])
})

test('no windows are one long gap', () => {
  assert.equal(lines([], 2), ['00:00-24:00'])
})

test.run()
