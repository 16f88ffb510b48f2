import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('/v1/clients')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let n = 0

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const create = (fields: object = {}, key = tenant.brandKey) =>
  api.send('POST', '/v1/clients', {
    body: { name: `Client ${++n}`, sipDomain: `c${n}.example.com`, ...fields },
    key,
  })
const patch = (id: string, body: object, headers = {}) =>
  api.send('PATCH', `/v1/clients/${id}`, { body, key: tenant.brandKey, headers })

test('a client gets the defaults of the contract and of its brand', async () => {
  const { status, body } = await api.send('POST', '/v1/clients', {
    body: { brandId: tenant.brandId, name: 'Default', sipDomain: 'DEFAULT.Example.com' },
  })
  assert.is(status, 201)
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...rest } = body
  assert.equal(rest, {
    brandId: tenant.brandId,
    name: 'Default',
    sipDomain: 'default.example.com',
    suspended: false,
    features: ['billing', 'invoices'],
    billingMethod: 'postpaid',
    corporationId: null,
    language: 'en',
    countryCode: null,
    timeZone: 'Europe/Madrid',
    currency: 'EUR',
    numbering: null,
    maxCalls: 0,
    maxCallSeconds: 10800,
    filterByIp: false,
    geoIpAllowedCountries: [],
    maxDailyUsage: null,
    maxDailyUsageEmail: null,
    creditLimit: null,
    invoiceData: null,
    taxIds: [],
    portalVisibility: { invoices: false, ratingProfiles: false, callPrices: false },
    notificationTemplates: {
      maxDailyUsage: null,
      lowBalance: null,
      invoice: null,
      invoiceReminder: null,
      paymentReceipt: null,
      callReport: null,
      spendGuard: null,
      allowanceLow: null,
    },
    outgoingDdi: null,
    mediaRelaySetId: null,
    distributeMethod: 'hash',
    applicationServerId: null,
    failurePolicy: 'deny',
    pricesIncludeTax: false,
    autoAllocate: true,
    eInvoiceProfile: null,
    directDebit: null,
    warnings: [
      'maxDailyUsage is null: whoever takes over a line of this client may spend without a limit of the day.',
    ],
  })
})

test('fields that do not go together are refused with their places', async () => {
  const cases: [object, string][] = [
    [{ features: ['invoices'], billingMethod: 'prepaid' }, '/billingMethod'],
    [{ recording: { onDemand: 'serviceCode', serviceCode: '12' } }, '/recording/onDemand'],
    [
      { features: ['billing', 'recordings'], recording: { onDemand: 'serviceCode' } },
      '/recording/serviceCode',
    ],
    [{ timeZone: 'Mars/Base' }, '/timeZone'],
    [{ currency: 'ZZZ' }, '/currency'],
    [{ countryCode: 'ZZ' }, '/countryCode'],
    [{ language: 'qq' }, '/language'],
    [{ geoIpAllowedCountries: ['ES', 'ZZ'] }, '/geoIpAllowedCountries/1'],
    [{ maxDailyUsageEmail: 'a@example.com\r\nBcc: b@example.com' }, '/maxDailyUsageEmail'],
    [{ maxDailyUsage: 5 }, '/maxDailyUsage'],
    [{ maxDailyUsage: '-1' }, '/maxDailyUsage'],
    [{ maxDailyUsage: '1e3' }, '/maxDailyUsage'],
    [{ creditLimit: '0.0000001' }, '/creditLimit'],
    [{ maxCalls: '3' }, '/maxCalls'],
    [{ suspended: null, colour: 'red' }, '/colour'],
    [{ sipDomain: 'not a domain' }, '/sipDomain'],
    [{ name: 'a\u0000b' }, '/name'],
    [{ failurePolicy: 'maybe' }, '/failurePolicy'],
  ]
  for (const [fields, pointer] of cases) {
    const { status, body } = await create(fields)
    assert.is(status, 400, `${JSON.stringify(fields)} answered ${status}`)
    assert.is(body.code, 'invalid_request')
    const pointers = body.errors.map((fault: { pointer: string }) => fault.pointer)
    assert.ok(pointers.includes(pointer), `${JSON.stringify(fields)}: ${JSON.stringify(body.errors)}`)
  }
})

test('round robin goes with neither queues nor conferences', async () => {
  const { status, body } = await create(
    { brandId: tenant.brandId, distributeMethod: 'roundRobin', features: ['billing', 'queues'] },
    platformKey,
  )
  assert.is(status, 400)
  assert.is(body.errors[0].pointer, '/distributeMethod')
})

test('distribute method and application server are the platform’s alone', async () => {
  const made = await must(create())
  assert.not.ok('distributeMethod' in made)
  assert.not.ok('applicationServerId' in made)
  for (const field of ['distributeMethod', 'applicationServerId']) {
    const value = field === 'distributeMethod' ? 'static' : null
    const refused = await patch(made.id, { [field]: value })
    assert.is(refused.status, 403)
    assert.is(refused.body.code, 'forbidden')
    assert.is(refused.body.errors[0].pointer, `/${field}`)
  }
  const seen = await api.send('PATCH', `/v1/clients/${made.id}`, { body: { distributeMethod: 'roundRobin' } })
  assert.is(seen.body.distributeMethod, 'roundRobin')
})

test('amounts come back as plain text without superfluous zeros', async () => {
  const made = await must(create({ maxDailyUsage: '50.00', creditLimit: '0.500000' }))
  assert.is(made.maxDailyUsage, '50')
  assert.is(made.creditLimit, '0.5')
  const unlimited = await must(patch(made.id, { maxDailyUsage: null }))
  assert.is(unlimited.maxDailyUsage, null)
  const none = await must(patch(made.id, { maxDailyUsage: '0' }))
  assert.is(none.maxDailyUsage, '0')
})

test('a DDI is shown as E.164 whichever way it was written', async () => {
  const numbering = {
    countryCode: '34',
    internationalPrefixes: ['00'],
    nationalPrefix: '',
    nationalLengths: [9],
  }
  for (const outgoingDdi of ['+34911000111', '911000111', '0034911000111']) {
    assert.is((await must(create({ numbering, outgoingDdi }))).outgoingDdi, '+34911000111')
  }
})

test('a nested object is merged, and null takes its members back to their defaults', async () => {
  const made = await must(create({ portalVisibility: { invoices: true, callPrices: true } }))
  const changed = await must(patch(made.id, { portalVisibility: { invoices: null, ratingProfiles: true } }))
  assert.equal(changed.portalVisibility, { invoices: false, ratingProfiles: true, callPrices: true })
})

test('a patch with another revision is refused, with the right one it goes', async () => {
  const made = await create()
  const stale = await patch(made.body.id, { maxCalls: 1 }, { 'if-match': '"7"' })
  assert.is(stale.status, 412)
  const fresh = await patch(made.body.id, { maxCalls: 1 }, { 'if-match': String(made.headers.etag) })
  assert.is(fresh.status, 200)
  assert.is(fresh.headers.etag, '"2"')
})

test('what decides a price or a day is kept as versions', async () => {
  const made = await must(create())
  await must(patch(made.id, { maxCalls: 3 }))
  await must(patch(made.id, { timeZone: 'Asia/Kathmandu' }))
  await must(patch(made.id, { sipDomain: 'moved.example.com', billingMethod: 'prepaid' }))
  const rows = await api.context.worker.$client`
    select version, sip_domain, time_zone, billing_method
    from client_terms where client_id = ${made.id} order by version`
  assert.equal(
    rows.map((row) => [row.version, row.sip_domain, row.time_zone, row.billing_method]),
    [
      [1, made.sipDomain, 'Europe/Madrid', 'postpaid'],
      [2, made.sipDomain, 'Asia/Kathmandu', 'postpaid'],
      [3, 'moved.example.com', 'Asia/Kathmandu', 'prepaid'],
    ],
  )
})

test('this replica acts on a client as soon as its creation is answered', async () => {
  const made = await must(create({ maxCalls: 9 }))
  assert.is(api.context.configuration.findClient(made.sipDomain.toUpperCase(), Date.now())?.maxCalls, 9)
  await must(patch(made.id, { maxCalls: 10 }))
  assert.is(api.context.configuration.findClient(made.id, Date.now())?.maxCalls, 10)
})

test('a SIP domain is taken once on the platform, a name once in a brand', async () => {
  const made = await must(create())
  const domain = await create({ sipDomain: made.sipDomain.toUpperCase() })
  assert.is(domain.status, 409)
  assert.is(domain.body.errors[0].pointer, '/sipDomain')
  const name = await create({ name: made.name })
  assert.is(name.status, 409)
  assert.is(name.body.errors[0].pointer, '/name')
})

test('the currency is fixed once money exists', async () => {
  const made = await must(create())
  assert.is((await must(patch(made.id, { currency: 'USD' }))).currency, 'USD')
  const posted = await api.send('POST', `/v1/clients/${made.id}/balance-movements`, {
    body: { kind: 'top-up', amount: '5' },
    key: tenant.brandKey,
  })
  assert.is(posted.body.currency, 'USD')
  const { status, body } = await patch(made.id, { currency: 'EUR' })
  assert.is(status, 409)
  assert.is(body.code, 'currency_fixed')
  assert.is(body.errors[0].pointer, '/currency')
})

test('a client with movements is in use', async () => {
  const made = await must(create())
  await must(
    api.send('POST', `/v1/clients/${made.id}/balance-movements`, { body: { kind: 'top-up', amount: '1' } }),
  )
  const { status, body } = await api.send('DELETE', `/v1/clients/${made.id}`, { key: tenant.brandKey })
  assert.is(status, 409)
  assert.is(body.code, 'in_use')
})

test('taxes are those of the brand; one that a client is charged is not deleted', async () => {
  const aTax = async (brandId: string) =>
    (
      await api.send('POST', '/v1/taxes', {
        body: { brandId, name: `Tax ${++n}`, rate: '21', category: 'S' },
      })
    ).body.id
  const own = await aTax(tenant.brandId)
  const foreign = await aTax((await makeTenant(api)).brandId)
  for (const unknown of [foreign, '0190a000-0000-7000-8000-000000000000']) {
    const { status, body } = await create({ taxIds: [own, unknown] })
    assert.equal([status, body.errors?.[0]?.pointer], [400, '/taxIds/1'])
  }
  const { id } = await must(create({ taxIds: [own] }))
  assert.is((await patch(id, { taxIds: [foreign] })).status, 400)
  const refused = await api.send('DELETE', `/v1/taxes/${own}`)
  assert.equal([refused.status, refused.body.code], [409, 'in_use'])
  await must(patch(id, { taxIds: [] }))
  assert.is((await api.send('DELETE', `/v1/taxes/${own}`)).status, 204)
})

test('a filter that lets nobody in is warned of until a source is listed', async () => {
  const made = await must(create({ filterByIp: true, maxDailyUsage: '50' }))
  assert.is(made.warnings.length, 1)
  const source = await api.send('POST', `/v1/clients/${made.id}/authorized-sources`, {
    body: { cidr: '203.0.113.77/24' },
    key: tenant.brandKey,
  })
  assert.is(source.body.cidr, '203.0.113.0/24')
  const read = await must(api.send('GET', `/v1/clients/${made.id}`, { key: tenant.brandKey }))
  assert.is(read.warnings, undefined)
})

test('a source that is no address or range is refused', async () => {
  const made = await must(create())
  for (const cidr of ['300.1.1.1', '1.2.3.4/33', '1.2.3', 'fe80::1%eth0', 'example.com', '', '1.2.3.4/-1']) {
    const { status, body } = await api.send('POST', `/v1/clients/${made.id}/authorized-sources`, {
      body: { cidr },
      key: tenant.brandKey,
    })
    assert.is(status, 400, cidr)
    assert.is(body.errors[0].pointer, '/cidr')
  }
})

test.run()
