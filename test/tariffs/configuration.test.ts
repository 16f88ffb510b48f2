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
