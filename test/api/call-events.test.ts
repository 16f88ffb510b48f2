import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findParties } from '../../src/calls/settle/find-parties.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import { publishCallEvents } from '../../src/events/publish-call-events.ts'
import { ensureStreams } from '../../src/events/streams.ts'
import { testNatsUrl } from '../servers.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('authorizations, events and policies')
let api: TestApi
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>
let broker: Broker

test.before(async () => {
  const url = await testNatsUrl()
  broker = await openBroker({ url })
  const nats = await connect({ servers: url })
  await ensureStreams(await nats.jetstreamManager(), { batchSize: 500 })
  await nats.close()
  api = await openTestApi({
    publishCallEvents: (events, scope) =>
      publishCallEvents(
        { broker, findParties: (read) => findParties(api.callsContext, read, Date.now()) },
        events,
        scope,
      ),
  })
  own = await makeTenant(api)
  other = await makeTenant(api)
})
test.after(async () => {
  await api.close()
  await broker.close()
})

const authorize = (body: object, key = own.engineKey) =>
  api.send('POST', '/v1/authorizations', { key, body: { callId: 'a', to: '+34600111222', ...body } })
const event = (client: string, callId = 'a') => ({
  kind: 'answer',
  callId,
  client,
  answeredAt: '2026-01-02T10:00:05Z',
})
const publish = (body: unknown, headers: Record<string, string> = {}, key = own.engineKey) =>
  api.send('POST', '/v1/call-events', { key, body, headers })

test('a denial is an answer with reason and codes', async () => {
  const { status, body } = await authorize({ client: own.clientId })
  assert.is(status, 200)
  assert.equal(
    [body.callId, body.clientId, body.allowed, body.reason, body.sip.code, body.q850],
    ['a', own.clientId, false, 'no_rating_profile', 403, 21],
  )
})

test('a grant that needs no rate is given, also with a platform’s and a brand’s key', async () => {
  const client = await must(
    api.send('POST', '/v1/clients', {
      key: own.brandKey,
      body: { name: 'Free', sipDomain: 'free.example.com', billingMethod: 'none' },
    }),
  )
  for (const key of [own.engineKey, own.brandKey]) {
    const { body } = await authorize({ callId: 'b', client: 'FREE.example.com' }, key)
    assert.equal(
      [body.allowed, body.clientId, body.rate, body.toNormalized],
      [true, client.id, null, '34600111222'],
    )
    assert.ok(body.maxDurationSeconds > 0)
    assert.ok(body.routing.recording)
  }
})

test('another brand’s client is an unknown one', async () => {
  const { status, body } = await authorize({ client: other.clientId })
  assert.equal([status, body.allowed, body.reason, body.clientId], [200, false, 'unknown_client', null])
})

test('a request of another shape is refused with its place', async () => {
  const cases: [object, string][] = [
    [{}, '/client'],
    [{ client: own.clientId, to: 34600111222 }, '/to'],
    [{ client: own.clientId, callid: 'x' }, '/callid'],
    [{ client: own.clientId, callId: '' }, '/callId'],
    [{ client: own.clientId, callId: 'ñ' }, '/callId'],
    [{ client: own.clientId, direction: 'sideways' }, '/direction'],
    [{ client: own.clientId, at: '2026-02-30T00:00:00Z' }, '/at'],
    [{ client: own.clientId, at: '2020-01-01T00:00:00Z' }, '/at'],
    [{ client: own.clientId, labels: { a: 1 } }, '/labels/a'],
  ]
  for (const [body, pointer] of cases) {
    const answer = await authorize(body)
    assert.is(answer.status, 400, JSON.stringify(body))
    assert.is(answer.body.errors[0].pointer, pointer, JSON.stringify(answer.body))
  }
})

test('handing back is answered 204, also where there is nothing; a foreign client is not found', async () => {
  const remove = (client: string, callId = 'nothing') =>
    api.send('DELETE', `/v1/authorizations/${client}/${encodeURIComponent(callId)}`, { key: own.engineKey })
  assert.is((await remove(own.clientId)).status, 204)
  assert.is((await remove(own.clientId, 'a84b@pbx;19/28;out')).status, 204)
  assert.is((await remove(other.clientId)).status, 404)
})

test('one event, an array and lines all pass', async () => {
  assert.equal((await publish(event(own.clientId))).body, { accepted: 1, rejected: [] })
  assert.equal((await publish([event(own.clientId), event(own.clientId, 'b')])).body, {
    accepted: 2,
    rejected: [],
  })
  const lines = `${JSON.stringify(event(own.clientId))}\n\n${JSON.stringify(event(own.clientId, 'b'))}\r\n`
  const answer = await publish(lines, { 'content-type': 'application/x-ndjson' })
  assert.is(answer.status, 202)
  assert.equal(answer.body, { accepted: 2, rejected: [] })
})

test('bad ones are named by their place, the good ones pass', async () => {
  const lines = [
    JSON.stringify(event(own.clientId)),
    '{broken',
    JSON.stringify(event(other.clientId)),
    JSON.stringify({ client: own.clientId }),
    '{"__proto__":{"polluted":1}}',
    JSON.stringify(event(own.clientId, 'b')),
  ].join('\n')
  const { status, body } = await publish(lines, { 'content-type': 'application/x-ndjson' })
  assert.is(status, 202)
  assert.is(body.accepted, 2)
  assert.equal(
    body.rejected.map(({ index, code }: { index: number; code: string }) => [index, code]),
    [
      [1, 'invalid_json'],
      [2, 'unknown_client'],
      [3, 'invalid_event'],
      [4, 'invalid_json'],
    ],
  )
})

test('none accepted is 400 with all of them named; no event and more than 1,000 are refused', async () => {
  const none = await publish([event(other.clientId), {}])
  assert.is(none.status, 400)
  assert.equal(
    none.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/0', '/1'],
  )
  assert.is((await publish([])).status, 400)
  assert.is((await publish(Array(1001).fill(event(own.clientId)))).status, 400)
  assert.is((await publish(Array(1000).fill(event(own.clientId)))).status, 202)
  assert.is((await publish('x'.repeat(1_100_000), { 'content-type': 'application/x-ndjson' })).status, 413)
})

test('an engine learns each client’s failure policy, and that nothing has changed since', async () => {
  const read = (headers = {}, key = own.engineKey) =>
    api.send('GET', '/v1/engines/policies', { key, headers })
  const first = await read()
  assert.ok(first.body.data.some(({ clientId }: { clientId: string }) => clientId === own.clientId))
  assert.not.ok(first.body.data.some(({ clientId }: { clientId: string }) => clientId === other.clientId))
  assert.equal(first.body.emergencyNumbers, ['112', '911'])
  const same = await read({ 'if-none-match': String(first.headers.etag) })
  assert.is(same.status, 304)
  await must(api.send('PATCH', `/v1/clients/${own.clientId}`, { body: { failurePolicy: 'allow' } }))
  const changed = await read({ 'if-none-match': String(first.headers.etag) })
  assert.is(changed.status, 200)
  assert.is(
    changed.body.data.find(({ clientId }: { clientId: string }) => clientId === own.clientId).failurePolicy,
    'allow',
  )
})

test('other keys than engines’ and the platform’s get 300 requests a second on average', async () => {
  const answers = await Promise.all(
    Array.from({ length: 620 }, () => api.send('GET', '/v1/currencies', { key: own.financeKey })),
  )
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length >= 1 && refused.length <= 20, String(refused.length))
  assert.is(refused[0]?.body.code, 'too_many_requests')
  assert.ok(refused[0]?.headers['retry-after'])
  const engine = await Promise.all(
    Array.from({ length: 620 }, () => api.send('GET', '/v1/currencies', { key: own.engineKey })),
  )
  assert.ok(engine.every(({ status }) => status === 200))
})

test('probes, metrics and the description are open', async () => {
  assert.is((await api.send('GET', '/livez', { key: null })).status, 200)
  assert.is((await api.send('GET', '/readyz?role=authorize', { key: null })).status, 200)
  assert.is((await api.send('GET', '/readyz?role=king', { key: null })).status, 400)
  const metrics = await api.send('GET', '/metrics', { key: null })
  assert.match(
    metrics.body,
    'tollgate_http_request_seconds_count{method="POST",route="/v1/authorizations",status="200"}',
  )
  assert.not.match(metrics.body, own.clientId)
  const countOf = async (labels: string) => {
    const { body } = await api.send('GET', '/metrics', { key: null })
    const line = body.split('\n').find((one: string) => one.includes(`request_seconds_count{${labels}}`))
    return Number(line?.split(' ')[1] ?? 0)
  }
  const asked = [
    { labels: 'method="POST",route="/v1/authorizations",status="400"', body: {}, key: own.engineKey },
    { labels: 'method="POST",route="/v1/authorizations",status="401"', body: {}, key: null },
    {
      labels: 'method="POST",route="unknown",status="404"',
      path: '/v1/nowhere',
      body: {},
      key: own.engineKey,
    },
  ]
  for (const { labels, path = '/v1/authorizations', body, key } of asked) {
    const before = await countOf(labels)
    await api.send('POST', path, { key, body })
    assert.is(await countOf(labels), before + 1, labels)
  }
  const description = await api.send('GET', '/openapi.json', { key: null })
  assert.is(description.body.openapi, '3.1.0')
  assert.is((await api.send('GET', '/docs/', { key: null })).status, 200)
})

test.run()
