/**
 * Streamed answers over real sockets whose readers take nothing, little, or leave. A call is 1.5 KB and there are 20,000 of
 * them, so that no buffer of the system takes an answer whole.
 */
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { aBusyBrand, type BusyBrand } from './a-busy-brand.ts'
import { openIdleReader } from './idle-reader.ts'
import { must, openTestApi, type TestApi, testSettings } from './test-api.ts'

const stallMs = 700
const test = suite('downloads')
let api: TestApi
let url: string
let owner: postgres.Sql
let brand: BusyBrand
let small: BusyBrand

test.before(async () => {
  api = await openTestApi(
    { settings: { ...testSettings, downloadStallMs: stallMs } },
    { connections: 8, lockTimeoutMs: 60_000, statementTimeoutMs: 60_000 },
  )
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  owner = postgres(api.databaseUrl, { max: 2, onnotice: () => {} })
  brand = await aBusyBrand(api, owner, { calls: 20_000, mark: 'many' })
  small = await aBusyBrand(api, owner, { calls: 300, mark: 'few' })
})
test.after(async () => {
  await owner.end()
  await api.close()
})

async function counts(): Promise<{ running: number; waiting: number; transactions: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const of = (state: string) =>
    Number(new RegExp(`tollgate_reports{state="${state}"} (\\d+)`).exec(text)?.[1])
  const [row] = await owner`
    select count(*)::integer as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
      and backend_type = 'client backend' and query ~ '^(fetch|declare)'`
  return { running: of('running'), waiting: of('waiting'), transactions: row?.n }
}
const stand = (wanted: Partial<Awaited<ReturnType<typeof counts>>>) =>
  until(JSON.stringify(wanted), async () => {
    const now = await counts()
    return Object.entries(wanted).every(([name, value]) => now[name as keyof typeof now] === value)
  })
const isFree = () => stand({ running: 0, waiting: 0, transactions: 0 })
const of = ({ paths, brandKey: key }: BusyBrand, name: keyof BusyBrand['paths']) => ({
  path: paths[name],
  key,
})
const ask = ({ path, key }: { path: string; key: string }, method = 'GET') =>
  fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${key}` } })

test('a reader that takes nothing is ended after the limit: place and connection are free', async () => {
  for (const name of ['json', 'csv', 'invoice'] as const) {
    const reader = await openIdleReader(url, of(brand, name))
    await stand({ running: 1, transactions: 1 })
    await isFree()
    const text = await reader.readToEnd()
    assert.match(text, /^HTTP\/1\.1 200 /)
    assert.not.match(text, /\r\n0\r\n\r\n$/, `${name} is not taken for a whole file`)
  }
})

test('who takes a part now and then gets all of it, however long it takes', async () => {
  const reader = await openIdleReader(url, of(brand, 'json'))
  const startedAt = performance.now()
  await until('more than a reader may be idle goes by', async () => {
    reader.readSome()
    return performance.now() - startedAt > 5 * stallMs
  })
  const whole = reader.readToEnd()
  await isFree()
  reader.leave('close')
  assert.match(await whole, /\n\]}\n\r\n0\r\n\r\n$/)
})

test('nobody is ended because our own query is slow', async () => {
  const asked = await owner.begin(async (tx) => {
    await tx`lock table calls in access exclusive mode`
    const answer = ask(of(small, 'csv'))
    await stand({ running: 1 })
    const startedAt = performance.now()
    await until('more than the limit goes by', () => performance.now() - startedAt > 4 * stallMs)
    assert.is((await counts()).running, 1)
    return { answer }
  })
  const answer = await asked.answer
  assert.is((await answer.text()).split('\r\n').length, 302)
  await isFree()
})

test('a short answer leaves its connection though nobody reads it', async () => {
  // The report cannot leave before the long poll is answered: all of it waits in this process.
  const poll = { path: '/v1/engines/kamailio-1/hangups?wait=25', key: small.engineKey }
  const reader = await owner.begin(async (tx) => {
    await tx`lock table calls in access exclusive mode`
    const reader = await openIdleReader(url, poll, of(small, 'json'))
    await until('it waits for the table', async () => (await waitingForLocks()) >= 1)
    await stand({ running: 1, transactions: 1 })
    return reader
  })
  await stand({ running: 1, transactions: 0 })
  reader.leave('close')
  await isFree()
})

for (const how of ['close', 'reset'] as const) {
  test(`whoever leaves by a ${how} during a slow query frees place and connection at once`, async () => {
    await owner.begin(async (tx) => {
      await tx`lock table calls in access exclusive mode`
      const readers = await Promise.all(
        (['json', 'parquet', 'invoice'] as const).map((name) => openIdleReader(url, of(brand, name))),
      )
      await stand({ running: 3 })
      await until('they wait for the table', async () => (await waitingForLocks()) === 3)
      for (const reader of readers) reader.leave(how)
      await stand({ running: 0, waiting: 0 })
      await until('the server has left off, too', async () => (await waitingForLocks()) === 0)
    })
    await isFree()
  })
}

async function waitingForLocks(): Promise<number> {
  const [row] = await owner`
    select count(*)::integer as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  return row?.n
}

test('whoever leaves in the middle frees place and connection, and HEAD holds none', async () => {
  for (const name of ['csv', 'xlsx', 'invoice'] as const) {
    const reader = await openIdleReader(url, of(brand, name))
    await stand({ running: 1, transactions: 1 })
    reader.leave('close')
    await isFree()
    assert.is((await ask(of(brand, name), 'HEAD')).status, 200)
    await isFree()
  }
})

test('all streamed answers of a tenant share its places, and another tenant has the next one', async () => {
  const faultList = { path: await aFaultList(), key: brand.brandKey }
  const wanted = await owner.begin(async (tx) => {
    await tx`lock table calls in access exclusive mode`
    const held = await Promise.all(
      (['json', 'csv', 'invoice'] as const).map((name) => openIdleReader(url, of(brand, name))),
    )
    await stand({ running: 3, waiting: 0 })
    const wanted = [of(brand, 'priceList'), of(brand, 'priceList'), faultList].map(async (one) => {
      const answer = await ask(one)
      return [answer.status, (await answer.text()).length > 0]
    })
    await stand({ running: 3, waiting: 3 })
    assert.match(await (await ask(of(small, 'priceList'))).text(), /346,few/)
    for (const reader of held) reader.leave('close')
    return Promise.all(wanted)
  })
  assert.equal(wanted, Array(3).fill([200, true]))
  await isFree()
})

/** The path of the faults of an import. */
async function aFaultList(): Promise<string> {
  const { id } = await must(
    api.send('POST', `/v1/rate-decks/${brand.deckId}/imports`, {
      key: brand.brandKey,
      headers: { 'content-type': 'text/csv' },
      body: 'prefix,destination,rate\n34,Spain,none\n',
    }),
  )
  await until('the import is over', async () => {
    const { status } = await must(api.send('GET', `/v1/imports/${id}`, { key: brand.brandKey }))
    return status === 'rejected'
  })
  return `/v1/imports/${id}/errors.csv`
}

test.run()
