import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('relay sets, application servers, corporations')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const resources: [
  path: string,
  body: Record<string, unknown>,
  change: Record<string, unknown>,
  bad: Record<string, unknown>,
  pointer: string,
][] = [
  [
    '/v1/media-relay-sets',
    { name: 'Set', relays: [{ name: 'one', address: 'media1.example.com:2223' }] },
    { relays: [{ name: 'two', address: '[2001:db8::1]:2223' }] },
    { name: 'Bad', relays: [] },
    '/relays',
  ],
  [
    '/v1/application-servers',
    { name: 'Server', address: 'as1.example.com' },
    { address: 'as2.example.com' },
    { name: 'Bad', address: 'a b' },
    '/address',
  ],
]

for (const [path, body, change, bad, pointer] of resources) {
  test(`${path} is made, changed under its ETag and removed`, async () => {
    const made = await api.send('POST', path, { body })
    assert.is(made.status, 201)
    const changed = await api.send('PATCH', `${path}/${made.body.id}`, {
      body: change,
      headers: { 'if-match': '"1"' },
    })
    assert.equal([changed.status, changed.headers.etag], [200, '"2"'])
    assert.equal(
      { ...body, ...change },
      Object.fromEntries(Object.keys(body).map((key) => [key, changed.body[key]])),
    )
    assert.is((await api.send('POST', path, { body })).status, 409)
    assert.is(
      (await api.send('DELETE', `${path}/${made.body.id}`, { headers: { 'if-match': '"1"' } })).status,
      412,
    )
    assert.is((await api.send('DELETE', `${path}/${made.body.id}`)).status, 204)
    assert.is((await api.send('GET', `${path}/${made.body.id}`)).status, 404)
  })

  test(`${path} refuses a wrong address with its place`, async () => {
    const refused = await api.send('POST', path, { body: bad })
    assert.equal([refused.status, refused.body.errors[0].pointer], [400, pointer])
  })
}

test('a relay set, a server or a corporation that a client uses is in use', async () => {
  const set = await must(
    api.send('POST', '/v1/media-relay-sets', {
      body: { name: 'Used', relays: [{ name: 'a', address: 'b' }] },
    }),
  )
  const server = await must(
    api.send('POST', '/v1/application-servers', { body: { name: 'Used', address: 'b' } }),
  )
  const corporation = await must(
    api.send('POST', '/v1/corporations', { body: { name: 'Used' }, key: tenant.brandKey }),
  )
  await must(
    api.send('PATCH', `/v1/clients/${tenant.clientId}`, {
      body: { mediaRelaySetId: set.id, applicationServerId: server.id, corporationId: corporation.id },
    }),
  )
  for (const path of [
    `/v1/media-relay-sets/${set.id}`,
    `/v1/application-servers/${server.id}`,
    `/v1/corporations/${corporation.id}`,
  ]) {
    const { status, body } = await api.send('DELETE', path)
    assert.equal([status, body.code], [409, 'in_use'], path)
  }
})

test('one Idempotency-Key makes one client, and a repeat gets its ETag and Location too', async () => {
  const send = () =>
    api.send('POST', '/v1/clients', {
      key: tenant.brandKey,
      body: { name: 'Once', sipDomain: 'once.example.com' },
      headers: { 'idempotency-key': 'client-1' },
    })
  const [first, second] = [await send(), await send()]
  assert.equal([first.status, second.status], [201, 201])
  assert.is(first.body.id, second.body.id)
  assert.is(second.headers['idempotency-replayed'], 'true')
  assert.is(first.headers.location, `/v1/clients/${first.body.id}`)
  assert.is(second.headers.location, first.headers.location)
  assert.is(second.headers.etag, first.headers.etag)
  assert.is(first.headers.etag, '"1"')
})

test.run()
