import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readTaxNumber } from '../../src/registers/tax-number.ts'

const test = suite('readTaxNumber')
const told = (country: string | null, text: string) => {
  const { state, text: written, vatNumber } = readTaxNumber({ country, text })
  return [state, written, vatNumber]
}

test('a VAT number in any case, with blanks, dots, dashes, with the prefix and without', () => {
  const cases: [string, string, string, string][] = [
    ['FR', 'fr83404833048', 'FR83404833048', 'FR83404833048'],
    ['FR', ' FR 83 404 833 048 ', 'FR83404833048', 'FR83404833048'],
    ['FR', '83 404 833 048', '83404833048', 'FR83404833048'],
    ['FR', 'k7-399.859.412', 'K7399859412', 'FRK7399859412'],
    ['DE', 'de 136.695.976', 'DE136695976', 'DE136695976'],
    ['ES', 'b58378431', 'B58378431', 'ESB58378431'],
    ['ES', 'es-B58378431', 'ESB58378431', 'ESB58378431'],
    ['AT', 'U13585627', 'U13585627', 'ATU13585627'],
    ['BE', '0428.759.497', '0428759497', 'BE0428759497'],
    ['NL', 'nl004495445b01', 'NL004495445B01', 'NL004495445B01'],
    ['SE', 'SE556188840401', 'SE556188840401', 'SE556188840401'],
    ['CH', 'che-100.155.212 mwst', 'CHE100155212MWST', 'CHE100155212MWST'],
    ['NO', 'NO 995 525 828 MVA', 'NO995525828MVA', 'NO995525828MVA'],
  ]
  for (const [country, text, written, vatNumber] of cases) {
    assert.equal(told(country, text), ['valid', written, vatNumber], text)
  }
})

test('Greece is EL, Northern Ireland XI, the Isle of Man GB, Monaco FR', () => {
  assert.equal(told('GR', 'el 094259216'), ['valid', 'EL094259216', 'EL094259216'])
  assert.equal(told('GR', 'gr094259216'), ['valid', 'EL094259216', 'EL094259216'])
  assert.equal(told('GR', '094259216'), ['valid', '094259216', 'EL094259216'])
  assert.equal(told('GB', 'xi 980 780 684'), ['valid', 'XI980780684', 'XI980780684'])
  assert.equal(told('GB', 'gb980780684'), ['valid', 'GB980780684', 'GB980780684'])
  assert.equal(told('IM', '980780684'), ['valid', '980780684', 'GB980780684'])
  assert.equal(told('IM', 'gb980780684'), ['valid', 'GB980780684', 'GB980780684'])
  assert.equal(told('MC', 'fr83404833048'), ['valid', 'FR83404833048', 'FR83404833048'])
})

test('a number of another country keeps that country’s prefix', () => {
  assert.equal(told('ES', 'de136695976'), ['valid', 'DE136695976', 'DE136695976'])
  assert.equal(told('US', 'IE 6433435F'), ['valid', 'IE6433435F', 'IE6433435F'])
  assert.equal(told(null, 'fr 83404833048'), ['valid', 'FR83404833048', 'FR83404833048'])
})

test('another number of a company or a person is taken as it is written: nobody need have a VAT number', () => {
  for (const [country, text] of [
    ['FR', '404 833 048'],
    ['IT', 'RCCMNL83S18D969H'],
    ['SE', '556188-8404'],
    ['DE', '181/815/08155'],
    ['HU', '12892312-2-42'],
    ['PL', '192598184'],
  ] as const) {
    assert.equal(told(country, text), ['valid', text, null], text)
  }
})

test('a wrong check digit is told, and the number taken', () => {
  for (const [country, text, vatNumber] of [
    ['ES', 'B58378432', 'ESB58378432'],
    ['FR', 'FR83404833049', 'FR83404833049'],
    ['DE', '136695975', 'DE136695975'],
    ['GB', 'XI980780685', 'XI980780685'],
    ['GR', 'EL094259215', 'EL094259215'],
  ] as const) {
    assert.equal(told(country, text), ['wrong-check-digit', text, vatNumber], text)
  }
})

test('an impossible form is told as one', () => {
  for (const [country, text] of [
    ['ES', 'B1'],
    ['ES', 'hello'],
    ['FR', 'fr123'],
    ['FR', 'FRfr83404833048'],
    ['DE', 'DE12345678'],
    ['DE', 'DEde136695976'],
    ['DE', 'ATU13585627X'],
    ['GR', 'EL1'],
    ['GB', 'XI12'],
    ['IM', 'GB1'],
    ['AT', '13585627123'],
    [null, 'FR12'],
  ] as const) {
    assert.is(readTaxNumber({ country, text }).state, 'impossible', `${country} ${text}`)
  }
})

test('numbers of countries without such a form are kept as they are', () => {
  assert.equal(told('US', '12-3456789'), ['unknown-form', '12-3456789', null])
  assert.equal(told(null, 'B11111111'), ['unknown-form', 'B11111111', null])
  assert.equal(told('JP', ' T7000012050002 '), ['unknown-form', 'T7000012050002', null])
  assert.equal(told('US', 'NO 7'), ['unknown-form', 'NO 7', null])
  assert.equal(told('ES', ''), ['unknown-form', '', null])
})

test.run()
