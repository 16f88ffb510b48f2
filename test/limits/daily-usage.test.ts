import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { leftOfDay, warningDue } from '../../src/limits/daily-usage.ts'
import { Decimal } from '../../src/money.ts'
import { aDay } from './a-client.ts'

const test = suite('daily usage')
const ten = new Decimal(10)

const left: [string, string, string][] = [
  ['0', '0', '10'],
  ['4', '1.5', '4.5'],
  ['9', '1', '0'],
  ['12', '0', '0'],
]
for (const [amount, reserved, rest] of left) {
  test(`of a limit of 10, ${amount} spent and ${reserved} reserved leave ${rest}`, () => {
    assert.is(leftOfDay(aDay(amount, reserved), ten).toFixed(), rest)
  })
}

const warnings: [string, number, 50 | 80 | undefined][] = [
  ['4.99', 0, undefined],
  ['5', 0, 50],
  ['5.01', 50, undefined],
  ['8', 50, 80],
  ['8', 0, 80],
  ['9', 80, undefined],
]
for (const [amount, warnedPercent, due] of warnings) {
  test(`${amount} of 10 after a warning of ${warnedPercent} %: ${due ?? 'nothing to tell'}`, () => {
    assert.is(warningDue({ ...aDay(amount), warnedPercent }, ten), due)
  })
}

test('a limit of 0 has no warnings', () => {
  assert.is(warningDue(aDay('1'), new Decimal(0)), undefined)
})

test.run()
