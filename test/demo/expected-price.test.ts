import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedPrice } from '../../demo/expected-price.ts'

const test = suite('expectedPrice')

const rate = (perMinute: string, first: number, rest: number, connectFee = '0') => ({
  connectFee,
  steps: [
    { fromSecond: 0, rate: perMinute, perSeconds: 60, incrementSeconds: first },
    { fromSecond: first, rate: perMinute, perSeconds: 60, incrementSeconds: rest },
  ],
})

const table: [rate: ReturnType<typeof rate>, seconds: number, price: string][] = [
  [rate('0.06', 1, 1), 61, '0.061'],
  [rate('0.06', 60, 60), 61, '0.12'],
  [rate('0.06', 60, 1), 10, '0.06'],
  [rate('0.06', 30, 6), 31, '0.036'],
  [rate('0.0387', 1, 1), 1, '0.0007'],
  [rate('0.06', 1, 1, '0.02'), 1, '0.021'],
  [rate('0.06', 1, 1, '0.02'), 0, '0'],
]

for (const [given, seconds, price] of table) {
  const [first, second] = given.steps
  test(`${seconds} s at ${first?.rate} a minute by ${first?.incrementSeconds}/${second?.incrementSeconds} cost ${price}`, () => {
    assert.is(expectedPrice(given, seconds).toFixed(), price)
  })
}

test.run()
