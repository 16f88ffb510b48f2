import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findImport, type ImportRecord, insertImport } from '../../src/db/tariffs/imports.ts'
import { RateTableNotLoaded } from '../../src/rating/tariff.ts'
import type { Configuration } from '../../src/tariffs/configuration.ts'
import { Importer, type ImportRequest } from '../../src/tariffs/import-rates.ts'
import { newId } from '../../src/uuid.ts'
import { testFolder } from '../servers.ts'
import {
  aBrand,
  aClient,
  aDatabase,
  aPlan,
  aProfile,
  aRateDeck,
  openConfiguration,
  quiet,
  type TestDatabase,
} from './a-brand.ts'

const test = suite('importRates')
let database: TestDatabase
let configuration: Configuration
let importer: Importer
let brandId: string
let rateDeckId: string

test.before(async () => {
  database = await aDatabase()
  configuration = await openConfiguration(database)
  importer = await openImporter()
  brandId = await aBrand(database.db)
})
test.before.each(async () => {
  rateDeckId = await aRateDeck(database.db, { brandId })
  await aPlan(database.db, { brandId, rateDeckIds: [rateDeckId] })
  await configuration.refresh()
})
test.after(async () => {
  await importer.close()
  await configuration.close()
  await database.close()
})

function openImporter(): Promise<Importer> {
  const { db, url: databaseUrl } = database
  return Importer.open({ db, databaseUrl, configuration, leadSeconds: 5, folder: testFolder(), log: quiet })
}

async function importCsv(csv: string, options: Partial<ImportRequest> = {}): Promise<ImportRecord> {
  const request: ImportRequest = { brandId, rateDeckId, mode: 'replace', isDryRun: false, ...options }
  const id = await importer.start(request, Readable.from([Buffer.from(csv)]))
  await importer.idle()
  const record = await findImport(database.db, id)
  if (!record) throw new Error('the import left no record')
  return record
}

function deckNow(): Record<string, string> {
  const rates = [...(configuration.tariffs.findDeck(rateDeckId, Date.now())?.table.iterate() ?? [])]
  return Object.fromEntries(
    rates.map(({ prefix, steps }) => [prefix, steps.map(({ rate }) => rate).join(' ')]),
  )
}

const first = 'prefix,destination,rate\n34,Spain,0.02\n346,Spain mobile,0.06\n33,France,0.03\n'
const second = 'prefix,destination,rate\n34,Spain,0.01\n346,Spain mobile,0.06\n351,Portugal,0.05\n'

test('a file becomes the first version of a deck, and calls are priced by it when it says applied', async () => {
  const record = await importCsv(first)
  assert.is(record.status, 'applied')
  assert.is(record.version, 1)
  assert.is(record.rowsRead, 3)
  assert.is(record.rowsTotal, 3)
  assert.equal(record.errors, [])
  assert.equal(record.summary, {
    added: 3,
    changed: 0,
    removed: 0,
    unchanged: 0,
    kept: 0,
    largestRises: [],
    largestFalls: [],
  })
  assert.equal(deckNow(), { 33: '0.03', 34: '0.02', 346: '0.06' })
})

test('replace takes away what the file does not name, and tells the largest rises and falls', async () => {
  await importCsv(first)
  const { summary } = await importCsv(second)
  assert.equal(summary, {
    added: 1,
    changed: 1,
    removed: 1,
    unchanged: 1,
    kept: 0,
    largestRises: [],
    largestFalls: [{ prefix: '34', destination: 'Spain', from: '0.02', to: '0.01', percent: '-50' }],
  })
  assert.equal(deckNow(), { 34: '0.01', 346: '0.06', 351: '0.05' })
})

test('rows that begin later wait for their date, and a dry run says so without a trace', async () => {
  await importCsv(first)
  const sheet =
    'prefix,destination,rate,effective_at,change\n' +
    '34,Spain,0.02,,same\n' +
    '34,Spain,0.05,2090-01-01,new\n' +
    '346,Spain mobile,0.09,2091-01-01,new\n' +
    '33,France,0.03,2020-01-01,old\n' +
    '33,France,0.04,2021-01-01,new\n' +
    '33,France,,2091-01-01,gone\n'
  const mapping = { removeWhere: [{ column: 'change', in: ['GONE'] }] }
  const dry = await importCsv(sheet, { mapping, isDryRun: true })
  assert.equal([dry.status, dry.version], ['dry-run', null])
  assert.equal(deckNow(), { 33: '0.03', 34: '0.02', 346: '0.06' })
  const real = await importCsv(sheet, { mapping })
  assert.equal([real.status, real.errors, real.version], ['applied', [], 4])
  assert.equal(real.summary, dry.summary)
  assert.equal(real.summary?.later, [
    { effectiveAt: '2090-01-01T00:00:00.000Z', added: 0, changed: 1, removed: 0 },
    { effectiveAt: '2091-01-01T00:00:00.000Z', added: 0, changed: 1, removed: 1 },
  ])
  assert.equal(
    real.warnings.filter(({ code }) => code === 'rate_kept_until').map(({ line }) => line),
    [4],
  )
  const deckAt = (at: string) =>
    Object.fromEntries(
      [...(configuration.tariffs.findDeck(rateDeckId, Date.parse(at))?.table.iterate() ?? [])].map(
        ({ prefix, steps }) => [prefix, steps[0]?.rate],
      ),
    )
  assert.equal(deckAt('2090-06-01T00:00:00Z'), { 33: '0.04', 34: '0.05', 346: '0.06' })
  assert.equal(deckAt('2091-06-01T00:00:00Z'), { 34: '0.05', 346: '0.09' })
})

test('a sheet with more than ten later dates, or a row that stays and goes, is refused', async () => {
  const years = Array.from({ length: 11 }, (_, n) => `34,0.02,${2080 + n}-01-01\n`).join('')
  const dates = await importCsv(`prefix,rate,effective_at\n${years}`)
  assert.equal([dates.status, dates.errors[0]?.code], ['rejected', 'too_many_dates'])
  const both = await importCsv('prefix,rate,change\n34,0.02,\n34,0.02,gone\n', {
    mapping: { removeWhere: [{ column: 'change', in: ['gone'] }] },
  })
  assert.equal([both.status, both.errors[0]?.code], ['rejected', 'repeated_prefix'])
})

test('merge keeps what the file does not name', async () => {
  await importCsv(first)
  const { summary } = await importCsv(second, { mode: 'merge' })
  assert.is(summary?.kept, 1)
  assert.is(summary?.removed, 0)
  assert.equal(deckNow(), { 33: '0.03', 34: '0.01', 346: '0.06', 351: '0.05' })
})

test('a dry run says what the real run then does, and changes nothing', async () => {
  await importCsv(first)
  const dry = await importCsv(second, { isDryRun: true })
  assert.is(dry.status, 'dry-run')
  assert.is(dry.version, null)
  assert.equal(deckNow(), { 33: '0.03', 34: '0.02', 346: '0.06' })
  const real = await importCsv(second)
  assert.equal(real.summary, dry.summary)
  assert.equal(real.warnings, dry.warnings)
  assert.is(real.version, 2)
})

test('a file equal to the deck makes no version, however its amounts are written', async () => {
  await importCsv(first)
  const again = await importCsv(
    'rate;prefix;destination\n0,020;34;Spain\n0,06;346;Spain mobile\n0,03;33;France\n',
  )
  assert.is(again.status, 'applied')
  assert.is(again.version, null)
  assert.is(again.summary?.unchanged, 3)
})

test('one bad row, the last of many, and nothing is applied', async () => {
  await importCsv(first)
  const rows = Array.from({ length: 12_000 }, (_, row) => `${340_000 + row},Spain,0.02\n`)
  const record = await importCsv(`prefix,destination,rate\n${rows.join('')}35,Portugal,free\n`)
  assert.is(record.status, 'rejected')
  assert.is(record.rowsRead, 12_001)
  assert.is(record.errorsTotal, 1)
  assert.equal(record.errors[0]?.line, 12_002)
  assert.equal(record.errors[0]?.column, 'rate')
  assert.equal(record.errors[0]?.value, 'free')
  assert.is(record.summary, null)
  assert.equal(deckNow(), { 33: '0.03', 34: '0.02', 346: '0.06' })
})

test('all bad rows are in the list, the first thousand in the record', async () => {
  const rows = Array.from({ length: 1_500 }, (_, row) => `x${row},0.02\n`)
  const record = await importCsv(`prefix,rate\n${rows.join('')}`)
  assert.is(record.errorsTotal, 1_500)
  assert.is(record.errors.length, 1_000)
  const list = await importer.openFaults(record)
  const lines = (await text(list ?? Readable.from([]))).trim().split('\n')
  assert.is(lines.length, 1_501)
  assert.is(lines[0], 'line,column,code,detail,value')
  assert.match(lines.at(-1) ?? '', /^1501,prefix,invalid_prefix,.*,x1499$/)
})

test('several rows of a prefix are its steps, wherever they stand in the file', async () => {
  const record = await importCsv(
    'prefix,destination,rate,connect_fee,interval_start,increment\n' +
      '34,Spain,0.01,0.1,60,1\n' +
      '35,Portugal,0.05,0,0,1\n' +
      '34,,0.02,,0,60\n'.replace('34,,', '34,Spain,'),
  )
  assert.is(record.status, 'rejected', 'the fee of the first interval is 0, of the second 0.1')
  assert.equal(
    record.errors.map(({ line, column, code }) => [line, column, code]),
    [[2, 'connect_fee', 'contradicting_value']],
  )
  const good = await importCsv(
    'prefix,destination,rate,connect_fee,interval_start,increment\n' +
      '34,,0.01,,60,1\n' +
      '35,Portugal,0.05,0,0,1\n' +
      '34,Spain,0.02,0.1,0,60\n',
  )
  assert.is(good.status, 'applied')
  const rates = [...(configuration.tariffs.findDeck(rateDeckId, Date.now())?.table.iterate() ?? [])]
  assert.equal(
    rates.find(({ prefix }) => prefix === '34'),
    {
      prefix: '34',
      destination: 'Spain',
      connectFee: '0.1',
      steps: [
        { fromSecond: 0, rate: '0.02', perSeconds: 60, incrementSeconds: 60 },
        { fromSecond: 60, rate: '0.01', perSeconds: 60, incrementSeconds: 1 },
      ],
      minimumPrice: null,
      maximumPrice: null,
      maximumPriceAction: 'free',
      blocked: false,
      graceSeconds: 0,
      highRisk: null,
    },
  )
})

test('a prefix twice is a fault of the second row, however it is written', async () => {
  const record = await importCsv('prefix,rate\n34,0.01\n35,0.02\n+34,0.03\n0035,0.02\n')
  assert.is(record.status, 'rejected')
  assert.equal(
    record.errors.map(({ line, code }) => [line, code]),
    [
      [4, 'repeated_prefix'],
      [5, 'repeated_prefix'],
    ],
  )
})

test('an interval that starts within the initial increment of the one before is refused', async () => {
  const record = await importCsv(
    'prefix,rate,interval_start,initial_increment,increment\n34,0.02,0,60,6\n34,0.01,30,1,1\n',
  )
  assert.equal(
    record.errors.map(({ line, column, code }) => [line, column, code]),
    [[3, 'interval_start', 'overlapping_interval']],
  )
})

test('an empty file is refused instead of emptying the deck', async () => {
  await importCsv(first)
  const record = await importCsv('prefix,destination,rate\n')
  assert.is(record.status, 'rejected')
  assert.equal(
    record.errors.map(({ code }) => code),
    ['no_rows'],
  )
  assert.equal(deckNow(), { 33: '0.03', 34: '0.02', 346: '0.06' })
})

test('what looks like a mistake is said, not refused', async () => {
  const { status, warnings } = await importCsv(
    'prefix,destination,rate\n34,Spain,0.02\n346,Spain mobile,0.9\n347,Spain,0.001\n33,Spain,0.02\n210,Nowhere,0.02\n39,Italy,0.02\n',
  )
  assert.is(status, 'applied')
  assert.equal(
    warnings.map(({ line, code }) => [line, code]).sort(),
    [
      [3, 'far_above_median'],
      [3, 'much_dearer_than_parent'],
      [4, 'much_cheaper_than_parent'],
      [2, 'destination_in_several_countries'],
      [6, 'undialable_prefix'],
    ].sort(),
  )
})

test('a deck in use changes a lead after the import, so that running calls keep their version', async () => {
  const clientId = await aClient(database.db, { brandId })
  const ratingPlanId = await aPlan(database.db, { brandId, rateDeckIds: [rateDeckId] })
  await aProfile(database.db, { clientId, ratingPlanId })
  await importCsv(first)
  assert.equal(
    deckNow(),
    { 33: '0.03', 34: '0.02', 346: '0.06' },
    'the first version is in force for all time',
  )
  assert.is(configuration.tariffs.findDeck(rateDeckId, 0)?.version, 1)
  const before = Date.now()
  await importCsv(second)
  const versions = configuration.findRateDeck(rateDeckId)?.versions ?? []
  const effectiveAt = versions[1]?.effectiveAt ?? 0
  assert.ok(effectiveAt >= before + 5_000, 'five seconds after it was published')
  assert.is(configuration.tariffs.findDeck(rateDeckId, effectiveAt - 1)?.version, 1)
  assert.is(configuration.tariffs.findDeck(rateDeckId, effectiveAt)?.version, 2)
})

test('while files are imported every look sees one version whole', async () => {
  const size = 3_000
  const csv = (rate: string) =>
    `prefix,rate\n${Array.from({ length: size }, (_, row) => `${340_000 + row},${rate}\n`).join('')}`
  await importCsv(csv('0.01'))
  let looks = 0
  const isImporting = { now: true }
  const looking = (async () => {
    while (isImporting.now) {
      await new Promise((resolve) => setImmediate(resolve))
      looks += lookAtDeck(size)
    }
  })()
  for (const rate of ['0.02', '0.03', '0.04']) await importCsv(csv(rate))
  isImporting.now = false
  await looking
  assert.ok(looks > 10)
})

/** 0: the newest version is known and its table not there yet; whoever prices then waits for it. */
function lookAtDeck(size: number): 0 | 1 {
  try {
    const table = configuration.tariffs.findDeck(rateDeckId, Date.now())?.table
    const rates = [0, 1, size - 1].map((row) => table?.rateAt(row).rate.steps[0]?.rate)
    assert.is(new Set(rates).size, 1)
    assert.is(table?.size, size)
    return 1
  } catch (error) {
    if (error instanceof RateTableNotLoaded) return 0
    throw error
  }
}

test('a file of any bytes is refused with what stands in it, where PostgreSQL could not hold that as it came', async () => {
  const files: [file: string, code: string, value: string][] = [
    ['prefix,rate\n34\u0000,1\n', 'invalid_text', '34\u2400'],
    ['prefix,rate,a\u0000b\n34,1,2\n', 'unknown_column', 'a\u2400b'],
    // Values are cut, and the cut falls into a pair.
    [`prefix,rate\n34,${'x'.repeat(99)}\u{1f600}\n`, 'invalid_amount', `${'x'.repeat(99)}\ufffd`],
  ]
  for (const [file, code, value] of files) {
    const { status, errors } = await importCsv(file)
    assert.is(status, 'rejected')
    assert.equal([errors[0]?.code, errors[0]?.value], [code, value])
  }
})

test('an import whose process died is told as interrupted, or as applied where its version stands', async () => {
  const order = { brandId, rateDeckId, mode: 'replace', isDryRun: false, rowsTotal: 1 } as const
  const [lost, committed] = [newId(), newId()]
  await insertImport(database.db, { id: lost, ...order })
  await insertImport(database.db, { id: committed, ...order })
  await database.db.$client`update imports set status = 'running', version = 7 where id = ${committed}`
  const other = await openImporter()
  await other.close()
  const record = await findImport(database.db, lost)
  assert.is(record?.status, 'rejected')
  assert.equal(
    record?.errors.map(({ code }) => code),
    ['interrupted'],
  )
  assert.is((await findImport(database.db, committed))?.status, 'applied')
})

test('an import goes on, and the process with it, while the database does not take its progress', async () => {
  const asOwner = (statement: string) =>
    database.db.$client.begin((tx) => tx.unsafe(`set local role none; ${statement}`))
  await asOwner(`
    create function refuse_progress() returns trigger language plpgsql as $$
      begin raise exception 'no room' using errcode = '53100'; end $$;
    create trigger refuse_progress before update on imports
      for each row when (new.status = 'running') execute function refuse_progress()`)
  try {
    assert.is((await importCsv(first)).status, 'applied')
  } finally {
    await asOwner('drop trigger refuse_progress on imports; drop function refuse_progress')
  }
})

test('a living import of another replica is left alone', async () => {
  const id = await importer.start(
    { brandId, rateDeckId, mode: 'replace', isDryRun: false },
    Readable.from([Buffer.from(first)]),
  )
  const other = await openImporter()
  await other.close()
  await importer.idle()
  assert.is((await findImport(database.db, id))?.status, 'applied')
})

test.run()
