import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readEventMessage } from '../../src/calls/call-messages.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/calls')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  const send = (method: string, path: string, body: unknown) =>
    must(api.send(method, path, { key: tenant.brandKey, body }))
  const deck = await send('POST', '/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    {
      prefix: '346',
      destination: 'Spain mobile',
      connectFee: '0.15',
      steps: [{ rate: '0.10', perSeconds: 60, incrementSeconds: 60 }],
    },
  ])
  const plan = await send('POST', '/v1/rating-plans', {
    name: 'Plan',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  await send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2026-01-01T00:00:00Z',
  })
  await send('PATCH', `/v1/clients/${tenant.clientId}`, { creditLimit: '100' })
})
test.after(() => api.close())

/** One answered call of 61 seconds, as an engine tells its end. */
async function settle(
  callId: string,
  more: { startedAt?: string; labels?: Record<string, string>; to?: string } = {},
) {
  const event = readEventMessage(
    'end',
    {
      callId,
      client: tenant.clientId,
      from: '+34911000111',
      to: '+34600111222',
      startedAt: '2026-02-01T22:59:20Z',
      answeredAt: '2026-02-01T22:59:30Z',
      endedAt: '2026-02-01T23:00:31Z',
      ...more,
    },
    {
      subject: 'calls.end',
      body: '{}',
      subjectClient: null,
      brandId: null,
      receivedAt: Date.now(),
      deliveries: 1,
    },
  )
  if ('badInstant' in event) throw new Error(event.badInstant)
  await settleCalls(api.callsContext, { events: [event], undeliverable: [] })
}
const get = (path: string, key = tenant.brandKey) => must(api.send('GET', path, { key }))

test('a call shows its price, how it came about and the day it counts on', async () => {
  await settle('one;1928;out')
  const call = await get(`/v1/calls/${tenant.clientId}/${encodeURIComponent('one;1928;out')}`)
  // 0.15 and two started minutes of 0.10.
  assert.equal(
    [
      call.status,
      call.price,
      call.currency,
      call.durationSeconds,
      call.billedSeconds,
      call.destination,
      call.prefix,
    ],
    ['priced', '0.35', 'EUR', 61, 120, 'Spain mobile', '346'],
  )
  assert.equal(
    [call.toNormalized, call.usageDay, call.answeredAt],
    ['34600111222', '2026-02-01', '2026-02-01T22:59:30.000Z'],
  )
  assert.ok(call.explanation.length > 0)
  assert.ok(call.explanation.every((part: { kind: string }) => typeof part.kind === 'string'))
})

test('a charged call stands in the balance, the movements, the day and what is not yet billed', async () => {
  const balance = await get(`/v1/clients/${tenant.clientId}/balance`)
  assert.equal(balance, {
    balance: '-0.35',
    reserved: '0',
    leased: '0',
    available: '99.65',
    creditLimit: '100',
    unbilled: '0.35',
    invoicedUnpaid: '0',
    currency: 'EUR',
    unallocated: '0',
  })
  const { data } = await get(`/v1/clients/${tenant.clientId}/balance-movements`)
  assert.equal(
    [data[0].kind, data[0].amount, data[0].callId, data[0].actor],
    ['charge', '-0.35', 'one;1928;out', 'system'],
  )
  const usage = await get(`/v1/clients/${tenant.clientId}/daily-usage?day=2026-02-01`)
  assert.equal([usage.amount, usage.resetsAt], ['0.35', '2026-02-01T23:00:00.000Z'])
})

test('a rejected call has no price and a reason', async () => {
  await settle('nowhere', { to: '+1999' })
  const { data } = await get(`/v1/clients/${tenant.clientId}/calls?status=rejected`)
  assert.equal(
    data.map(({ callId, price, reason }: Record<string, unknown>) => [callId, price, reason]),
    [['nowhere', null, 'destination_not_priced']],
  )
})

test('calls page without repeats and filter by number, day and label', async () => {
  for (const callId of ['a', 'b', 'c'])
    await settle(callId, { labels: { trunk: callId === 'b' ? 'x:1' : 'y' } })
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page = await get(`/v1/calls?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)
    for (const { callId } of page.data) seen.push(callId)
    cursor = page.nextCursor
  } while (cursor !== null)
  assert.equal([...seen].sort(), ['a', 'b', 'c', 'nowhere', 'one;1928;out'])
  const labelled = await get('/v1/calls?label=trunk:x:1')
  assert.equal(
    labelled.data.map(({ callId }: { callId: string }) => callId),
    ['b'],
  )
  assert.is((await get('/v1/calls?toNormalized=1999')).data.length, 1)
  assert.is((await get('/v1/calls?usageDay=2026-02-02')).data.length, 0)
})

test('a granted call runs until it is handed back, and its money is reserved meanwhile', async () => {
  const { data: none } = await get(`/v1/clients/${tenant.clientId}/running-calls`)
  assert.equal(none, [])
  const granted = await must(
    api.send('POST', '/v1/authorizations', {
      key: tenant.engineKey,
      body: { callId: 'running', client: tenant.clientId, to: '+34600111222' },
    }),
  )
  assert.equal([granted.allowed, granted.rate.connectFee, granted.rate.steps[0].rate], [true, '0.15', '0.1'])
  const { data } = await get(`/v1/clients/${tenant.clientId}/running-calls`)
  assert.equal(
    data.map(({ callId, status, reserved }: Record<string, unknown>) => [callId, status, reserved]),
    [['running', 'authorized', '0.25']],
  )
  assert.is((await get(`/v1/clients/${tenant.clientId}/balance`)).reserved, '0.25')
  const back = await api.send('DELETE', `/v1/authorizations/${tenant.clientId}/running`, {
    key: tenant.engineKey,
  })
  assert.is(back.status, 204)
  assert.is((await get(`/v1/clients/${tenant.clientId}/balance`)).reserved, '0')
})

test('an ended call’s id asked for again is a conflict', async () => {
  const { status, body } = await api.send('POST', '/v1/authorizations', {
    key: tenant.engineKey,
    body: { callId: 'one;1928;out', client: tenant.clientId, to: '+34600111222' },
  })
  assert.is(status, 409)
  assert.is(body.code, 'call_id_reused')
})

test('a listed call says what it says read alone, to the millisecond', async () => {
  await settle('whole seconds')
  await settle('tenths', { startedAt: '2026-02-01T22:59:20.5Z', labels: { site: 'north' } })
  await settle('thousandths', { startedAt: '2026-02-01T22:59:20.012Z' })
  const { data } = await get(`/v1/clients/${tenant.clientId}/calls?limit=500`)
  assert.ok(data.length >= 5)
  for (const listed of data) {
    const { explanation, ...alone } = await get(`/v1/calls/${tenant.clientId}/${listed.callId}`)
    assert.equal(listed, alone)
  }
  const [thousandths, tenths, whole] = data
  assert.equal(
    [whole, tenths, thousandths].map(({ startedAt, price }) => [startedAt, price]),
    [
      ['2026-02-01T22:59:20.000Z', '0.35'],
      ['2026-02-01T22:59:20.500Z', '0.35'],
      ['2026-02-01T22:59:20.012Z', '0.35'],
    ],
  )
})

test.run()
