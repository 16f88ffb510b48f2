/**
 * Countries of numbers, held against libphonenumber's examples, and against what is known of codes that countries share.
 */
import { readFileSync } from 'node:fs'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countryDigits, countryOfNumber } from '../../src/rating/country-of-number.ts'
import { prefixesOfPattern } from './numbering-data.ts'
import { countryPrefixesFile } from './write-country-prefixes.ts'

const test = suite('countryOfNumber')

/** Overseas parts whose mobile numbers are written as those of the country they share a code with. */
const mobileOfMain: Record<string, string> = {
  AX: 'FI',
  BL: 'GP',
  CC: 'AU',
  CX: 'AU',
  EH: 'MA',
  MF: 'GP',
  SJ: 'NO',
  VA: 'IT',
}

test('the example of each country is its own, or its main country’s where mobiles are written alike', () => {
  const wrong = getCountries().flatMap((country) => {
    const number = getExampleNumber(country, examples)
    if (!number) return []
    const found = countryOfNumber(number.number.slice(1))
    return found === (mobileOfMain[country] ?? country) ? [] : [`${number.number} of ${country} is ${found}`]
  })
  assert.equal(wrong, [])
})

for (const [number, country] of [
  ['590590271234', 'BL'],
  ['590590291234', 'BL'],
  ['590590201234', 'GP'],
  ['590590871234', 'BL'],
  ['590590771234', 'MF'],
  ['590690123456', 'GP'],
  ['441481256789', 'GG'],
  ['447781123456', 'GG'],
  ['447911123456', 'GG'],
  ['447911223456', 'GB'],
  ['441534456789', 'JE'],
  ['447797712345', 'JE'],
  ['441624756789', 'IM'],
  ['447924123456', 'IM'],
  ['442071838750', 'GB'],
  ['443001234567', 'GB'],
  ['390669812345', 'VA'],
  ['390669882222', 'VA'],
  ['390669712345', 'IT'],
  ['393331234567', 'IT'],
  ['61891621234', 'CC'],
  ['61891010123', 'CC'],
  ['61891641234', 'CX'],
  ['61891234567', 'AU'],
  ['61412345678', 'AU'],
  ['77012345678', 'KZ'],
  ['79161234567', 'RU'],
  ['4779021234', 'SJ'],
  ['4721234567', 'NO'],
  ['3581812345', 'AX'],
  ['358401234567', 'FI'],
  ['262269012345', 'YT'],
  ['262262123456', 'RE'],
  ['5997171234', 'BQ'],
  ['59994351234', 'CW'],
  ['14165550123', 'CA'],
  ['12125550123', 'US'],
  ['17875550123', 'PR'],
  ['18095550123', 'DO'],
  ['18765550123', 'JM'],
  ['212528812345', 'EH'],
  ['34600111222', 'ES'],
  ['35054212345', 'GI'],
  ['3712345678', 'LV'],
  // Freephone of North America; an area that is none; satellites; nobody's code; short codes.
  ['18005550123', 'US'],
  ['10005550123', undefined],
  ['870773123456', undefined],
  ['881612345678', undefined],
  ['999123456', undefined],
  ['112', undefined],
  ['061', undefined],
  ['116000', undefined],
] as const) {
  test(`${number} is ${country ?? 'no country’s'}`, () => {
    assert.is(countryOfNumber(number), country)
  })
}

test('a short number is told by its own digits, and says nothing of longer ones', () => {
  assert.is(countryOfNumber('4414812'), 'GG')
  assert.is(countryOfNumber('4414'), undefined)
  assert.is(countryOfNumber('441481256789'), 'GG')
})

test('no more than the first digits decide', () => {
  assert.is(countryOfNumber('44148'.padEnd(countryDigits, '9')), countryOfNumber('44148'.padEnd(18, '9')))
})

test('patterns are read as regular expressions read them', () => {
  assert.equal(prefixesOfPattern('2[34]\\d{5}|7'), ['23', '24', '7'])
  assert.equal(prefixesOfPattern('1(?:0|2{2})?\\d{1,3}'), ['1', '10', '122'])
  assert.is(prefixesOfPattern('\\d[1-3]\\d').length, 30)
  assert.throws(() => prefixesOfPattern('1.2'))
})

test('the stored prefixes are those of the installed numbering data', () => {
  const stored = readFileSync(new URL('../../src/rating/country-prefixes.ts', import.meta.url), 'utf8')
  assert.is(stored, countryPrefixesFile(), 'npm run numbering:generate')
})

test.run()
