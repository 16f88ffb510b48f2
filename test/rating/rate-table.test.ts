import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Rate } from '../../src/rating/rate.ts'
import { matchBuffer, RateTable, RateTableBuilder } from '../../src/rating/rate-table.ts'
import { aRate, aStep } from './tariff-builders.ts'

const table = suite('RateTable')

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom('0', '1', '3', '9'), { minLength, maxLength }).map((all) => all.join(''))
const prefixes = fc.uniqueArray(fc.oneof(digits(1, 4), digits(1, 18), fc.constant('*')), { maxLength: 120 })

function naiveMatches(all: readonly string[], number: string): string[] {
  const found = all.filter((prefix) => prefix === '*' || number.startsWith(prefix))
  return found.sort((a, b) => (a === '*' ? -1 : b === '*' ? 1 : a.length - b.length))
}

table('finds what trying every prefix finds, from the shortest to the longest', () => {
  fc.assert(
    fc.property(prefixes, fc.array(digits(1, 18), { minLength: 1, maxLength: 20 }), (all, numbers) => {
      const compiled = RateTable.compile(all.map((prefix) => aRate({ prefix })))
      const into = matchBuffer()
      for (const number of [...numbers, ...all.filter((prefix) => prefix !== '*')]) {
        const count = compiled.matches(number, into)
        const found = [...into.subarray(0, count)].map((index) => compiled.prefixAt(index))
        const expected = naiveMatches(all, number)
        assert.equal(found, expected)
        const longest = compiled.longestMatch(number)
        assert.is(longest < 0 ? undefined : compiled.prefixAt(longest), expected.at(-1))
      }
      for (const prefix of all) assert.is(compiled.prefixAt(compiled.find(prefix)), prefix)
      assert.is(compiled.find('777'), -1)
    }),
    { numRuns: 300 },
  )
})

table('buckets of every size agree: 1, 100, 3,000 and 40,000 prefixes', () => {
  for (const size of [1, 100, 3_000, 40_000]) {
    const all = Array.from({ length: size }, (_, n) => String(n * 7 + 100))
    const compiled = RateTable.compile(all.map((prefix) => aRate({ prefix })))
    assert.is(compiled.size, size)
    for (const prefix of [all[0] ?? '', all.at(-1) ?? '', all[size >> 1] ?? '']) {
      assert.is(compiled.prefixAt(compiled.longestMatch(`${prefix}`)), prefix)
    }
    assert.is(compiled.longestMatch('0'), -1)
    assert.is(compiled.longestMatch(''), -1)
  }
})

const whole: Rate = {
  prefix: '346',
  destination: 'España móvil ñ €',
  connectFee: '1000000',
  steps: [
    aStep({ rate: '1000000', incrementSeconds: 86_400 }),
    aStep({ fromSecond: 60, rate: '0.0000000001', perSeconds: 2_147_483_647 }),
  ],
  minimumPrice: '0.000001',
  maximumPrice: '99.5',
  maximumPriceAction: 'hang-up',
  blocked: true,
  graceSeconds: 86_400,
  highRisk: true,
}

table('gives back every field of a rate, amounts without superfluous zeros', () => {
  const compiled = RateTable.compile([
    aRate({ prefix: '351', connectFee: '1.00' }),
    whole,
    aRate({ prefix: '*', minimumPrice: '0', graceSeconds: 3, highRisk: false }),
  ])
  assert.equal(
    [...compiled.iterate()],
    [
      aRate({ prefix: '*', minimumPrice: '0', graceSeconds: 3, highRisk: false }),
      whole,
      aRate({ prefix: '351', connectFee: '1' }),
    ],
  )
  assert.equal(compiled.toRate(1), whole)
  assert.is(compiled.rateAt(1).rate, compiled.rateAt(1).rate, 'the shape of the wire is made once')
})

table('is the same on the other side of a transfer of its memory', () => {
  const builder = new RateTableBuilder()
  for (const rate of [whole, aRate(), aRate({ prefix: '*' })]) builder.add(rate)
  const { columns, transfer } = builder.build().toBuffers()
  const moved = RateTable.fromBuffers(structuredClone(columns, { transfer }))
  assert.is(moved.size, 3)
  assert.equal(moved.toRate(moved.longestMatch('34600')), whole)
  assert.equal(moved.toRate(moved.longestMatch('49')), aRate({ prefix: '*' }))
})

table('thousands of prefixes share the memory of their terms and names', () => {
  const all = Array.from({ length: 10_000 }, (_, n) => aRate({ prefix: String(n + 10_000) }))
  assert.ok(RateTable.compile(all).byteLength < 10_000 * 30)
})

table('a prefix that stands twice, or is none, is refused', () => {
  assert.throws(() => RateTable.compile([aRate(), aRate()]), /stands twice/)
  assert.throws(() => RateTable.compile([aRate({ prefix: '*' }), aRate({ prefix: '*' })]), /stands twice/)
  assert.throws(() => RateTable.compile([aRate({ prefix: '+34' })]), /is not a prefix/)
})

table('an empty deck matches nothing', () => {
  assert.is(RateTable.compile([]).longestMatch('34600'), -1)
  assert.is(RateTable.compile([]).find('*'), -1)
})

table('counts a rate once for each of its steps, also where others share its terms', () => {
  const steps = [aStep(), aStep({ fromSecond: 60 }), aStep({ fromSecond: 120 })]
  const rates = [aRate({ prefix: '34' }), aRate({ prefix: '346', steps }), aRate({ prefix: '347', steps })]
  assert.is(RateTable.compile(rates).countSteps(), 7)
})

table.run()
