import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { asTenant } from '../../src/db/tenant.ts'
import { InvalidRequest, TollgateError } from '../../src/errors.ts'
import { RateTableNotLoaded } from '../../src/rating/tariff.ts'
import type { RateInput } from '../../src/tariffs/canonical-rate.ts'
import { changePlan } from '../../src/tariffs/change-plan.ts'
import { changeRounding } from '../../src/tariffs/change-rounding.ts'
import { requirePlanInCurrency } from '../../src/tariffs/check-currency.ts'
import type { Configuration } from '../../src/tariffs/configuration.ts'
import { publishRates } from '../../src/tariffs/publish-rates.ts'
import { readRates } from '../../src/tariffs/read-rates.ts'
import {
  aBrand,
  aClient,
  aDatabase,
  aPlan,
  aProfile,
  aRateDeck,
  openConfiguration,
  type TestDatabase,
} from './a-brand.ts'

const test = suite('publishRates')
let database: TestDatabase
let configuration: Configuration
let brandId: string
const leadSeconds = 5

test.before(async () => {
  database = await aDatabase()
  configuration = await openConfiguration(database)
  brandId = await aBrand(database.db)
})
test.after(async () => {
  await configuration.close()
  await database.close()
})

const spain = (rate: string): RateInput => ({ prefix: '34', destination: 'Spain', steps: [{ rate }] })
const publish = (rateDeckId: string, rates: RateInput[]) =>
  publishRates(
    { db: database.db, configuration, leadSeconds },
    { rateDeckId, read: async (rounding) => [readRates(rates, rounding)] },
  )

async function failureOf(work: Promise<unknown>): Promise<TollgateError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof TollgateError)) throw new Error(`not refused: ${error}`)
  return error
}

async function aDeckInUse(): Promise<string> {
  const rateDeckId = await aRateDeck(database.db, { brandId })
  const clientId = await aClient(database.db, { brandId })
  await aProfile(database.db, {
    clientId,
    ratingPlanId: await aPlan(database.db, { brandId, rateDeckIds: [rateDeckId] }),
  })
  await configuration.refresh()
  return rateDeckId
}

test('a deck has no version before its first rates, and those are in force for all time', async () => {
  const rateDeckId = await aDeckInUse()
  assert.is(configuration.tariffs.findDeck(rateDeckId, Date.now()), undefined)
  const { version, summary } = await publish(rateDeckId, [spain('0.020')])
  assert.is(version, 1)
  assert.is(summary.added, 1)
  const deck = configuration.tariffs.findDeck(rateDeckId, Date.parse('2001-01-01T00:00:00Z'))
  assert.equal(deck?.table.toRate(0), {
    prefix: '34',
    destination: 'Spain',
    connectFee: '0',
    steps: [{ fromSecond: 0, rate: '0.02', perSeconds: 60, incrementSeconds: 1 }],
    minimumPrice: null,
    maximumPrice: null,
    maximumPriceAction: 'free',
    blocked: false,
    graceSeconds: 0,
    highRisk: null,
  })
})

test('the next version of a deck in use takes effect a lead later, of another deck at once', async () => {
  const used = await aDeckInUse()
  const unused = await aRateDeck(database.db, { brandId })
  for (const rateDeckId of [used, unused]) await publish(rateDeckId, [spain('0.02')])
  const before = Date.now()
  const later = await publish(used, [spain('0.03')])
  const atOnce = await publish(unused, [spain('0.03')])
  const after = Date.now()
  assert.ok((later.effectiveAt ?? 0) >= before + 5_000 && (later.effectiveAt ?? 0) <= after + 5_000)
  assert.ok((atOnce.effectiveAt ?? 0) >= before - 1 && (atOnce.effectiveAt ?? 0) <= after)
  assert.is(configuration.tariffs.findDeck(used, after)?.version, 1)
  assert.is(configuration.tariffs.findDeck(used, later.effectiveAt ?? 0)?.version, 2)
})

test('a list equal to the deck makes no version', async () => {
  const rateDeckId = await aRateDeck(database.db, { brandId })
  await publish(rateDeckId, [spain('0.02')])
  const again = await publish(rateDeckId, [{ ...spain('0.0200'), prefix: '+34', connectFee: '0.00' }])
  assert.is(again.version, 1)
  assert.is(again.summary.unchanged, 1)
})

test('every fault is named with a pointer, and nothing is written', async () => {
  const rateDeckId = await aRateDeck(database.db, { brandId })
  const error = await failureOf(
    publish(rateDeckId, [
      spain('0.02'),
      { prefix: 'x', steps: [{ rate: '-1', incrementSeconds: 0 }] },
      { prefix: '0034', steps: [{ rate: '1' }, { rate: '1', fromSecond: 0 }] },
      { prefix: '35', steps: [{ rate: '1' }], minimumPrice: '0.00001' },
    ]),
  )
  assert.instance(error, InvalidRequest)
  assert.equal(error.errors.map(({ pointer }) => pointer).sort(), [
    '/1/prefix',
    '/1/steps/0/incrementSeconds',
    '/1/steps/0/rate',
    '/2/prefix',
    '/2/steps/1/fromSecond',
    '/3/minimumPrice',
  ])
  assert.is(configuration.findRateDeck(rateDeckId)?.versions.length ?? 0, 0)
})

test('an unknown deck is not found', async () => {
  assert.is(
    (await failureOf(publish('00000000-0000-7000-8000-000000000000', [spain('1')]))).code,
    'not_found',
  )
})

test('a table of a version long gone is loaded when asked for', async () => {
  const rateDeckId = await aDeckInUse()
  for (const rate of ['0.01', '0.02', '0.03']) await publish(rateDeckId, [spain(rate)])
  await database.db.$client`
    update rate_deck_versions set effective_at = '2020-01-01T00:00:00Z'::timestamptz + version * interval '1 day'
    where rate_deck_id = ${rateDeckId}`
  const other = await openConfiguration(database)
  try {
    const long = Date.parse('2020-01-02T12:00:00Z')
    let missing: unknown
    try {
      other.tariffs.findDeck(rateDeckId, long)
    } catch (error) {
      missing = error
    }
    if (!(missing instanceof RateTableNotLoaded)) throw new Error('an old table is in memory from the start')
    assert.is(missing.version, 1)
    await other.loadRateTable(missing.rateDeckId, missing.version)
    assert.is(other.tariffs.findDeck(rateDeckId, long)?.table.toRate(0).steps[0]?.rate, '0.01')
    assert.is(other.tariffs.findDeck(rateDeckId, Date.now())?.table.toRate(0).steps[0]?.rate, '0.03')
  } finally {
    await other.close()
  }
})

test('another rounding is a version with the same rates', async () => {
  const rateDeckId = await aRateDeck(database.db, { brandId })
  const rounding = { mode: 'half-even', decimals: 2 } as const
  const change = () =>
    database.db.transaction((tx) => changeRounding(tx, { rateDeckId, rounding, leadSeconds }))
  await publish(rateDeckId, [spain('0.02')])
  await aPlan(database.db, { brandId, rateDeckIds: [rateDeckId] })
  const published = await change()
  await configuration.reach(published?.configurationVersion ?? 0)
  assert.is(published?.version, 2)
  const deck = configuration.tariffs.findDeck(rateDeckId, Date.now())
  assert.equal(deck?.rounding, rounding)
  assert.is(deck?.table.toRate(0).steps[0]?.rate, '0.02')
  assert.is(await change(), undefined, 'the same rounding again')
})

test('a plan changes by versions, its own tenant publishes them, and equal entries make none', async () => {
  const api = openDatabase(database.url, { role: 'tollgate_api', connections: 1 })
  try {
    const rateDeckId = await aRateDeck(database.db, { brandId })
    const ratingPlanId = await aPlan(database.db, { brandId, rateDeckIds: [] })
    const entries = [
      { rateDeckId, weight: 1, days: [2, 1], from: '08:00', to: '20:00', originPrefixes: null },
    ]
    const change = () =>
      asTenant(api, { role: 'brand', brandId, clientId: null }, (tx) =>
        changePlan(tx, { ratingPlanId, content: { timeZone: 'Europe/Madrid', entries }, leadSeconds }),
      )
    const { published, warnings } = await change()
    assert.is(published?.version, 2)
    assert.is(warnings[0]?.code, 'coverage_gap')
    await configuration.reach(published?.configurationVersion ?? 0)
    assert.equal(configuration.tariffs.findPlan(ratingPlanId, Date.now())?.entries, [
      { ...entries[0], days: [1, 2] },
    ])
    assert.is((await change()).published, undefined)
  } finally {
    await closeDatabase(api)
  }
})

test('a deck in another currency than the plan is refused at the link, an unknown one too', async () => {
  const dollars = await aRateDeck(database.db, { brandId, currency: 'USD' })
  const foreign = await aRateDeck(database.db, { brandId: await aBrand(database.db) })
  const ratingPlanId = await aPlan(database.db, { brandId, rateDeckIds: [] })
  const link = (rateDeckId: string) =>
    database.db.transaction((tx) =>
      changePlan(tx, {
        ratingPlanId,
        content: {
          timeZone: null,
          entries: [{ rateDeckId, weight: 1, days: null, from: '00:00', to: '24:00', originPrefixes: null }],
        },
        leadSeconds,
      }),
    )
  const mismatch = await failureOf(link(dollars))
  assert.is(mismatch.code, 'currency_mismatch')
  assert.is(mismatch.status, 422)
  assert.is(mismatch.errors[0]?.pointer, '/entries/0/rateDeckId')
  assert.is((await failureOf(link(foreign))).code, 'invalid_request')
})

test('a plan in another currency than the client is refused at the profile', async () => {
  const clientId = await aClient(database.db, { brandId })
  const ratingPlanId = await aPlan(database.db, { brandId, rateDeckIds: [] })
  await database.db.$client`update rating_plans set currency = 'USD' where id = ${ratingPlanId}`
  const error = await failureOf(
    database.db.transaction((tx) => requirePlanInCurrency(tx, { clientId, ratingPlanId })),
  )
  assert.is(error.code, 'currency_mismatch')
  assert.is(error.errors[0]?.pointer, '/ratingPlanId')
})

test('rates have a deck: none is written without one, and a deck that goes takes its own along', async () => {
  const { $client } = database.db
  const nowhere = '018f0000-0000-7000-8000-00000000dead'
  const insertInto = (deck: string) => $client`
    insert into rates (rate_deck_id, prefix, from_version, destination, terms)
    select ${deck}::uuid, given.prefix, 1, 'Nowhere', '{}'::jsonb
    from unnest(${['1', '2']}::text[]) as given (prefix)`
  const refused = await insertInto(nowhere).then(
    () => 'written',
    (error: { code?: string }) => error.code,
  )
  assert.is(refused, '23503')
  const deck = await aRateDeck(database.db, { brandId, currency: 'EUR' })
  const other = await aRateDeck(database.db, { brandId, currency: 'EUR' })
  await insertInto(deck)
  await insertInto(other)
  await $client`delete from rate_decks where id = ${deck}`
  const left = await $client`select rate_deck_id from rates where rate_deck_id in (${deck}, ${other})`
  assert.equal(
    left.map((row) => row.rate_deck_id),
    [other, other],
  )
})

test.run()
