import * as fc from 'fast-check'
import { DateTime } from 'luxon'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readInstantText, wallClockText, zonedText } from '../../src/reports/local-time.ts'

const test = suite('local time')

test('instants are written with their offset, and as a wall clock shows them', () => {
  const text = '2026-01-05 23:30:00.25+00'
  assert.is(zonedText(text, 'Europe/Madrid'), '2026-01-06T00:30:00.250+01:00')
  assert.is(zonedText(text, 'America/St_Johns'), '2026-01-05T20:00:00.250-03:30')
  assert.is(zonedText(text, 'UTC'), '2026-01-05T23:30:00.250+00:00')
  assert.is(wallClockText(text, 'Asia/Kathmandu'), '2026-01-06 05:15:00')
})

test('PostgreSQL leaves out zeros at the end of a second', () => {
  const start = Date.parse('2026-01-02T10:00:05Z')
  for (const [fraction, ms] of [
    ['', 0],
    ['.2', 200],
    ['.25', 250],
    ['.250', 250],
    ['.007', 7],
  ] as const) {
    assert.is(readInstantText(`2026-01-02 10:00:05${fraction}+00`), start + ms)
  }
})

test('what is no instant of a connection in UTC is refused', () => {
  for (const text of ['2026-01-02 10:00:05+01', 'yesterday', '2026-01-02', '']) {
    assert.throws(() => readInstantText(text), /is not a timestamp/)
  }
})

test('any instant in any zone reads as luxon writes it', () => {
  const zones = [
    'Europe/Madrid',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'UTC',
    'Pacific/Apia',
  ]
  fc.assert(
    fc.property(
      fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2060-01-01') }),
      fc.constantFrom(...zones),
      (at, zone) => {
        const text = new Date(at).toISOString().replace('T', ' ').replace('Z', '+00')
        const local = DateTime.fromMillis(at, { zone })
        assert.is(zonedText(text, zone), local.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSSZZ"))
        assert.is(wallClockText(text, zone), local.toFormat('yyyy-MM-dd HH:mm:ss'))
      },
    ),
    { numRuns: 2000 },
  )
})

test.run()
