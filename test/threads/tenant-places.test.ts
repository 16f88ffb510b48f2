import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TooManyJobs } from '../../src/errors.ts'
import { TenantPlaces } from '../../src/threads/tenant-places.ts'

const test = suite('TenantPlaces')
const limits = { total: 2, perTenant: 1, waitingPerTenant: 3, waiting: 5 }

/** Places, and who has begun, in order; each is ended by name. */
function open(changes: Partial<typeof limits> = {}) {
  const places = new TenantPlaces({ ...limits, ...changes })
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const ask = (tenant: string, job: string, signal?: AbortSignal) =>
    places.take(tenant, signal).then((giveBack) => {
      begun.push(job)
      ends.set(job, giveBack)
    })
  const end = async (job: string) => {
    ends.get(job)?.()
    await turn()
  }
  return { places, begun, ask, end }
}
/** Whatever is due by now has happened. */
const turn = () => new Promise((resolve) => setImmediate(resolve))
const refusal = (asked: Promise<void>) =>
  asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )

test('a tenant has its places and no more, and all together have theirs', async () => {
  const { begun, ask, places } = open()
  for (const [tenant, job] of ['a1', 'a2', 'b1', 'c1'].map((job) => [job.charAt(0), job] as const))
    void ask(tenant, job)
  await turn()
  assert.equal(begun, ['a1', 'b1'])
  assert.equal(places.state, { working: 2, waiting: 2, tenants: 3 })
})

test('places go round the tenants that wait, whoever asked more', async () => {
  const { begun, ask, end } = open({ total: 1 })
  for (const job of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) void ask(job.charAt(0), job)
  await turn()
  for (const job of ['a1', 'b1', 'c1', 'a2', 'b2']) await end(job)
  assert.equal(begun, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
})

test('a line that is full refuses, of one tenant and of all, with Retry-After', async () => {
  const { ask, begun, end, places } = open()
  for (const job of ['a1', 'a2', 'a3', 'a4']) void ask('a', job)
  const full = await refusal(ask('a', 'a5'))
  assert.instance(full, TooManyJobs)
  assert.equal([(full as TooManyJobs).status, (full as TooManyJobs).code], [429, 'too_many_jobs'])
  assert.ok((full as TooManyJobs).retryAfterSeconds > 0)
  for (const job of ['b1', 'b2', 'b3']) void ask('b', job)
  assert.instance(await refusal(ask('c', 'c1')), TooManyJobs)
  await end('a1')
  assert.equal(begun, ['a1', 'b1', 'a2'])
  assert.is(places.state.tenants, 2)
})

test('who leaves the line is not called, and keeps nobody from it', async () => {
  const { begun, ask, end, places } = open()
  const leaving = new AbortController()
  void ask('a', 'a1')
  const left = refusal(ask('a', 'a2', leaving.signal))
  void ask('a', 'a3')
  await turn()
  leaving.abort(new Error('gone'))
  assert.is(((await left) as Error).message, 'gone')
  await end('a1')
  assert.equal(begun, ['a1', 'a3'])
  assert.is(((await refusal(ask('b', 'b1', leaving.signal))) as Error).message, 'gone')
  await end('a3')
  assert.equal(places.state, { working: 0, waiting: 0, tenants: 0 })
})

test('a place comes back from work that fails, and once only', async () => {
  const { places, ask, begun } = open({ total: 1 })
  const failed = await places.run('a', () => Promise.reject(new Error('no'))).catch(String)
  assert.is(failed, 'Error: no')
  const giveBack = await places.take('a')
  giveBack()
  giveBack()
  void ask('a', 'a1')
  void ask('b', 'b1')
  await turn()
  assert.equal(begun, ['a1'])
})

test.run()
