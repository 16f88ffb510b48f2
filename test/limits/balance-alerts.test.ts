import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { alertsCrossed } from '../../src/limits/balance-alerts.ts'
import { Decimal } from '../../src/money.ts'

const test = suite('alertsCrossed')
const alerts = ['20', '10', '-5'].map((threshold) => ({
  id: threshold,
  threshold: new Decimal(threshold),
  email: 'noc@acme.example',
}))

const moves: [string, string, string[]][] = [
  ['25', '20', []],
  ['20', '19.99', ['20']],
  ['25', '9', ['20', '10']],
  ['19', '11', []],
  ['9', '-5', []],
  ['9', '-5.01', ['-5']],
  ['9', '25', []],
]
for (const [before, after, fired] of moves) {
  test(`from ${before} to ${after}: ${fired.length === 0 ? 'nothing' : fired.join(' and ')}`, () => {
    const crossed = alertsCrossed(alerts, { before: new Decimal(before), after: new Decimal(after) })
    assert.equal(
      crossed.map(({ id }) => id),
      fired,
    )
  })
}

test.run()
