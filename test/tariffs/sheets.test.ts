/**
 * Sheets as carriers send them, in `sheets/`: each is imported as it is, or with the mapping beside it, and calls are
 * priced by what came of it. The prices stand there as worked out by hand.
 */
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findImport } from '../../src/db/tariffs/imports.ts'
import { priceCall } from '../../src/rating/price-call.ts'
import type { Configuration } from '../../src/tariffs/configuration.ts'
import { Importer } from '../../src/tariffs/import-rates.ts'
import { checkMapping, type SheetMapping } from '../../src/tariffs/sheet-mapping.ts'
import { anEntry, tariffsOf } from '../rating/tariff-builders.ts'
import { testFolder } from '../servers.ts'
import {
  aBrand,
  aDatabase,
  aPlan,
  aRateDeck,
  openConfiguration,
  quiet,
  type TestDatabase,
} from './a-brand.ts'

interface SheetCase {
  says: string
  currency: string
  mapping?: SheetMapping
  calls: { to: string; seconds: number; price: string | null; at?: string }[]
}

const test = suite('sheets that carriers send')
const folder = join(import.meta.dirname, 'sheets')
let database: TestDatabase
let configuration: Configuration
let importer: Importer

test.before(async () => {
  database = await aDatabase()
  configuration = await openConfiguration(database)
  const { db, url: databaseUrl } = database
  const folder = testFolder()
  importer = await Importer.open({ db, databaseUrl, configuration, leadSeconds: 0, folder, log: quiet })
})
test.after(async () => {
  await importer.close()
  await configuration.close()
  await database.close()
})

async function importFile(file: string, { currency, mapping = {} }: Pick<SheetCase, 'currency' | 'mapping'>) {
  checkMapping(mapping)
  const brandId = await aBrand(database.db, { currency })
  const rateDeckId = await aRateDeck(database.db, { brandId, currency })
  await aPlan(database.db, { brandId, rateDeckIds: [rateDeckId] })
  await configuration.refresh()
  const request = { brandId, rateDeckId, mode: 'replace', isDryRun: false, mapping } as const
  const id = await importer.start(request, createReadStream(file))
  await importer.idle()
  return { rateDeckId, record: await findImport(database.db, id) }
}

function priceOf(rateDeckId: string, { to, seconds, at }: SheetCase['calls'][number]): string | null {
  const answeredAt = at === undefined ? Date.now() : Date.parse(at)
  const deck = configuration.tariffs.findDeck(rateDeckId, answeredAt)
  const rates = [...(deck?.table.iterate() ?? [])]
  const tariffs = tariffsOf({ decks: { deck: { rates } }, plans: { p: { entries: [anEntry('deck')] } } })
  const priced = priceCall({ ...tariffs, to, answeredAt, durationSeconds: seconds })
  return priced.priced ? priced.price.toFixed() : null
}

for (const name of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const sheet: SheetCase = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const file = readdirSync(folder).find((other) => other !== name && other.startsWith(name.slice(0, -4)))
  test(`${sheet.says} (${file})`, async () => {
    const { rateDeckId, record } = await importFile(join(folder, file ?? ''), sheet)
    assert.equal(record?.errors, [])
    assert.is(record?.status, 'applied')
    assert.is(sheet.calls.length, 5)
    for (const call of sheet.calls) assert.is(priceOf(rateDeckId, call), call.price, JSON.stringify(call))
  })
}

test.run()
