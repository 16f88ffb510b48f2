/**
 * A burst of reports on a pool of ten connections, over real sockets. Another session locks the table of calls, so every
 * report that has begun stands still until the test lets it go on.
 */
import { connect } from 'node:net'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('report places')
let api: TestApi
let url: string
let owner: postgres.Sql
let tenant: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi({}, { connections: 10, lockTimeoutMs: 60_000, statementTimeoutMs: 60_000 })
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  tenant = await makeTenant(api)
  other = await makeTenant(api)
  owner = postgres(api.databaseUrl, { max: 1, onnotice: () => {} })
})
test.after(async () => {
  await owner.end()
  await api.close()
})

const ask = (path: string, signal?: AbortSignal, key = tenant.brandKey) =>
  fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` }, ...(signal ? { signal } : {}) })
const report = (signal?: AbortSignal) => ask('/v1/reports/calls.csv', signal)
const reportOfOther = () => ask('/v1/reports/calls.csv', undefined, other.brandKey)

async function counts(): Promise<{ running: number; waiting: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const of = (state: string) =>
    Number(new RegExp(`tollgate_reports{state="${state}"} (\\d+)`).exec(text)?.[1])
  return { running: of('running'), waiting: of('waiting') }
}
const stand = (running: number, waiting: number) =>
  until(`${running} reports run and ${waiting} wait`, async () => {
    const now = await counts()
    return now.running === running && now.waiting === waiting
  })

/** Reports begin and stand still while `work` goes on. */
async function whileCallsAreLocked(work: () => Promise<unknown>): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`lock table calls in access exclusive mode`
    await work()
  })
}

test('nine parallel reports are all answered: three of a tenant at a time, the others in their turn', async () => {
  let answers: Promise<Response>[] = []
  await whileCallsAreLocked(async () => {
    answers = Array.from({ length: 9 }, () => report())
    await stand(3, 6)
  })
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  assert.equal(statuses, Array(9).fill(200))
  await Promise.all(answers.map(async (answer) => (await answer).text()))
  await stand(0, 0)
})

test('past the queue a report is refused with a code and when to come again, and other requests go on', async () => {
  let answers: Promise<Response>[] = []
  await whileCallsAreLocked(async () => {
    answers = Array.from({ length: 23 }, () => report())
    await stand(3, 20)
    const refused = await report()
    assert.is(refused.status, 429)
    assert.is(refused.headers.get('retry-after'), '10')
    assert.is(((await refused.json()) as { code: string }).code, 'too_many_reports')
    // More at once than the pool has connections left.
    const others = await Promise.all(Array.from({ length: 12 }, () => ask('/v1/clients')))
    assert.equal(
      others.map(({ status }) => status),
      Array(12).fill(200),
    )
    assert.is((await ask('/v1/reports/calls.csv?from=2026-02-30')).status, 400, 'told at once')
  })
  for (const answer of await Promise.all(answers)) assert.is((await answer.text()).split('\r\n').length, 2)
  await stand(0, 0)
})

test('the full queue of a tenant neither refuses another nor stands in front of it', async () => {
  const answered: string[] = []
  const noted = (name: string, answer: Promise<Response>) =>
    answer.then(async (response) => {
      assert.is(response.status, 200)
      await response.text()
      answered.push(name)
    })
  let answers: Promise<unknown>[] = []
  await whileCallsAreLocked(async () => {
    answers = Array.from({ length: 23 }, () => noted('one', report()))
    await stand(3, 20)
    answers.push(noted('other', reportOfOther()), noted('other', reportOfOther()))
    await stand(4, 21)
  })
  await Promise.all(answers)
  // Four were at work when the lock went; the other tenant's second is among the next ones.
  assert.ok(answered.lastIndexOf('other') < 10, answered.join(' '))
  await stand(0, 0)
})

test('who hangs up leaves the queue, and one that was running gives its place back', async () => {
  const first = new AbortController()
  const second = new AbortController()
  let stays: Promise<Response> | undefined
  await whileCallsAreLocked(async () => {
    const hangUps = Promise.allSettled(Array.from({ length: 3 }, () => report(first.signal)))
    await stand(3, 0)
    const waiting = Promise.allSettled(Array.from({ length: 3 }, () => report(second.signal)))
    await stand(3, 3)
    stays = report()
    await stand(3, 4)
    second.abort()
    await stand(3, 1)
    first.abort()
    await Promise.all([hangUps, waiting])
  })
  assert.is((await stays)?.status, 200)
  await (await stays)?.text()
  await stand(0, 0)
})

test('a report that fails gives its place to the next', async () => {
  for (let i = 0; i < 5; i++) assert.is((await ask('/v1/reports/usage?groupBy=colour')).status, 400)
  await stand(0, 0)
  await must(api.send('GET', '/v1/reports/usage', { key: tenant.brandKey }))
})

test('those that wait are told when the service stops, which no idle connection holds up', async () => {
  const { port, hostname } = new URL(url)
  const silent = connect(Number(port), hostname)
  const isEnded = new Promise((resolve) => silent.once('close', resolve))
  await until('the connection is there', () => silent.readyState === 'open')
  let answers: Promise<Response>[] = []
  let closing: Promise<unknown> | undefined
  await whileCallsAreLocked(async () => {
    answers = Array.from({ length: 4 }, () => report())
    await stand(3, 1)
    closing = api.app.close()
    const first = await Promise.race(answers)
    assert.is(first.status, 503)
  })
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  assert.equal(statuses.sort(), [200, 200, 200, 503])
  await Promise.all(answers.map(async (answer) => (await answer).text()))
  await Promise.all([closing, isEnded])
})

test.run()
