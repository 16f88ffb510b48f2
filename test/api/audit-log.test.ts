import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/audit-log')
let api: TestApi
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  own = await makeTenant(api)
  other = await makeTenant(api)
})
test.after(() => api.close())

const log = async (query: string, key = own.brandKey) =>
  (await must(api.send('GET', `/v1/audit-log?${query}`, { key }))).data

test('a change names who, what, from which value to which, and the request', async () => {
  const changed = await api.send('PATCH', `/v1/clients/${own.clientId}`, {
    body: { maxCalls: 7, maxDailyUsage: '12.5' },
    key: own.brandKey,
    headers: { 'x-request-id': 'change-1' },
  })
  assert.is(changed.headers['x-request-id'], 'change-1')
  const [entry] = await log(`resource=clients&resourceId=${own.clientId}&action=update`)
  assert.match(entry.actor, /^key:brand \([0-9a-f-]{36}\)$/)
  assert.is(entry.requestId, 'change-1')
  assert.is(entry.clientId, own.clientId)
  assert.is(entry.brandId, own.brandId)
  assert.equal(entry.changes, [
    { field: 'maxCalls', from: 0, to: 7 },
    { field: 'maxDailyUsage', from: null, to: '12.5' },
  ])
})

test('a write that changes nothing, is refused or is rolled back leaves no entry', async () => {
  const before = await log(`clientId=${own.clientId}`)
  await must(api.send('PATCH', `/v1/clients/${own.clientId}`, { body: { maxCalls: 7 }, key: own.brandKey }))
  const refused = await api.send('PATCH', `/v1/clients/${own.clientId}`, {
    body: { maxCalls: 8 },
    key: own.brandKey,
    headers: { 'if-match': '"999"' },
  })
  assert.is(refused.status, 412)
  assert.equal(await log(`clientId=${own.clientId}`), before)
})

test('secrets show that they changed, never what they are', async () => {
  const { key, id } = await must(
    api.send('POST', '/v1/api-keys', { body: { name: 'secret', role: 'engine' }, key: own.brandKey }),
  )
  const admin = await must(
    api.send('POST', `/v1/clients/${own.clientId}/admins`, {
      body: { username: 'eva', password: 'a password of eva' },
      key: own.brandKey,
    }),
  )
  await must(
    api.send('PATCH', `/v1/clients/${own.clientId}/admins/${admin.id}`, {
      body: { password: 'another one of eva' },
      key: own.brandKey,
    }),
  )
  const entries = [...(await log(`resourceId=${id}`)), ...(await log(`resourceId=${admin.id}`))]
  assert.is(entries.length, 3)
  const text = JSON.stringify(entries)
  assert.not.ok(text.includes(key.slice(9)) || text.includes('scrypt$') || text.includes('of eva'))
  const [update] = await log(`resourceId=${admin.id}&action=update`)
  assert.equal(
    update.changes.map(({ field }: { field: string }) => field),
    ['passwordHash'],
  )
  assert.match(update.changes[0].to, /^redacted /)
})

test('deletions, versions of decks and what an admin did stand there too', async () => {
  const create = async (path: string, body: object) =>
    (await must(api.send('POST', path, { body, key: own.brandKey }))).id as string
  const corporation = await create('/v1/corporations', { name: 'Gone' })
  await must(api.send('DELETE', `/v1/corporations/${corporation}`, { key: own.brandKey }))
  assert.equal(
    (await log(`resourceId=${corporation}`)).map(({ action }: { action: string }) => action),
    ['delete', 'create'],
  )
  const deck = await create('/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const rate = { prefix: '34', steps: [{ fromSecond: 0, rate: '1', perSeconds: 60, incrementSeconds: 1 }] }
  await must(api.send('PUT', `/v1/rate-decks/${deck}/rates`, { body: [rate], key: own.brandKey }))
  const [version] = await log(`resource=rate-deck-versions&resourceId=${deck}`)
  assert.is(version.brandId, own.brandId)
  await create(`/v1/clients/${own.clientId}/admins`, { username: 'max', password: 'a password of max' })
  const session = await must(
    api.send('POST', '/v1/sessions', {
      body: { client: own.clientId, username: 'max', password: 'a password of max' },
      key: null,
    }),
  )
  const made = await must(
    api.send('POST', `/v1/clients/${own.clientId}/admins`, {
      body: { username: 'moritz' },
      key: session.accessToken,
    }),
  )
  const [entry] = await log(`resourceId=${made.id}`)
  assert.match(entry.actor, /^admin:max \(/)
})

test('a brand reads its own entries in pages, nobody writes or changes one', async () => {
  await must(api.send('PATCH', `/v1/brands/${other.brandId}`, { body: { maxCalls: 9 } }))
  assert.equal(await log(`brandId=${other.brandId}`), [])
  assert.is((await log(`brandId=${other.brandId}`, other.brandKey)).length > 0, true)
  for (const key of [own.clientKey, own.financeKey, own.engineKey]) {
    assert.is((await api.send('GET', '/v1/audit-log', { key })).status, 403)
  }
  const seen: string[] = []
  let cursor = ''
  do {
    const page = await must(api.send('GET', `/v1/audit-log?limit=2${cursor}`, { key: own.brandKey }))
    seen.push(...page.data.map(({ id }: { id: string }) => id))
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
  } while (cursor)
  assert.is(new Set(seen).size, seen.length)
  assert.equal(
    seen,
    (await log('limit=500')).map(({ id }: { id: string }) => id),
  )
  const refusals = await Promise.allSettled([
    api.context.worker.$client`update audit_log set actor = 'nobody'`,
    api.context.worker.$client`delete from audit_log`,
  ])
  assert.ok(refusals.every(({ status }) => status === 'rejected'))
})

test('every table that requests may change is under the log, or is named here with its reason', async () => {
  const reasons: Record<string, string> = {
    accounts: 'changed by movements, which name their actor',
    movements: 'name their actor',
    brand_counters: 'running calls',
    brand_terms: 'versions of what stands in brands',
    client_terms: 'versions of what stands in clients',
    calls: 'a hang-up or a waiver is a row of its own',
    configuration_changes: 'numbers of changes',
    configuration_version: 'numbers of changes',
    daily_usage: 'usage',
    idempotency_keys: 'answers',
    login_failures: 'logins',
    sessions: 'logins',
    signing_keys: 'secrets that turn by themselves',
    mails: 'told by their causes',
    outbox: 'told by their causes',
    rates: 'too many: their version stands there',
    re_rating_calls: 'their re-rating stands there',
    audit_log: 'itself',
  }
  const rows = await api.context.worker.$client`
    select distinct g.table_name as name,
      exists (
        select 1 from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relname = g.table_name and t.tgname = 'audit'
      ) as logged
    from information_schema.role_table_grants g
    where g.grantee = 'tollgate_api' and g.privilege_type in ('INSERT', 'UPDATE', 'DELETE')`
  const missing = rows.filter(({ name, logged }) => !logged && !reasons[name]).map(({ name }) => name)
  assert.equal(missing, [])
})

test.run()
