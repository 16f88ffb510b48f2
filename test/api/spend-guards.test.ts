/** Guards over HTTP: made, changed, lifted, tried on past calls, and refused where they say nothing. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/spend-guards')
const path = '/v1/spend-guards'
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  other = await makeTenant(api)
})
test.after(() => api.close())

const send = (method: string, at: string, body?: unknown, key = tenant.brandKey) =>
  api.send(method, at, { key, ...(body === undefined ? {} : { body }) })
const guard = { name: 'Nights', limits: { spendPerHour: '5', newCountries: 'deny' } }

test('a new brand has one guard, and its clients see it', async () => {
  const { data } = await must(send('GET', `${path}?brandId=${tenant.brandId}`, undefined, tenant.clientKey))
  const [{ id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...shown }] = data
  assert.equal(shown, {
    brandId: tenant.brandId,
    clientId: null,
    name: 'High-risk numbers',
    enabled: true,
    when: null,
    prefixes: null,
    highRisk: true,
    limits: { spendPerHour: '10' },
    action: 'alert',
    email: null,
    currency: 'EUR',
  })
})

test('a guard is made, found, changed and deleted; what is left out has its default', async () => {
  const when = { from: '20:00', to: '08:00' }
  const made = await must(send('POST', path, { ...guard, when, prefixes: ['+53', '00882', '881'] }))
  assert.equal(made.when, { days: null, from: '20:00', to: '08:00', timeZone: null })
  assert.equal(made.prefixes, ['53', '882', '881'])
  assert.equal([made.action, made.enabled, made.highRisk], ['alert', true, null])
  const changed = await must(send('PATCH', `${path}/${made.id}`, { action: 'deny-and-hang-up', when: null }))
  assert.equal([changed.action, changed.when, changed.name], ['deny-and-hang-up', null, 'Nights'])
  assert.equal(await must(send('GET', `${path}/${made.id}`)), changed)
  assert.is((await send('DELETE', `${path}/${made.id}`)).status, 204)
  assert.is((await send('GET', `${path}/${made.id}`)).status, 404)
})

test('the replica that answered decides by it at once', async () => {
  const made = await must(send('POST', path, { ...guard, clientId: tenant.clientId }))
  const { guards } = api.context.configuration.getBrand(tenant.brandId)
  assert.equal(guards.ofClient.get(tenant.clientId)?.[0]?.limits.spendPerHour?.toFixed(), '5')
  const lifted = await must(
    send('POST', `${path}/${made.id}/lift`, { clientId: tenant.clientId, minutes: 60 }),
  )
  const { lifts } = api.context.configuration.getBrand(tenant.brandId).guards
  assert.is(lifts.get(`${made.id} ${tenant.clientId}`), Date.parse(lifted.until))
  await must(send('PATCH', `${path}/${made.id}`, { enabled: false }))
  assert.is(api.context.configuration.getBrand(tenant.brandId).guards.ofClient.size, 0)
})

for (const [what, body, pointer] of [
  ['no limit', { limits: {} }, '/limits'],
  ['an unknown limit', { limits: { spendPerWeek: '1' } }, '/limits'],
  ['an unknown action', { action: 'call-the-police' }, '/action'],
  ['a limit that is no amount', { limits: { spendPerHour: 10 } }, '/limits/spendPerHour'],
  ['a negative limit', { limits: { spendPerHour: '-1' } }, '/limits/spendPerHour'],
  ['highRisk: false', { highRisk: false }, '/highRisk'],
  ['a prefix that is no number', { prefixes: ['34x'] }, '/prefixes/0'],
  ['no prefix', { prefixes: [] }, '/prefixes'],
  ['a time that is none', { when: { from: '25:00' } }, '/when/from'],
  ['no time at all', { when: { from: '08:00', to: '08:00' } }, '/when/to'],
  ['a zone that is none', { when: { from: '08:00', timeZone: 'Mars/Base' } }, '/when/timeZone'],
] as const) {
  test(`${what} is refused with its place`, async () => {
    const { status, body: problem } = await send('POST', path, { ...guard, ...body })
    assert.is(status, 400)
    assert.ok(problem.errors[0].pointer.startsWith(pointer), JSON.stringify(problem.errors))
  })
}

test('another brand’s client, guard or key finds nothing, and a client changes none', async () => {
  assert.is((await send('POST', path, { ...guard, clientId: other.clientId })).status, 404)
  const made = await must(send('POST', path, guard))
  assert.is((await send('GET', `${path}/${made.id}`, undefined, other.brandKey)).status, 404)
  const lift = { clientId: other.clientId, minutes: 5 }
  assert.is((await send('POST', `${path}/${made.id}/lift`, lift)).status, 404)
  assert.is((await send('PATCH', `${path}/${made.id}`, { clientId: tenant.clientId })).status, 400)
  assert.is((await send('PATCH', `${path}/${made.id}`, { name: 'Mine' }, tenant.clientKey)).status, 403)
})

test('whom a brand’s guard tells, its clients do not see', async () => {
  const made = await must(send('POST', path, { ...guard, email: 'fraud@telco.example' }))
  assert.is(made.email, 'fraud@telco.example')
  assert.is((await must(send('GET', `${path}/${made.id}`, undefined, tenant.clientKey))).email, null)
})

test('prices of clients in another currency count at face value, and the guard says so', async () => {
  const dollars = {
    brandId: other.brandId,
    name: 'Dollars',
    sipDomain: 'dollars.example.com',
    currency: 'USD',
  }
  await must(api.send('POST', '/v1/clients', { body: dollars }))
  const made = await must(send('POST', path, guard, other.brandKey))
  assert.equal(made.warnings, ['Prices in USD count at face value: there is no exchange rate to EUR.'])
  const rate = { base: 'USD', quote: 'EUR', rate: '0.9', validFrom: '2026-01-01T00:00:00Z' }
  await must(send('POST', '/v1/exchange-rates', rate, other.brandKey))
  assert.is((await must(send('GET', `${path}/${made.id}`, undefined, other.brandKey))).warnings, undefined)
  const counts = { name: 'Counts', limits: { callsPerMinute: 5 } }
  assert.is((await must(send('POST', path, counts, other.brandKey))).warnings, undefined)
})

test('a test on past calls answers with sums', async () => {
  const tried = await must(send('POST', `${path}/test`, { guard, days: 7 }))
  const nothing = { calls: 0, spent: '0', stoppedCalls: 0, stoppedSpend: '0', trips: 0, clients: [] }
  assert.equal(tried, { ...nothing, days: 7, currency: 'EUR' })
  assert.is((await send('POST', `${path}/test`, { guard, days: 31 })).status, 400)
  const broken = await send('POST', `${path}/test`, { guard: { ...guard, prefixes: ['x'] } })
  assert.is(broken.body.errors[0].pointer, '/guard/prefixes/0')
})

test('what tripped is a report, without sums where a portal shows no prices', async () => {
  const id = (await must(send('POST', path, guard))).id
  await api.callsContext.db.$client`
    insert into guard_events (id, brand_id, client_id, guard_id, guard_name, action, limit_name, limit_value, currency,
                              hour_at, tripped_at, last_at, refused, spent)
    values (gen_random_uuid(), ${tenant.brandId}, ${tenant.clientId}, ${id}, 'Nights', 'deny', 'spendPerHour', '5', 'EUR',
            '2026-01-14T23:00:00Z', '2026-01-14T23:30:00Z', '2026-01-14T23:45:00Z', 12, 4.5)`
  const rows = async (query: string, key?: string) =>
    (await must(send('GET', `/v1/reports/guard-events.json?${query}`, undefined, key))).data
  // Half past midnight on the 15th in Madrid.
  const day = 'from=2026-01-15&to=2026-01-16'
  const [row] = await rows(day)
  assert.equal(
    [row.guardName, row.limit, row.limitValue, row.spent, row.refused],
    ['Nights', 'spendPerHour', '5', '4.5', 12],
  )
  assert.equal(await rows('from=2026-01-14&to=2026-01-15'), [])
  assert.is((await rows(day, tenant.clientKey))[0].spent, null)
  assert.equal(await rows(day, other.brandKey), [])
})

test.run()
