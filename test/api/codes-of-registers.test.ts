import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('currencies and countries of ISO in settings')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let n = 0

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const brandWith = (fields: object) =>
  api.send('POST', '/v1/brands', { body: { name: `Register ${++n}`, currency: 'EUR', ...fields } })
const clientWith = (fields: object, brandId = tenant.brandId) =>
  api.send('POST', '/v1/clients', {
    body: { brandId, name: `Register ${++n}`, sipDomain: `register${n}.example.com`, ...fields },
  })
const patch = (path: string, body: object) => api.send('PATCH', path, { body })
const outcome = ({ status, body }: { status: number; body: { errors?: { pointer: string }[] } }) =>
  status < 300 ? status : `${status} ${body.errors?.map(({ pointer }) => pointer).join(' ')}`

/** Neither money to pay in nor codes of a state of today. */
const units = 'XXX XTS XAU XAG XPT XPD XDR XSU XUA XBA XBB XBC XBD XAD'.split(' ')
const retired = ['ANG', 'BGN', 'CUC', 'ZWL', 'HRK', 'DEM']
const noCountries = 'IC EA AC TA AN SU YU CS DD FX EU UK ZZ XA BU TP ZR'.split(' ')

test('money of today is taken, in every place', async () => {
  for (const currency of ['XCG', 'EUR', 'JPY', 'KWD', 'ZWG', 'XOF', 'XAF', 'XPF', 'XCD']) {
    assert.is(outcome(await brandWith({ currency })), 201, currency)
    assert.is(outcome(await clientWith({ currency })), 201, currency)
    const deck = { brandId: tenant.brandId, name: `In ${currency}`, currency }
    assert.is(outcome(await api.send('POST', '/v1/rate-decks', { body: deck })), 201, currency)
  }
})

test('units that nobody pays in, and currencies that ISO has retired, are refused for brands and clients', async () => {
  const brand = await must(brandWith({}))
  const client = await must(clientWith({}))
  for (const currency of [...units, ...retired]) {
    for (const answer of [
      await brandWith({ currency }),
      await clientWith({ currency }),
      await patch(`/v1/brands/${brand.id}`, { currency }),
      await patch(`/v1/clients/${client.id}`, { currency }),
    ]) {
      assert.is(outcome(answer), '400 /currency', currency)
    }
  }
  const { data } = await must(api.send('GET', '/v1/currencies'))
  const codes = new Set(data.map(({ code }: { code: string }) => code))
  for (const currency of [...units, ...retired]) assert.not.ok(codes.has(currency), currency)
  for (const currency of ['XCG', 'XOF', 'EUR']) assert.ok(codes.has(currency), currency)
})

test('units are refused for decks, plans and fixed costs too; a retired currency is not, for clients of before', async () => {
  const named = (currency: string) => ({ brandId: tenant.brandId, name: `${currency} ${++n}`, currency })
  const places: [string, object][] = [
    ['/v1/rate-decks', {}],
    ['/v1/rating-plans', { entries: [] }],
    ['/v1/fixed-costs', { price: '1' }],
  ]
  for (const [path, more] of places) {
    const post = (currency: string) => api.send('POST', path, { body: { ...named(currency), ...more } })
    for (const currency of ['XXX', 'XAU']) assert.is(outcome(await post(currency)), '400 /currency', path)
    if (path !== '/v1/rating-plans') assert.is(outcome(await post('BGN')), 201, path)
  }
})

test('who was made in a currency or a country that has gone keeps it, and everything else can be changed', async () => {
  const brand = await must(brandWith({ issuer: { country: 'ES' } }))
  const client = await must(clientWith({ countryCode: 'ES', invoiceData: { country: 'ES' } }, brand.id))
  const { $client: sql } = api.context.worker
  await sql`update brands set currency = 'BGN', issuer = '{"country":"AN"}'::jsonb where id = ${brand.id}`
  await sql`update accounts set currency = 'BGN' where client_id = ${client.id}`
  await sql`
    update clients set currency = 'BGN', country_code = 'AN', invoice_data = '{"country":"AN"}'::jsonb,
      geo_ip_allowed_countries = '{ES,AN}'
    where id = ${client.id}`
  const path = `/v1/clients/${client.id}`
  const changed = await must(patch(path, { name: 'Renamed', invoiceData: { town: 'Willemstad' } }))
  assert.equal(
    [changed.name, changed.currency, changed.countryCode, changed.invoiceData],
    ['Renamed', 'BGN', 'AN', { country: 'AN', town: 'Willemstad' }],
  )
  assert.is(
    outcome(await patch(path, { geoIpAllowedCountries: ['AN', 'SU'] })),
    '400 /geoIpAllowedCountries/1',
  )
  const renamed = await must(patch(`/v1/brands/${brand.id}`, { maxRingSeconds: 60 }))
  assert.equal([renamed.currency, renamed.issuer], ['BGN', { country: 'AN' }])
  const topUp = { amount: '1.25', kind: 'top-up', reference: null }
  assert.is(
    (await api.send('POST', `${path}/balance-movements`, { body: { amount: '1.25', kind: 'top-up' } }))
      .status,
    201,
    JSON.stringify(topUp),
  )
  assert.is(
    outcome(await clientWith({}, brand.id)),
    '400 /currency',
    'the brand’s own is no default any more',
  )
})

test('what is no country of ISO 3166-1 is refused in every place that takes one', async () => {
  const brand = await must(brandWith({}))
  const client = await must(clientWith({}))
  for (const country of noCountries) {
    const cases: [Promise<{ status: number; body: { errors?: { pointer: string }[] } }>, string][] = [
      [brandWith({ issuer: { country } }), '/issuer/country'],
      [patch(`/v1/brands/${brand.id}`, { issuer: { country } }), '/issuer/country'],
      [clientWith({ countryCode: country }), '/countryCode'],
      [patch(`/v1/clients/${client.id}`, { countryCode: country }), '/countryCode'],
      [clientWith({ invoiceData: { country } }), '/invoiceData/country'],
      [patch(`/v1/clients/${client.id}`, { invoiceData: { country } }), '/invoiceData/country'],
      [clientWith({ geoIpAllowedCountries: ['ES', country] }), '/geoIpAllowedCountries/1'],
    ]
    for (const [answer, pointer] of cases) assert.is(outcome(await answer), `400 ${pointer}`, country)
  }
  for (const country of ['ES', 'BL', 'GG', 'IM', 'CW', 'SX', 'XK', 'AQ', 'UM']) {
    assert.is(outcome(await clientWith({ countryCode: country, invoiceData: { country } })), 201, country)
  }
})

test.run()
