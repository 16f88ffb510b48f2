/**
 * Does every setting of a client do what the table of its fields says? From outside, one row after the other; what takes
 * a moved clock, a mail server or an invoice to see is shown where `shownIn` says.
 */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClientFields } from '../../src/api/clients/client-fields.ts'
import { until } from '../until.ts'
import { type Answer, aService, aShop, type RunningService } from './a-service.ts'

const test = suite('the fields of a client from outside')
let service: RunningService
let shop: Awaited<ReturnType<typeof aShop>>
let legs = 0

test.before(async () => {
  service = await aService()
  shop = await aShop(service)
})
test.after(() => service?.close())

/** Field → the file, and the title of a test that shows what it does. */
const shownIn: Record<keyof ClientFields, [file: string, title: string]> = {
  brandId: ['api/access', 'another tenant’s id answers 404 to every role that may call the route'],
  name: ['contract/client-fields', 'Name: unique in its brand, shown in reports and mails'],
  sipDomain: ['contract/client-fields', 'SIP domain: names the client'],
  suspended: [
    'calls/meter-calls',
    'suspending a client hangs its running legs up, inbound too, but no emergency call',
  ],
  features: [
    'api/portal-visibility',
    'a section of a feature that a client does not have is hidden from everybody',
  ],
  billingMethod: ['contract/client-fields', 'Billing method: postpaid, prepaid, pseudoprepaid and none'],
  corporationId: ['contract/client-fields', 'Corporation: calls within it are free and take no slot'],
  language: ['contract/client-fields', 'Language: that of mails and announcements'],
  countryCode: ['contract/client-fields', 'Country: kept as a code of ISO 3166'],
  timeZone: ['calls/local-midnights', 'denies until midnight and no longer'],
  currency: ['api/clients', 'the currency is fixed once money exists'],
  numbering: ['contract/client-fields', 'Numbering: national numbers become E.164'],
  maxCalls: ['contract/client-fields', 'Max calls: of client and brand, inbound and outbound'],
  maxCallSeconds: ['contract/client-fields', 'Longest call: bounds every grant'],
  filterByIp: ['contract/client-fields', 'Filter by IP: a listed country or a listed range'],
  geoIpAllowedCountries: ['contract/client-fields', 'Filter by IP: a listed country or a listed range'],
  maxDailyUsage: ['contract/client-fields', 'Max daily usage: denies, and raising it re-enables at once'],
  maxDailyUsageEmail: [
    'calls/settle-calls',
    'the daily limit is told once per local day: one fact and one mail',
  ],
  creditLimit: ['contract/client-fields', 'Credit limit: how far below 0 the balance may go'],
  invoiceData: ['invoices/documents', 'the PDF of a small client is one tagged page in each language'],
  eInvoiceProfile: [
    'api/e-invoices',
    "the client's profile comes before the brand's, and the query before both",
  ],
  directDebit: [
    'api/e-invoices',
    'a mandate is kept in the form of banks, and a bad one is refused with its place',
  ],
  taxIds: ['invoices/issue-invoice', 'calls, invoice and payment leave a balance of zero'],
  pricesIncludeTax: [
    'invoices/prices-with-tax',
    'prices with tax cover it: 36.30 of calls are an invoice of 36.30',
  ],
  portalVisibility: ['api/portal-visibility', 'each switch shows its own fields and no others'],
  notificationTemplates: [
    'notifications/mails-over-smtp',
    "the client's template comes before the brand's default one",
  ],
  outgoingDdi: ['contract/client-fields', 'Routing facts: in the answer of every grant'],
  mediaRelaySetId: ['contract/client-fields', 'Routing facts: in the answer of every grant'],
  distributeMethod: [
    'calls/routing-facts',
    'hash: the same client gets the same server, and clients are spread',
  ],
  applicationServerId: ['contract/client-fields', 'Routing facts: in the answer of every grant'],
  recording: ['contract/client-fields', 'Routing facts: in the answer of every grant'],
  autoAllocate: [
    'api/allocations',
    'money waits for an operator where autoAllocate is false, until it is turned on again',
  ],
  failurePolicy: ['contract/client-fields', 'Failure policy: engines learn it'],
}

test('every field of a client has a test that shows what it does', () => {
  assert.equal(Object.keys(shownIn).sort(), Object.keys(ClientFields.properties).sort())
  for (const [field, [file, title]] of Object.entries(shownIn)) {
    const text = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), 'utf8')
    assert.ok(text.includes(title), `${field}: ${file} has no test "${title}"`)
  }
})

async function ask(client: string, leg: object = {}): Promise<Answer['body']> {
  const about = { callId: `leg-${++legs}`, client, from: '+34911000111', to: '+34600111222', ...leg }
  return service.must('POST', '/v1/authorizations', about)
}
const change = (id: string, fields: object) => service.must('PATCH', `/v1/clients/${id}`, fields)
const topUp = (id: string, amount: string) =>
  service.must('POST', `/v1/clients/${id}/balance-movements`, { kind: 'top-up', amount })
const brandKey = async (brandId: string) =>
  (await service.must('POST', '/v1/api-keys', { name: 'brand', role: 'brand', brandId })).key as string

test('Name: unique in its brand, shown in reports and mails', async () => {
  const { id, name } = await shop.aClient()
  const taken = { brandId: shop.brand.id, name, sipDomain: 'another.example.com' }
  assert.is((await service.send('POST', '/v1/clients', taken)).status, 409)
  const { data } = await service.must('GET', `/v1/reports/balances?clientId=${id}`)
  assert.is(data[0].clientName, name)
})

test('SIP domain: names the client in any case of letters, the new one at once', async () => {
  const { id, sipDomain } = await shop.aClient()
  assert.is((await ask(sipDomain.toUpperCase())).clientId, id)
  await change(id, { sipDomain: `new-${sipDomain}` })
  assert.is((await ask(`new-${sipDomain}`)).clientId, id)
  assert.is((await ask(sipDomain)).reason, 'unknown_client')
})

test('Suspended: denies every call but emergencies, and lets them through again', async () => {
  const { id } = await shop.aClient({ suspended: true })
  for (const direction of ['inbound', 'outbound']) {
    assert.is((await ask(id, { direction })).reason, 'client_suspended')
  }
  assert.is((await ask(id, { to: '112' })).special, true)
  await change(id, { suspended: false })
  assert.is((await ask(id)).allowed, true)
})

test('Voice notifications: a denial carries an announcement with the feature alone', async () => {
  const { id } = await shop.aClient({ billingMethod: 'prepaid', language: 'es' })
  assert.not.ok('announcement' in (await ask(id)))
  await change(id, { features: ['billing', 'voiceNotifications'] })
  const { announcement, language } = await ask(id)
  assert.equal([announcement, language], ['no-credit', 'es'])
})

test('Billing method: postpaid, prepaid, pseudoprepaid and none', async () => {
  const { id } = await shop.aClient({ billingMethod: 'postpaid' })
  const told = async () => {
    const { allowed, reason, maxDurationSeconds, rate } = await ask(id)
    return [allowed ? maxDurationSeconds : reason, rate?.destination ?? null]
  }
  assert.equal(await told(), [10_800, 'Spain mobile'])
  await change(id, { billingMethod: 'prepaid' })
  assert.equal(await told(), ['insufficient_balance', null])
  await topUp(id, '0.10')
  // 0.07 for the first minute, 0.001 for each second more.
  assert.equal(await told(), [90, 'Spain mobile'])
  // The call before holds its first minute.
  assert.equal(await told(), ['insufficient_balance', null])
  await change(id, { billingMethod: 'none' })
  assert.equal(await told(), [10_800, null])
})

test('Corporation: calls within it are free and take no slot', async () => {
  const corporation = await service.must('POST', '/v1/corporations', {
    brandId: shop.brand.id,
    name: 'Group',
  })
  const group = { corporationId: corporation.id, maxCalls: 1 }
  const [one, other] = [await shop.aClient(group, 'without'), await shop.aClient(group)]
  for (let i = 0; i < 3; i++) {
    const { allowed, internal, rate } = await ask(one.id, { toClient: other.sipDomain })
    assert.equal([allowed, internal, rate], [true, true, null])
  }
  await change(other.id, { corporationId: null })
  assert.is((await ask(one.id, { toClient: other.sipDomain })).reason, 'no_rating_profile')
})

test('Language: that of mails and announcements', async () => {
  const { id } = await shop.aClient({ language: 'ca', suspended: true })
  assert.is((await ask(id)).language, 'ca')
  assert.is((await service.send('PATCH', `/v1/clients/${id}`, { language: 'xx-bad-' })).status, 400)
})

test('Country: kept as a code of ISO 3166', async () => {
  const { id } = await shop.aClient({ countryCode: 'ES' })
  assert.is((await service.must('GET', `/v1/clients/${id}`)).countryCode, 'ES')
  assert.is((await service.send('PATCH', `/v1/clients/${id}`, { countryCode: 'ZZ' })).status, 400)
})

test('Numbering: national numbers become E.164, by the client’s plan before the brand’s', async () => {
  const numbering = {
    countryCode: '34',
    internationalPrefixes: ['00'],
    nationalPrefix: '',
    nationalLengths: [9],
  }
  const { id } = await shop.aClient({ numbering })
  const cases: [string, string][] = [
    ['600111222', '34600111222'],
    ['0034600111222', '34600111222'],
    ['+34600111222', '34600111222'],
  ]
  for (const [to, toNormalized] of cases) assert.is((await ask(id, { to })).toNormalized, toNormalized)
  await change(id, { numbering: null })
  assert.is((await ask(id, { to: '600111222' })).reason, 'destination_not_priced')
})

test('Max calls: of client and brand, inbound and outbound', async () => {
  const other = await aShop(service)
  const [one, two] = [await other.aClient({ maxCalls: 2 }), await other.aClient()]
  const calls = [await ask(one.id), await ask(one.id, { direction: 'inbound', to: 'alice' })]
  assert.ok(calls.every(({ allowed }) => allowed))
  assert.is((await ask(one.id)).reason, 'max_calls_reached')
  await service.must('DELETE', `/v1/authorizations/${one.id}/${calls[0].callId}`)
  assert.is((await ask(one.id)).allowed, true)
  await service.must('PATCH', `/v1/brands/${other.brand.id}`, { maxCalls: 1 })
  assert.is((await ask(two.id)).allowed, true)
  assert.is((await ask(two.id)).reason, 'max_calls_reached')
})

test('Longest call: bounds every grant', async () => {
  const { id } = await shop.aClient({ maxCallSeconds: 300 })
  assert.is((await ask(id)).maxDurationSeconds, 300)
  assert.is((await ask(id, { direction: 'inbound' })).maxDurationSeconds, 300)
})

test('Filter by IP: a listed country or a listed range, and nobody where nothing is listed', async () => {
  const { id, warnings } = await shop.aClient({ filterByIp: true, maxDailyUsage: '100' })
  assert.is(warnings.length, 1)
  const from = async (sourceIp: string | null) => (await ask(id, { sourceIp })).reason ?? 'granted'
  const spanish = '80.58.61.250'
  assert.is(await from(spanish), 'ip_not_allowed')
  assert.is((await ask(id, { direction: 'inbound' })).allowed, true)
  assert.is('warnings' in (await change(id, { geoIpAllowedCountries: ['ES'] })), false)
  const cases: [string | null, string][] = [
    [spanish, 'granted'],
    [`::ffff:${spanish}`, 'granted'],
    ['8.8.8.8', 'ip_not_allowed'],
    ['10.1.2.3', 'ip_not_allowed'],
    [null, 'ip_not_allowed'],
  ]
  for (const [sourceIp, answer] of cases) assert.is(await from(sourceIp), answer, String(sourceIp))
  for (const cidr of ['10.1.0.0/16', '2001:db8::/32']) {
    await service.must('POST', `/v1/clients/${id}/authorized-sources`, { cidr })
  }
  for (const sourceIp of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::9'])
    assert.is(await from(sourceIp), 'granted')
  assert.is(await from('10.2.2.3'), 'ip_not_allowed')
  const leg = { callId: 'no address', client: id, to: '+34600111222' }
  for (const sourceIp of ['any', '', '10.1.2.3:5060', '10.1.0.0/16']) {
    const refused = await service.send('POST', '/v1/authorizations', { ...leg, sourceIp })
    assert.equal([refused.status, refused.body.errors?.[0]?.pointer], [400, '/sourceIp'], sourceIp)
  }
  await change(id, { filterByIp: false })
  assert.is(await from('8.8.8.8'), 'granted')
})

test('Max daily usage: denies, and raising it re-enables at once', async () => {
  const { id } = await shop.aClient({ maxDailyUsage: '0', maxDailyUsageEmail: null })
  assert.is((await ask(id)).reason, 'daily_limit_reached')
  const day = () => service.must('GET', `/v1/clients/${id}/daily-usage`)
  assert.ok(Date.parse((await day()).limitReachedAt) > 0)
  await change(id, { maxDailyUsage: '0.10' })
  const granted = await ask(id)
  // 0.07 for the first minute, 0.001 for each second more.
  assert.equal([granted.allowed, granted.maxDurationSeconds], [true, 90])
  const { reserved, limit } = await day()
  assert.equal([reserved, limit], ['0.07', '0.1'])
  assert.is((await ask(id)).reason, 'daily_limit_reached')
  await change(id, { maxDailyUsage: null })
  assert.is((await ask(id)).maxDurationSeconds, 10_800)
})

test('Credit limit: how far below 0 the balance may go', async () => {
  const { id } = await shop.aClient({ billingMethod: 'prepaid', creditLimit: '0.08' })
  assert.is((await ask(id)).maxDurationSeconds, 70)
  assert.is((await ask(id)).reason, 'insufficient_balance')
  const { balance, reserved, available } = await service.must('GET', `/v1/clients/${id}/balance`)
  assert.equal([balance, reserved, available], ['0', '0.07', '0.01'])
})

test('Routing facts: in the answer of every grant, and what is the platform’s hidden from the brand', async () => {
  const relays = [{ name: 'relay 1', address: '192.0.2.10' }]
  const set = await service.must('POST', '/v1/media-relay-sets', { name: `set ${shop.brand.id}`, relays })
  const server = { name: `as ${shop.brand.id}`, address: '192.0.2.20' }
  const { id: serverId } = await service.must('POST', '/v1/application-servers', server)
  const { id } = await shop.aClient({
    features: ['billing', 'recordings'],
    outgoingDdi: '0034911222333',
    mediaRelaySetId: set.id,
    distributeMethod: 'static',
    applicationServerId: serverId,
    recording: { onDemand: 'serviceCode', serviceCode: '95', clientMayRemove: false },
  })
  assert.equal((await ask(id)).routing, {
    outgoingDdi: '+34911222333',
    mediaRelaySet: { id: set.id, name: set.name, relays },
    applicationServer: { id: serverId, ...server },
    recording: { onDemand: 'serviceCode', serviceCode: '95', clientMayRemove: false },
  })
  const authorization = `Bearer ${await brandKey(shop.brand.id)}`
  const { body } = await service.send('GET', `/v1/clients/${id}`, undefined, { authorization })
  assert.is(body.id, id)
  assert.not.ok('distributeMethod' in body || 'applicationServerId' in body)
})

test('Failure policy: engines learn it', async () => {
  const { id } = await shop.aClient({ failurePolicy: 'allow' })
  const policyOf = async () =>
    (await service.must('GET', '/v1/engines/policies')).data.find(
      ({ clientId }: { clientId: string }) => clientId === id,
    )?.failurePolicy
  assert.is(await policyOf(), 'allow')
  await change(id, { failurePolicy: 'deny' })
  await until('the engines are told', async () => (await policyOf()) === 'deny')
})

test.run()
