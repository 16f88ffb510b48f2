import { Registry } from 'prom-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { timeZoneAgeDays, watchTimeZoneAge } from '../../src/process/watch-time-zone-age.ts'

const test = suite('age of the time zone data')

/** What is logged at the start, and what the metric shows then and later. */
async function watched(version: string, now: string) {
  const lines: { level: string; event?: unknown; [field: string]: unknown }[] = []
  const write = (level: string) => (fields: object) => void lines.push({ level, ...fields })
  const registry = new Registry()
  let at = Date.parse(now)
  const log = { info: write('info'), warn: write('warn'), error: write('error') }
  watchTimeZoneAge(registry, { version, clock: () => at, log })
  const shown = async () =>
    (await registry.getSingleMetric('tollgate_time_zone_data_age_days')?.get())?.values.map(
      ({ value }) => value,
    )
  return {
    lines,
    shown,
    moveTo: (text: string) => {
      at = Date.parse(text)
    },
  }
}

test('days are counted from the release, and from the beginning of its year where that is not known', () => {
  const now = Date.parse('2026-12-10T00:00:00Z')
  assert.is(timeZoneAgeDays('2025c', now), 365)
  assert.is(timeZoneAgeDays('2026c', Date.parse('2026-07-08T23:59:59Z')), 0)
  assert.is(timeZoneAgeDays('2026z', now), 343)
  assert.is(timeZoneAgeDays('2019a', Date.parse('2020-01-01')), 365)
  assert.is(timeZoneAgeDays('2027a', now), 0, 'a clock that is wrong makes no age below nothing')
})

test('data of 270 days are shown and not warned of', async () => {
  const { lines, shown } = await watched('2025c', '2026-09-06T12:00:00Z')
  assert.equal(await shown(), [270])
  assert.equal(lines, [])
})

test('older data are warned of once, at the start, with what to do', async () => {
  const { lines, shown } = await watched('2025c', '2026-09-07T00:00:00Z')
  assert.equal(lines, [{ level: 'warn', event: 'time_zone_data_old', version: '2025c', ageDays: 271 }])
  await shown()
  assert.is(lines.length, 1)
})

test('the metric grows with the days while the service runs', async () => {
  const { shown, moveTo } = await watched('2026c', '2026-07-09T00:00:00Z')
  assert.equal(await shown(), [1])
  moveTo('2026-08-08T00:00:00Z')
  assert.equal(await shown(), [31])
})

test('the version of this Node is one that is understood', () => {
  const version = process.versions.tz ?? ''
  assert.match(version, /^20\d\d[a-z]$/)
  assert.ok(Number.isFinite(timeZoneAgeDays(version, Date.now())))
})

test.run()
