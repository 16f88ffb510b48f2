/**
 * The list of numbers that fraud likes, held against the data it is made of and against what is known of some numbers.
 */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isHighRiskNumber } from '../../src/rating/high-risk-number.ts'
import { highRiskPrefixesFile } from './write-high-risk-prefixes.ts'

const test = suite('isHighRiskNumber')

test('the list is the one of the installed package: what an update changes is a change of this file', () => {
  const file = new URL('../../src/rating/high-risk-prefixes.ts', import.meta.url)
  assert.fixture(readFileSync(file, 'utf8'), highRiskPrefixesFile())
})

for (const [number, what] of [
  ['881612345678', 'a satellite'],
  ['870773123456', 'a ship'],
  ['88213123456', 'a network of no country'],
  ['979123456789', 'international premium'],
  ['80812345678', 'international shared cost'],
  ['34803123456', 'Spanish premium'],
  ['34806123456', 'Spanish premium'],
  ['449012345678', 'British premium'],
  ['19005551234', 'American premium'],
  ['4990012345678'.slice(0, 12), 'German premium'],
] as const) {
  test(`${number} is of high risk: ${what}`, () => assert.is(isHighRiskNumber(number), true))
}

for (const [number, what] of [
  ['34600111222', 'a Spanish mobile'],
  ['34900123456', 'Spanish and free'],
  ['34902123456', 'Spanish, of shared cost'],
  ['447911123456', 'a British mobile'],
  ['12125551234', 'New York'],
  ['491711234567', 'a German mobile'],
  ['112', 'an emergency'],
] as const) {
  test(`${number} is not: ${what}`, () => assert.is(isHighRiskNumber(number), false))
}

test.run()
