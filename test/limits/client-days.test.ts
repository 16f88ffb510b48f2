import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clockSpans, startOfClientDay, zoneOfClientDay } from '../../src/limits/client-days.ts'
import { zoneClock } from '../../src/rating/zone-clock.ts'

const test = suite('days of a client that has moved')
const iso = (at: number) => new Date(at).toISOString()
const hour = 3_600_000

/** From Madrid to Mexico on the noon (UTC) of 10 March, and to Tokyo on that of 20 March. */
const terms = [
  { effectiveAt: Date.parse('2020-01-01T00:00:00Z'), timeZone: 'Europe/Madrid' },
  { effectiveAt: Date.parse('2026-03-10T12:00:00Z'), timeZone: 'America/Mexico_City' },
  { effectiveAt: Date.parse('2026-03-20T12:00:00Z'), timeZone: 'Asia/Tokyo' },
]

for (const [day, start, zone] of [
  ['2026-03-09', '2026-03-08T23:00:00.000Z', 'Europe/Madrid'],
  ['2026-03-10', '2026-03-09T23:00:00.000Z', 'America/Mexico_City'],
  ['2026-03-11', '2026-03-11T06:00:00.000Z', 'America/Mexico_City'],
  ['2026-03-20', '2026-03-20T06:00:00.000Z', 'Asia/Tokyo'],
  ['2026-03-21', '2026-03-20T15:00:00.000Z', 'Asia/Tokyo'],
  // Before the first terms, the first ones hold.
  ['2019-06-01', '2019-05-31T22:00:00.000Z', 'Europe/Madrid'],
] as const) {
  test(`${day} begins at ${start} and ends in ${zone}`, () => {
    assert.is(iso(startOfClientDay(terms, day)), start)
    assert.is(zoneOfClientDay(terms, day), zone)
  })
}

test('its clock is that of the zone in force, without a gap', () => {
  const [from, until] = [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-11-30T00:00:00Z')]
  const spans = clockSpans(terms, { from, until })
  assert.is(spans[0]?.from, from)
  assert.is(spans.at(-1)?.until, until)
  for (const [i, span] of spans.entries()) if (i > 0) assert.is(span.from, spans[i - 1]?.until)
  for (let at = from; at < until; at += hour) {
    const zone = terms.filter(({ effectiveAt }) => effectiveAt <= at).at(-1)?.timeZone ?? ''
    const span = spans.find((one) => one.from <= at && at < one.until)
    assert.is(span?.offsetMs, zoneClock(zone).offsetAt(at), iso(at))
  }
})

test.run()
