import currencyCodes from 'currency-codes'
import { isSEPACountry } from 'ibantools'
import { iso31661 } from 'iso-3166'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  addedCountries,
  addedCurrencies,
  addedSepaCountries,
  retiredCurrencies,
} from '../../src/registers/additions.ts'

const test = suite('additions to the lists of codes')

test('each is still needed: one that fails here has come into its package, and its line goes', () => {
  for (const { code } of addedCurrencies) assert.is(currencyCodes.code(code), undefined, code)
  for (const code of retiredCurrencies) assert.ok(currencyCodes.code(code), code)
  for (const code of addedCountries)
    assert.not.ok(
      iso31661.some(({ alpha2 }) => alpha2 === code),
      code,
    )
  for (const code of addedSepaCountries) assert.is(isSEPACountry(code), false, code)
})

test('the packages have the codes of the registers otherwise', () => {
  assert.is(iso31661.length, 249)
  assert.is(new Set(currencyCodes.data.map(({ code }) => code)).size, 179)
})

test.run()
