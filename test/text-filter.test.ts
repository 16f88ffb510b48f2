import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TextFilter } from '../src/text-filter.ts'

const test = suite('which texts were added')

const callIds = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `a84b4c76e66710-${from + i}@pbx;1928301774;out`)

test('a text that was added is never denied, also of other scripts and none', () => {
  const added = [...callIds(0, 5000), '', 'é', '北京', '\u{1f600}', 'x'.repeat(255)]
  const filter = new TextFilter(added, added.length)
  assert.equal(
    added.filter((text) => !filter.mayHave(text)),
    [],
  )
  assert.is(filter.isFull, false)
})

test('of others it says perhaps for one of ten at most, also when it is as full as it may be', () => {
  const filter = new TextFilter()
  let count = 0
  while (!filter.isFull) filter.add(callIds(count++, 1)[0] as string)
  assert.is(count, 257)
  const wrong = callIds(1_000_000, 10_000).filter((text) => filter.mayHave(text)).length
  assert.ok(wrong > 0 && wrong < 1000, `${wrong} of 10,000`)
})

test('one that begins anew has room for as many again, and forgets what was taken away', () => {
  const left = callIds(0, 1000)
  const filter = new TextFilter(left, left.length)
  for (const text of callIds(2000, 1000)) filter.add(text)
  assert.is(filter.isFull, false)
  const gone = callIds(1000, 1000)
  const anew = new TextFilter(left, left.length)
  assert.ok(gone.filter((text) => anew.mayHave(text)).length < 100)
})

test.run()
