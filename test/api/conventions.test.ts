import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('conventions of every request')
const origin = 'https://portal.example.com'
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi({
    settings: {
      bootstrapApiKey: platformKey,
      tariffLeadSeconds: 5,
      metricsApart: false,
      trustedProxies: ['127.0.0.1/32'],
      corsOrigins: [origin],
      webhookPrivateHosts: new Set(),
      jwtIssuers: [],
      emergencyNumbers: [],
    },
  })
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const get = (headers: Record<string, string>, key: string | null = tenant.brandKey) =>
  api.send('GET', '/v1/clients', { key, headers })

test('an answer carries a request id: the one sent where it is harmless, else a new one', async () => {
  assert.is((await get({ 'x-request-id': 'order-4711:a_b.c' })).headers['x-request-id'], 'order-4711:a_b.c')
  for (const sent of ['', 'a b', 'a\u001b[31m', '{"level":60}', 'x'.repeat(65)]) {
    assert.match(
      String((await get({ 'x-request-id': sent })).headers['x-request-id']),
      /^[0-9a-f]{12}-[0-9a-z]+$/,
    )
  }
  const refused = await get({ 'x-request-id': 'no-key' }, null)
  assert.is(refused.status, 401)
  assert.is(refused.headers['x-request-id'], 'no-key')
})

test('a traceparent comes back as it was sent, a broken one does not', async () => {
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  assert.is((await get({ traceparent: parent })).headers.traceparent, parent)
  for (const broken of [parent.toUpperCase(), `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'x']) {
    assert.is((await get({ traceparent: broken })).headers.traceparent, undefined)
  }
})

test('a page of a listed origin may call, any other gets no word of permission', async () => {
  const listed = await get({ origin })
  assert.is(listed.headers['access-control-allow-origin'], origin)
  assert.match(String(listed.headers['access-control-expose-headers']), /etag/)
  for (const other of ['https://evil.example.com', `${origin}.evil.example`, 'null']) {
    const answer = await get({ origin: other })
    assert.is(answer.headers['access-control-allow-origin'], undefined)
    assert.is(answer.headers.vary, 'Origin')
  }
})

test('a preflight is answered without a key, for a listed origin alone', async () => {
  const preflight = (from: string) =>
    api.send('OPTIONS', '/v1/clients', {
      key: null,
      headers: { origin: from, 'access-control-request-method': 'PATCH' },
    })
  const { status, headers } = await preflight(origin)
  assert.is(status, 204)
  assert.match(String(headers['access-control-allow-methods']), /PATCH/)
  assert.match(String(headers['access-control-allow-headers']), /idempotency-key/)
  assert.is((await preflight('https://evil.example.com')).status, 405)
})

test('counted keys see how many requests are left; engines and the platform are not counted', async () => {
  const { headers } = await get({})
  assert.is(headers['x-ratelimit-limit'], '600')
  assert.ok(Number(headers['x-ratelimit-remaining']) < 600)
  assert.is((await get({}, platformKey)).headers['x-ratelimit-limit'], undefined)
})

test('answers say that they are to be taken for nothing but what they are', async () => {
  const { headers } = await get({})
  assert.is(headers['x-content-type-options'], 'nosniff')
  assert.ok(headers['strict-transport-security'])
})

test('six hundred wrong keys of one address are enough, and no known key is shut out with it', async () => {
  const wrong = (address: string) => get({ 'x-forwarded-for': address }, 'tg_wrong')
  assert.is((await get({ 'x-forwarded-for': '203.0.113.7' })).status, 200)
  for (let i = 0; i < 600; i++) assert.is((await wrong('203.0.113.7')).status, 401)
  const statuses = new Set<number>()
  for (let i = 0; i < 20; i++) statuses.add((await wrong('203.0.113.7')).status)
  assert.ok(statuses.has(429))
  assert.is((await get({ 'x-forwarded-for': '203.0.113.7' })).status, 200)
  assert.is((await wrong('203.0.113.8')).status, 401)
})

test('an address that a stranger writes into X-Forwarded-For is not believed', async () => {
  const strangers = await openTestApi()
  const wrong = (i: number) =>
    strangers.send('GET', '/v1/clients', {
      key: 'tg_wrong',
      headers: { 'x-forwarded-for': `203.0.113.${i % 250}` },
    })
  for (let i = 0; i < 600; i++) await wrong(i)
  const statuses = new Set<number>()
  for (let i = 0; i < 20; i++) statuses.add((await wrong(i)).status)
  await strangers.close()
  assert.ok(statuses.has(429))
})

test('a packed body is refused with 415, whatever is in it', async () => {
  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, identity', 'whatever']) {
    const answer = await api.send('POST', '/v1/corporations', {
      key: tenant.brandKey,
      body: { name: 'Packed' },
      headers: { 'content-encoding': encoding },
    })
    assert.equal([answer.status, answer.body.code], [415, 'unsupported_media_type'], encoding)
    assert.is(answer.headers['accept-encoding'], 'identity')
  }
  const plain = await api.send('POST', '/v1/corporations', {
    key: tenant.brandKey,
    body: { name: 'Plain' },
    headers: { 'content-encoding': 'identity' },
  })
  assert.is(plain.status, 201, JSON.stringify(plain.body))
})

test.run()
