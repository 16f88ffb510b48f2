import { Readable } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('bodies of more than 1 MiB')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let rates: string

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  const deck = await must(
    api.send('POST', '/v1/rate-decks', { key: tenant.brandKey, body: { name: 'large', currency: 'EUR' } }),
  )
  rates = `/v1/rate-decks/${deck.id}/rates`
})
test.after(() => api.close())

const json = { 'content-type': 'application/json' }
const put = (body: string) => api.send('PUT', rates, { key: tenant.brandKey, body, headers: json })
const aRate = (n: number, rate = '0.05') => ({
  prefix: String(10_000_000 + n),
  destination: `Destination "${n % 50}" – ñ`,
  steps: [{ rate, perSeconds: 60, incrementSeconds: 1 }],
})
const many = (count: number) => Array.from({ length: count }, (_, n) => aRate(n))

test('many rates are taken whole, in their batches', async () => {
  const { status, body } = await put(JSON.stringify(many(15_000)))
  assert.equal([status, body.version, body.summary?.added], [200, 1, 15_000], JSON.stringify(body))
  const { data } = await must(api.send('GET', `${rates}?prefix=10014999`, { key: tenant.brandKey }))
  assert.equal([data[0].destination, data[0].steps[0].rate], ['Destination "49" – ñ', '0.05'])
  const again = await put(JSON.stringify(many(15_000)))
  assert.equal([again.body.version, again.body.summary.unchanged], [1, 15_000])
})

test('faults far behind are named with their places, the first hundred of them', async () => {
  const list: object[] = many(15_000)
  for (let n = 14_000; n < 14_500; n++) list[n] = aRate(n, '-1')
  const wrong = await put(JSON.stringify(list))
  assert.equal(
    [wrong.status, wrong.body.errors.length, wrong.body.errors[0].pointer],
    [400, 100, '/14000/steps/0/rate'],
  )
  assert.match(wrong.body.detail, /100 or more faults/)
  const shape = await put(JSON.stringify([...many(15_000), { prefix: '1' }]))
  assert.equal(
    [shape.status, shape.body.errors.map(({ pointer }: { pointer: string }) => pointer)],
    [400, ['/15000/steps']],
  )
})

test('16 MiB of nothing are refused before they are parsed, and what has a million faults tells a hundred', async () => {
  const nothing = await put(`[${'{},'.repeat(5_500_000)}{}]`)
  assert.is(nothing.status, 400)
  assert.match(nothing.body.detail, /more than 2000000 lists and objects/)
  const empty = await put(`[${'{},'.repeat(199_999)}{}]`)
  assert.equal([empty.status, empty.body.errors.length], [400, 100])
  const tooMany = await put(`[${'{},'.repeat(200_000)}{}]`)
  assert.equal([tooMany.status, tooMany.body.errors.length, tooMany.body.errors[0].pointer], [400, 1, ''])
})

test('what is no JSON is refused as in a small body', async () => {
  const room = ' '.repeat(1_200_000)
  for (const [body, detail] of [
    [`[${room}`, /not valid JSON/],
    [`[${room}{"__proto__":1}]`, /__proto__/],
    [`[${room}"\\ud800"]`, /surrogate/],
    [`[${room}${'['.repeat(100)}${']'.repeat(100)}]`, /levels of lists/],
    ['', /not valid JSON/],
  ] as const) {
    const answer = await put(body)
    assert.is(answer.status, 400)
    assert.match(answer.body.detail, detail)
  }
})

test('more than a route takes is refused, whether its length was declared or not', async () => {
  const tooLarge = Buffer.alloc(16 * 1024 * 1024 + 1, ' ')
  const pieces = function* () {
    for (let at = 0; at < tooLarge.length; at += 65_536) yield tooLarge.subarray(at, at + 65_536)
  }
  for (const payload of [tooLarge, Readable.from(pieces())]) {
    const headers = { ...json, authorization: `Bearer ${tenant.brandKey}` }
    const answer = await api.app.inject({ method: 'PUT', url: rates, headers, payload })
    assert.equal([answer.statusCode, answer.json().code], [413, 'body_too_large'])
  }
})

test('a brand sends 64 MiB of large bodies within half a minute, and another is not touched by it', async () => {
  const flooding = await makeTenant(api)
  const send = (key: string, length: number) =>
    api.send('PUT', rates, { key, body: ' '.repeat(length), headers: json })
  const large = 16 * 1024 * 1024
  const statuses: number[] = []
  for (let n = 0; n < 5; n++) statuses.push((await send(flooding.brandKey, large)).status)
  assert.equal(statuses, [404, 404, 404, 404, 429])
  const { headers, body } = await send(flooding.brandKey, large)
  assert.is(body.code, 'too_many_large_bodies')
  assert.ok(Number(headers['retry-after']) > 0)
  assert.is((await send(flooding.brandKey, 1000)).status, 404)
  assert.is((await send(tenant.brandKey, large)).status, 400)
})

test('the state of an engine with many legs is read whole', async () => {
  const state = (calls: object[], more = {}) =>
    api.send('PUT', '/v1/engines/large/active-calls', {
      key: tenant.engineKey,
      body: JSON.stringify({ at: new Date().toISOString(), calls, ...more }),
      headers: json,
    })
  const legs = Array.from({ length: 20_000 }, (_, n) => ({ client: tenant.clientId, callId: `leg-${n}` }))
  const answer = await state(legs)
  assert.is(answer.status, 200, JSON.stringify(answer.body))
  const wrong = await state([...legs, { client: tenant.clientId, callId: '' }])
  assert.equal([wrong.status, wrong.body.errors[0].pointer], [400, '/calls/20000/callId'])
  const unknown = await state(legs, { more: 1 })
  assert.equal([unknown.status, unknown.body.errors[0].pointer], [400, '/more'])
})

test.run()
