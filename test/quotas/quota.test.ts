/** What each holder may have at once. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { QuotaReached } from '../../src/errors.ts'
import { Quota } from '../../src/quotas/quota.ts'

const test = suite('Quota')

test('each holder has its own count, and what is given back can be taken again', () => {
  const quota = new Quota({ max: 2, code: 'too_many_long_polls', what: 'long polls', retryAfterSeconds: 5 })
  const give = quota.take('a')
  quota.take('a')
  let refused: unknown
  try {
    quota.take('a')
  } catch (error) {
    refused = error
  }
  assert.instance(refused, QuotaReached)
  const { status, code, retryAfterSeconds } = refused as QuotaReached
  assert.equal([status, code, retryAfterSeconds], [429, 'too_many_long_polls', 5])
  quota.take('b')
  give()
  give()
  quota.take('a')
  assert.throws(() => quota.take('a'), 'given back once')
})

test.run()
