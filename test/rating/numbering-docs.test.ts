/** The examples of docs/numbering.md. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Numbering, normalizeNumber } from '../../src/rating/normalize-number.ts'
import { naiveDigits } from '../../src/verify/naive-digits.ts'

const test = suite('docs/numbering.md')

const numberings: Record<string, Numbering | null> = {
  es: { countryCode: '34', internationalPrefixes: ['00'], nationalPrefix: '', nationalLengths: [9] },
  de: {
    countryCode: '49',
    internationalPrefixes: ['00'],
    nationalPrefix: '0',
    nationalLengths: [6, 7, 8, 9, 10, 11],
  },
  us: { countryCode: '1', internationalPrefixes: ['011'], nationalPrefix: '', nationalLengths: [10] },
  '-': null,
}
const page = readFileSync(new URL('../../docs/numbering.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/^\| `([^`]+)` \| `(es|de|us|-)` \| (?:`(\d+)`|not a number) \|$/gm)]

test('has its examples in the form that this test reads', () => {
  assert.is(examples.length, 18)
})

for (const [, dialled = '', name = '', digits] of examples) {
  test(`${dialled} of ${name} becomes ${digits ?? 'nothing'}`, () => {
    const numbering = numberings[name] ?? null
    assert.is(normalizeNumber(dialled, numbering), digits)
    assert.is(naiveDigits(dialled, numbering), digits ?? null)
  })
}

test.run()
