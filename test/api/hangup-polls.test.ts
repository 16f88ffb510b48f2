/**
 * Many connections that wait for the hang-ups of one engine: one look for all, and a hundred of a key at most.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { anEvent } from '../calls/a-call-desk.ts'
import { until } from '../until.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('long polls for hang-ups')
let api: TestApi
let url: string
let transactions = 0

test.before(async () => {
  api = await openTestApi()
  const { db } = api.context
  const run = db.transaction.bind(db)
  db.transaction = (...given) => {
    transactions++
    return run(...given)
  }
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
})
test.after(() => api.close())

const poll = (key: string, { engine = 'sbc1', wait = 25, signal }: Poll = {}) =>
  fetch(`${url}/v1/engines/${engine}/hangups?wait=${wait}`, {
    headers: { authorization: `Bearer ${key}` },
    ...(signal ? { signal } : {}),
  })
interface Poll {
  engine?: string
  wait?: number
  signal?: AbortSignal
}

/** Waits until the next poll of this key is refused, which says that a hundred wait; answers the refusal. */
const untilFull = (key: string) =>
  until('a hundred wait', async () => {
    const answer = await poll(key, { wait: 0 })
    if (answer.status === 429) return answer
    await answer.body?.cancel()
    return undefined
  })

/** An inbound leg that runs on an engine. */
async function aLeg(client: string, callId: string): Promise<void> {
  const now = Date.now()
  const times = { startedAt: now - 1000, answeredAt: now - 1000 }
  const start = anEvent({ kind: 'start', client, callId, engine: 'sbc1', direction: 'inbound', ...times })
  await settleCalls(api.callsContext, { events: [start], undeliverable: [] })
}

test('a hundred wait for one engine by one look each half second, and all are told', async () => {
  const { clientId, brandId, brandKey, engineKey } = await makeTenant(api)
  const body = { name: 'second engine', role: 'engine', brandId }
  const secondKey = (await must(api.send('POST', '/v1/api-keys', { body }))).key as string
  await aLeg(clientId, 'one')
  const waiting = Array.from({ length: 100 }, () => poll(engineKey))
  const refused = await untilFull(engineKey)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  const problem = (await refused.json()) as { code: string; status: number }
  assert.equal([problem.code, problem.status], ['too_many_long_polls', 429])
  assert.is((await poll(secondKey, { wait: 0 })).status, 200, 'another key of the tenant has its own hundred')

  // Looks go on for the one engine, as for one connection: far fewer than there are connections.
  const before = transactions
  const began = Date.now()
  await until('looks have gone on for a while', () => Date.now() - began > 1500 && transactions > before)
  const halfSeconds = (Date.now() - began) / 500
  assert.ok(transactions - before <= halfSeconds + 5, `${transactions - before} looks`)

  await must(api.send('POST', `/v1/calls/${clientId}/one/hangup`, { key: brandKey }))
  for (const answer of await Promise.all(waiting)) {
    assert.is(answer.status, 200)
    const { data } = (await answer.json()) as { data: { callId: string }[] }
    assert.equal(
      data.map(({ callId }) => callId),
      ['one'],
    )
  }
})

test('who hangs up frees the place of its poll', async () => {
  const { engineKey } = await makeTenant(api)
  const gone = new AbortController()
  const left = Promise.allSettled(Array.from({ length: 100 }, () => poll(engineKey, { signal: gone.signal })))
  await untilFull(engineKey)
  gone.abort()
  await left
  await until('a place is free', async () => (await poll(engineKey, { wait: 0 })).status === 200)
})

test('a poll that finds nothing is answered when its wait is over, whatever others wait for', async () => {
  const { engineKey } = await makeTenant(api)
  const gone = new AbortController()
  const long = poll(engineKey, { engine: 'sbc7', signal: gone.signal }).catch(() => undefined)
  const answers = await Promise.all([0, 1].map((wait) => poll(engineKey, { engine: 'sbc7', wait })))
  for (const answer of answers) assert.equal(await answer.json(), { data: [] })
  gone.abort()
  await long
})

test('who waits is answered when the service stops', async () => {
  const { engineKey } = await makeTenant(api)
  const waiting = poll(engineKey)
  const before = transactions
  await until('the look has begun', () => transactions > before)
  await api.app.close()
  assert.equal(await (await waiting).json(), { data: [] })
})

test.run()
