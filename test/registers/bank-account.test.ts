import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isBic, readIban } from '../../src/registers/bank-account.ts'
import { isInSepa } from '../../src/registers/countries.ts'

const test = suite('bank accounts')

test('an IBAN in any case and with blanks is written without', () => {
  for (const text of [
    'ES9121000418450200051332',
    'es91 2100 0418 4502 0005 1332',
    ' ES91-2100-0418-4502-0005-1332',
  ]) {
    assert.is(readIban(text), 'ES9121000418450200051332')
  }
  for (const text of [
    'DE89370400440532013000',
    'GB82WEST12345698765432',
    'FR1420041010050500013M02606',
    'NO9386011117947',
  ]) {
    assert.is(readIban(text), text)
  }
})

test('what fails mod 97, has another length, another country or another form is none', () => {
  for (const text of [
    '',
    'hello',
    'ES91',
    'ES9221000418450200051332',
    'ES912100041845020005133',
    'ES91210004184502000513322',
    'DE8937040044053201300X',
    'ZZ9121000418450200051332',
    'US9121000418450200051332',
    'ES9121000418450200015332',
  ]) {
    assert.is(readIban(text), undefined, text)
  }
})

test('a BIC has 8 or 11 characters and a country', () => {
  for (const bic of ['CAIXESBB', 'CAIXESBBXXX', 'DEUTDEFF500']) assert.ok(isBic(bic), bic)
  for (const bic of ['', 'CAIX', 'CAIXESBBX', '12345678', 'CAIXZZBB']) assert.not.ok(isBic(bic), bic)
})

test('SEPA: the euro area, its neighbours, and those that came in 2024 and 2025', () => {
  for (const country of [
    'ES',
    'BG',
    'HR',
    'CH',
    'GB',
    'NO',
    'IS',
    'SM',
    'VA',
    'AL',
    'ME',
    'MD',
    'MK',
    'RS',
  ]) {
    assert.ok(isInSepa(country), country)
  }
  for (const country of ['US', 'TR', 'UA', 'XK', 'BR', '']) assert.not.ok(isInSepa(country), country)
})

test.run()
