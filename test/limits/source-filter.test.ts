import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Client } from '../../src/limits/client.ts'
import { isSourceAllowed } from '../../src/limits/source-filter.ts'
import { aClient } from './a-client.ts'

const test = suite('isSourceAllowed')

const countries: Record<string, string> = { '203.0.113.7': 'ES', '198.51.100.9': 'FR', '2001:db8::7': 'ES' }
const countryOf = (address: string) => countries[address]
const both = {
  authorizedSources: ['198.51.100.0/24', '2001:db8:1::/48', '192.0.2.1'],
  geoIpAllowedCountries: ['ES'],
}

const cases: [string, Partial<Client>, string | null, boolean][] = [
  ['off: any source passes', { filterByIp: false }, '192.0.2.99', true],
  ['off: a missing source passes', { filterByIp: false }, null, true],
  ['two empty lists allow nobody', {}, '203.0.113.7', false],
  ['a listed country', both, '203.0.113.7', true],
  ['a listed range', both, '198.51.100.9', true],
  ['a listed address', both, '192.0.2.1', true],
  ['the address beside it', both, '192.0.2.2', false],
  ['a listed range of v6', both, '2001:db8:1::9', true],
  ['a v6 address of a listed country', both, '2001:db8::7', true],
  ['a v4 address mapped into v6', both, '::ffff:198.51.100.9', true],
  ['a country that is not listed', { geoIpAllowedCountries: ['ES'] }, '198.51.100.9', false],
  ['a country that nobody knows', both, '192.0.2.77', false],
  ['a missing source', both, null, false],
  ['what is no address', both, 'localhost', false],
]
for (const [what, client, source, allowed] of cases) {
  test(`${what}: ${allowed ? 'allowed' : 'refused'}`, () => {
    assert.is(isSourceAllowed(aClient({ filterByIp: true, ...client }), source, countryOf), allowed)
  })
}

test.run()
