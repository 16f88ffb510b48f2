import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { countMonths } from '../../src/invoices/prorate.ts'
import { periodAt, periodsOver, startOfLocalDay } from '../../src/invoices/schedule-periods.ts'

const monthly = (firstDay: string) => ({ unit: 'month', every: 1, firstDay }) as const

test('a schedule of the 31st has its February on the last day and its March on the 31st again', () => {
  const rule = monthly('2027-12-31')
  assert.equal(
    [0, 1, 2, 3].map((n) => periodAt(rule, n)),
    [
      { from: '2027-12-31', to: '2028-01-31' },
      { from: '2028-01-31', to: '2028-02-29' },
      { from: '2028-02-29', to: '2028-03-31' },
      { from: '2028-03-31', to: '2028-04-30' },
    ],
  )
})

test('days, weeks, quarters and years follow one another without gap', () => {
  for (const rule of [
    { unit: 'day', every: 10, firstDay: '2026-02-25' },
    { unit: 'week', every: 2, firstDay: '2026-12-28' },
    { unit: 'month', every: 3, firstDay: '2026-11-30' },
    { unit: 'year', every: 1, firstDay: '2028-02-29' },
  ] as const) {
    for (let n = 0; n < 8; n++) assert.is(periodAt(rule, n).to, periodAt(rule, n + 1).from)
  }
  assert.is(periodAt({ unit: 'year', every: 1, firstDay: '2028-02-29' }, 1).from, '2029-02-28')
  assert.is(periodAt({ unit: 'day', every: 10, firstDay: '2026-02-25' }, 1).from, '2026-03-07')
})

test('a period is over when the day after it begins in its zone, not in UTC', () => {
  const rule = monthly('2026-01-01')
  const over = (at: string, timeZone: string) =>
    periodsOver(rule, { index: 0, timeZone, now: Date.parse(at), max: 9 }).length
  assert.is(over('2026-01-31T22:59:59.999Z', 'Europe/Madrid'), 0)
  assert.is(over('2026-01-31T23:00:00Z', 'Europe/Madrid'), 1)
  assert.is(over('2026-01-31T23:00:00Z', 'America/New_York'), 0)
  assert.is(over('2026-02-01T05:00:00Z', 'America/New_York'), 1)
})

test('after a pause the periods missed are all there, one by one', () => {
  const found = periodsOver(monthly('2026-01-01'), {
    index: 1,
    timeZone: 'UTC',
    now: Date.parse('2026-04-15T00:00:00Z'),
    max: 9,
  })
  assert.equal(found, [
    { index: 1, period: { from: '2026-02-01', to: '2026-03-01' } },
    { index: 2, period: { from: '2026-03-01', to: '2026-04-01' } },
  ])
})

test('a day begins where the clocks say so: 01:00 in Santiago once a year, 23 and 25 hours in Madrid', () => {
  assert.is(startOfLocalDay('2026-09-06', 'America/Santiago'), Date.parse('2026-09-06T04:00:00Z'))
  const hours = (day: string, next: string) =>
    (startOfLocalDay(next, 'Europe/Madrid') - startOfLocalDay(day, 'Europe/Madrid')) / 3_600_000
  assert.is(hours('2026-03-29', '2026-03-30'), 23)
  assert.is(hours('2026-10-25', '2026-10-26'), 25)
})

test('months begin with the period, and a rest of days counts by the month that begins there', () => {
  for (const [from, to, months] of [
    ['2026-01-01', '2026-02-01', '1'],
    ['2026-01-01', '2027-01-01', '12'],
    ['2026-01-15', '2026-02-15', '1'],
    ['2026-02-15', '2026-03-15', '1'],
    ['2026-02-15', '2026-03-01', '0.5'],
    ['2026-04-16', '2026-06-16', '2'],
    ['2026-01-01', '2026-02-15', '1.5'],
    ['2026-01-31', '2026-02-28', '1'],
    ['2026-02-28', '2026-03-31', '1.0967741935'],
    ['2024-02-29', '2025-02-28', '12'],
  ] as const) {
    assert.is(countMonths({ from, to }, from).toDecimalPlaces(10).toFixed(), months, `${from} to ${to}`)
  }
})

test("a schedule's months are between its own boundaries, also after a month that lacks its day", () => {
  for (const [from, to, months] of [
    ['2026-01-31', '2026-02-28', '1'],
    ['2026-02-28', '2026-03-31', '1'],
    ['2026-03-31', '2026-04-30', '1'],
    ['2026-02-28', '2026-05-31', '3'],
  ] as const) {
    assert.is(countMonths({ from, to }, '2026-01-31').toFixed(), months, `${from} to ${to}`)
  }
})

test('spans within an invoice sum to the whole, wherever it is cut', () => {
  for (const cut of ['2026-01-16', '2026-01-31', '2026-02-01', '2026-02-14', '2026-02-15', '2026-03-14']) {
    const parts = [
      countMonths({ from: '2026-01-15', to: cut }, '2026-01-15'),
      countMonths({ from: cut, to: '2026-03-15' }, '2026-01-15'),
    ]
    assert.is(
      parts[0]
        ?.plus(parts[1] ?? 0)
        .toDecimalPlaces(20)
        .toFixed(),
      '2',
      cut,
    )
  }
})

test.run()
