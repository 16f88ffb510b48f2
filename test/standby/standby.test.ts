/**
 * A service on two PostgreSQL servers: reports come from the standby while it is near enough, and when the primary is gone
 * and the standby promoted, the same process goes on there.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { isInfrastructureFailure } from '../../src/db/failures.ts'
import { startTestNats, testFolder } from '../servers.ts'
import { type Replica, startReplica } from '../storm/a-replica.ts'
import { until } from '../until.ts'
import { openPrimaryAndStandby, type PrimaryAndStandby } from './a-standby.ts'

const test = suite('primary and standby')
const key = 'a-key-for-the-standby'
const lag = 'tollgate-replica-lag-seconds'
let servers: PrimaryAndStandby
let replica: Replica
let onStandby: postgres.Sql

test.before(async () => {
  servers = await openPrimaryAndStandby()
  const nats = await startTestNats()
  replica = await startReplica({
    DATABASE_URL: servers.url,
    DATABASE_READ_URL: servers.doors.standby.url,
    DATABASE_READ_MAX_LAG_SECONDS: '3',
    NATS_URL: nats.url,
    BOOTSTRAP_API_KEY: key,
    DATA_DIR: mkdtempSync(join(testFolder(), 'replica-')),
  })
  onStandby = postgres(servers.standby.url, { max: 1, onnotice: () => {} })
})
test.after(async () => {
  await onStandby.end()
  await replica.stop()
  await servers.close()
})

async function ask(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${replica.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const read = (await answer.json()) as { id: string; data: { clientId: string; balance: string }[] }
  return { status: answer.status, lag: answer.headers.get(lag), body: read }
}

async function topUp(clientId: string, amount: string): Promise<void> {
  const path = `/v1/clients/${clientId}/balance-movements`
  const { status } = await ask('POST', path, { amount, kind: 'top-up', reference: 'test' })
  assert.is(status, 201)
}

async function readBalance() {
  const { status, lag, body } = await ask('GET', '/v1/reports/balances')
  assert.is(status, 200)
  return { balance: body.data[0]?.balance, lag }
}

let clientId = ''

test('a URL of two hosts leads to the one that is wanted, in either order, and names what it found', async () => {
  const [one = '', two = ''] = [servers.doors.primary.url, servers.doors.standby.url].map(
    (url) => new URL(url).host,
  )
  const through = (hosts: string, wanted: string) => {
    const url = servers.url.replace(/@[^/]+\//, `@${hosts}/`) + wanted
    return openDatabase(url, { role: 'tollgate_api', connections: 1 })
  }
  for (const [hosts, wanted, isStandby] of [
    [`${one},${two}`, '', false],
    [`${two},${one}`, '', false],
    [`${two},${one}`, '?target_session_attrs=primary', false],
    [`${one},${two}`, '?target_session_attrs=standby', true],
    [`${one},${two}`, '?target_session_attrs=read-only', true],
    [`${one},${two}`, '?target_session_attrs=prefer-standby', true],
    [one, '?target_session_attrs=prefer-standby', false],
  ] as const) {
    const db = through(hosts, wanted)
    const [row] = await db.$client`select pg_is_in_recovery() as standby`
    assert.is(row?.standby, isStandby, `${hosts} ${wanted}`)
    await closeDatabase(db)
  }
  const db = through(two, '?target_session_attrs=read-write')
  const failure = await db.$client`select 1`.catch((error: unknown) => error)
  assert.ok(isInfrastructureFailure(failure))
  assert.match(String(failure), /is a standby, wanted is read-write/)
  await closeDatabase(db)
})

test('a report is read from the standby, and its header says how old it is at most', async () => {
  const brand = await ask('POST', '/v1/brands', { name: 'Two servers', currency: 'EUR' })
  const client = await ask('POST', '/v1/clients', {
    brandId: brand.body.id,
    name: 'Acme',
    sipDomain: 'acme.example.com',
  })
  clientId = client.body.id
  await topUp(clientId, '10')
  await until('the standby has it, and tells its lag', async () => {
    const { lag, balance } = await readBalance()
    // No more than is allowed.
    if (lag !== null) assert.match(lag, /^[0-3]\.\d$/)
    return lag !== null && balance === '10'
  })
})

test('a list of calls of past days is read from the standby, one of today is not', async () => {
  await until('the standby is near enough to be read', async () => {
    const past = await ask('GET', `/v1/clients/${clientId}/calls?to=2026-01-01T00:00:00Z`)
    assert.is(past.status, 200)
    return past.lag !== null
  })
  const today = await ask('GET', `/v1/clients/${clientId}/calls`)
  assert.equal([today.status, today.lag], [200, null])
  const unknown = '/v1/clients/01946000-0000-7000-8000-00000000000b/calls?to=2026-01-01T00:00:00Z'
  const missing = await ask('GET', unknown)
  assert.equal([missing.status, missing.lag], [404, null])
})

test('a standby that falls behind is not read from, and is again when it has caught up', async () => {
  await onStandby`select pg_wal_replay_pause()`
  await topUp(clientId, '5')
  await until('the primary is read, for the standby is too old', async () => {
    const seen = await readBalance()
    // Never the new sum with a lag, nor the old one without.
    assert.is(seen.balance, seen.lag === null ? '15' : '10')
    return seen.lag === null
  })
  const list = await ask('GET', `/v1/clients/${clientId}/calls?to=2026-01-01T00:00:00Z`)
  assert.equal([list.status, list.lag], [200, null])
  await onStandby`select pg_wal_replay_resume()`
  await until('the standby is read again', async () => {
    const seen = await readBalance()
    return seen.lag !== null && seen.balance === '15'
  })
})

test('reports go on from the primary while the standby is cut off', async () => {
  servers.doors.standby.refuse(true)
  servers.doors.standby.cutAll('reset')
  const seen = await readBalance()
  assert.equal(seen, { balance: '15', lag: null })
  servers.doors.standby.refuse(false)
})

test('when the primary is gone and the standby promoted, the same process goes on there', async () => {
  await until('the standby has all', async () => (await readBalance()).lag !== null)
  await servers.failOver()
  await until('a top-up is taken', async () => {
    const path = `/v1/clients/${clientId}/balance-movements`
    const answer = await ask('POST', path, { amount: '1', kind: 'top-up', reference: 'after' })
    assert.ok([201, 503].includes(answer.status), `answered ${answer.status}`)
    return answer.status === 201
  })
  await until('the service is ready', async () => (await fetch(`${replica.url}/readyz`)).status === 200)
  assert.is(replica.exitCode(), undefined)
  assert.equal(replica.complaints, [])
  const { balance, lag } = await readBalance()
  assert.equal({ balance, lag }, { balance: '16', lag: null })
})

test.run()
