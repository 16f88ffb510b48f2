import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Configuration } from '../../src/tariffs/configuration.ts'
import {
  aBrand,
  aClient,
  aDatabase,
  aPlan,
  aProfile,
  changeTerms,
  openConfiguration,
  quiet,
  type TestDatabase,
} from './a-brand.ts'

const test = suite('Configuration')
let database: TestDatabase
let configuration: Configuration
const now = Date.parse('2026-06-01T00:00:00Z')

test.before(async () => {
  database = await aDatabase()
  configuration = await openConfiguration(database)
})
test.after(async () => {
  await configuration.close()
  await database.close()
})

test('a client is found by its id and by its SIP domain, in any case of letters', async () => {
  const brandId = await aBrand(database.db)
  const id = await aClient(database.db, { brandId, sipDomain: 'pbx.acme.example' })
  await configuration.refresh()
  assert.is(configuration.findClient(id.toUpperCase(), now)?.id, id)
  assert.is(configuration.findClient('PBX.Acme.example', now)?.id, id)
  assert.is(configuration.findClient('nobody.example', now), undefined)
  assert.equal([...(configuration.findBrand(brandId)?.terms[0]?.specialNumbers ?? [])], ['112'])
})

test('a domain that passed to another client names whose it was at the instant', async () => {
  const brandId = await aBrand(database.db)
  const first = await aClient(database.db, {
    brandId,
    sipDomain: 'moving.example',
    effectiveAt: '2026-02-01T00:00:00Z',
  })
  await changeTerms(database.db, {
    clientId: first,
    sipDomain: 'moved.example',
    effectiveAt: '2026-03-01T00:00:00Z',
  })
  await database.db.$client`update clients set sip_domain = 'moved.example' where id = ${first}`
  const second = await aClient(database.db, {
    brandId,
    sipDomain: 'moving.example',
    effectiveAt: '2026-03-02T00:00:00Z',
  })
  await configuration.refresh()
  const at = (text: string) => configuration.findClient('moving.example', Date.parse(text))?.id
  assert.is(at('2026-01-01T00:00:00Z'), first)
  assert.is(at('2026-02-15T00:00:00Z'), first)
  assert.is(at('2026-03-01T12:00:00Z'), second)
  assert.is(at('2026-04-01T00:00:00Z'), second)
  assert.is(configuration.findClient('moved.example', now)?.id, first)
})

test('within a brand a name means its clients alone, and each time in which one owned it is known', async () => {
  const [one, other] = [await aBrand(database.db), await aBrand(database.db)]
  const giver = await aClient(database.db, {
    brandId: one,
    sipDomain: 'given.example',
    effectiveAt: '2026-02-01T00:00:00Z',
  })
  // Another setting changed: the name is owned on.
  await changeTerms(database.db, {
    clientId: giver,
    sipDomain: 'given.example',
    timeZone: 'Europe/Madrid',
    effectiveAt: '2026-02-10T00:00:00Z',
  })
  await changeTerms(database.db, {
    clientId: giver,
    sipDomain: 'gone.example',
    effectiveAt: '2026-03-01T00:00:00Z',
  })
  await database.db.$client`update clients set sip_domain = 'gone.example' where id = ${giver}`
  const taker = await aClient(database.db, {
    brandId: other,
    sipDomain: 'given.example',
    effectiveAt: '2026-03-02T00:00:00Z',
  })
  await configuration.refresh()
  const at = (text: string, brandId: string | null) =>
    configuration.findClient('Given.example', Date.parse(text), brandId)?.id
  assert.is(at('2026-02-15T00:00:00Z', null), giver)
  assert.is(at('2026-02-15T00:00:00Z', one), giver)
  assert.is(at('2026-02-15T00:00:00Z', other), taker)
  assert.is(at('2026-04-01T00:00:00Z', null), taker)
  assert.is(at('2026-04-01T00:00:00Z', one), undefined)
  assert.is(configuration.findClient(taker, now, one), undefined)
  assert.is(configuration.findClient(taker, now, other)?.id, taker)
  const spans = (reference: string, brandId: string | null) =>
    configuration.listNameSpans(reference, brandId).map(({ client, from, until }) => [client.id, from, until])
  assert.equal(spans('GIVEN.example', null), [
    [taker, null, null],
    [giver, null, Date.parse('2026-03-01T00:00:00Z')],
  ])
  assert.equal(spans('given.example', one), [[giver, null, Date.parse('2026-03-01T00:00:00Z')]])
  assert.equal(spans('gone.example', null), [[giver, Date.parse('2026-03-01T00:00:00Z'), null]])
  assert.equal(spans(taker, null), [])
})

test('a new profile is known after a refresh, ascending by its activation, and gone when deleted', async () => {
  const brandId = await aBrand(database.db)
  const clientId = await aClient(database.db, { brandId })
  const ratingPlanId = await aPlan(database.db, { brandId, rateDeckIds: [] })
  const later = await aProfile(database.db, { clientId, ratingPlanId, activatesAt: '2026-05-01T00:00:00Z' })
  const sooner = await aProfile(database.db, { clientId, ratingPlanId, activatesAt: '2026-04-01T00:00:00Z' })
  await configuration.refresh()
  const ids = () => configuration.getClient(clientId).profiles.map(({ ratingProfileId }) => ratingProfileId)
  assert.equal(ids(), [sooner, later])
  await database.db.$client`delete from rating_profiles where id = ${sooner}`
  await configuration.refresh()
  assert.equal(ids(), [later])
})

test('another replica follows without being asked', async () => {
  const brandId = await aBrand(database.db)
  const other = await Configuration.open(database.db, {
    databaseUrl: database.url,
    log: quiet,
    pollMs: 50,
  })
  try {
    const id = await aClient(database.db, { brandId })
    const deadline = Date.now() + 5_000
    while (!other.findClient(id, now) && Date.now() < deadline)
      await new Promise((resolve) => setImmediate(resolve))
    assert.is(other.findClient(id, now)?.id, id)
  } finally {
    await other.close()
  }
})

test('a replica whose place in the list of changes is pruned reads everything anew', async () => {
  const brandId = await aBrand(database.db)
  const id = await aClient(database.db, { brandId })
  await database.db.$client`delete from configuration_changes`
  await configuration.refresh()
  assert.is(configuration.findClient(id, now)?.id, id)
})

test('whoever asks while a comparison runs gets what was committed before it asked', async () => {
  const brandId = await aBrand(database.db)
  const running = configuration.refresh()
  const id = await aClient(database.db, { brandId })
  await Promise.all([configuration.refresh(), configuration.refresh()])
  assert.is(configuration.findClient(id, now)?.id, id)
  await running
})

test('a version that is not committed is refused instead of waited for', async () => {
  await configuration.reach(configuration.version)
  let message = ''
  await configuration.reach(configuration.version + 1).catch((error) => {
    message = String(error)
  })
  assert.match(message, 'is not committed')
})

test.run()
