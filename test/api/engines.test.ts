import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('engines: their names and what they may decide alone')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

test('the name of an engine is one token of a NATS subject, in paths and authorizations', async () => {
  const ask = (engine: string) =>
    api.send('POST', '/v1/authorizations', {
      key: tenant.engineKey,
      body: { callId: `engine ${engine.length}`, client: tenant.clientId, to: '+34600111222', engine },
    })
  const poll = (engine: string) =>
    api.send('GET', `/v1/engines/${encodeURIComponent(engine)}/hangups`, { key: tenant.engineKey })
  const state = (engine: string) =>
    api.send('PUT', `/v1/engines/${encodeURIComponent(engine)}/active-calls`, {
      key: tenant.engineKey,
      body: { at: new Date().toISOString(), calls: [] },
    })
  for (const engine of ['sbc-1_b', 'x'.repeat(64)]) {
    for (const send of [ask, poll, state]) assert.is((await send(engine)).status, 200, engine)
  }
  for (const engine of ['sbc.1', 'sbc 1', 'sbc*', '>', 'é', 'a\u0000b', 'x'.repeat(65)]) {
    for (const send of [ask, poll, state]) {
      const { status, body } = await send(engine)
      assert.equal([status, body.code, body.errors[0].pointer], [400, 'invalid_request', '/engine'], engine)
    }
  }
})

test('policies name the special numbers of each brand, so that they pass while nobody answers', async () => {
  const policies = (key: string) => must(api.send('GET', '/v1/engines/policies', { key }))
  const ofBrand = async (key: string) =>
    (await policies(key)).brands.find(({ brandId }: { brandId: string }) => brandId === tenant.brandId)
  assert.equal(await ofBrand(tenant.engineKey), { brandId: tenant.brandId, specialNumbers: [] })
  const before = await api.send('GET', '/v1/engines/policies', { key: tenant.engineKey })
  await must(
    api.send('PATCH', `/v1/brands/${tenant.brandId}`, { body: { specialNumbers: ['061', '+34900111222'] } }),
  )
  const told = { brandId: tenant.brandId, specialNumbers: ['061', '+34900111222', '34900111222'] }
  assert.equal(await ofBrand(tenant.engineKey), told)
  assert.equal(await ofBrand(platformKey), told)
  const { data, brands, emergencyNumbers } = await policies(tenant.engineKey)
  assert.equal([data.length, data[0].brandId, brands.length], [1, tenant.brandId, 1])
  assert.equal(emergencyNumbers, ['112', '911'])
  const again = await api.send('GET', '/v1/engines/policies', {
    key: tenant.engineKey,
    headers: { 'if-none-match': String(before.headers.etag) },
  })
  assert.is(again.status, 200, 'a copy of before is not current any more')
  const other = await makeTenant(api)
  assert.is(await ofBrand(other.engineKey), undefined)
})

test.run()
