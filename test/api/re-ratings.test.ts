import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readEventMessage } from '../../src/calls/call-messages.ts'
import { rerateNextCalls } from '../../src/calls/re-rate/rerate-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/re-ratings')
let api: TestApi
let made = 0

test.before(async () => {
  api = await openTestApi()
})
test.after(() => api.close())

const ratesAt = (rate: string) => [
  { prefix: '346', destination: 'Spain mobile', steps: [{ rate, perSeconds: 60, incrementSeconds: 60 }] },
]

/** A tenant with a deck and a plan at `rate` a minute; its client has a profile from `activatesAt` on. */
async function aSeller(rate: string, activatesAt: string | null = '2026-01-01T00:00:00Z') {
  const tenant = await makeTenant(api)
  const send = (method: string, path: string, body: unknown) =>
    must(api.send(method, path, { key: tenant.brandKey, body }))
  const aPlan = async (price: string) => {
    const name = `Plan ${++made}`
    const deck = await send('POST', '/v1/rate-decks', { name, currency: 'EUR' })
    await send('PUT', `/v1/rate-decks/${deck.id}/rates`, ratesAt(price))
    const entries = [{ rateDeckId: deck.id }]
    const plan = await send('POST', '/v1/rating-plans', { name, currency: 'EUR', entries })
    return { deckId: deck.id as string, planId: plan.id as string }
  }
  const giveProfile = (ratingPlanId: string, at: string) =>
    send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, { ratingPlanId, activatesAt: at })
  const plan = await aPlan(rate)
  if (activatesAt !== null) await giveProfile(plan.planId, activatesAt)
  return { ...tenant, ...plan, send, aPlan, giveProfile }
}

/** One call of a minute, answered at `answeredAt`. */
async function settle(
  clientId: string,
  callId: string,
  answeredAt = '2026-02-01T10:00:00Z',
  to = '+34600111222',
) {
  const endedAt = new Date(Date.parse(answeredAt) + 60_000).toISOString()
  const event = readEventMessage(
    'end',
    { callId, client: clientId, from: '+34911000111', to, startedAt: answeredAt, answeredAt, endedAt },
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
  await settleCalls(api.context.calls, { events: [event], undeliverable: [] })
}

test('a dry run answers the difference of each call, and the real run makes it', async () => {
  const seller = await aSeller('0.06')
  const { clientId, brandKey } = seller
  await settle(clientId, 'one')
  await settle(clientId, 'two')
  await seller.giveProfile((await seller.aPlan('0.10')).planId, '2026-01-15T00:00:00Z')
  const callIds = [{ clientId, callId: 'one' }]
  const difference = {
    clientId,
    callId: 'one',
    outcome: 'changed',
    reason: null,
    priceBefore: '0.06',
    priceAfter: '0.1',
    difference: '0.04',
    currency: 'EUR',
    invoiceId: null,
  }
  const dry = await api.send('POST', '/v1/re-ratings', { key: brandKey, body: { callIds, dryRun: true } })
  assert.is(dry.status, 200)
  assert.is(dry.headers.location, `/v1/re-ratings/${dry.body.id}`)
  assert.equal([dry.body.status, dry.body.dryRun, dry.body.callsTotal], ['done', true, 1])
  assert.equal(dry.body.differences, [difference])
  assert.equal(dry.body.totals, [{ currency: 'EUR', before: '0.06', after: '0.1', difference: '0.04' }])
  const path = `/v1/calls/${clientId}/one`
  assert.is((await must(api.send('GET', path, { key: brandKey }))).price, '0.06')

  const real = await must(api.send('POST', '/v1/re-ratings', { key: brandKey, body: { callIds } }))
  assert.equal(real.differences, [difference])
  assert.is((await must(api.send('GET', path, { key: brandKey }))).price, '0.1')
  const { data } = await must(api.send('GET', `/v1/clients/${clientId}/balance-movements`, { key: brandKey }))
  assert.equal(
    data.map(({ kind, amount, callId }: Record<string, string>) => [kind, amount, callId]),
    [
      ['correction', '-0.04', 'one'],
      ['charge', '-0.06', 'two'],
      ['charge', '-0.06', 'one'],
    ],
  )
  assert.match(data[0].reference, real.id)
})

test('differences come in pages, also of one outcome alone', async () => {
  const seller = await aSeller('0.06')
  const { clientId, brandKey } = seller
  for (const minute of [1, 2, 3]) await settle(clientId, `call ${minute}`, `2026-02-01T10:0${minute}:00Z`)
  await seller.giveProfile((await seller.aPlan('0.10')).planId, '2026-02-01T10:02:00Z')
  const { id, counts } = await must(
    api.send('POST', '/v1/re-ratings', { key: brandKey, body: { filter: { clientId }, dryRun: true } }),
  )
  assert.equal([counts.changed, counts.unchanged], [2, 1])
  const names = async (query: string) => {
    const page = await must(api.send('GET', `/v1/re-ratings/${id}?${query}`, { key: brandKey }))
    return { names: page.differences.map((call: { callId: string }) => call.callId), next: page.nextCursor }
  }
  const first = await names('limit=2')
  assert.equal(first.names, ['call 1', 'call 2'])
  assert.equal(await names(`limit=2&cursor=${first.next}`), { names: ['call 3'], next: null })
  assert.equal((await names('outcome=unchanged')).names, ['call 1'])
  const { data } = await must(api.send('GET', '/v1/re-ratings', { key: brandKey }))
  assert.equal(
    data.map((one: { id: string }) => one.id),
    [id],
  )
})

test('one that takes longer than a request waits is answered 202 and goes on by itself', async () => {
  const seller = await aSeller('0.06')
  await settle(seller.clientId, 'one')
  // The request's time is over at once: the clock of the stories jumps with each look.
  let now = Date.now()
  const { clock } = api.context.calls
  api.context.calls.clock = () => (now += 10_000)
  const answer = await api.send('POST', '/v1/re-ratings', {
    key: seller.brandKey,
    body: { filter: { clientId: seller.clientId }, dryRun: true },
  })
  api.context.calls.clock = clock
  assert.equal([answer.status, answer.body.status, answer.body.callsDone], [202, 'running', 0])
  while ((await rerateNextCalls(api.context.calls, null)) > 0);
  const later = await must(api.send('GET', String(answer.headers.location), { key: seller.brandKey }))
  assert.equal([later.status, later.callsDone, later.counts.unchanged], ['done', 1, 1])
})

test('the same Idempotency-Key orders one re-rating', async () => {
  const seller = await aSeller('0.06')
  const { clientId, brandKey } = seller
  await settle(clientId, 'one')
  await seller.giveProfile((await seller.aPlan('0.10')).planId, '2026-01-15T00:00:00Z')
  const order = {
    key: brandKey,
    headers: { 'idempotency-key': 'once' },
    body: { filter: { clientId } },
  }
  const first = await must(api.send('POST', '/v1/re-ratings', order))
  const second = await must(api.send('POST', '/v1/re-ratings', order))
  assert.is(second.id, first.id)
  assert.equal(second.differences, first.differences)
  const other = await api.send('POST', '/v1/re-ratings', {
    ...order,
    body: { filter: { clientId }, dryRun: true },
  })
  assert.equal([other.status, other.body.code], [422, 'idempotency_key_reused'])
})

test('what names no call, or not exactly the calls, is refused with the place', async () => {
  const seller = await aSeller('0.06')
  const other = await aSeller('0.06')
  await settle(seller.clientId, 'mine')
  await settle(other.clientId, 'theirs')
  const send = (body: unknown, key = seller.brandKey) => api.send('POST', '/v1/re-ratings', { key, body })
  const { clientId } = seller
  for (const [body, status, pointer] of [
    [{}, 400, ''],
    [{ filter: {} }, 400, '/filter'],
    [{ filter: { clientId }, callIds: ['mine'] }, 400, ''],
    [{ filter: { clientId, colour: 'red' } }, 400, '/filter/colour'],
    [{ filter: { from: '2026-02-30T00:00:00Z' } }, 400, '/filter/from'],
    [{ filter: { from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' } }, 400, '/filter/to'],
    [{ callIds: ['mine', 'theirs'] }, 404, '/callIds/1'],
    [{ callIds: [{ clientId: other.clientId, callId: 'theirs' }] }, 404, '/callIds/0'],
  ] as const) {
    const answer = await send(body)
    assert.is(answer.status, status, JSON.stringify(body))
    assert.is(answer.body.errors[0].pointer, pointer, JSON.stringify(body))
  }
  for (const filter of [
    { clientId: other.clientId },
    { brandId: other.brandId },
    { rateDeckId: other.deckId },
  ]) {
    assert.is((await send({ filter })).status, 404, JSON.stringify(filter))
  }
  assert.is((await send({ callIds: ['mine'], dryRun: true })).body.callsTotal, 1)
})

test('a callId that two clients have must name its client', async () => {
  const one = await aSeller('0.06')
  const other = await aSeller('0.06')
  await settle(one.clientId, 'shared')
  await settle(other.clientId, 'shared')
  const send = (callIds: unknown) => api.send('POST', '/v1/re-ratings', { body: { callIds, dryRun: true } })
  const refused = await send(['shared'])
  assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/callIds/0'])
  const { differences } = (await send([{ clientId: other.clientId, callId: 'shared' }])).body
  assert.equal(
    differences.map((call: { clientId: string }) => call.clientId),
    [other.clientId],
  )
})

test('a call that has not ended is named as skipped', async () => {
  const seller = await aSeller('0.06')
  const { clientId, brandKey } = seller
  await settle(clientId, 'one')
  await api.context.worker.$client`
    update calls set status = 'started', price = null, rollup_id = null where client_id = ${clientId}`
  const { differences } = await must(
    api.send('POST', '/v1/re-ratings', { key: brandKey, body: { callIds: [{ clientId, callId: 'one' }] } }),
  )
  assert.equal([differences[0].outcome, differences[0].reason], ['skipped', 'started'])
})

test('a version made effective in the past prices the calls since then anew, as its dry run said', async () => {
  const seller = await aSeller('0.06')
  const { clientId, brandKey, deckId } = seller
  await settle(clientId, 'before', '2026-02-01T10:00:00Z')
  await settle(clientId, 'after', '2026-02-03T10:00:00Z')
  const body = ratesAt('0.12')
  await must(api.send('PUT', `/v1/rate-decks/${deckId}/rates`, { key: brandKey, body }))
  const backdate = { rateDeckId: deckId, version: 2, effectiveAt: '2026-02-02T00:00:00Z' }
  const send = (more: object) =>
    api.send('POST', '/v1/re-ratings', { key: brandKey, body: { backdate, ...more } })
  const prices = (answer: { body: { differences: Record<string, string>[] } }) =>
    answer.body.differences.map(({ callId, priceBefore, priceAfter }) => [callId, priceBefore, priceAfter])
  const dry = await send({ dryRun: true })
  assert.equal(prices(dry), [['after', '0.06', '0.12']])
  const simulate = async (answeredAt: string) =>
    (
      await must(
        api.send('POST', '/v1/price-simulations', {
          key: brandKey,
          body: { clientId, to: '+34600111222', answeredAt, durationSeconds: 60 },
        }),
      )
    ).price
  assert.is(await simulate('2026-02-03T10:00:00Z'), '0.06')
  assert.equal(prices(await send({})), [['after', '0.06', '0.12']])
  assert.is(await simulate('2026-02-03T10:00:00Z'), '0.12')
  assert.is(await simulate('2026-02-01T10:00:00Z'), '0.06')
  const { data } = await must(api.send('GET', `/v1/clients/${clientId}/calls`, { key: brandKey }))
  assert.equal(data.map(({ callId, price }: Record<string, string>) => [callId, price]).sort(), [
    ['after', '0.12'],
    ['before', '0.06'],
  ])
  // It takes effect at that instant already, and the first version counts for all time before the second.
  for (const [version, effectiveAt, pointer] of [
    [2, '2026-02-02T00:00:00Z', '/backdate/effectiveAt'],
    [2, '2999-01-01T00:00:00Z', '/backdate/effectiveAt'],
    [1, '2026-01-01T00:00:00Z', '/backdate/version'],
  ] as const) {
    const answer = await send({ backdate: { rateDeckId: deckId, version, effectiveAt } })
    assert.equal([answer.status, answer.body.errors?.[0]?.pointer], [400, pointer])
  }
  assert.is((await send({ backdate: { ...backdate, version: 9 } })).status, 404)
})

test('a rejected call is waived once, with the actor; any other call is not', async () => {
  const seller = await aSeller('0.06')
  const { clientId, brandKey } = seller
  await settle(clientId, 'a/b;c', '2026-02-01T10:00:00Z', '+819012345678')
  await settle(clientId, 'priced')
  const path = `/v1/calls/${clientId}/${encodeURIComponent('a/b;c')}`
  const waive = (url: string) =>
    api.send('POST', `${url}/waive`, { key: brandKey, body: { reason: 'our mistake' } })
  const waived = await must(waive(path))
  assert.equal(
    [waived.status, waived.price, waived.reason, waived.waiver.reason],
    ['priced', '0', null, 'our mistake'],
  )
  assert.ok(waived.waiver.actor.length > 0)
  assert.equal(await must(waive(path)), waived)
  assert.equal(await must(api.send('GET', path, { key: brandKey })), waived)
  const refused = await waive(`/v1/calls/${clientId}/priced`)
  assert.equal([refused.status, refused.body.code], [409, 'call_not_rejected'])
  assert.is((await waive(`/v1/calls/${clientId}/nothing`)).status, 404)
  const empty = await api.send('POST', `${path}/waive`, { key: brandKey, body: { reason: ' ' } })
  assert.is(empty.status, 400)
})

test.run()
