/**
 * Where local days begin, held against a second computation: the first quarter of an hour whose date on the wall is the day or a later one.
 */
import { DateTime, IANAZone, Settings } from 'luxon'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addDays, localDay, nextLocalMidnight, startOfLocalDay } from '../../src/rating/local-day.ts'

const test = suite('startOfLocalDay')
const iso = (at: number) => new Date(at).toISOString()

for (const [day, timeZone, start] of [
  ['2026-01-14', 'UTC', '2026-01-14T00:00:00.000Z'],
  ['2026-03-29', 'Europe/Madrid', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Madrid', '2026-03-29T22:00:00.000Z'],
  // Midnight comes twice: the first one counts.
  ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  ['2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z'],
  // Midnight never comes.
  ['2026-03-08', 'America/Havana', '2026-03-08T05:00:00.000Z'],
  ['2026-03-29', 'Atlantic/Azores', '2026-03-29T01:00:00.000Z'],
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  // 23:00 comes twice.
  ['2026-04-05', 'America/Santiago', '2026-04-05T04:00:00.000Z'],
  ['2026-04-04', 'America/Santiago', '2026-04-04T03:00:00.000Z'],
  ['2026-04-05', 'Australia/Lord_Howe', '2026-04-04T13:00:00.000Z'],
  ['2026-04-06', 'Australia/Lord_Howe', '2026-04-05T13:30:00.000Z'],
  // Samoa left the day out.
  ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
] as const) {
  test(`${day} in ${timeZone} begins at ${start}`, () => {
    assert.is(iso(startOfLocalDay(day, timeZone)), start)
  })
}

/** By luxon's dates alone, a quarter of an hour at a time. */
function firstQuarterOf(day: string, timeZone: string): number {
  const zone = IANAZone.create(timeZone)
  for (let at = Date.parse(`${day}T00:00:00Z`) - 16 * 3_600_000; ; at += 900_000) {
    if (new Date(at + zone.offset(at) * 60_000).toISOString().slice(0, 10) >= day) return at
  }
}

const zones = [
  'America/Havana',
  'Atlantic/Azores',
  'America/Santiago',
  'America/Asuncion',
  'Asia/Beirut',
  'Africa/Cairo',
  'America/Nuuk',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Chatham',
  'Europe/Madrid',
]

test('every day of 2026 begins where its date first stands on the wall', () => {
  for (const timeZone of zones) {
    for (let day = '2026-01-01'; day < '2027-01-01'; day = addDays(day, 1)) {
      const start = startOfLocalDay(day, timeZone)
      assert.is(iso(start), iso(firstQuarterOf(day, timeZone)), `${day} ${timeZone}`)
      assert.is(localDay(start, timeZone), day)
      assert.is(nextLocalMidnight(start, timeZone), startOfLocalDay(addDays(day, 1), timeZone))
    }
  }
})

test('it is the same whenever it is asked', () => {
  const now = Settings.now
  try {
    const answers = ['2026-01-15T00:00:00Z', '2026-07-15T00:00:00Z', '2026-11-01T04:30:00Z'].map((asked) => {
      Settings.now = () => Date.parse(asked)
      return [
        startOfLocalDay('2026-11-01', 'America/Havana'),
        startOfLocalDay('2026-10-25', 'Atlantic/Azores'),
        startOfLocalDay('2026-09-06', 'America/Santiago'),
      ]
    })
    assert.equal(answers[1], answers[0])
    assert.equal(answers[2], answers[0])
  } finally {
    Settings.now = now
  }
})

test('what is no calendar day is refused', () => {
  for (const day of ['2026-02-30', 'tomorrow', '']) assert.throws(() => startOfLocalDay(day, 'UTC'))
  assert.is(DateTime.fromISO('2026-02-30').isValid, false)
})

test.run()
