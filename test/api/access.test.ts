import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { access, openRoutes } from '../../src/api/access.ts'
import { roles } from '../../src/identities/identity.ts'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('who may call what')
let api: TestApi
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>
/** Of the other brand, by the collection its id belongs to. */
let foreign: Record<string, string>

const keyOf = (role: string) =>
  ({
    platform: platformKey,
    brand: own.brandKey,
    client: own.clientKey,
    finance: own.financeKey,
    engine: own.engineKey,
  })[role] ?? null

test.before(async () => {
  api = await openTestApi()
  own = await makeTenant(api)
  other = await makeTenant(api)
  // Nothing but rights and tenants may refuse.
  const portalVisibility = { invoices: true, ratingProfiles: true, callPrices: true }
  await must(api.send('PATCH', `/v1/clients/${own.clientId}`, { body: { portalVisibility } }))
  const create = async (path: string, body: object) =>
    (await must(api.send('POST', path, { body, key: other.brandKey }))).id as string
  const deck = await create('/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const plan = await create('/v1/rating-plans', {
    name: 'Plan',
    currency: 'EUR',
    entries: [{ rateDeckId: deck }],
  })
  const client = `/v1/clients/${other.clientId}`
  const imported = await api.send('POST', `/v1/rate-decks/${deck}/imports?dryRun=true`, {
    key: other.brandKey,
    body: 'prefix,rate\n34,0.01\n',
    headers: { 'content-type': 'text/csv' },
  })
  const [letter] = await api.context.worker.$client`
    insert into dead_letters (id, brand_id, client_id, subject, reason, detail, body, received_at, deliveries)
    values (gen_random_uuid(), ${other.brandId}, ${other.clientId}, 'calls.end', 'invalid_event', '', '{}', now(), 1)
    returning id`
  const [mail] = await api.context.worker.$client`
    insert into mails (id, kind, source, brand_id, client_id, recipient, content, status, next_attempt_at)
    values (gen_random_uuid(), 'low-balance', 'one', ${other.brandId}, ${other.clientId}, 'noc@acme.example', '{}',
            'failed', now())
    returning id`
  const sequence = await create('/v1/invoice-number-sequences', { name: 'main', prefix: 'F', width: 4 })
  const term = { clientId: other.clientId, numberSequenceId: sequence }
  const day = '2026-01-01'
  const webhook = await create('/v1/webhook-endpoints', {
    url: 'https://1.1.1.1/hook',
    events: ['billing.*'],
  })
  const bundle = await create('/v1/allowance-plans', {
    ...{ name: 'Theirs', currency: 'EUR', period: 'month', fee: '1', items: [] },
  })
  foreign = {
    taxes: await create('/v1/taxes', { name: 'VAT', rate: '21', category: 'S' }),
    'fixed-costs': await create('/v1/fixed-costs', { name: 'Seat', price: '9.95', currency: 'EUR' }),
    'invoice-number-sequences': sequence,
    'invoice-templates': await create('/v1/invoice-templates', { name: 'Plain', content: {} }),
    'invoice-schedules': await create('/v1/invoice-schedules', {
      name: 'Monthly',
      unit: 'month',
      firstDay: day,
      numberSequenceId: sequence,
    }),
    'report-schedules': await create('/v1/report-schedules', {
      name: 'Daily',
      report: 'calls',
      format: 'csv',
      unit: 'day',
      firstDay: day,
      directory: 'calls',
    }),
    invoices: await create('/v1/invoices', { ...term, from: day, to: '2026-02-01' }),
    brands: other.brandId,
    clients: other.clientId,
    'authorized-sources': await create(`${client}/authorized-sources`, { cidr: '203.0.113.1' }),
    'rating-profiles': await create(`${client}/rating-profiles`, {
      ratingPlanId: plan,
      activatesAt: '2026-01-01T00:00:00Z',
    }),
    'balance-alerts': await create(`${client}/balance-alerts`, {
      threshold: '5',
      email: 'noc@acme.example',
    }),
    admins: await create(`${client}/admins`, { username: 'foreign' }),
    corporations: await create('/v1/corporations', { name: 'Corporation' }),
    carriers: await create('/v1/carriers', { name: 'C', code: 'c', currency: 'EUR', timeZone: 'UTC' }),
    'exchange-rates': await create('/v1/exchange-rates', {
      base: 'USD',
      quote: 'EUR',
      rate: '0.9',
      validFrom: '2026-01-01T00:00:00Z',
    }),
    calendars: await create('/v1/calendars', { name: 'Holidays', days: ['2026-12-25'] }),
    'rate-decks': deck,
    'rating-plans': plan,
    imports: (await must(Promise.resolve(imported))).id,
    'import-mappings': await create('/v1/import-mappings', { name: 'Theirs', mapping: {} }),
    'allowance-plans': bundle,
    allowances: await create(`${client}/allowances`, { allowancePlanId: bundle, from: '2099-01-01' }),
    'spend-guards': await create('/v1/spend-guards', { name: 'Theirs', limits: { callsPerMinute: 9 } }),
    'webhook-endpoints': webhook,
    'webhook-deliveries': await create(`/v1/webhook-endpoints/${webhook}/ping`, {}),
    'api-keys': await create('/v1/api-keys', { name: 'foreign', role: 'brand' }),
    'dead-letters': letter?.id,
    mails: mail?.id,
    'notification-templates': await create('/v1/notification-templates', {
      name: 'Theirs',
      kind: 'low-balance',
      contents: { en: { subject: 's', text: 't', html: 'h' } },
    }),
    're-ratings': await create('/v1/re-ratings', { filter: { status: 'rejected' }, dryRun: true }),
  }
  const [run] = await api.context.worker.$client`
    insert into direct_debit_runs (id, brand_id, collection_day, creditor, actor)
    values (gen_random_uuid(), ${other.brandId}, '2026-03-01', '{}', 'test')
    returning id`
  const [debit] = await api.context.worker.$client`
    insert into direct_debits (id, run_id, brand_id, client_id, invoice_id, amount, mandate, is_account_changed)
    values (gen_random_uuid(), ${run?.id}, ${other.brandId}, ${other.clientId}, ${foreign.invoices ?? ''}, 1, '{}', false)
    returning id`
  Object.assign(foreign, { 'direct-debit-runs': run?.id, debits: debit?.id, versions: '1' })
  await api.context.importer.idle()
})
test.after(() => api.close())

/** A body of the right shape for each route that takes one, so that nothing but rights can refuse it. */
function bodyFor(route: string): unknown {
  if (route.endsWith('/rates')) return []
  if (route.endsWith('active-calls')) return { at: '2026-01-01T00:00:00Z', calls: [] }
  if (route.endsWith('balance-alerts')) return { threshold: '5', email: 'noc@acme.example' }
  if (route.startsWith('POST /v1/rate-decks/:id/imports')) return 'prefix,rate\n34,0.01\n'
  if (route.endsWith('/waive')) return { reason: 'our mistake' }
  if (route.includes('balance-movements')) return { kind: 'top-up', amount: '1' }
  if (route.endsWith('/waive')) return { reason: 'goodwill' }
  if (route.endsWith('/:brandId/admins')) return { username: 'spy', role: 'viewer' }
  if (route.endsWith('/admins')) return { username: 'spy' }
  if (route.endsWith('/rights')) return { data: [] }
  if (route.endsWith('/password')) return { currentPassword: 'old', newPassword: 'a password of the tests' }
  if (route.endsWith('authorized-sources')) return { cidr: '203.0.113.2' }
  if (route.endsWith('rating-profiles'))
    return { ratingPlanId: foreign['rating-plans'], activatesAt: '2026-01-01T00:00:00Z' }
  if (route.endsWith('/allowances'))
    return { allowancePlanId: foreign['allowance-plans'], from: '2099-01-01' }
  if (route.endsWith('/lift')) return { clientId: own.clientId, minutes: 5 }
  if (route.endsWith('/return')) return { reason: 'AM04' }
  if (route.endsWith('/payments')) return { amount: '1', method: 'transfer' }
  return {}
}

function send(route: string, key: string | null, ids: (collection: string) => string) {
  const [method = '', path = ''] = route.split(' ')
  let collection = ''
  const url = path
    .split('/')
    .map((token) => {
      if (!token.startsWith(':')) {
        collection = token
        return token
      }
      if (token === ':callId') return 'call-1'
      const [, format = ''] = token.split('.')
      if (format) return `${ids(collection)}.${format}`
      return ids(token === ':clientId' ? 'clients' : collection)
    })
    .join('/')
  const query = url.endsWith('/statement')
    ? '?from=2026-01-01&to=2026-02-01'
    : url.endsWith('/prices')
      ? '?number=34600111222'
      : url.endsWith('/margins')
        ? `?carrierId=${ids('carriers')}`
        : ''
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method)
  const body = bodyFor(route)
  return api.send(method, url + query, {
    key,
    ...(hasBody ? { body } : {}),
    headers: /\/imports(\/inspect)?$/.test(route) ? { 'content-type': 'text/csv' } : {},
  })
}

test('every route of the table is served, and nothing else under /v1', () => {
  const served = new Set<string>()
  for (const line of Object.entries(api.app.swagger().paths ?? {})) {
    const [path, methods] = line
    for (const method of Object.keys(methods ?? {})) {
      served.add(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`)
    }
  }
  assert.equal([...served].sort(), [...access.keys(), ...openRoutes].sort())
})

test('without a key, with a wrong one and with half a header every route answers 401', async () => {
  for (const route of access.keys()) {
    assert.is((await send(route, null, () => own.clientId)).status, 401, route)
  }
  for (const authorization of ['Bearer', 'Bearer ', 'Basic YTpi', `Bearer ${own.brandKey}x`, own.brandKey]) {
    const { status, body } = await api.send('GET', '/v1/clients', { key: null, headers: { authorization } })
    assert.is(status, 401, authorization)
    assert.is(body.code, 'unauthenticated')
  }
})

test('a role that the table does not name gets 403, whatever it sends', async () => {
  let refused = 0
  for (const [route, { roles: allowed }] of access) {
    for (const role of roles) {
      if (allowed.includes(role)) continue
      const { status, body } = await send(route, keyOf(role), () => own.clientId)
      assert.is(status, 403, `${role} ${route} answered ${status}`)
      assert.is(body.code, 'forbidden')
      refused++
    }
  }
  assert.ok(refused > 150, `${refused} pairs`)
})

test('another tenant’s id answers 404 to every role that may call the route', async () => {
  let asked = 0
  for (const [route, { roles: allowed }] of access) {
    if (!route.includes(':')) continue
    for (const role of allowed) {
      // The platform and its facts have no other tenant; an engine's name belongs to whoever uses it.
      if (role === 'platform' || route.includes('media-relay-sets') || route.includes(':engine')) continue
      const { status, body } = await send(route, keyOf(role), (collection) => {
        const id = foreign[collection]
        assert.ok(id, `no foreign id for ${collection} in ${route}`)
        return id as string
      })
      assert.is(status, 404, `${role} ${route} answered ${status}: ${JSON.stringify(body)}`)
      assert.is(body.code, 'not_found')
      asked++
    }
  }
  assert.ok(asked >= 78, `${asked} pairs`)
})

test('an id that is none answers 404, never 500', async () => {
  for (const id of [
    'x',
    '1',
    "1'--",
    '%00',
    '..%2f',
    'a'.repeat(1000),
    '00000000-0000-0000-0000-00000000000g',
  ]) {
    for (const path of ['/v1/clients/', '/v1/brands/', '/v1/rate-decks/', '/v1/api-keys/']) {
      assert.is((await api.send('GET', path + id)).status, 404, path + id)
    }
  }
})

test('lists show the own tenant’s rows alone', async () => {
  for (const path of [
    'clients',
    'corporations',
    'rate-decks',
    'rating-plans',
    'api-keys',
    'brands',
    'dead-letters',
    'mails',
    'notification-templates',
  ]) {
    const { data } = await must(api.send('GET', `/v1/${path}?limit=500`, { key: own.brandKey }))
    const ids = data.map(({ id }: { id: string }) => id)
    assert.not.ok(ids.includes(foreign[path]), path)
  }
  const { data } = await must(api.send('GET', '/v1/clients', { key: own.clientKey }))
  assert.equal(
    data.map(({ id }: { id: string }) => id),
    [own.clientId],
  )
})

test('a client’s key does not see its neighbours in the brand', async () => {
  const neighbour = await must(
    api.send('POST', '/v1/clients', {
      body: { name: 'Neighbour', sipDomain: 'neighbour.example' },
      key: own.brandKey,
    }),
  )
  for (const path of ['', '/balance', '/balance-movements', '/daily-usage', '/calls', '/running-calls']) {
    const { status } = await api.send('GET', `/v1/clients/${neighbour.id}${path}`, { key: own.clientKey })
    assert.is(status, 404, path)
    const ours = await api.send('GET', `/v1/clients/${own.clientId}${path}`, { key: own.clientKey })
    assert.is(ours.status, 200, path)
  }
})

test('a body that names another brand, or its things, finds nothing', async () => {
  const body = { name: 'Spy', sipDomain: 'spy.example' }
  const brand = await api.send('POST', '/v1/clients', {
    body: { ...body, brandId: other.brandId },
    key: own.brandKey,
  })
  assert.is(brand.status, 404)
  const corporation = await api.send('POST', '/v1/clients', {
    body: { ...body, corporationId: foreign.corporations },
    key: own.brandKey,
  })
  assert.is(corporation.status, 404)
  const plan = await api.send('POST', `/v1/clients/${own.clientId}/rating-profiles`, {
    body: { ratingPlanId: foreign['rating-plans'], activatesAt: '2026-01-01T00:00:00Z' },
    key: own.brandKey,
  })
  assert.is(plan.status, 404)
  const key = await api.send('POST', '/v1/api-keys', {
    body: { name: 'spy', role: 'client', clientId: other.clientId },
    key: own.brandKey,
  })
  assert.is(key.status, 404)
})

test.run()
