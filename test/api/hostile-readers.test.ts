/**
 * Nobody gets another's rows, however downloads end: readers that stop, close or are cut at every moment, for longer than a
 * statement may take, beside forty readers of two brands who check all that they get.
 *
 * Eight seconds, or HOSTILE_SECONDS.
 */
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../until.ts'
import { aBusyBrand, type BusyBrand } from './a-busy-brand.ts'
import { openIdleReader } from './idle-reader.ts'
import { must, openTestApi, type TestApi, testSettings } from './test-api.ts'

const seconds = Number(process.env.HOSTILE_SECONDS ?? 8)
const readersOfBrand = 20
const hostileReaders = 12
/** Of the downloads' pool: most stalls are longer. */
const statementTimeoutMs = 300

const test = suite('hostile readers')
let api: TestApi
let url: string
let owner: postgres.Sql
let brands: readonly BusyBrand[]

test.before(async () => {
  api = await openTestApi(
    { settings: { ...testSettings, downloadStallMs: 1000 } },
    { connections: 10 },
    { connections: 8, statementTimeoutMs },
  )
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  owner = postgres(api.databaseUrl, { max: 1, onnotice: () => {} })
  brands = [
    await aBusyBrand(api, owner, { calls: 15_000, mark: 'of-the-first-brand' }),
    await aBusyBrand(api, owner, { calls: 15_000, mark: 'of-the-second-brand' }),
  ]
})
test.after(async () => {
  await owner.end()
  await api.close()
})

interface Seen {
  whole: number
  refused: number
  downloads: number
  foreign: string[]
  empty: string[]
  failed: string[]
}

/** What a brand's reader asks for, and a text that is in every whole answer. */
function asked({ clientId, brandId, mark, paths }: BusyBrand): readonly { path: string; holds: string }[] {
  return [
    { path: '/v1/clients', holds: clientId },
    { path: '/v1/calls?limit=5', holds: mark },
    { path: `/v1/clients/${clientId}`, holds: brandId },
    { path: '/v1/invoices', holds: clientId },
    { path: `/v1/clients/${clientId}/balance`, holds: '"balance"' },
    { path: '/v1/rate-decks', holds: mark },
    { path: '/v1/reports/usage?groupBy=client,destination', holds: mark },
    { path: paths.priceList, holds: mark },
    { path: '/v1/reports/invoices.csv', holds: clientId },
  ]
}

const isDownload = (path: string) => /reports|prices\.csv/.test(path)

async function readOn(seen: Seen, own: BusyBrand, other: BusyBrand, turn: number, deadline: number) {
  const { key } = await must(
    api.send('POST', '/v1/api-keys', { body: { name: 'reader', role: 'brand', brandId: own.brandId } }),
  )
  const paths = asked(own)
  const foreign = [other.mark, other.clientId, other.brandId, other.deckId]
  for (let n = turn; performance.now() < deadline; n++) {
    const { path, holds } = paths[n % paths.length] as (typeof paths)[number]
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })
    const text = await answer.text()
    if (foreign.some((word) => text.includes(word))) seen.foreign.push(`${path}: ${text.slice(0, 300)}`)
    if (answer.status === 429 && isDownload(path)) seen.refused++
    else if (answer.status !== 200) seen.failed.push(`${path}: ${answer.status} ${text.slice(0, 300)}`)
    else if (!text.includes(holds)) seen.empty.push(`${path}: ${text.slice(0, 300)}`)
    else seen.whole++
    if (answer.status === 200 && isDownload(path)) seen.downloads++
  }
}

/** One download after another that is not taken, each left in another way and after another time. */
async function disturb(turn: number, deadline: number): Promise<number> {
  let left = 0
  for (let n = turn; performance.now() < deadline; n += hostileReaders) {
    const { paths, brandKey } = brands[n % 2] as BusyBrand
    const names = Object.keys(paths) as (keyof typeof paths)[]
    const path = paths[names[Math.floor(n / 2) % names.length] as keyof typeof paths]
    const reader = await openIdleReader(url, { path, key: brandKey })
    const how = (['close', 'reset', 'stop'] as const)[n % 3]
    // In steps over all moments of a download, from before its query to past the time limit of statements.
    await pause((n * 37) % (2 * statementTimeoutMs))
    if (n % 5 === 0) reader.readSome()
    if (how !== 'stop') reader.leave(how ?? 'close')
    else {
      await pause(2 * statementTimeoutMs)
      void reader.readToEnd()
      reader.leave('close')
    }
    left++
  }
  return left
}

test('two brands read what is theirs, all of it, beside downloads that end in every way', async () => {
  const seen: Seen = { whole: 0, refused: 0, downloads: 0, foreign: [], empty: [], failed: [] }
  const deadline = performance.now() + seconds * 1000
  const [first, second] = brands as [BusyBrand, BusyBrand]
  const readers = Array.from({ length: readersOfBrand }, (_, turn) => [
    readOn(seen, first, second, turn, deadline),
    readOn(seen, second, first, turn, deadline),
  ]).flat()
  const hostile = Array.from({ length: hostileReaders }, (_, turn) => disturb(turn, deadline))
  await Promise.all(readers)
  const left = (await Promise.all(hostile)).reduce((sum, n) => sum + n, 0)
  assert.equal([seen.foreign, seen.failed, seen.empty], [[], [], []])
  assert.ok(
    left > hostileReaders && seen.downloads > 0 && seen.whole > readersOfBrand * 2,
    JSON.stringify({ ...seen, left }),
  )
  if (process.env.HOSTILE_SECONDS) console.log(JSON.stringify({ ...seen, left }))
})

test('all places and connections are free when the hostile have left', async () => {
  await until('nothing is held', async () => {
    const text = await (await fetch(`${url}/metrics`)).text()
    const [row] = await owner`
      select count(*)::integer as n from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
        and backend_type = 'client backend'`
    return /tollgate_reports{state="running"} 0/.test(text) && row?.n === 0
  })
})

test.run()
