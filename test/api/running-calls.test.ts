import { randomUUID } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ChangedClients } from '../../src/calls/running/changed-clients.ts'
import { meterCalls } from '../../src/calls/running/meter-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { insertLeaseGrants, type LeaseGrant } from '../../src/db/calls/lease-grants.ts'
import { Decimal } from '../../src/money.ts'
import { anEvent, noLegFacts } from '../calls/a-call-desk.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('running calls and their engines')
let api: TestApi

test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

/** An inbound leg that runs on an engine. */
async function aLeg(client: string, callId: string, engine = 'sbc1'): Promise<void> {
  const now = Date.now()
  const times = { startedAt: now - 1000, answeredAt: now - 1000 }
  const start = anEvent({ kind: 'start', client, callId, engine, direction: 'inbound', ...times })
  await settleCalls(api.callsContext, { events: [start], undeliverable: [] })
}

test('an operator hangs a call up, and its engine learns it by long poll until the end arrives', async () => {
  const { clientId, brandKey, engineKey } = await makeTenant(api)
  await aLeg(clientId, 'a b;c')
  const waiting = api.send('GET', '/v1/engines/sbc1/hangups?wait=5', { key: engineKey })
  const told = await api.send('POST', `/v1/calls/${clientId}/a%20b;c/hangup`, { key: brandKey })
  assert.is(told.status, 202)
  assert.equal([told.body.reason, told.body.engine], ['by_operator', 'sbc1'])
  const answer = await waiting
  assert.is(answer.status, 200)
  assert.is(answer.body.data.length, 1)
  assert.equal([answer.body.data[0].callId, answer.body.data[0].endBy], ['a b;c', told.body.endBy])
  assert.ok(Date.parse(told.body.endBy) - Date.parse(told.body.at) >= 5000)
  const again = await api.send('GET', '/v1/engines/sbc1/hangups?wait=5', { key: engineKey })
  assert.is(again.body.data[0].callId, 'a b;c')
  assert.equal((await api.send('GET', '/v1/engines/sbc2/hangups', { key: engineKey })).body, { data: [] })
  const other = await makeTenant(api)
  const elsewhere = await api.send('GET', '/v1/engines/sbc1/hangups', { key: other.engineKey })
  assert.equal(elsewhere.body, { data: [] }, 'an engine of the same name of another brand')
  const foreign = await api.send('POST', `/v1/calls/${clientId}/a%20b;c/hangup`, { key: other.brandKey })
  assert.is(foreign.status, 404)
})

test('an engine states its legs: those it does not name are closed', async () => {
  const { clientId, engineKey, brandKey } = await makeTenant(api)
  await aLeg(clientId, 'stands')
  await aLeg(clientId, 'gone')
  const body = { at: new Date().toISOString(), calls: [{ client: clientId, callId: 'stands' }] }
  const answer = await api.send('PUT', '/v1/engines/sbc1/active-calls', { key: engineKey, body })
  assert.equal([answer.status, answer.body], [200, { active: 1, closed: 1 }])
  const call = await must(api.send('GET', `/v1/calls/${clientId}/gone`, { key: brandKey }))
  assert.is(call.status, 'lost-end')
  const ended = await api.send('POST', `/v1/calls/${clientId}/gone/hangup`, { key: brandKey })
  assert.equal([ended.status, ended.body.code], [409, 'call_ended'])
})

test('a leg that another replica has granted from a lease is found before it begins', async () => {
  const { brandId, clientId, brandKey } = await makeTenant(api)
  const sql = api.callsContext.db.$client
  const epoch = randomUUID()
  await sql`
    insert into leases (client_id, epoch, replica, brand_id, day, money, client_slots, brand_slots)
    values (${clientId}, ${epoch}, ${randomUUID()}, ${brandId}, '2026-01-14', 6, 0, 0)`
  const grant = (callId: string): LeaseGrant => ({
    ...{
      clientId,
      callId,
      epoch,
      reserved: new Decimal('0.06'),
      reservedSeconds: 60,
      reservedDay: '2026-01-14',
    },
    ...{
      clientSlot: false,
      brandSlot: false,
      heldAllowances: null,
      authorizedAt: Date.now(),
      expiresAt: Date.now() + 180_000,
    },
    facts: {
      ...{ brandId, direction: 'outbound', to: '+34600111222', from: null, toNormalized: '34600111222' },
      ...{ toClientId: null, fromClientId: null, destination: null, prefix: null, maxDurationSeconds: 600 },
      ...noLegFacts,
    },
  })
  await insertLeaseGrants(sql, ['by id', 'running', 'listed'].map(grant))
  const get = (path: string, key = brandKey) => api.send('GET', path, { key })
  const other = await makeTenant(api)
  for (const path of ['calls/by id', 'clients/…/running-calls', 'clients/…/calls?status=authorized']) {
    const refused = await get(
      `/v1/${path.replace('calls/by id', `calls/${clientId}/by%20id`).replace('…', clientId)}`,
      other.brandKey,
    )
    assert.is(refused.status, 404)
  }
  const [untouched] =
    await sql`select count(*)::integer as legs from lease_grants where client_id = ${clientId}`
  assert.is(untouched?.legs, 3)

  const call = await must(get(`/v1/calls/${clientId}/by%20id`))
  assert.equal([call.status, call.to, call.maxDurationSeconds], ['authorized', '+34600111222', 600])
  const listed = await must(get(`/v1/clients/${clientId}/calls?status=authorized`))
  assert.is(listed.data.length, 3)
  const running = await must(get(`/v1/clients/${clientId}/running-calls`))
  assert.equal(
    running.data.map(({ reserved }: { reserved: string }) => reserved),
    ['0.06', '0.06', '0.06'],
  )
  const balance = await must(get(`/v1/clients/${clientId}/balance`))
  assert.equal([balance.reserved, balance.leased], ['0.18', '5.82'])
})

test('a stray heartbeat makes no running call, and takes nothing from the leg that comes after it', async () => {
  const { clientId, brandKey, engineKey } = await makeTenant(api)
  const running = async () =>
    (await must(api.send('GET', `/v1/clients/${clientId}/running-calls`, { key: brandKey }))).data.map(
      ({ callId }: { callId: string }) => callId,
    )
  const alive = (callId: string) => {
    const event = anEvent({ kind: 'alive', client: clientId, callId, engine: 'sbc1', at: Date.now() })
    return settleCalls(api.callsContext, { events: [event, event], undeliverable: [] })
  }
  await alive('stray')
  await alive('stray')
  await alive('early')
  assert.equal(await running(), [])
  await aLeg(clientId, 'early')
  assert.equal(await running(), ['early'])
  const { status } = await must(api.send('GET', `/v1/calls/${clientId}/stray`, { key: brandKey }))
  assert.is(status, 'expired')
  const body = { callId: 'stray', client: clientId, direction: 'inbound', to: '+34911000111' }
  const asked = await api.send('POST', '/v1/authorizations', { key: engineKey, body })
  assert.equal([asked.status, asked.body.allowed], [200, true])
})

test('running calls show destination, prefix and what they have cost so far', async () => {
  const { brandId, clientId, brandKey, clientKey } = await makeTenant(api)
  const post = (path: string, body: object) => must(api.send('POST', path, { body }))
  const deck = await post('/v1/rate-decks', { brandId, name: 'Deck', currency: 'EUR' })
  const steps = [{ rate: '0.60', perSeconds: 60, incrementSeconds: 60 }]
  const rates = [{ prefix: '346', destination: 'Spain mobile', connectFee: '0.05', steps }]
  await must(api.send('PUT', `/v1/rate-decks/${deck.id}/rates`, { body: rates }))
  const entries = [{ rateDeckId: deck.id }]
  const plan = await post('/v1/rating-plans', { brandId, name: 'Plan', currency: 'EUR', entries })
  const activatesAt = '2026-01-01T00:00:00Z'
  await post(`/v1/clients/${clientId}/rating-profiles`, { ratingPlanId: plan.id, activatesAt })
  const now = Date.now()
  const start = (callId: string, more: object) =>
    anEvent({ kind: 'start', client: clientId, callId, startedAt: now - 100_000, ...more })
  const events = [
    // 90 s: two minutes begun, and the fee.
    start('talks', { answeredAt: now - 90_000 }),
    start('rings', {}),
    start('nowhere', { to: '+4999', answeredAt: now - 90_000 }),
    start('comes in', { direction: 'inbound', answeredAt: now - 90_000 }),
  ]
  await settleCalls(api.callsContext, { events, undeliverable: [] })
  const path = `/v1/clients/${clientId}/running-calls`
  const shown = async (key: string) => {
    const { data } = await must(api.send('GET', path, { key }))
    return new Map<string, Record<string, unknown>>(
      data.map((call: { callId: string }) => [call.callId, call] as const),
    )
  }
  const calls = await shown(brandKey)
  const told = ['talks', 'rings', 'nowhere', 'comes in'].map((callId) => {
    const { destination, prefix, priceSoFar, currency } = calls.get(callId) ?? {}
    return [callId, destination, prefix, priceSoFar, currency]
  })
  assert.equal(told, [
    ['talks', 'Spain mobile', '346', '1.25', 'EUR'],
    ['rings', 'Spain mobile', '346', '0', 'EUR'],
    ['nowhere', null, null, null, null],
    ['comes in', null, null, null, null],
  ])
  const portal = await shown(clientKey)
  assert.is(portal.get('talks')?.destination, 'Spain mobile')
  assert.is('priceSoFar' in (portal.get('talks') ?? {}), false, 'with callPrices off')
  const portalVisibility = { callPrices: true }
  await must(api.send('PATCH', `/v1/clients/${clientId}`, { body: { portalVisibility } }))
  assert.is((await shown(clientKey)).get('talks')?.priceSoFar, '1.25')
})

test('suspending a client through the API hangs its legs up', async () => {
  const { clientId, brandKey, engineKey } = await makeTenant(api)
  const changed = new ChangedClients(api.callsContext.configuration)
  await meterCalls(api.callsContext, changed)
  await aLeg(clientId, 'runs')
  await must(api.send('PATCH', `/v1/clients/${clientId}`, { key: brandKey, body: { suspended: true } }))
  await meterCalls(api.callsContext, changed)
  const { body } = await api.send('GET', '/v1/engines/sbc1/hangups', { key: engineKey })
  assert.equal([body.data[0].callId, body.data[0].reason], ['runs', 'client_suspended'])
})

test('a balance alert fires on crossing below, and again only after the balance has risen', async () => {
  const { clientId, brandKey } = await makeTenant(api)
  const path = `/v1/clients/${clientId}/balance-alerts`
  const body = { threshold: '10.00', email: 'money@acme.example' }
  const alert = await must(api.send('POST', path, { key: brandKey, body }))
  assert.equal([alert.threshold, alert.email], ['10', 'money@acme.example'])
  assert.is((await api.send('POST', path, { key: brandKey, body })).status, 409)
  const post = (amount: string) =>
    must(
      api.send('POST', `/v1/clients/${clientId}/balance-movements`, {
        key: brandKey,
        body: { amount, kind: 'adjustment' },
      }),
    )
  for (const amount of ['20', '-10', '-1', '-1', '2', '-3']) await post(amount)
  const mails = await api.context.worker.$client`
    select content from mails where client_id = ${clientId} order by id`
  assert.equal(
    mails.map(({ content }) => (typeof content === 'string' ? JSON.parse(content) : content).balance),
    ['9', '7'],
  )
  const facts = await api.context.worker.$client`
    select body from outbox where subject = ${`billing.balance.low.${clientId}`} order by id`
  assert.is(facts.length, 2)
  const { data } = JSON.parse(facts[0]?.body)
  assert.equal(
    { ...data, at: '' },
    { clientId, alertId: alert.id, threshold: '10', balance: '9', currency: 'EUR', at: '' },
  )
  await must(api.send('PATCH', `${path}/${alert.id}`, { key: brandKey, body: { threshold: '-5' } }))
  await must(api.send('DELETE', `${path}/${alert.id}`, { key: brandKey }))
  assert.equal((await must(api.send('GET', path, { key: brandKey }))).data, [])
})

test('why a leg is refused, or was at any instant before, is told check by check', async () => {
  const { brandKey, financeKey, clientKey } = await makeTenant(api)
  const send = (method: string, path: string, body: unknown) =>
    must(api.send(method, path, { key: brandKey, body }))
  // Its terms hold for all time before it was made.
  const { id: clientId } = await send('POST', '/v1/clients', {
    name: 'Checked',
    sipDomain: 'checked.example.com',
    billingMethod: 'prepaid',
  })
  const check = async (body: object = {}) =>
    must(
      api.send('POST', '/v1/authorization-checks', {
        key: financeKey,
        body: { clientId, to: '+34600111222', ...body },
      }),
    )
  assert.is((await check()).reason, 'no_rating_profile')
  assert.is((await check({ to: 'nobody' })).reason, 'invalid_number')
  const deck = await send('POST', '/v1/rate-decks', { name: 'Checked', currency: 'EUR' })
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    { prefix: '34', destination: 'Spain', steps: [{ rate: '0.06', incrementSeconds: 60 }] },
  ])
  const plan = await send('POST', '/v1/rating-plans', {
    name: 'Checked',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  await send('POST', `/v1/clients/${clientId}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2020-01-01T00:00:00Z',
  })
  await send('PATCH', `/v1/clients/${clientId}`, { maxDailyUsage: '0.1' })
  const poor = await check()
  assert.equal(
    [poor.allowed, poor.reason, poor.firstIncrement, poor.available, poor.leftOfDay, poor.destination],
    [false, 'insufficient_balance', '0.06', '0', '0.1', 'Spain'],
  )
  const before = new Date().toISOString()
  await send('POST', `/v1/clients/${clientId}/balance-movements`, { amount: '0.15', kind: 'top-up' })
  const granted = await check()
  assert.equal([granted.allowed, granted.reason, granted.maxDurationSeconds], [true, null, 60])
  assert.is((await check({ at: before, to: '+33111' })).reason, 'destination_not_priced')

  const now = Date.now()
  const times = { startedAt: now - 90_000, answeredAt: now - 80_000, endedAt: now - 20_000 }
  const end = anEvent({ kind: 'end', client: clientId, callId: 'paid', to: '+34600111222', ...times })
  await settleCalls(api.callsContext, { events: [end], undeliverable: [] })
  const day = await check()
  assert.equal(
    [day.reason, day.spentOfDay, day.leftOfDay, day.available, day.runningCalls],
    ['daily_limit_reached', '0.06', '0.04', '0.09', 0],
  )
  // Before the money came, while a call ran that had not been asked for.
  await send('PATCH', `/v1/clients/${clientId}`, { maxDailyUsage: '10' })
  const then = new Date(now - 50_000).toISOString()
  await api.context.worker
    .$client`update calls set created_at = ${new Date(now - 90_000).toISOString()} where client_id = ${clientId}`
  const past = await check({ at: then })
  assert.equal(
    [past.at, past.reason, past.available, past.spentOfDay, past.runningCalls, past.brandRunningCalls],
    [then, 'insufficient_balance', '0', '0', 1, null],
  )
  await send('PATCH', `/v1/clients/${clientId}`, { maxCalls: 1 })
  assert.is((await check({ at: then })).reason, 'max_calls_reached')
  await send('PATCH', `/v1/clients/${clientId}`, { suspended: true })
  assert.is((await check()).reason, 'client_suspended')

  const body = { clientId, to: '+34600111222' }
  const ask = (more: object, key: string) =>
    api.send('POST', '/v1/authorization-checks', { key, body: { ...body, ...more } })
  assert.equal((await ask({ at: 'now' }, brandKey)).body.errors[0].pointer, '/at')
  assert.equal((await ask({ sourceIp: 'here' }, brandKey)).body.errors[0].pointer, '/sourceIp')
  assert.is((await ask({}, clientKey)).status, 403)
  assert.is((await ask({}, (await makeTenant(api)).brandKey)).status, 404)
})

test.run()
