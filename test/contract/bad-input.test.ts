import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, aService, aShop, type RunningService } from './a-service.ts'

const test = suite('bad input from outside')
let service: RunningService
let shop: Awaited<ReturnType<typeof aShop>>
let clientId: string
/** Every route of the API's own description: `POST /v1/clients/{id}`. */
let routes: { method: string; path: string }[]

test.before(async () => {
  service = await aService()
  shop = await aShop(service)
  clientId = (await shop.aClient()).id
  const { paths } = await service.must('GET', '/openapi.json')
  routes = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  )
  // A long poll answers late by design, and live events never end.
  const waits = ({ path }: { path: string }) => path.endsWith('/hangups') || path === '/v1/live'
  routes = routes.filter((route) => route.path.startsWith('/v1/') && !waits(route))
})
test.after(() => service?.close())

const nobody = '019505e0-0000-7000-8000-000000000000'
const fill = (path: string, value: string) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'clientId' && value === nobody ? clientId : value))

/** An answer, or a refusal that says in the agreed form what is wrong. */
function assertCivil(what: string, { status, headers, body, text }: Answer): void {
  assert.ok(status >= 200 && status < 500, `${what} answered ${status}: ${text.slice(0, 300)}`)
  if (status < 400) return
  const told = `${what}: ${text.slice(0, 300)}`
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, told)
  assert.equal([body.type, body.status], [`urn:tollgate:problem:${body.code}`, status], told)
  assert.ok(body.title && body.detail, told)
}

/** Some at a time; one by one what reads reports, of which only a few are read at once. */
async function tryAll(
  tries: {
    method: string
    path: string
    query?: string
    body?: unknown
    raw?: [string | Uint8Array, string]
  }[],
): Promise<void> {
  const isReport = ({ path }: { path: string }) => path.startsWith('/v1/reports')
  const lanes = [tries.filter(isReport).values(), tries.filter((one) => !isReport(one)).values()]
  const work = async (lane: (typeof lanes)[number] | undefined) => {
    for (const { method, path, query = '', body, raw } of lane ?? []) {
      const what = `${method} ${path.slice(0, 200)}${query} ${String(raw ?? '').slice(0, 60)}`
      assertCivil(
        what,
        raw ? await service.sendRaw(method, path, ...raw) : await service.send(method, path + query, body),
      )
    }
  }
  await Promise.all([lanes[0], ...Array(8).fill(lanes[1])].map(work))
}

test('whatever stands in a path, every route answers or says what is wrong', async () => {
  const odd = ['%00', '%ff', "'", 'x'.repeat(1024), 'x'.repeat(1025), '%2e%2e%2f', '__proto__', nobody]
  await tryAll(
    routes.flatMap(({ method, path }) =>
      (path.includes('{') ? odd : [nobody]).map((value) => ({
        method,
        path: fill(path, value),
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} }),
      })),
    ),
  )
})

test('whatever stands in a query, every list and report answers or says what is wrong', async () => {
  const cursors = ['x', '', '%00', Buffer.from('["9999-99-99T00:00:00Z","x"]').toString('base64url')]
  const queries = [
    ...cursors.map((cursor) => `cursor=${cursor}`),
    ...['501', 'abc', '1&limit=2'].map((limit) => `limit=${limit}`),
    'day=2026-02-30',
    'from=2026-02-30&to=2026-03-01',
    'from=0000-01-01T00:00:00Z',
    'clientId=x',
    `brandId=${nobody}`,
    'prefix=%00',
    'number=%00',
    '__proto__=1',
  ]
  // The forms of one report (.csv, .xlsx …) read their query with one function.
  const lists = routes.filter(({ method, path }) => method === 'GET' && !/^\/v1\/reports\/.*\./.test(path))
  await tryAll(
    lists.flatMap(({ method, path }) =>
      queries.map((query) => ({ method, path: fill(path, nobody), query: `?${query}` })),
    ),
  )
  for (const limit of ['0', '501', 'abc', '1.5', '']) {
    const { status, body } = await service.send('GET', `/v1/clients?limit=${limit}`)
    assert.equal([limit, status, body.errors?.[0]?.pointer], [limit, 400, '/limit'])
  }
})

test('whatever a body is, every route answers or says what is wrong', async () => {
  const json = 'application/json'
  const bodies: [body: string | Uint8Array, contentType: string][] = [
    ['', json],
    ['null', json],
    ['[]', json],
    ['{"a":', json],
    ['{"__proto__":{"polluted":1}}', json],
    ['{"constructor":{"prototype":{"polluted":1}}}', json],
    [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, json],
    ['{"name":"\\u0000","to":"\\ud800"}', json],
    [Uint8Array.of(0x7b, 0xff, 0x7d), json],
    ['{}', 'text/plain'],
    ['{}', 'application/json;charset=utf-16'],
    ['a=b', 'application/x-www-form-urlencoded'],
  ]
  const writes = routes.filter(({ method }) => method !== 'GET' && method !== 'DELETE')
  await tryAll(
    writes.flatMap(({ method, path }) => bodies.map((raw) => ({ method, path: fill(path, nobody), raw }))),
  )
  assert.is(({} as { polluted?: number }).polluted, undefined)
})

test('a wrong field is named by its place', async () => {
  const client = { brandId: shop.brand.id, name: 'Near miss', sipDomain: 'near-miss.example.com' }
  const cases: [path: string, body: unknown, pointer: string][] = [
    ['/v1/clients', { ...client, zzz: 1 }, '/zzz'],
    ['/v1/clients', { ...client, maxCalls: '5' }, '/maxCalls'],
    ['/v1/clients', { ...client, maxDailyUsage: 5 }, '/maxDailyUsage'],
    ['/v1/clients', { ...client, maxDailyUsage: '1e3' }, '/maxDailyUsage'],
    ['/v1/clients', { ...client, timeZone: 'Mars/Olympus' }, '/timeZone'],
    ['/v1/clients', { ...client, features: ['invoices'] }, '/billingMethod'],
    [`/v1/clients/${clientId}/balance-movements`, { amount: '0', kind: 'top-up' }, '/amount'],
    [`/v1/clients/${clientId}/balance-movements`, { amount: '0.001', kind: 'top-up' }, '/amount'],
    [`/v1/clients/${clientId}/balance-movements`, { amount: '1', kind: 'charge' }, '/kind'],
    [
      `/v1/clients/${clientId}/rating-profiles`,
      { ratingPlanId: shop.plan.id, activatesAt: '0000-01-01T00:00:00Z' },
      '/activatesAt',
    ],
    ['/v1/price-simulations', { clientId, to: '1', durationSeconds: 2_678_401 }, '/durationSeconds'],
    [
      '/v1/price-simulations',
      { clientId, to: '1', durationSeconds: 1, answeredAt: '2026-02-30T00:00:00Z' },
      '/answeredAt',
    ],
    ['/v1/authorizations', { callId: 'a', client: clientId, to: '1', at: '2020-01-01T00:00:00Z' }, '/at'],
    ['/v1/authorizations', { callId: 'ü', client: clientId, to: '1' }, '/callId'],
  ]
  for (const [path, body, pointer] of cases) {
    const answer = await service.send('POST', path, body)
    assert.equal([answer.status, answer.body.code], [400, 'invalid_request'], answer.text)
    assert.equal(answer.body.errors[0].pointer, pointer, answer.text)
  }
})

test('many at once with one key move money once, and another body with it is refused', async () => {
  const path = `/v1/clients/${clientId}/balance-movements`
  const headers = { 'idempotency-key': 'top-up-1' }
  const post = (amount: string) => service.send('POST', path, { amount, kind: 'top-up' }, headers)
  const answers = await Promise.all(Array.from({ length: 10 }, () => post('1')))
  assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.is(answers[0]?.status, 201)
  const other = await post('2')
  assert.equal([other.status, other.body.code], [422, 'idempotency_key_reused'])
  assert.is((await service.must('GET', `/v1/clients/${clientId}/balance`)).balance, '1')
})

test.run()
