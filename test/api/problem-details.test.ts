import { connect } from 'node:net'
import pino from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, makeTenant, openTestApi, type TestApi } from './test-api.ts'

const test = suite('problem documents')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
const lines: string[] = []

test.before(async () => {
  api = await openTestApi({
    log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
  })
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const raw = (payload: string, headers: Record<string, string> = {}) =>
  api.send('POST', '/v1/clients', {
    key: tenant.brandKey,
    body: payload,
    headers: { 'content-type': 'application/json', ...headers },
  })

test('what is no JSON is refused, however it is broken', async () => {
  for (const payload of ['{', 'nul', '{"name":}', '[1,]', '\u0000', '{"a":1}{', "{'a':1}", '"', '[[[[[']) {
    const { status, body, headers } = await raw(payload)
    assert.is(status, 400, payload)
    assert.is(body.code, 'invalid_request')
    assert.is(headers['content-type'], 'application/problem+json')
  }
  assert.is((await raw('')).status, 400)
})

test('JSON that is no object, or a deep one, is refused', async () => {
  for (const payload of ['null', '1', '"x"', '[]', 'true', '['.repeat(30_000) + ']'.repeat(30_000)]) {
    assert.is((await raw(payload)).status, 400, payload.slice(0, 20))
  }
})

test('a deep body is refused with its Idempotency-Key as without, where any content is taken', async () => {
  const deep = (opening: string, closing: string) =>
    `{"name":"deep","content":${opening.repeat(6_000)}1${closing.repeat(6_000)}}`
  for (const payload of [deep('[', ']'), deep('{"a":', '}'), deep('["]",', ']')]) {
    for (const headers of [{}, { 'idempotency-key': 'deep-1' }]) {
      const { status, body } = await api.send('POST', '/v1/invoice-templates', {
        key: tenant.brandKey,
        body: payload,
        headers: { 'content-type': 'application/json', ...headers },
      })
      assert.equal([status, body.code], [400, 'invalid_request'], payload.slice(0, 40))
      assert.match(body.detail, /levels of lists/)
    }
  }
  const text = await raw(JSON.stringify({ name: '[{'.repeat(100), sipDomain: 'brackets.example' }))
  assert.is(text.status, 201, JSON.stringify(text.body))
})

test('members that reach for prototypes are refused and reach nothing', async () => {
  for (const payload of [
    '{"__proto__":{"polluted":1},"name":"x","sipDomain":"x.example"}',
    '{"constructor":{"prototype":{"polluted":1}},"name":"x","sipDomain":"x.example"}',
    '{"name":"x","sipDomain":"x.example","invoiceData":{"__proto__":{"polluted":1}}}',
  ]) {
    assert.is((await raw(payload)).status, 400, payload)
  }
  assert.is(({} as { polluted?: unknown }).polluted, undefined)
})

test('text that would not be stored as it was sent is refused: half a surrogate pair, bytes that are no UTF-8', async () => {
  const refused = (body: string) => raw(`{"name":"${body}","sipDomain":"halves.example"}`)
  for (const half of ['a\\ud800b', '\\uDFFF', '\\ud83d\\ud83d', '\\\\\\ud800']) {
    const { status, body } = await refused(half)
    assert.equal([status, body.code], [400, 'invalid_request'], half)
  }
  const sent = await api.app.inject({
    method: 'POST',
    url: '/v1/clients',
    headers: { authorization: `Bearer ${tenant.brandKey}`, 'content-type': 'application/json' },
    payload: Buffer.from([
      ...Buffer.from('{"name":"'),
      0xff,
      0xfe,
      ...Buffer.from('","sipDomain":"u.example"}'),
    ]),
  })
  assert.equal([sent.statusCode, sent.json().code], [400, 'invalid_request'])
  // A whole pair, and the six characters themselves, are text like any other.
  const whole = await raw('{"name":"\\ud83d\\ude42 \\\\ud800","sipDomain":"whole.example"}')
  assert.equal([whole.status, whole.body.name], [201, '🙂 \\ud800'])
})

test('other types of content are refused', async () => {
  for (const type of [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'x',
    'text/csv',
  ]) {
    const { status, body } = await raw('{}', { 'content-type': type })
    assert.is(status, 415, type)
    assert.is(body.code, 'unsupported_media_type')
  }
})

test('a wrong value of several possible ones gets one complaint at its place, which says what may stand there', async () => {
  const at = (path: string, body: unknown) => api.send('POST', path, { body, key: tenant.brandKey })
  const leg = { callId: 'a', client: tenant.clientId, to: '+34600111222' }
  const engine = (body: object) => api.send('POST', '/v1/authorizations', { body, key: tenant.engineKey })
  const term = { fixedCostId: tenant.clientId, quantity: 'abc' }
  const invoice = `/v1/invoices/${tenant.clientId}`
  const quantity = 'does not have the expected form: A whole number, or decimal text, such as "2.5"'
  const cases: [Promise<Answer>, string, string][] = [
    [engine({ ...leg, direction: 'sideways' }), '/direction', 'must be one of "outbound", "inbound"'],
    [engine({ ...leg, toClient: 5 }), '/toClient', 'must be string or null'],
    [at(`${invoice}/recompute`, { fixedCosts: [term] }), '/fixedCosts/0/quantity', quantity],
    [
      at(`${invoice}/recompute`, { fixedCosts: [{ ...term, quantity: 1.5 }] }),
      '/fixedCosts/0/quantity',
      'must be integer or string',
    ],
    [
      at(`${invoice}/recompute`, { fixedCosts: [{ ...term, quantity: -1 }] }),
      '/fixedCosts/0/quantity',
      'must be >= 0',
    ],
    [
      at(`${invoice}/credit-notes`, { lines: [{ index: 0, quantity: 'abc' }] }),
      '/lines/0/quantity',
      quantity,
    ],
    [at(`${invoice}/issue`, { email: 5 }), '/email', 'must be string or null'],
    [at(`${invoice}/issue`, []), '', 'must be object or null'],
    [
      at('/v1/clients', { name: 'x', sipDomain: 'x.example', maxDailyUsage: '1e5' }),
      '/maxDailyUsage',
      'does not have the expected form: Decimal text, not negative, such as "50"',
    ],
  ]
  for (const [answer, pointer, detail] of cases) {
    const { status, body } = await answer
    assert.is(status, 400)
    assert.equal(body.errors, [{ pointer, detail }])
  }
})

test('a body beyond 64 KiB is refused', async () => {
  const { status, body } = await raw(JSON.stringify({ name: 'x'.repeat(70_000) }))
  assert.is(status, 413)
  assert.is(body.code, 'body_too_large')
})

test('addresses and methods that do not exist are told apart', async () => {
  const nowhere = await api.send('GET', '/v1/nothing')
  assert.equal([nowhere.status, nowhere.body.code], [404, 'not_found'])
  const method = await api.send('PUT', `/v1/clients/${tenant.clientId}`, { body: {} })
  assert.equal([method.status, method.body.code], [405, 'method_not_allowed'])
  assert.is(method.headers.allow, 'DELETE, GET, HEAD, PATCH')
  assert.is((await api.send('GET', '/v1/clients/%')).status, 400)
  assert.is((await api.send('GET', `/v1/clients/${'a'.repeat(3000)}`)).status, 414)
})

/** What the server says to these bytes, until it ends the connection. */
function answerTo(bytes: string): Promise<string> {
  const address = api.app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}

test('a broken HTTP request gets a short refusal and the server goes on', async () => {
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await answerTo('NONSENSE\r\n\r\n')
  assert.match(answer, 'HTTP/1.1 400')
  assert.match(answer, '"code":"invalid_request"')
  assert.is((await api.send('GET', '/livez')).status, 200)
})

test('a request with two Host headers is refused, whatever they say', async () => {
  const get = (hosts: string, path = '/livez') =>
    answerTo(`GET ${path} HTTP/1.1\r\n${hosts}connection: close\r\n\r\n`)
  for (const path of ['/livez', '/v1/clients', '/nowhere']) {
    const answer = await get('host: a.example\r\nHOST: b.example\r\n', path)
    assert.match(answer, 'HTTP/1.1 400')
    assert.match(answer, '"code":"invalid_request"')
  }
  assert.match(await get('host: a.example\r\nhost: a.example\r\n'), 'HTTP/1.1 400')
  assert.match(await get('host: a.example\r\n'), 'HTTP/1.1 200')
})

test('a filter beyond its limits, an amount beyond the account, a NUL in a path: never a 500', async () => {
  const top = (amount: string) =>
    api.send('POST', `/v1/clients/${tenant.clientId}/balance-movements`, { body: { kind: 'top-up', amount } })
  assert.is((await top('999999999999')).status, 201)
  for (let i = 0; i < 3; i++) assert.ok((await top('999999999999')).status < 500)
  for (const path of [
    `/v1/calls/${tenant.clientId}/%00`,
    '/v1/calls?from=2026-13-01T00:00:00Z',
    '/v1/calls?label=a',
    '/v1/calls?usageDay=2026-02-30',
    `/v1/calls?cursor=${Buffer.from('["2026-99-99T99:99:99.000Z","x","00000000-0000-7000-8000-000000000000"]').toString('base64url')}`,
    `/v1/brands?cursor=${Buffer.from('["------------------------------------"]').toString('base64url')}`,
    `/v1/clients/${tenant.clientId}/daily-usage?day=9999-99-99`,
    `/v1/clients/${tenant.clientId}/daily-usage?day=0000-01-01`,
    `/v1/clients/${tenant.clientId}/balance-movements?cursor=${Buffer.from('["999999999999999"]').toString('base64url')}`,
  ]) {
    const { status, body } = await api.send('GET', path)
    assert.ok(status < 500, `${path} answered ${status} ${JSON.stringify(body)}`)
  }
})

test('a database that does not answer is 503 with Retry-After, and the log says neither key nor number', async () => {
  await api.context.db.$client.end({ timeout: 1 })
  const { status, body, headers } = await api.send('GET', '/v1/calls?toNormalized=34600111222')
  assert.is(status, 503)
  assert.is(body.code, 'service_unavailable')
  assert.is(headers['retry-after'], '1')
  const text = lines.join('')
  assert.match(text, 'request_failed')
  assert.not.match(text, '34600111222')
  assert.not.match(text, tenant.brandKey)
})

test.run()
