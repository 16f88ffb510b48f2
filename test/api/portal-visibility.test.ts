import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readEventMessage } from '../../src/calls/call-messages.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('what a portal shows')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let client: string

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  client = `/v1/clients/${tenant.clientId}`
  const send = (method: string, path: string, body: unknown) =>
    must(api.send(method, path, { key: tenant.brandKey, body }))
  const deck = await send('POST', '/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const steps = [{ rate: '0.10', perSeconds: 60, incrementSeconds: 60 }]
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [{ prefix: '346', steps }])
  const entries = [{ rateDeckId: deck.id }]
  const plan = await send('POST', '/v1/rating-plans', { name: 'Plan', currency: 'EUR', entries })
  await send('POST', `${client}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2026-01-01T00:00:00Z',
  })
  await send('POST', `${client}/balance-movements`, { kind: 'top-up', amount: '10' })
  const event = readEventMessage(
    'end',
    {
      callId: 'one',
      client: tenant.clientId,
      from: '+34911000111',
      to: '+34600111222',
      startedAt: '2026-02-01T12:00:00Z',
      answeredAt: '2026-02-01T12:00:00Z',
      endedAt: '2026-02-01T12:01:00Z',
    },
    {
      subject: 'calls.end',
      body: '{}',
      subjectClient: null,
      brandId: null,
      receivedAt: Date.now(),
      deliveries: 1,
    },
  )
  if ('badInstant' in event) throw new Error(event.badInstant)
  await settleCalls(api.callsContext, { events: [event], undeliverable: [] })
})
test.after(() => api.close())

const show = (portalVisibility: object) =>
  must(api.send('PATCH', client, { body: { portalVisibility }, key: tenant.brandKey }))
const none = { invoices: false, ratingProfiles: false, callPrices: false }
const get = (path: string, key = tenant.clientKey) => api.send('GET', path, { key })

/** The call in each place where a client's users meet it. */
async function callsSeen(key = tenant.clientKey) {
  return [
    (await must(get('/v1/calls', key))).data[0],
    (await must(get(`${client}/calls`, key))).data[0],
    await must(get(`/v1/calls/${tenant.clientId}/one`, key)),
  ]
}

test('hidden prices, plans and invoices are absent from every call, and there for operators', async () => {
  await show(none)
  for (const call of await callsSeen()) {
    assert.is(call.callId, 'one')
    for (const field of [
      'price',
      'explanation',
      'maxDurationSeconds',
      'ratingPlanId',
      'ratingProfileId',
      'rateDeckId',
      'invoiceId',
    ]) {
      assert.not.ok(field in call, field)
    }
  }
  for (const call of await callsSeen(tenant.brandKey)) assert.is(call.price, '0.1')
})

test('each switch shows its own fields and no others', async () => {
  await show({ ...none, callPrices: true })
  for (const call of await callsSeen()) {
    assert.is(call.price, '0.1')
    assert.not.ok('rateDeckId' in call || 'explanation' in call || 'invoiceId' in call)
  }
  await show({ ...none, ratingProfiles: true })
  for (const call of await callsSeen()) assert.ok('rateDeckId' in call && !('price' in call))
  await show({ ...none, invoices: true })
  for (const call of await callsSeen()) assert.ok('invoiceId' in call && !('price' in call))
  await show({ invoices: true, ratingProfiles: true, callPrices: true })
  assert.ok((await must(get(`/v1/calls/${tenant.clientId}/one`))).explanation.length > 0)
})

test('a charge is its call’s price: without prices movements and statements have it in the sum of its day', async () => {
  const statement = `${client}/statement?from=2026-01-01&to=2099-01-01`
  const kinds = (list: { kind: string }[]) => list.map(({ kind }) => kind).sort()
  await show(none)
  for (const movements of [
    (await must(get(`${client}/balance-movements`))).data,
    (await must(get(statement))).movements,
  ]) {
    assert.equal(kinds(movements), ['charge', 'top-up'])
    const charge = movements.find(({ kind }: { kind: string }) => kind === 'charge')
    assert.equal([charge.day, charge.callId, charge.id], ['2026-02-01', null, undefined])
  }
  await show({ ...none, callPrices: true })
  assert.equal(kinds((await must(get(`${client}/balance-movements`))).data), ['charge', 'top-up'])
  assert.equal(kinds((await must(get(statement))).movements), ['charge', 'top-up'])
})

test('hidden lists are no lists for the client’s users, and stay for operators', async () => {
  await show(none)
  for (const path of [`${client}/rating-profiles`, `${client}/invoices`, '/v1/invoices']) {
    const { status, body } = await get(path)
    assert.is(status, 404, path)
    assert.is(body.code, 'feature_disabled')
    assert.is((await get(path, tenant.brandKey)).status, 200, path)
  }
  await show({ ...none, ratingProfiles: true, invoices: true })
  for (const path of [`${client}/rating-profiles`, `${client}/invoices`, '/v1/invoices']) {
    assert.is((await get(path)).status, 200, path)
  }
})

test('with rating profiles shown a client sees the name of its plan, prices of a number and its price list', async () => {
  await show({ ...none, ratingProfiles: true })
  const [profile] = (await must(get(`${client}/rating-profiles`))).data
  assert.is(profile.ratingPlanName, 'Plan')
  const plan = `/v1/rating-plans/${profile.ratingPlanId}`
  const { prices, currency } = await must(get(`${plan}/prices?number=%2B34600111222`))
  assert.equal([currency, prices.length, prices[0].prefix, prices[0].chosen], ['EUR', 1, '346', true])
  // A plan without a zone is asked in the client's own.
  assert.is(prices[0].window.timeZone, 'Europe/Madrid')
  assert.match(String(await must(get(`${plan}/prices.csv`))), /^rate_deck,.*\nDeck,.*,346,/)

  const other = await must(
    api.send('POST', '/v1/rating-plans', {
      body: { name: 'Of somebody else', currency: 'EUR', entries: [] },
      key: tenant.brandKey,
    }),
  )
  const paths = ['prices?number=%2B34600111222', 'prices.csv', 'prices.xlsx']
  for (const path of paths)
    assert.is((await get(`/v1/rating-plans/${other.id}/${path}`)).body.code, 'not_found')
  await show(none)
  for (const path of paths) assert.is((await get(`${plan}/${path}`)).body.code, 'feature_disabled')
  for (const path of paths) assert.is((await get(`${plan}/${path}`, tenant.brandKey)).status, 200)
})

test('exports hide what answers hide', async () => {
  const header = async () =>
    String((await get('/v1/reports/calls.csv')).body)
      .split('\r\n')[0]
      ?.split('\n')[0]
  await show(none)
  assert.not.match((await header()) ?? '', /price|rateDeckId|invoiceId/)
  await show({ ...none, callPrices: true })
  assert.match((await header()) ?? '', /price/)
  await show(none)
  const statements = String(await must(get('/v1/reports/statements.csv')))
  assert.match(
    statements,
    /^clientId,clientName,seq,createdAt,timeZone,kind,amount,balanceAfter,currency,reference,actor,id,day\r\n/,
  )
  assert.match(statements, /,charge,-0\.1,.*,2026-02-01\r\n/)
})

test('an exported statement names invoices where the portal shows them', async () => {
  const columns = async () => String((await must(get('/v1/reports/statements.csv'))) ?? '').split('\r\n')[0]
  await show({ ...none, callPrices: true })
  assert.is(
    await columns(),
    'clientId,clientName,seq,createdAt,timeZone,kind,amount,balanceAfter,currency,callId,reference,actor,id',
  )
  await show({ ...none, callPrices: true, invoices: true })
  assert.match((await columns()) ?? '', /callId,invoiceId,reference/)
})

test('a section of a feature that a client does not have is hidden from everybody', async () => {
  const made = await must(
    api.send('POST', '/v1/clients', {
      body: { name: 'Bare', sipDomain: 'bare.example.com', features: [], billingMethod: 'none' },
      key: tenant.brandKey,
    }),
  )
  for (const path of ['invoices', 'rating-profiles']) {
    const { status, body } = await get(`/v1/clients/${made.id}/${path}`, tenant.brandKey)
    assert.is(status, 404, path)
    assert.is(body.code, 'feature_disabled')
    const foreign = await makeTenant(api)
    assert.is((await get(`/v1/clients/${made.id}/${path}`, foreign.brandKey)).body.code, 'not_found')
  }
})

test('without billing the money is hidden from the client’s own users, and stays for operators', async () => {
  const bare = await makeTenant(api)
  const path = `/v1/clients/${bare.clientId}`
  const body = { features: [], billingMethod: 'none' }
  const pages = [
    `${path}/balance`,
    `${path}/balance-movements`,
    `${path}/balance-alerts`,
    `${path}/daily-usage`,
    `${path}/statement?from=2026-01-01&to=2026-02-01`,
  ]
  for (const page of pages) assert.is((await get(page, bare.clientKey)).status, 200, page)
  await must(api.send('PATCH', path, { key: bare.brandKey, body }))
  for (const page of pages) {
    const { status, body } = await get(page, bare.clientKey)
    assert.equal([status, body.code], [404, 'feature_disabled'], page)
    for (const key of [bare.brandKey, bare.financeKey]) assert.is((await get(page, key)).status, 200, page)
    assert.is((await api.send('GET', page)).status, 200, page)
  }
  assert.is((await get('/v1/reports/balances', bare.clientKey)).body.code, 'feature_disabled')
  assert.is((await get('/v1/reports/balances', bare.brandKey)).status, 200)
})

test.run()
