/** Inbound legs that cost something: by the client's own number and a profile of their own. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ChangedClients } from '../../src/calls/running/changed-clients.ts'
import { meterCalls } from '../../src/calls/running/meter-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { anEvent } from '../calls/a-call-desk.ts'
import { type EndedCall, endedCall, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('inbound prices')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let plans: { retail: string; tollFree: string }
let now = Date.parse('2026-02-03T10:00:00Z')

const tollFree = '+34900100200'
const ofUs = '+34911000222'
const from2026 = { activatesAt: '2026-01-01T00:00:00Z' }

const send = (method: string, path: string, body?: unknown) =>
  api.send(method, path, { key: tenant.brandKey, ...(body === undefined ? {} : { body }) })

async function aPlan(name: string, rates: { prefix: string; rate: string; blocked?: boolean }[]) {
  const deck = await must(send('POST', '/v1/rate-decks', { name, currency: 'EUR' }))
  const sent = rates.map(({ rate, ...given }) => ({
    ...{ ...given, destination: given.prefix === '34900' ? 'Toll-free' : 'Spain' },
    steps: [{ fromSecond: 0, rate, perSeconds: 60, incrementSeconds: 1 }],
  }))
  await must(send('PUT', `/v1/rate-decks/${deck.id}/rates`, sent))
  const entries = [{ rateDeckId: deck.id }]
  return (await must(send('POST', '/v1/rating-plans', { name, currency: 'EUR', entries }))).id as string
}

let clients = 0
/** With an outbound profile, and an inbound one unless it is to have none. */
async function aClient(fields: object = {}, { inbound = true } = {}) {
  const name = `client ${++clients}`
  const sipDomain = `in${clients}.example.com`
  const { id } = await must(send('POST', '/v1/clients', { name, sipDomain, timeZone: 'UTC', ...fields }))
  const path = `/v1/clients/${id}/rating-profiles`
  await must(send('POST', path, { ratingPlanId: plans.retail, ...from2026 }))
  if (inbound)
    await must(send('POST', path, { ratingPlanId: plans.tollFree, direction: 'inbound', ...from2026 }))
  return id as string
}

const inbound = (client: string, callId: string, call: Partial<EndedCall> & { seconds?: number } = {}) => {
  const { seconds = 90, ...facts } = call
  const ended = endedCall(client, { callId, to: tollFree, at: '2026-02-03T09:00:00Z', seconds })
  return { ...ended, direction: 'inbound', ...facts }
}

async function settled(...calls: (EndedCall & { direction?: string })[]) {
  await settleEnded(api, calls)
  const shown = []
  for (const { client, callId } of calls) shown.push(await must(send('GET', `/v1/calls/${client}/${callId}`)))
  return shown
}

const authorize = (client: string, callId: string, more: object = {}) =>
  must(
    api.send('POST', '/v1/authorizations', {
      key: tenant.engineKey,
      body: {
        ...{ client, callId, direction: 'inbound', from: '+442071234567', to: tollFree },
        ...{ at: new Date(now).toISOString(), ...more },
      },
    }),
  )

const balance = async (client: string) => {
  const { balance, reserved } = await must(send('GET', `/v1/clients/${client}/balance`))
  return { balance, reserved }
}

const usage = async (client: string) => {
  const { amount, reserved } = await must(send('GET', `/v1/clients/${client}/daily-usage?day=2026-02-03`))
  return { amount, reserved }
}

test.before(async () => {
  api = await openTestApi({ clock: () => now })
  tenant = await makeTenant(api, { timeZone: 'UTC' })
  plans = {
    retail: await aPlan('Retail', [{ prefix: '34', rate: '0.06' }]),
    tollFree: await aPlan('Numbers', [
      { prefix: '34900', rate: '0.03' },
      { prefix: '34911', rate: '0.5', blocked: true },
    ]),
  }
})
test.after(() => api.close())

test('90 s to the own number at 0.03 a minute cost 0.045, and count on no day', async () => {
  const client = await aClient()
  const [call, out] = await settled(
    inbound(client, 'in'),
    endedCall(client, { callId: 'out', to: tollFree, at: '2026-02-03T09:00:00Z', seconds: 90 }),
  )
  assert.equal(
    [call.status, call.price, call.billedSeconds, call.destination, call.prefix, call.ratingPlanId],
    ['priced', '0.045', 90, 'Toll-free', '34900', plans.tollFree],
  )
  assert.is(out.price, '0.09')
  assert.equal(await balance(client), { balance: '-0.135', reserved: '0' })
  assert.equal(await usage(client), { amount: '0.09', reserved: '0' })
  const rows = async (query: string) =>
    (await must(send('GET', `/v1/reports/usage?clientId=${client}&groupBy=destination${query}`))).data.map(
      (row: Record<string, unknown>) => [row.destination, row.calls, row.amount],
    )
  assert.equal(await rows(''), [['Spain', 1, '0.09']])
  assert.equal(await rows('&direction=inbound'), [['Toll-free', 1, '0.045']])
  const byHour = await must(
    send('GET', `/v1/reports/usage?clientId=${client}&groupBy=hour&direction=inbound`),
  )
  assert.equal([byHour.data[0].hour, byHour.data[0].amount], [9, '0.045'])
  const byCountry = await must(send('GET', `/v1/reports/usage?clientId=${client}&groupBy=country`))
  assert.equal(
    byCountry.data.map((row: Record<string, unknown>) => [row.country, row.amount]),
    [['ES', '0.09']],
  )
})

test('without a profile, a rate or a payer it stays unpriced, with everything else as it was', async () => {
  const client = await aClient()
  const outboundOnly = await aClient({}, { inbound: false })
  const unbilled = await aClient({ billingMethod: 'none' })
  const before = { startedAt: '2025-12-31T09:00:00Z', answeredAt: '2025-12-31T09:00:00Z' }
  const calls = await settled(
    inbound(outboundOnly, 'no-profile'),
    inbound(client, 'not-yet', { ...before, endedAt: '2025-12-31T09:01:00Z' }),
    inbound(client, 'no-rate', { to: '+442071234567' }),
    inbound(client, 'blocked', { to: ofUs }),
    inbound(client, 'no-number', { to: 'operator' }),
    inbound(unbilled, 'unbilled'),
    { ...inbound(client, 'internal'), fromClient: client } as EndedCall,
  )
  for (const { callId, status, price, currency } of calls) {
    assert.equal([status, price, currency], ['unpriced', null, null], callId)
  }
  assert.is((await balance(client)).balance, '0')
})

test('free numbers are free to call, not to be called on', async () => {
  const client = await aClient()
  await must(api.send('PATCH', `/v1/brands/${tenant.brandId}`, { body: { freeNumbers: [tollFree] } }))
  const [call, out] = await settled(
    inbound(client, 'in'),
    endedCall(client, { callId: 'out', to: tollFree, at: '2026-02-03T09:00:00Z', seconds: 90 }),
  )
  // The brand's settings hold from now on, and the calls are of before: the versions of then price them.
  assert.equal([call.price, out.price], ['0.045', '0.09'])
  const later = new Date(Date.now() + 1000).toISOString()
  const at = (call: EndedCall) => ({ ...call, startedAt: later, answeredAt: later, endedAt: later })
  now = Date.parse(later) + 60_000
  const end = new Date(now).toISOString()
  const [free, charged] = await settled(
    {
      ...at(endedCall(client, { callId: 'out 2', to: tollFree, at: later, seconds: 60 })),
      endedAt: end,
    },
    { ...at(inbound(client, 'in 2')), direction: 'inbound', endedAt: end },
  )
  assert.equal([free.status, charged.status, charged.price], ['unpriced', 'priced', '0.03'])
  await must(api.send('PATCH', `/v1/brands/${tenant.brandId}`, { body: { freeNumbers: [] } }))
  now = Date.parse('2026-02-03T10:00:00Z')
})

test('money decides whether a prepaid client is reached, its daily limit does not', async () => {
  const client = await aClient({ billingMethod: 'prepaid', maxDailyUsage: '0' })
  const denied = await authorize(client, 'a')
  assert.equal(
    [denied.allowed, denied.reason, denied.sip.code, denied.announcement],
    [false, 'insufficient_balance', 402, undefined],
  )
  // What costs nothing is granted with nothing left.
  const free = await authorize(client, 'free', { to: '+442071234567' })
  assert.equal([free.allowed, free.rate, free.maxDurationSeconds], [true, null, 10_800])
  const internal = await authorize(client, 'internal', { fromClient: client })
  assert.equal([internal.allowed, internal.internal, internal.rate], [true, true, null])
  await must(
    send('POST', `/v1/clients/${client}/balance-movements`, {
      ...{ amount: '0.05', kind: 'top-up', reference: 'cash' },
    }),
  )
  // 0.05 buys 100 s at 0.03 a minute; the first slice is 60 s.
  const granted = await authorize(client, 'a')
  assert.equal(
    [granted.allowed, granted.maxDurationSeconds, granted.rate.destination, granted.rate.ratingPlanId],
    [true, 100, 'Toll-free', plans.tollFree],
  )
  assert.equal(await balance(client), { balance: '0.05', reserved: '0.03' })
  assert.equal(await usage(client), { amount: '0', reserved: '0' })
  assert.equal(await authorize(client, 'a'), granted)
  assert.is((await balance(client)).reserved, '0.03')
  // 0.02 are left: 40 s.
  assert.is((await authorize(client, 'b')).maxDurationSeconds, 40)
  for (const callId of ['a', 'b']) {
    const handBack = await api.send('DELETE', `/v1/authorizations/${client}/${callId}`, {
      key: tenant.engineKey,
    })
    assert.is(handBack.status, 204)
  }
  assert.equal(await balance(client), { balance: '0.05', reserved: '0' })
  const outbound = await authorize(client, 'c', { direction: 'outbound' })
  assert.is(outbound.reason, 'daily_limit_reached')
})

test('a running inbound leg is metered slice by slice and hung up with the last one that was bought', async () => {
  const client = await aClient({ billingMethod: 'prepaid' })
  await must(
    send('POST', `/v1/clients/${client}/balance-movements`, {
      ...{ amount: '0.05', kind: 'top-up', reference: 'cash' },
    }),
  )
  assert.is((await authorize(client, 'a', { engine: 'sbc' })).allowed, true)
  const at = new Date(now).toISOString()
  const leg = { client, callId: 'a', direction: 'inbound', to: tollFree } as const
  await settleCalls(api.callsContext, {
    events: [anEvent({ kind: 'start', ...leg, startedAt: now, answeredAt: now })],
    undeliverable: [],
  })
  const changed = new ChangedClients(api.callsContext.configuration)
  const look = async (seconds: number) => {
    now += seconds * 1000
    await meterCalls(api.callsContext, changed)
    return (await balance(client)).reserved
  }
  assert.is(await look(51), '0.03')
  assert.is(await look(2), '0.05')
  assert.equal(await usage(client), { amount: '0', reserved: '0' })
  await look(40)
  const { data } = await must(send('GET', `/v1/clients/${client}/running-calls`))
  assert.equal([data[0].callId, data[0].destination], ['a', 'Toll-free'])
  const facts = await api.context.worker.$client`
    select body from outbox where subject like ${`%hangup.${client}`}`
  const { reason, endBy } = JSON.parse(facts[0]?.body).data
  assert.equal([reason, endBy], ['insufficient_balance', new Date(Date.parse(at) + 100_000).toISOString()])
  now = Date.parse(at) + 100_000
  const end = { startedAt: at, answeredAt: at, endedAt: new Date(now).toISOString() }
  const [call] = await settled({ ...inbound(client, 'a'), ...end })
  assert.equal([call.price, (await balance(client)).balance], ['0.05', '0'])
})

test('a forwarded call: in by the inbound plan, out by the plan of who forwards', async () => {
  const client = await aClient()
  const forwarded = { forwardedFrom: 'leg;in' }
  const [one, other] = await settled(inbound(client, 'leg;in', { seconds: 60 }), {
    ...endedCall(client, { callId: 'leg;out', to: '+34600111222', at: '2026-02-03T09:00:00Z', seconds: 60 }),
    ...forwarded,
  } as EndedCall)
  assert.equal([one.price, other.price, other.forwardedFrom], ['0.03', '0.06', 'leg;in'])
  assert.is((await balance(client)).balance, '-0.09')
})

test('an invoice has lines of its own for calls received, and credits them alone', async () => {
  const client = await aClient({ language: 'es' })
  const at = (day: string) => ({
    ...{ startedAt: `${day}T09:00:00Z`, answeredAt: `${day}T09:00:00Z`, endedAt: `${day}T09:10:00Z` },
  })
  const spain = { callId: 'out', to: '+34900100200', at: '2026-01-05T09:00:00Z', seconds: 600 }
  // The same number out and in; both rates are called "Spain" or "Toll-free" by their plans.
  const same = await aPlan('Same name', [{ prefix: '349001', rate: '0.1' }])
  await must(
    send('POST', `/v1/clients/${client}/rating-profiles`, {
      ...{ ratingPlanId: same, direction: 'inbound', activatesAt: '2026-01-06T00:00:00Z' },
    }),
  )
  await settled(
    endedCall(client, spain),
    inbound(client, 'in', at('2026-01-05')),
    inbound(client, 'in 2', at('2026-01-07')),
  )
  const sequence = await must(
    send('POST', '/v1/invoice-number-sequences', { name: 'S', prefix: 'S', width: 4 }),
  )
  const draft = await must(
    send('POST', '/v1/invoices', {
      ...{ clientId: client, numberSequenceId: sequence.id, from: '2026-01-01', to: '2026-02-01' },
      fixedCosts: [],
    }),
  )
  const issued = await must(send('POST', `/v1/invoices/${draft.id}/issue`, {}))
  assert.equal(
    issued.lines.map(({ description, net }: Record<string, string>) => [description, net]),
    [
      ['Spain', '0.6'],
      ['Llamadas recibidas: Spain', '1'],
      ['Llamadas recibidas: Toll-free', '0.3'],
    ],
  )
  assert.is(issued.total, '1.9')
  const credit = await must(
    send('POST', `/v1/invoices/${draft.id}/credit-notes`, { lines: [{ index: 1 }], rebill: true }),
  )
  assert.is(credit.total, '-1')
  const [free] = await api.context.worker.$client`
    select sum(calls)::int as calls, min(inbound_destination) as destination
    from call_rollups where client_id = ${client} and invoice_id is null`
  assert.equal([free?.calls, free?.destination], [1, 'Spain'])
})

test('a re-rating prices calls received that had no profile, and corrects those that had another', async () => {
  const client = await aClient({}, { inbound: false })
  const [before] = await settled(inbound(client, 'in'))
  assert.is(before.status, 'unpriced')
  await must(
    send('POST', `/v1/clients/${client}/rating-profiles`, {
      ...{ ratingPlanId: plans.tollFree, direction: 'inbound', ...from2026 },
    }),
  )
  const filter = { clientId: client, from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' }
  const outcome = async () => {
    const { differences } = await must(send('POST', '/v1/re-ratings', { filter, dryRun: false }))
    return differences.map((one: Record<string, unknown>) => [one.outcome, one.priceBefore, one.priceAfter])
  }
  assert.equal(await outcome(), [['changed', null, '0.045']])
  assert.is((await balance(client)).balance, '-0.045')
  const dearer = await aPlan('Dearer', [{ prefix: '34900', rate: '0.04' }])
  await must(
    send('POST', `/v1/clients/${client}/rating-profiles`, {
      ...{ ratingPlanId: dearer, direction: 'inbound', activatesAt: '2026-02-01T00:00:00Z' },
    }),
  )
  assert.equal(await outcome(), [['changed', '0.045', '0.06']])
  assert.equal(await balance(client), { balance: '-0.06', reserved: '0' })
  assert.equal(await usage(client), { amount: '0', reserved: '0' })
})

test('a simulation asks the profiles of its direction', async () => {
  const client = await aClient()
  const ask = async (direction?: string) => {
    const asked = { clientId: client, to: tollFree, answeredAt: '2026-02-03T09:00:00Z', durationSeconds: 60 }
    return must(send('POST', '/v1/price-simulations', { ...asked, ...(direction && { direction }) }))
  }
  assert.equal([(await ask()).price, (await ask('outbound')).price], ['0.06', '0.06'])
  assert.equal([(await ask('inbound')).price, (await ask('inbound')).destination], ['0.03', 'Toll-free'])
  const without = await aClient({}, { inbound: false })
  const { body } = await send('POST', '/v1/price-simulations', {
    ...{ clientId: without, to: tollFree, direction: 'inbound', durationSeconds: 60 },
  })
  assert.equal([body.priced, body.reason], [false, 'no_rating_profile'])
})

test('a profile of each direction may begin at one instant; an unknown direction is refused', async () => {
  const client = await aClient()
  const path = `/v1/clients/${client}/rating-profiles`
  const { data } = await must(send('GET', path))
  assert.equal(data.map(({ direction }: { direction: string }) => direction).sort(), ['inbound', 'outbound'])
  const twice = await send('POST', path, {
    ...{ ratingPlanId: plans.retail, direction: 'inbound', ...from2026 },
  })
  assert.is(twice.status, 409)
  const sideways = await send('POST', path, { ratingPlanId: plans.retail, direction: 'both', ...from2026 })
  assert.equal([sideways.status, sideways.body.errors[0].pointer], [400, '/direction'])
  const inboundId = data.find(({ direction }: { direction: string }) => direction === 'inbound').id
  await must(send('PATCH', `${path}/${inboundId}`, { activatesAt: '2026-01-02T00:00:00Z' }))
  const patched = await must(send('GET', `${path}/${inboundId}`))
  assert.equal([patched.direction, patched.activatesAt], ['inbound', '2026-01-02T00:00:00.000Z'])
})

test('the books hold', async () => {
  const asked = { from: null, before: null, pricesPerClient: null }
  for await (const { check, differences } of verifyBooks(api.context.worker, asked)) {
    assert.equal(differences, [], check.name)
  }
})

test.run()
