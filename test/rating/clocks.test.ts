/** Windows, local days and clock changes, held to luxon where it knows the answer. */
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileCalendar, easterSunday } from '../../src/rating/calendar.ts'
import { localDay, nextLocalMidnight } from '../../src/rating/local-day.ts'
import type { PlanEntry } from '../../src/rating/tariff.ts'
import { compileWindows, nextWindowChange, windowBegin } from '../../src/rating/windows.ts'
import { dayMs, ZoneClock, zoneClock } from '../../src/rating/zone-clock.ts'
import { anEntry } from './tariff-builders.ts'

const clocks = suite('clocks')

const zone = fc.constantFrom(
  'UTC',
  'Europe/Madrid',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Tehran',
  'America/Havana',
)
const instant = fc.integer({ min: Date.UTC(1905, 0, 1), max: Date.UTC(2040, 0, 1) })

clocks('an offset is what luxon says it is, at any instant since 1905', () => {
  fc.assert(
    fc.property(zone, instant, (timeZone, at) => {
      const { offset } = DateTime.fromMillis(at, { zone: timeZone })
      assert.is(zoneClock(timeZone).offsetAt(at), Math.round(offset * 60_000))
    }),
    { numRuns: 2_000 },
  )
})

clocks('a local day is the date on the wall', () => {
  fc.assert(
    fc.property(zone, instant, (timeZone, at) => {
      assert.is(localDay(at, timeZone), DateTime.fromMillis(at, { zone: timeZone }).toISODate())
    }),
    { numRuns: 1_000 },
  )
})

clocks('Easter Sunday is where almanacs have it', () => {
  const sundays = [
    '1818-03-22',
    '1943-04-25',
    '1954-04-18',
    '1981-04-19',
    '2008-03-23',
    '2024-03-31',
    '2025-04-20',
    '2026-04-05',
    '2027-03-28',
    '2028-04-16',
    '2029-04-01',
    '2030-04-21',
    '2038-04-25',
  ]
  for (const sunday of sundays)
    assert.is(easterSunday(Number(sunday.slice(0, 4))), Date.parse(sunday) / dayMs, sunday)
})

clocks('a calendar has single dates, yearly ones, and those that Easter moves', () => {
  const isOn = compileCalendar(['2026-05-04', { month: 12, day: 25 }, { month: 2, day: 29 }, { easter: -2 }])
  const days = (dates: string[]) => dates.map((date) => isOn(Date.parse(date) / dayMs))
  assert.equal(days(['2026-05-04', '2027-05-04', '2026-12-25', '2031-12-25']), [true, false, true, true])
  assert.equal(days(['2028-02-29', '2026-02-28', '2026-03-01']), [true, false, false])
  assert.equal(days(['2026-04-03', '2026-04-05', '2027-03-26', '2027-04-03']), [true, false, true, false])
})

clocks('a window over midnight belongs to the date it began on', () => {
  const calendar = { calendarId: 'x', mode: 'on', days: ['2026-12-25'] } as const
  const [window] = compileWindows([anEntry('deck', { from: '22:00', to: '06:00', calendar })]).windows
  if (!window) throw new Error('no window')
  const begin = (time: string) => windowBegin(window, Date.parse(`${time}Z`))
  assert.is(begin('2026-12-25T22:00:00'), Date.parse('2026-12-25T22:00:00Z'))
  assert.is(begin('2026-12-26T05:59:59'), Date.parse('2026-12-25T22:00:00Z'))
  for (const closed of [
    '2026-12-25T05:00:00',
    '2026-12-25T12:00:00',
    '2026-12-26T06:00:00',
    '2026-12-26T23:00:00',
  ]) {
    assert.ok(Number.isNaN(begin(closed)), closed)
  }
})

const midnights: [string, string, string][] = [
  ['2026-01-14T10:00:00Z', 'UTC', '2026-01-15T00:00:00Z'],
  ['2026-01-14T23:00:00Z', 'Europe/Madrid', '2026-01-15T23:00:00Z'],
  ['2026-03-28T23:00:00Z', 'Europe/Madrid', '2026-03-29T22:00:00Z'],
  ['2026-10-24T22:00:00Z', 'Europe/Madrid', '2026-10-25T23:00:00Z'],
  // The day that starts at 01:00, and the one that repeats 23:00.
  ['2026-09-05T12:00:00Z', 'America/Santiago', '2026-09-06T04:00:00Z'],
  ['2026-04-04T12:00:00Z', 'America/Santiago', '2026-04-05T04:00:00Z'],
  ['2026-04-05T03:30:00Z', 'America/Santiago', '2026-04-05T04:00:00Z'],
  ['2026-01-14T18:14:59.999Z', 'Asia/Kathmandu', '2026-01-14T18:15:00Z'],
  // Clocks that move by half an hour.
  ['2026-04-04T13:00:00Z', 'Australia/Lord_Howe', '2026-04-05T13:30:00Z'],
  ['2026-10-03T13:30:00Z', 'Australia/Lord_Howe', '2026-10-04T13:00:00Z'],
  // Samoa left out 30 December 2011.
  ['2011-12-30T09:00:00Z', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
]
for (const [at, timeZone, expected] of midnights) {
  clocks(`after ${at} the next day in ${timeZone} begins at ${expected}`, () => {
    const midnight = nextLocalMidnight(Date.parse(at), timeZone)
    assert.is(new Date(midnight).toISOString(), new Date(expected).toISOString())
  })
}

clocks('at the next midnight a later day begins, and not a millisecond before', () => {
  fc.assert(
    fc.property(
      zone,
      fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2035, 0, 1) }),
      (timeZone, at) => {
        const midnight = nextLocalMidnight(at, timeZone)
        assert.ok(localDay(midnight, timeZone) > localDay(at, timeZone))
        assert.is(localDay(midnight - 1, timeZone), localDay(at, timeZone))
      },
    ),
    { numRuns: 1_000 },
  )
})

clocks('between two changes no window opens, closes or begins anew', () => {
  const time = fc.constantFrom('00:00', '01:30', '02:00', '02:15', '03:00', '22:00', '23:30')
  const entry: fc.Arbitrary<PlanEntry> = fc
    .tuple(time, time, fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }))
    .filter(([from, to, days]) => from !== to || from !== '00:00' || days.length < 7)
    .map(([from, to, days]) => anEntry('a', { days, from, to: from === to ? '24:00' : to }))
  const near = fc
    .tuple(
      fc.constantFrom(
        '2026-03-29T01:00:00Z',
        '2026-10-25T01:00:00Z',
        '2026-04-04T15:00:00Z',
        '2026-09-06T04:00:00Z',
      ),
      fc.integer({ min: -90_000_000, max: 20_000_000 }),
    )
    .map(([at, ms]) => Date.parse(at) + ms)
  fc.assert(
    fc.property(zone, fc.array(entry, { minLength: 1, maxLength: 3 }), near, (timeZone, entries, at) => {
      const windows = compileWindows(entries)
      const clock = zoneClock(timeZone)
      const begins = (instant: number) =>
        windows.windows.map((window) => windowBegin(window, instant + clock.offsetAt(instant)))
      const change = nextWindowChange(windows, clock, at)
      assert.ok(change > at)
      for (let probe = at; probe < change; probe += 300_000) assert.equal(begins(probe), begins(at))
      assert.equal(begins(change - 1), begins(at))
    }),
    { numRuns: 500 },
  )
})

clocks('a plan that is open around the clock never changes', () => {
  const windows = compileWindows([anEntry('a')])
  assert.is(nextWindowChange(windows, zoneClock('Europe/Madrid'), 0), Number.POSITIVE_INFINITY)
})

clocks('an unknown zone is named', () => {
  assert.throws(() => new ZoneClock('Europe/Atlantis'), /"Europe\/Atlantis" is not an IANA time zone/)
})

clocks.run()
