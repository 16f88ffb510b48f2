/**
 * What imports of one tenant may cost the others: places in the queue, their order, and the lists of faults.
 */
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findImport } from '../../src/db/tariffs/imports.ts'
import { QuotaReached } from '../../src/errors.ts'
import type { Configuration } from '../../src/tariffs/configuration.ts'
import { Importer } from '../../src/tariffs/import-rates.ts'
import { newId } from '../../src/uuid.ts'
import { testFolder } from '../servers.ts'
import { aBrand, aDatabase, aRateDeck, openConfiguration, quiet, type TestDatabase } from './a-brand.ts'

const test = suite('quotas of imports')
const folder = testFolder()
const limits = { bytesOfList: 4000, bytesOfBrand: 7000, days: 30 }
let database: TestDatabase
let configuration: Configuration
let importer: Importer
let owner: postgres.Sql

test.before(async () => {
  database = await aDatabase()
  configuration = await openConfiguration(database)
  importer = await openImporter()
  owner = postgres(database.url, { max: 1, onnotice: () => {} })
})
test.after(async () => {
  await owner.end()
  await importer.close()
  await configuration.close()
  await database.close()
})

function openImporter(): Promise<Importer> {
  const { db, url: databaseUrl } = database
  const where = { db, databaseUrl, configuration, leadSeconds: 5, log: quiet }
  return Importer.open({ ...where, folder, faultLimits: limits })
}

async function aTenant() {
  const brandId = await aBrand(database.db)
  const rateDeckId = await aRateDeck(database.db, { brandId })
  return { brandId, rateDeckId }
}

const good = 'prefix,destination,rate\n34,Spain,0.02\n'
const bad = (rows: number) =>
  `prefix,rate\n${Array.from({ length: rows }, (_, row) => `x${row},0.02\n`).join('')}`

function start(tenant: { brandId: string; rateDeckId: string }, csv: string | Readable = good) {
  const stream = typeof csv === 'string' ? Readable.from([Buffer.from(csv)]) : csv
  return importer.start({ ...tenant, mode: 'merge', isDryRun: false }, stream)
}

/** The import that runs stands still at its deck while `work` goes on. */
async function whileDeckIsLocked(rateDeckId: string, work: () => Promise<unknown>): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`select 1 from rate_decks where id = ${rateDeckId} for no key update`
    await work()
  })
}

test('the eleventh import of a tenant is 429 before a byte is read, and another tenant does not wait for ten', async () => {
  const [one, other] = [await aTenant(), await aTenant()]
  const ids: string[] = []
  let otherId = ''
  await whileDeckIsLocked(one.rateDeckId, async () => {
    for (let i = 0; i < 10; i++) ids.push(await start(one))
    let isRead = false
    const unread = new Readable({
      read() {
        isRead = true
        this.push(null)
      },
    })
    const refused = await start(one, unread).catch((error) => error)
    assert.instance(refused, QuotaReached)
    assert.equal([refused.status, refused.code, refused.retryAfterSeconds], [429, 'too_many_imports', 30])
    assert.not(isRead)
    otherId = await start(other)
  })
  await importer.idle()
  const finished = await owner`
    select id from imports where id = any(${[...ids, otherId]}) and status = 'applied' order by finished_at`
  const order = finished.map(({ id }) => ids.indexOf(id))
  assert.equal(order, [0, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'the one of the other tenant is the second')
  await start(one)
  await importer.idle()
})

test('one that breaks while it is sent gives its place back', async () => {
  const tenant = await aTenant()
  for (let i = 0; i < 11; i++) {
    const broken = new Readable({
      read() {
        this.destroy(new Error('the sender has hung up'))
      },
    })
    const error = await start(tenant, broken).catch((reason) => reason)
    assert.is(error.message, 'the sender has hung up')
  }
})

test('a list of faults ends at its size, and says how many are missing', async () => {
  const tenant = await aTenant()
  const id = await start(tenant, bad(20_000))
  await importer.idle()
  const record = await findImport(database.db, id)
  assert.is(record?.errorsTotal, 20_000)
  const list = await text((await importer.openFaults({ ...tenant, id })) ?? Readable.from([]))
  assert.ok(list.length < limits.bytesOfList + 300, `${list.length} characters`)
  const lines = list.trim().split('\n')
  assert.match(lines.at(-1) ?? '', /^,,list_too_long,The list ends here; \d+ more faults are not in it\.,$/)
  const missing = Number(/(\d+) more/.exec(lines.at(-1) ?? '')?.[1])
  assert.is(missing + lines.length - 2, 20_000)
})

test('all lists of a brand have a size together: the oldest go, those of other brands stay', async () => {
  const [one, other] = [await aTenant(), await aTenant()]
  const kept = await start(other, bad(30))
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    ids.push(await start(one, bad(30)))
    await importer.idle()
    // Lists written within one tick of the file system's clock would have no order.
    const path = join(folder, 'faults', one.brandId, `${ids[i]}.errors.csv`)
    utimesSync(path, 1_000_000_000 + i, Date.now() / 1000 - 100 + i)
  }
  const last = await start(one, bad(30))
  await importer.idle()
  const names = readdirSync(join(folder, 'faults', one.brandId))
  const bytes = names.map((name) => statSync(join(folder, 'faults', one.brandId, name)).size)
  assert.ok(bytes.reduce((sum, size) => sum + size, 0) <= limits.bytesOfBrand)
  assert.ok(names.length > 1 && names.length < 6, `${names.length} lists`)
  assert.ok(await importer.openFaults({ ...one, id: last }))
  assert.not(await importer.openFaults({ ...one, id: ids[0] ?? '' }))
  assert.ok(await importer.openFaults({ ...other, id: kept }))
})

test('faults older than a month are removed, as files and in the records; their number stays', async () => {
  const tenant = await aTenant()
  const [old, young] = [await start(tenant, bad(3)), await start(tenant, bad(3))]
  await importer.idle()
  const longAgo = Date.now() / 1000 - 31 * 86_400
  utimesSync(join(folder, 'faults', tenant.brandId, `${old}.errors.csv`), longAgo, longAgo)
  await owner`update imports set finished_at = now() - interval '31 days' where id = ${old}`
  // As releases before this one left them.
  const stray = { brandId: tenant.brandId, id: newId() }
  const strayPath = join(folder, `${stray.id}.errors.csv`)
  writeFileSync(strayPath, 'line,column,code,detail,value\n')
  assert.ok(await importer.openFaults(stray))
  utimesSync(strayPath, longAgo, longAgo)
  await (await openImporter()).close()
  assert.not(await importer.openFaults({ ...tenant, id: old }))
  assert.not(existsSync(strayPath))
  assert.ok(await importer.openFaults({ ...tenant, id: young }))
  const records = [await findImport(database.db, old), await findImport(database.db, young)]
  assert.equal(
    records.map((record) => [record?.errors.length, record?.errorsTotal]),
    [
      [0, 3],
      [3, 3],
    ],
  )
})

test.run()
