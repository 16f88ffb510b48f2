import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ensurePlatformKey } from '../../src/identities/ensure-platform-key.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/api-keys')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const make = (body: object, key = tenant.brandKey) => api.send('POST', '/v1/api-keys', { body, key })

test('a key is shown once, and nowhere in the database', async () => {
  const made = await must(make({ name: 'switch', role: 'engine' }))
  assert.match(made.key, /^tg_[A-Za-z0-9_-]{43}$/)
  assert.ok(made.key.startsWith(made.prefix))
  const read = await must(api.send('GET', `/v1/api-keys/${made.id}`, { key: tenant.brandKey }))
  assert.not.ok('key' in read)
  const { worker } = api.context
  const tables = await worker.$client`select tablename from pg_tables where schemaname = 'public'`
  for (const { tablename } of tables) {
    const [found] = await worker.$client`
      select count(*)::int as rows from ${worker.$client(tablename)} t where t::text like ${`%${made.key.slice(3)}%`}`
    assert.is(found?.rows, 0, tablename)
  }
})

test('the answer that shows a key is kept nowhere, and names where the key is read', async () => {
  const { status, headers, body } = await make({ name: 'once', role: 'brand' })
  assert.equal(
    [status, headers['cache-control'], headers.location],
    [201, 'no-store', `/v1/api-keys/${body.id}`],
  )
})

test('a revoked key stops at once', async () => {
  const made = await must(make({ name: 'short', role: 'brand' }))
  assert.is((await api.send('GET', '/v1/clients', { key: made.key })).status, 200)
  assert.is((await api.send('DELETE', `/v1/api-keys/${made.id}`, { key: tenant.brandKey })).status, 204)
  assert.is((await api.send('GET', '/v1/clients', { key: made.key })).status, 401)
  const read = await must(api.send('GET', `/v1/api-keys/${made.id}`, { key: tenant.brandKey }))
  assert.ok(read.revokedAt)
})

test('an expired key is a wrong key', async () => {
  const made = await must(make({ name: 'past', role: 'brand', expiresAt: '2099-01-01T00:00:00Z' }))
  await api.context.worker.$client`update api_keys set expires_at = now() where id = ${made.id}`
  assert.is((await api.send('GET', '/v1/clients', { key: made.key })).status, 401)
})

test('a key that expires makes no key that outlives it', async () => {
  const expiresAt = '2099-01-01T00:00:00.000Z'
  const maker = await must(make({ name: 'for a while', role: 'brand', expiresAt }))
  const cases: [string | null | undefined, number][] = [
    [undefined, 403],
    [null, 403],
    ['2099-01-01T00:00:00.001Z', 403],
    [expiresAt, 201],
    ['2098-12-31T00:00:00Z', 201],
    ['2020-01-01T00:00:00Z', 400],
  ]
  for (const [at, status] of cases) {
    const made = await make({ name: 'next', role: 'brand', expiresAt: at }, maker.key)
    assert.is(made.status, status, String(at))
  }
})

test('scopes narrow a role, and are not given on', async () => {
  const made = await must(make({ name: 'narrow', role: 'brand', scopes: ['clients:read', 'api-keys:write'] }))
  assert.is((await api.send('GET', '/v1/clients', { key: made.key })).status, 200)
  const write = await api.send('POST', '/v1/clients', {
    body: { name: 'X', sipDomain: 'x.example' },
    key: made.key,
  })
  assert.is(write.status, 403)
  assert.is((await make({ name: 'wide', role: 'brand' }, made.key)).status, 403)
  assert.is((await make({ name: 'wide', role: 'brand', scopes: ['calls:read'] }, made.key)).status, 403)
  assert.is((await make({ name: 'same', role: 'brand', scopes: ['clients:read'] }, made.key)).status, 201)
})

test('a key is never wider than its maker', async () => {
  assert.is((await make({ name: 'up', role: 'platform' })).status, 403)
  const engine = await must(make({ name: 'engine', role: 'engine' }))
  assert.is(engine.brandId, tenant.brandId)
})

test('brand and client go with the roles that have them', async () => {
  const cases: [object, string][] = [
    [{ name: 'x', role: 'client' }, '/clientId'],
    [{ name: 'x', role: 'brand', brandId: tenant.brandId, clientId: tenant.clientId }, '/clientId'],
    [{ name: 'x', role: 'brand' }, '/brandId'],
    [{ name: 'x', role: 'finance' }, '/brandId'],
    [{ name: 'x', role: 'platform', brandId: tenant.brandId }, '/brandId'],
    [{ name: 'x', role: 'king' }, '/role'],
    [{ name: 'x', role: 'engine', expiresAt: '2026-02-30T00:00:00Z' }, '/expiresAt'],
    [{ name: 'x', role: 'engine', expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
  ]
  for (const [body, pointer] of cases) {
    const answer = await api.send('POST', '/v1/api-keys', { body })
    assert.is(answer.status, 400, JSON.stringify(body))
    assert.is(answer.body.errors[0].pointer, pointer)
  }
  const all = await must(api.send('POST', '/v1/api-keys', { body: { name: 'all', role: 'engine' } }))
  assert.is(all.brandId, null)
})

test('the last use is noted', async () => {
  const made = await must(make({ name: 'used', role: 'brand' }))
  await must(api.send('GET', '/v1/clients', { key: made.key }))
  const deadline = Date.now() + 15_000
  for (;;) {
    const { lastUsedAt } = await must(api.send('GET', `/v1/api-keys/${made.id}`, { key: tenant.brandKey }))
    if (lastUsedAt !== null) break
    assert.ok(Date.now() < deadline, 'never noted')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
})

test('the first platform key is made once', async () => {
  const key = await ensurePlatformKey(api.context.db)
  assert.is((await api.send('GET', '/v1/brands', { key: key ?? '' })).status, 200)
  assert.is(await ensurePlatformKey(api.context.db), undefined)
})

test.run()
