import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OtherReplicas } from '../../src/events/other-replicas.ts'

const test = suite('which other replicas are there')

test('a replica appears when it is heard for the first time, and again after it was silent', () => {
  const others = new OtherReplicas()
  assert.is(others.hear('one', 0), true)
  assert.is(others.hear('one', 1000), false)
  assert.is(others.forgetSilent(5999), false)
  assert.is(others.hear('one', 5999), false)
  assert.is(others.forgetSilent(10_999), true)
  assert.is(others.hear('one', 11_000), true)
})

test('nobody is there when the last has gone, which is said once', () => {
  const others = new OtherReplicas()
  assert.is(others.forgetSilent(1_000_000), false)
  others.hear('one', 0)
  others.hear('two', 3000)
  assert.is(others.forgetSilent(5000), false)
  assert.is(others.hear('one', 5001), true)
  assert.is(others.forgetSilent(20_000), true)
  assert.is(others.forgetSilent(20_001), false)
})

test.run()
