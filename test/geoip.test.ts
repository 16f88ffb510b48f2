import { copyFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { watchGeoIpAge } from '../src/calls/call-metrics.ts'
import { openGeoIp } from '../src/geoip.ts'
import { testFolder } from './servers.ts'

const test = suite('country of an address')
const bundled = openGeoIp(null)

const cases: [string, string | undefined][] = [
  ['80.58.61.250', 'ES'],
  ['8.8.8.8', 'US'],
  ['2001:720::1', 'ES'],
  ['10.0.0.1', undefined],
  ['192.0.2.7', undefined],
  ['::1', undefined],
]
for (const [address, country] of cases) {
  test(`${address} is ${country ?? 'nobody’s'}`, () => assert.is(bundled.countryOf(address), country))
}

test('another file takes the place of the bundled one', () => {
  const file = join(testFolder(), 'own.mmdb')
  const { resolve } = createRequire(import.meta.url)
  copyFileSync(resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'), file)
  assert.is(openGeoIp(file).countryOf('8.8.8.8'), 'US')
  const broken = join(testFolder(), 'broken.mmdb')
  writeFileSync(broken, 'no database')
  assert.throws(() => openGeoIp(broken))
  assert.throws(() => openGeoIp(join(testFolder(), 'missing.mmdb')))
})

test('the age of the data is a metric, and data older than 90 days are warned of', async () => {
  const warnings: object[] = []
  const log = { info() {}, warn: (entry: object) => warnings.push(entry), error() {} }
  const builtAt = Date.parse('2026-01-01T00:00:00Z')
  const ageShown = async (now: string) => {
    const registry = new Registry()
    watchGeoIpAge(registry, { builtAt, clock: () => Date.parse(now), log })
    return /^tollgate_geoip_age_days (\d+)$/m.exec(await registry.metrics())?.[1]
  }
  assert.is(await ageShown('2026-04-01T23:59:59Z'), '90')
  assert.equal(warnings, [])
  assert.is(await ageShown('2026-04-02T00:00:00Z'), '91')
  assert.equal(warnings, [{ event: 'geoip_old', ageDays: 91 }])
})

test.run()
