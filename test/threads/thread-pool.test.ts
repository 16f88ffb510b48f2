import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OutOfTime, ThreadEnded, ThreadPool } from '../../src/threads/thread-pool.ts'
import { until } from '../until.ts'

const test = suite('ThreadPool')
const file = new URL('./jobs-of-tests-thread.ts', import.meta.url)
const open = (more: Partial<ConstructorParameters<typeof ThreadPool>[0]> = {}) =>
  new ThreadPool({ file, threads: 1, budgetMs: 60_000, memoryMb: 64, ...more })
const pools: ThreadPool[] = []
const pool = open()
pools.push(pool)
test.after(async () => {
  for (const one of pools) await one.close()
})

const reasonOf = (job: Promise<unknown>) =>
  job.then(
    () => undefined,
    (reason: unknown) => reason,
  )

test('jobs follow each other in one thread', async () => {
  const ids = await Promise.all([1, 2, 3].map(() => pool.run({ do: 'say-thread' })))
  assert.is(new Set(ids).size, 1)
  assert.equal(pool.threadIds, [ids[0]])
})

test('what is thrown there is thrown here, and the thread goes on', async () => {
  const reason = await reasonOf(pool.run({ do: 'throw' }))
  assert.is((reason as Error).message, 'this job cannot be done')
  assert.is(await pool.run({ do: 'say-thread' }), pool.threadIds[0])
})

test('a job beyond its budget ends its thread, and the next one has another', async () => {
  const short = open({ budgetMs: 300 })
  pools.push(short)
  const before = await short.run({ do: 'say-thread' })
  const spun = short.run({ do: 'spin' })
  const next = short.run({ do: 'say-thread' })
  assert.instance(await reasonOf(spun), OutOfTime)
  assert.is.not(await next, before)
})

test('a job that takes too much memory, or ends its thread, takes nothing else with it', async () => {
  for (const what of ['fill-memory', 'exit']) {
    const before = await pool.run({ do: 'say-thread' })
    const ended = pool.run({ do: what })
    const next = pool.run({ do: 'say-thread' })
    assert.instance(await reasonOf(ended), ThreadEnded, what)
    assert.is.not(await next, before)
  }
})

test('a job gets its parts as they come', async () => {
  const two = open({ threads: 2 })
  pools.push(two)
  /** The second part comes when another job is done. */
  async function* parts() {
    yield [1, 2]
    await two.run({ do: 'say-thread' })
    yield [3]
  }
  assert.is(await two.run({ do: 'sum' }, parts()), 6)
})

test('what the parts throw is what the job is rejected with, and the thread goes on', async () => {
  const failure = new TypeError('the source broke')
  async function* broken() {
    yield [1]
    throw failure
  }
  const before = await pool.run({ do: 'say-thread' })
  assert.is(await reasonOf(pool.run({ do: 'sum' }, broken())), failure)
  assert.is(await pool.run({ do: 'say-thread' }), before)
})

test('a thread that cannot start fails its job, and is not started for ever', async () => {
  const broken = open({ file: new URL('./no-such-thread.ts', import.meta.url) })
  assert.instance(await reasonOf(broken.run({ do: 'say-thread' })), ThreadEnded)
  assert.equal(broken.threadIds, [])
})

test('a thread without work ends, and one is started when there is work again', async () => {
  const resting = open({ idleMs: 10 })
  pools.push(resting)
  const before = await resting.run({ do: 'say-thread' })
  await until('the thread ends', () => resting.threadIds.length === 0)
  assert.is.not(await resting.run({ do: 'say-thread' }), before)
})

test.run()
