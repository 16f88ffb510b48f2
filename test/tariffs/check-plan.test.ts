import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { PlanEntry } from '../../src/rating/tariff.ts'
import { checkPlan } from '../../src/tariffs/check-plan.ts'

const test = suite('checkPlan')
const anEntry = (entry: Partial<PlanEntry> = {}): PlanEntry => ({
  rateDeckId: 'deck',
  weight: 1,
  days: null,
  from: '00:00',
  to: '24:00',
  originPrefixes: null,
  ...entry,
})
const check = (...entries: PlanEntry[]) => checkPlan({ timeZone: null, entries })

test('a plan around the clock has nothing to say', () => {
  assert.equal(check(anEntry()), { faults: [], warnings: [] })
})

test('a window that closes when it opens, a day that is none and an unknown zone are refused', () => {
  const { faults } = checkPlan({
    timeZone: 'Europe/Nowhere',
    entries: [
      anEntry({ from: '08:00', to: '08:00' }),
      anEntry({ days: [0] }),
      anEntry({ days: [] }),
      anEntry({ days: [1, 1] }),
      anEntry({ from: '24:00' }),
      anEntry({ to: '7:00' }),
      anEntry({ weight: 0.5 }),
    ],
  })
  assert.equal(
    faults.map(({ pointer }) => pointer),
    [
      '/timeZone',
      '/entries/0/to',
      '/entries/1/days',
      '/entries/2/days',
      '/entries/3/days',
      '/entries/4/from',
      '/entries/5/to',
      '/entries/6/weight',
    ],
  )
})

test('a gap is named, over midnight and the end of the week too', () => {
  const { warnings } = check(
    anEntry({ days: [1, 2, 3, 4, 5], from: '20:00', to: '08:00' }),
    anEntry({ days: [1, 2, 3, 4, 5], from: '08:00', to: '19:30' }),
  )
  assert.is(warnings.length, 7)
  assert.equal(warnings[1], {
    pointer: '/entries',
    code: 'coverage_gap',
    detail: 'No entry is open from Monday 19:30 to Monday 20:00: calls then are refused.',
  })
  assert.match(warnings.at(-1)?.detail ?? '', 'from Saturday 08:00 to Monday 00:00')
})

test('entries of one weight that are open together are named, others are not', () => {
  const day = anEntry({ from: '08:00', to: '20:00' })
  assert.equal(
    check(anEntry(), day).warnings.map(({ pointer, code }) => [pointer, code]),
    [['/entries/1', 'overlapping_windows']],
  )
  assert.equal(check(anEntry(), { ...day, weight: 2 }).warnings, [])
})

test('a plan without entries is a gap of the whole week', () => {
  assert.match(check().warnings[0]?.detail ?? '', 'from Monday 00:00 to Monday 00:00')
})

test('days of a calendar are looked at by themselves', () => {
  const calendar = (mode: 'on' | 'not-on') => ({ calendarId: 'holidays', mode, days: ['2026-12-25'] })
  assert.equal(
    check(anEntry({ calendar: calendar('on') }), anEntry({ calendar: calendar('not-on') })).warnings,
    [],
  )
  const { warnings } = check(anEntry({ calendar: calendar('not-on') }))
  assert.equal(warnings, [
    {
      pointer: '/entries',
      code: 'coverage_gap',
      detail:
        'No entry is open from Monday 00:00 to Monday 00:00 on days of the calendar holidays: calls then are refused.',
    },
  ])
  const overlapping = check(anEntry(), anEntry({ calendar: calendar('on') })).warnings
  assert.equal(
    overlapping.map(({ code, pointer }) => [code, pointer]),
    [['overlapping_windows', '/entries/1']],
  )
})

test.run()
