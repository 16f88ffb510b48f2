/**
 * What pages are told while it goes on: figures, running calls, facts; nothing of other tenants, nothing that is hidden.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { nobody } from '../../src/calls/authorize/count-denials.ts'
import { addDenials } from '../../src/db/calls/denials.ts'
import { makeFact } from '../../src/ledger/fact.ts'
import { until } from '../until.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('GET /v1/live')
let api: TestApi
let url: string
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  own = await makeTenant(api)
  other = await makeTenant(api)
})
test.after(() => api.close())

interface Told {
  event: string
  id: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: tests look into data of every shape.
  data: any
}

/** Reads a stream until it is closed. */
async function watch(
  key: string,
  { query = '', lastEventId }: { query?: string; lastEventId?: string } = {},
) {
  const gone = new AbortController()
  const response = await fetch(`${url}/v1/live${query}`, {
    signal: gone.signal,
    headers: { authorization: `Bearer ${key}`, ...(lastEventId && { 'last-event-id': lastEventId }) },
  })
  const told: Told[] = []
  let rest = ''
  let isOver = false
  const read = async () => {
    const text = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      rest += text.decode(chunk as Uint8Array, { stream: true })
      const parts = rest.split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const fields = new Map(part.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]))
        if (!fields.has('event')) continue
        told.push({
          event: fields.get('event') ?? '',
          id: fields.get('id'),
          data: JSON.parse(fields.get('data') ?? 'null'),
        })
      }
    }
  }
  const reading = read().catch(() => {})
  void reading.then(() => {
    isOver = true
  })
  return {
    response,
    told,
    of: (event: string) => told.filter((one) => one.event === event).map(({ data }) => data),
    isOver: () => isOver,
    async close() {
      gone.abort()
      await reading
    },
  }
}

async function tell(clientId: string, type: Parameters<typeof makeFact>[0], data: object): Promise<string> {
  const { id, body } = makeFact(type, clientId, { ...data }, Date.now())
  await api.context.worker.$client`
    insert into outbox (id, subject, body, created_at) values (${id}, ${`${type}.${clientId}`}, ${body}, now())`
  return id
}

const price = { callId: 'live-1', price: '0.5', ratingPlanId: 'plan', invoiceId: null, engineRef: 'dialog' }

test('a brand is told its figures, and again when they change', async () => {
  const stream = await watch(own.brandKey)
  assert.is(stream.response.headers.get('content-type'), 'text/event-stream')
  const first = await until('figures', () => stream.of('figures')[0])
  assert.equal([first.talking, first.ringing, first.spentToday, first.denialsToday], [0, 0, [], []])
  assert.is(first.health, null)
  const { $client: sql } = api.context.worker
  await sql`
    insert into calls (client_id, call_id, brand_id, status, direction, to_number, started_at, answered_at, created_at)
    values (${own.clientId}, 'live-1', ${own.brandId}, 'started', 'outbound', '+34600111222', now(), now(), now()),
           (${own.clientId}, 'live-2', ${own.brandId}, 'started', 'outbound', '+34600111222', now(), null, now()),
           (${other.clientId}, 'live-3', ${other.brandId}, 'started', 'outbound', '+34600111222', now(), now(), now())`
  const day = (await must(api.send('GET', `/v1/clients/${own.clientId}/daily-usage`))).day
  await sql`insert into daily_usage (client_id, day, amount) values (${own.clientId}, ${day}, 1.50)`
  const denied = { timeZone: 'Europe/Madrid', day, reason: 'insufficient_balance', count: 3 }
  await addDenials(sql, [
    { ...own, ...denied },
    { ...own, ...denied, day: '2026-01-01' },
    { ...other, ...denied },
    { ...denied, clientId: nobody, brandId: null },
  ])
  // Of a zone that none of its clients is in.
  await addDenials(sql, [{ ...own, ...denied, timeZone: 'Asia/Tokyo' }])
  await sql`insert into grants (brand_id, day, count) values (${own.brandId}, (now() at time zone 'UTC')::date, 7)`
  const changed = await until('changed figures', () =>
    stream.of('figures').find(({ talking }) => talking === 1),
  )
  const whole = await until('all of them', () =>
    stream.of('figures').find(({ grantsToday }) => grantsToday === 7),
  )
  assert.is(changed.ringing, 1)
  assert.equal(whole.spentToday, [{ currency: 'EUR', amount: '1.5' }])
  assert.equal(whole.denialsToday, [{ reason: 'insufficient_balance', count: 3 }])
  await stream.close()
})

test('what switches are granted and denied is counted for those who watch', async () => {
  const stream = await watch(other.brandKey)
  const ask = (to: string, callId: string) =>
    must(
      api.send('POST', '/v1/authorizations', {
        body: { callId, client: other.clientId, from: '+34911000111', to },
        key: other.engineKey,
      }),
    )
  assert.is((await ask('112', 'granted')).allowed, true)
  assert.is((await ask('+34600111222', 'denied')).reason, 'no_rating_profile')
  const counted = await until('counts', () =>
    stream
      .of('figures')
      .find(({ grantsToday, denialsToday }) => grantsToday === 1 && denialsToday.length === 2),
  )
  assert.equal(counted.denialsToday, [
    { reason: 'insufficient_balance', count: 3 },
    { reason: 'no_rating_profile', count: 1 },
  ])
  await stream.close()
})

test('the platform is told what is not well', async () => {
  const stream = await watch('platform-key-of-the-tests')
  const { health, talking } = await until('figures', () => stream.of('figures')[0])
  assert.equal([health.ok, talking], [true, 2])
  await stream.close()
})

test('a client is told its running calls, balance and usage, without what its portal hides', async () => {
  const stream = await watch(own.clientKey)
  const seen = await until('the client', () => stream.of('client')[0])
  assert.equal(seen.runningCalls.map(({ callId }: { callId: string }) => callId).sort(), ['live-1', 'live-2'])
  assert.is('priceSoFar' in seen.runningCalls[0], false)
  assert.equal([seen.balance.balance, seen.dailyUsage.amount], ['0', '1.5'])
  await stream.close()
  const operator = await watch(own.brandKey, { query: `?clientId=${own.clientId.toUpperCase()}` })
  const whole = await until('the client', () => operator.of('client')[0])
  assert.is('priceSoFar' in whole.runningCalls[0], true)
  await operator.close()
})

test('a client is told what is left of its allowances, without money that its portal hides', async () => {
  const sell = (items: object[]) => ({
    ...{ name: 'Spain 100', currency: 'EUR', period: 'month', fee: '1', items },
  })
  const item = { name: 'minutes', prefixes: ['34'], unit: 'seconds', amount: 600 }
  const body = sell([item, { ...item, name: 'credit', unit: 'money', amount: '5' }])
  const plan = await must(api.send('POST', '/v1/allowance-plans', { body, key: own.brandKey }))
  const path = `/v1/clients/${own.clientId}`
  const { day } = await must(api.send('GET', `${path}/daily-usage`))
  const given = { allowancePlanId: plan.id, from: day, prorate: false }
  await must(api.send('POST', `${path}/allowances`, { body: given, key: own.brandKey }))
  const stream = await watch(own.clientKey)
  const seen = await until('the allowance', () =>
    stream.of('client').find(({ allowances }) => allowances.length > 0),
  )
  const [{ allowancePlanName, periods }] = seen.allowances
  assert.equal([allowancePlanName, 'fee' in periods[0]], ['Spain 100', false])
  assert.equal(
    periods[0].items.map(({ name, left }: { name: string; left: unknown }) => [name, left]),
    [['minutes', 600]],
  )
  const { $client: sql } = api.context.worker
  await sql`update allowance_items set reserved = 60 where name = 'minutes'`
  await until('what a call holds', () =>
    stream.of('client').find(({ allowances }) => allowances[0]?.periods[0].items[0].left === 540),
  )
  await stream.close()
})

test('facts come to their own tenant alone, cut to what it may see', async () => {
  const [brand, client, stranger] = [
    await watch(own.brandKey),
    await watch(own.clientKey),
    await watch(other.brandKey),
  ]
  await tell(own.clientId, 'billing.calls.priced', price)
  await tell(own.clientId, 'billing.invoices.issued', { number: 'F1' })
  const last = await tell(own.clientId, 'billing.balance.low', { balance: '1' })
  await tell(other.clientId, 'billing.balance.low', { balance: '2' })
  const all = await until('three facts', () => {
    const told = brand.of('fact')
    return told.length === 3 ? told : undefined
  })
  assert.equal(all[0].data, price)
  const shown = await until('two facts', () => {
    const told = client.told.filter(({ event }) => event === 'fact')
    return told.length === 2 ? told : undefined
  })
  // No price, no plan, no invoice, and nothing of the switch.
  assert.equal(shown[0]?.data.data, { callId: 'live-1' })
  assert.equal([shown[1]?.data.type, shown[1]?.id], ['billing.balance.low', last])
  const theirs = await until('their fact', () => stranger.of('fact')[0])
  assert.equal([stranger.of('fact').length, theirs.data], [1, { balance: '2' }])
  for (const stream of [brand, client, stranger]) await stream.close()
})

test('a reader that was away is told what it has missed, once, and to read anew where that is too much', async () => {
  // While another watches, facts of the last second are still to be told.
  const other = await watch(own.brandKey)
  const first = await tell(own.clientId, 'billing.usage.warning', { percent: 50 })
  await tell(own.clientId, 'billing.usage.warning', { percent: 80 })
  const back = await watch(own.brandKey, { lastEventId: first })
  const [missed] = await until('what was missed', () =>
    back.of('fact').length > 0 ? back.of('fact') : undefined,
  )
  assert.equal(missed.data, { percent: 80 })
  await tell(own.clientId, 'billing.usage.warning', { percent: 100 })
  await until('what comes then', () => back.of('fact').some(({ data }) => data.percent === 100))
  assert.equal(
    back.of('fact').map(({ data }) => data.percent),
    [80, 100],
  )
  await back.close()
  await other.close()
  const late = await watch(own.brandKey, { lastEventId: '01946000-0000-7000-8000-000000000001' })
  await until('a reset', () => late.of('reset')[0])
  await late.close()
})

test('a key with scopes and a restricted admin are told what they may read', async () => {
  const body = { name: 'r', role: 'brand', brandId: own.brandId, scopes: ['balance:read'] }
  const { key } = await must(api.send('POST', '/v1/api-keys', { body }))
  const stream = await watch(key, { query: `?clientId=${own.clientId}` })
  const seen = await until('the client', () => stream.of('client')[0])
  assert.equal(Object.keys(seen), ['balance'])
  await tell(own.clientId, 'billing.calls.priced', price)
  await tell(own.clientId, 'billing.balance.low', { balance: '3' })
  await until('a fact', () => stream.of('fact').some(({ data }) => data.balance === '3'))
  // Those of the second before are told, too: of the same kind.
  assert.equal([...new Set(stream.of('fact').map(({ type }) => type))], ['billing.balance.low'])
  await stream.close()
})

test('a stream ends with the key, and another tenant’s client does not exist', async () => {
  const { id, key } = await must(
    api.send('POST', '/v1/api-keys', { body: { name: 'x', role: 'finance', brandId: own.brandId } }),
  )
  const stream = await watch(key)
  await until('figures', () => stream.of('figures')[0])
  await must(api.send('DELETE', `/v1/api-keys/${id}`))
  await until('the end', () => stream.isOver())
  for (const [asker, clientId] of [
    [own.brandKey, other.clientId],
    [own.clientKey, other.clientId],
  ]) {
    assert.is((await api.send('GET', `/v1/live?clientId=${clientId}`, { key: asker ?? '' })).status, 404)
  }
  assert.is((await api.send('GET', '/v1/live', { key: own.engineKey })).status, 403)
  assert.is((await api.send('GET', '/v1/live', { key: null })).status, 401)
})

test('a client has fifty streams, the fifty-first is refused, and one that ends makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 50 }, () => watch(other.clientKey)))
  const refused = await api.send('GET', '/v1/live', { key: other.clientKey })
  assert.equal([refused.status, refused.body.code], [429, 'too_many_streams'])
  const beside = await watch(own.clientKey)
  assert.is(beside.response.status, 200)
  await beside.close()
  await streams[0]?.close()
  const again = await until('a place', async () => {
    const stream = await watch(other.clientKey)
    if (stream.response.status === 200) return stream
    await stream.close()
    return undefined
  })
  for (const stream of [again, ...streams]) await stream.close()
})

test.run()
