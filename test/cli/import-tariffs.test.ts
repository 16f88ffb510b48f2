import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from '../api/test-api.ts'
import {
  cgratesAllowanceFiles,
  cgratesFiles,
  folderOf,
  ivozProviderFiles,
} from '../tariff-migration/folder.ts'
import { tollgate } from './run.ts'

const test = suite("importing another system's tariffs")
let api: TestApi
let url: string

test.before(async () => {
  api = await openTestApi()
  url = await api.app.listen({ port: 0, host: '127.0.0.1' })
})
test.after(() => api.close())

const importAs = (key: string, source: 'cgrates' | 'ivozprovider', files: object, ...options: string[]) =>
  tollgate(
    ...['import', source, folderOf(files as Record<string, string[]>), '--currency', 'EUR', ...options],
    ...['--url', url, '--key', key],
  )
const list = async (key: string, path: string) => (await must(api.send('GET', path, { key }))).data
const price = async (tenant: { brandKey: string; clientId: string }, answeredAt = '2026-01-14T10:00:00Z') => {
  const body = { clientId: tenant.clientId, to: '+34600111222', durationSeconds: 90, answeredAt }
  return (await must(api.send('POST', '/v1/price-simulations', { key: tenant.brandKey, body }))).price
}

/** One deck, one plan, one profile. */
const small = (changes: Record<string, string[]> = {}) => ({
  'Destinations.csv': ['MOBILE,346'],
  'Rates.csv': ['R,0,0.06,60s,1s,0s'],
  'DestinationRates.csv': ['DR,MOBILE,R,*up,4,0,'],
  'Timings.csv': [],
  'RatingPlans.csv': ['Retail,DR,*any,10'],
  'RatingProfiles.csv': ['x,call,Acme,2026-01-01T00:00:00Z,Retail,'],
  ...changes,
})

test('CGRateS: it prices calls here, and rows without an equal end with 1', async () => {
  const tenant = await makeTenant(api)
  const dry = await importAs(tenant.brandKey, 'cgrates', cgratesFiles, '--dry-run')
  assert.match(
    dry.out,
    /^Would make 4 decks, 6 rates, 1 calendars, 1 plans, 1 profiles; 9 rows cannot be expressed here\.$/m,
  )
  assert.match(
    dry.out,
    /^RatingProfiles\.csv line 5: there is no client "Nobody"\n {4}example\.com,call,Nobody/m,
  )
  assert.equal(await list(tenant.brandKey, '/v1/rate-decks'), [])
  const { code, out, error } = await importAs(tenant.brandKey, 'cgrates', cgratesFiles)
  assert.is(code, 1, error)
  assert.match(out, /^Timings\.csv line 4: a window opens at a full minute.*\n {4}ODD,/m)
  assert.match(out, /^RatingProfiles\.csv line 5: there is no client "Nobody"$/m)
  assert.match(
    out,
    /^Made 4 decks, 6 rates, 1 calendars, 1 plans, 1 profiles; 9 rows cannot be expressed here\.$/m,
  )
  assert.is(await price(tenant), '0.175')
  assert.is(await price(tenant, '2026-01-14T20:00:00Z'), '0.015')
  assert.is(await price(tenant, '2026-12-25T10:00:00Z'), '0.015')
  assert.is(await price(tenant, '2026-12-26T10:00:00Z'), '0.175')
  const [calendar] = await list(tenant.brandKey, '/v1/calendars')
  assert.equal([calendar.name, calendar.days], ['CHRISTMAS (cgrates)', [{ month: 12, day: 25 }]])
  const [deck] = await list(tenant.brandKey, '/v1/rate-decks')
  const [plan] = await list(tenant.brandKey, '/v1/rating-plans')
  assert.equal([deck.source, plan.source], ['cgrates', 'cgrates'])
  const again = await importAs(tenant.brandKey, 'cgrates', cgratesFiles, '--json')
  const answer = JSON.parse(again.out)
  assert.equal(
    [...answer.rateDecks, ...answer.ratingPlans].map(({ outcome }) => outcome),
    Array(5).fill('unchanged'),
  )
  const [samePlan] = await list(tenant.brandKey, '/v1/rating-plans')
  assert.equal([samePlan.id, samePlan.version], [plan.id, 1])
})

test('IvozProvider: companies are found by their SIP domain', async () => {
  const tenant = await makeTenant(api)
  const { sipDomain } = await must(api.send('GET', `/v1/clients/${tenant.clientId}`))
  const { out } = await importAs(tenant.brandKey, 'ivozprovider', {
    ...ivozProviderFiles,
    'Companies.csv': ['id,name,domain_users', `7,Other,${sipDomain.toUpperCase()}`],
  })
  assert.match(
    out,
    /^Made 4 decks, 5 rates, 0 calendars, 1 plans, 1 profiles; 4 rows cannot be expressed here\.$/m,
  )
})

test('a platform key says the brand, in dry runs too, and touches no other', async () => {
  const [one, other] = [await makeTenant(api), await makeTenant(api)]
  for (const options of [[], ['--dry-run']]) {
    const { code, error } = await importAs(platformKey, 'cgrates', small(), ...options)
    assert.is(code, 2)
    assert.match(error, /by --brand\.$/m)
  }
  assert.is((await importAs(other.brandKey, 'cgrates', small())).code, 0)
  const dearer = small({ 'Rates.csv': ['R,0,0.60,60s,1s,0s'] })
  assert.is((await importAs(platformKey, 'cgrates', dearer, '--brand', one.brandId)).code, 0)
  assert.equal([await price(one), await price(other)], ['0.9', '0.09'])
})

test('a deck or plan that no import of this source made is refused unless --replace names it', async () => {
  const tenant = await makeTenant(api)
  const key = tenant.brandKey
  const deck = await must(api.send('POST', '/v1/rate-decks', { key, body: { name: 'DR', currency: 'EUR' } }))
  assert.is(deck.source, null)
  const byHand = [{ prefix: '346', steps: [{ rate: '0.30' }] }]
  await must(api.send('PUT', `/v1/rate-decks/${deck.id}/rates`, { key, body: byHand }))
  const ratesNow = async () => (await list(key, `/v1/rate-decks/${deck.id}/rates`))[0].steps[0].rate
  for (const options of [[], ['--dry-run'], ['--replace', 'Retail']]) {
    const { code, out } = await importAs(key, 'cgrates', small(), ...options)
    assert.is(code, 1)
    assert.match(out, /^Fault: The rate deck "DR" was made by hand: /m)
    assert.match(out, /^Refused for \d+ faults; nothing was changed/m)
  }
  assert.is(await ratesNow(), '0.3')
  assert.equal(await list(key, '/v1/rating-plans'), [])
  assert.is((await importAs(key, 'cgrates', small(), '--replace', 'DR')).code, 0)
  assert.is(await ratesNow(), '0.06')
  assert.is((await list(key, '/v1/rate-decks'))[0].source, 'cgrates')
  // The next import of the same source may.
  assert.is((await importAs(key, 'cgrates', small())).code, 0)
  // Another source may not.
  const ivoz = {
    ...ivozProviderFiles,
    'RatingPlanGroups.csv': ['id,name_en,currencyId', '1,Retail,1'],
  }
  const { out } = await importAs(key, 'ivozprovider', ivoz)
  assert.match(out, /^Fault: The rating plan "Retail" was made by an import of cgrates: /m)
  const typo = await importAs(key, 'cgrates', small(), '--replace', 'DRR')
  assert.match(typo.out, /^Fault: No rate deck and no rating plan of this import is called "DRR"\.$/m)
})

test('a fault of the last thing changes nothing: not the rates, not the plan', async () => {
  const tenant = await makeTenant(api)
  const key = tenant.brandKey
  assert.is((await importAs(key, 'cgrates', small())).code, 0)
  const dearer = { 'Rates.csv': ['R,0,0.60,60s,1s,0s', 'NEW,0,1,60s,1s,0s'] }
  const broken: Record<string, [Record<string, string[]>, string[], RegExp]> = {
    'the currency is not that of the deck': [
      dearer,
      ['--currency', 'USD'],
      /"DR" is in EUR, the import's in USD/,
    ],
    'the zone is none': [dearer, ['--time-zone', 'Mars/Olympus'], /not an IANA time zone/],
    'a new plan in a currency that its client does not have': [
      {
        ...dearer,
        'DestinationRates.csv': ['DR2,MOBILE,R,*up,4,0,'],
        'RatingPlans.csv': ['Retail2,DR2,*any,10'],
        'RatingProfiles.csv': ['x,call,Acme,2026-02-01T00:00:00Z,Retail2,'],
      },
      ['--currency', 'USD'],
      /The client "Acme" is in EUR, its rating plan "Retail2" in USD/,
    ],
  }
  for (const [name, [files, options, fault]] of Object.entries(broken)) {
    for (const dry of [['--dry-run'], []]) {
      const { code, out } = await importAs(key, 'cgrates', small(files), ...options, ...dry)
      assert.is(code, 1, name)
      assert.match(out, fault)
      assert.match(out, /nothing was changed/)
    }
  }
  assert.is(await price(tenant), '0.09')
  assert.is((await list(key, '/v1/rate-decks')).length, 1)
})

test("a deck's rounding follows the files, with a version, and is named", async () => {
  const tenant = await makeTenant(api)
  const key = tenant.brandKey
  await importAs(key, 'cgrates', small())
  const { code, out } = await importAs(
    key,
    'cgrates',
    small({ 'DestinationRates.csv': ['DR,MOBILE,R,*middle,1,0,'] }),
  )
  assert.is(code, 1)
  assert.match(out, /^Note: the deck "DR" rounded up to 4 decimals and now rounds half-up to 1 decimals$/m)
  const [deck] = await list(key, '/v1/rate-decks')
  assert.equal(deck.rounding, { mode: 'half-up', decimals: 1 })
})

test('a profile that clashes with one that is there is named and not counted as made', async () => {
  const tenant = await makeTenant(api)
  const key = tenant.brandKey
  await importAs(key, 'cgrates', small())
  const other = small({
    'RatingPlans.csv': ['Other,DR,*any,10', 'Third,DR,*any,10'],
    'RatingProfiles.csv': [
      'x,call,Acme,2026-01-01T00:00:00Z,Other,',
      'x,call,Acme,2026-03-01T00:00:00Z,Other,',
      'x,call,Acme,2026-03-01T00:00:00Z,Third,',
    ],
  })
  const { code, out } = await importAs(key, 'cgrates', other)
  assert.is(code, 1)
  assert.match(out, /^RatingProfiles\.csv line 1: the client "Acme" has another plan from this instant/m)
  assert.match(out, /^RatingProfiles\.csv line 3: the client "Acme" has another plan from this instant/m)
  assert.match(out, /1 profiles; 2 rows cannot be expressed here\.$/m)
})

test('where no rate can be taken, each row says why', async () => {
  const { brandKey } = await makeTenant(api)
  const { code, out } = await importAs(
    brandKey,
    'cgrates',
    small({ 'Rates.csv': ['R,0,0.06,60,1,0'], 'DestinationRates.csv': ['DR,MOBILE,R,*up,4,0,'] }),
  )
  assert.is(code, 1)
  assert.match(out, /^Rates\.csv line 1: unit, increment and interval start are whole seconds/m)
  assert.match(out, /^DestinationRates\.csv line 1: its rate is not there, or was left out/m)
  assert.match(out, /^There is no rate in these files that could be taken; nothing was changed; /m)
})

test('CGRateS: minutes by the period become allowances, once', async () => {
  const tenant = await makeTenant(api)
  const files = {
    ...small({ 'RatingProfiles.csv': ['example.com,call,Acme,2026-01-01T00:00:00Z,Retail,'] }),
    ...cgratesAllowanceFiles,
    'Destinations.csv': ['MOBILE,346', 'SPAIN,34', 'FRANCE,33'],
  }
  const sums = '1 profiles, 2 allowance plans, 1 allowances, 0 fixed costs'
  const dry = await importAs(tenant.brandKey, 'cgrates', files, '--dry-run')
  assert.match(dry.out, sums)
  assert.equal(await list(tenant.brandKey, '/v1/allowance-plans'), [])
  const { code, out } = await importAs(tenant.brandKey, 'cgrates', files)
  assert.is(code, 1)
  assert.match(out, sums)
  assert.match(out, /^AccountActions\.csv line 3: there is no client "Nobody"$/m)
  const again = JSON.parse((await importAs(tenant.brandKey, 'cgrates', files, '--json')).out)
  assert.equal([again.allowancePlans, again.allowances], [2, 1])
  const plans = await list(tenant.brandKey, '/v1/allowance-plans?sort=name')
  assert.equal(
    plans.map(({ name, period, fee }: { name: string; period: string; fee: string }) => [name, period, fee]),
    [
      ['SPAIN 100', 'month', '9.9'],
      ['WEEK', 'week', '0'],
    ],
  )
  const allowances = await list(tenant.brandKey, `/v1/clients/${tenant.clientId}/allowances`)
  assert.equal(
    allowances.map(({ allowancePlanId }: { allowancePlanId: string }) => allowancePlanId),
    [plans[0].id],
  )
  const other = { ...files, 'Actions.csv': files['Actions.csv'].map((line) => line.replace('100m', '99m')) }
  const changed = await importAs(tenant.brandKey, 'cgrates', other)
  assert.match(changed.out, 'the brand has another allowance plan "SPAIN 100", which stays as it is')
  assert.is((await list(tenant.brandKey, '/v1/allowance-plans?sort=name'))[0].items[0].amount, 6000)
})

test('IvozProvider: fixed costs come along, also alone', async () => {
  const tenant = await makeTenant(api)
  const files = { 'FixedCosts.csv': ['id,name,cost', '1,PBX,12.5000'] }
  assert.match((await importAs(tenant.brandKey, 'ivozprovider', files)).out, '1 fixed costs')
  assert.match((await importAs(tenant.brandKey, 'ivozprovider', files)).out, '1 fixed costs')
  const costs = await list(tenant.brandKey, '/v1/fixed-costs')
  assert.equal(
    costs.map(({ name, price }: { name: string; price: string }) => [name, price]),
    [['PBX', '12.5']],
  )
  const other = await importAs(tenant.brandKey, 'ivozprovider', {
    'FixedCosts.csv': ['id,name,cost', '1,PBX,13'],
  })
  assert.match(other.out, 'the brand has another fixed cost "PBX", which stays as it is')
})

test.run()
