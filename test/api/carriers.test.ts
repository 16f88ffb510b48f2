/** Carriers, their cost and the margin: what settlement makes of them, who sees it, and exchange rates from files. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { endedCall, settleEnded } from './ended-calls.ts'
import { makeTenant, must, openTestApi, platformKey, type TestApi } from './test-api.ts'

const test = suite('carriers')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let telia: { id: string }
let plans: { retail: string; usd: string; eur: string }

const send = (method: string, path: string, body?: unknown, key = tenant.brandKey) =>
  api.send(method, path, { key, ...(body === undefined ? {} : { body }) })
const sendFile = (body: string, type: string) =>
  api.send('POST', '/v1/exchange-rates/imports', {
    key: tenant.brandKey,
    body,
    headers: { 'content-type': type },
  })

async function aPlan(name: string, currency: string, rates: Record<string, string>) {
  const deck = await must(send('POST', '/v1/rate-decks', { name, currency }))
  const sent = Object.entries(rates).map(([prefix, rate]) => ({
    ...{ prefix, destination: prefix === '346' ? 'Spain mobile' : 'World' },
    steps: [{ fromSecond: 0, rate, perSeconds: 60, incrementSeconds: 1 }],
  }))
  await must(send('PUT', `/v1/rate-decks/${deck.id}/rates`, sent))
  const entries = [{ rateDeckId: deck.id }]
  return (await must(send('POST', '/v1/rating-plans', { name, currency, entries }))).id as string
}

async function settled(
  callId: string,
  call: { to?: string; at?: string; carrier?: string; seconds?: number | null },
) {
  const { to = '+34600111222', at = '2026-02-03T10:00:00Z', carrier, seconds = 90 } = call
  const ended = endedCall(tenant.clientId, { callId, to, at, seconds })
  await settleEnded(api, [{ ...ended, ...(carrier && { carrier }) }])
  return must(send('GET', `/v1/calls/${tenant.clientId}/${callId}`))
}

const costOf = ({ carrier, carrierId, cost, costCurrency, costReason, margin }: Record<string, unknown>) => ({
  ...{ carrier, carrierId, cost, costCurrency, costReason, margin },
})

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  plans = {
    retail: await aPlan('Retail', 'EUR', { 346: '0.06', 44: '0.05', '*': '0.02' }),
    usd: await aPlan('Telia', 'USD', { 346: '0.04', 49: '0.09' }),
    eur: await aPlan('Local carrier', 'EUR', { 346: '0.03' }),
  }
  const from = { activatesAt: '2026-01-01T00:00:00Z' }
  await must(
    send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, { ratingPlanId: plans.retail, ...from }),
  )
  telia = await must(
    send('POST', '/v1/carriers', { name: 'Telia', code: 'telia', currency: 'USD', timeZone: 'UTC' }),
  )
  await must(send('POST', `/v1/carriers/${telia.id}/rating-profiles`, { ratingPlanId: plans.usd, ...from }))
  await must(
    send('POST', '/v1/exchange-rates', {
      base: 'USD',
      quote: 'EUR',
      rate: '0.9',
      validFrom: '2026-02-01T00:00:00Z',
    }),
  )
})
test.after(() => api.close())

test('cost and margin stand beside the price: 90 s at 0.06 EUR less 0.04 USD at 0.9', async () => {
  const call = await settled('priced', { carrier: 'telia' })
  assert.is(call.price, '0.09')
  // 0.04 USD a minute for 90 s is 0.06 USD, 0.054 EUR.
  assert.equal(costOf(call), {
    ...{ carrier: 'telia', carrierId: telia.id, cost: '0.06', costCurrency: 'USD', costReason: null },
    margin: '0.036',
  })
})

test('what is missing for a cost stops no price', async () => {
  const none = { cost: null, margin: null }
  const unknown = await settled('unknown', { carrier: 'nobody' })
  assert.is(unknown.price, '0.09')
  assert.equal(costOf(unknown), {
    ...none,
    ...{ carrier: 'nobody', carrierId: null, costCurrency: null, costReason: 'unknown_carrier' },
  })
  const noRate = await settled('no-rate', { carrier: 'telia', to: '+442079460000' })
  assert.equal(costOf(noRate), {
    ...none,
    ...{ carrier: 'telia', carrierId: telia.id, costCurrency: 'USD', costReason: 'destination_not_priced' },
  })
  // Before the first rate of exchange the cost is known, the margin is not.
  const early = await settled('early', { carrier: 'telia', at: '2026-01-31T12:00:00Z' })
  assert.equal([early.cost, early.margin], ['0.06', null])
  const without = await settled('without', {})
  assert.equal(costOf(without), {
    ...none,
    ...{ carrier: null, carrierId: null, costCurrency: null, costReason: null },
  })
  const unanswered = await settled('unanswered', { carrier: 'telia', seconds: null })
  assert.equal([unanswered.price, unanswered.cost, unanswered.costReason], ['0', null, null])
})

test('the margins are summed by carrier, and what loses money is asked for', async () => {
  // 60 s to Germany: sold at 0.02 EUR, bought at 0.09 USD, 0.081 EUR.
  await settled('loss', { carrier: 'telia', to: '+4930123456', seconds: 60 })
  const rows = async (query: string) => {
    const { status, body } = await send('GET', `/v1/reports/margins?from=2026-02-01&to=2026-03-01&${query}`)
    assert.is(status, 200)
    return body.data
  }
  assert.equal(await rows('groupBy=carrier'), [
    {
      ...{ carrierId: telia.id, carrierName: 'Telia', currency: 'EUR', calls: 2, seconds: 150 },
      ...{ price: '0.11', cost: '0.135', margin: '-0.025', marginPercent: '-22.73', callsWithoutCost: 1 },
    },
  ])
  assert.equal(
    (await rows('groupBy=destination&below=0')).map((row: Record<string, unknown>) => [
      row.destination,
      row.margin,
    ]),
    [['World', '-0.061']],
  )
})

test('a new price moves the margin and its sum, the cost stays', async () => {
  const dearer = await aPlan('Dearer', 'EUR', { 346: '0.08' })
  await must(
    send('POST', `/v1/clients/${tenant.clientId}/rating-profiles`, {
      ...{ ratingPlanId: dearer, activatesAt: '2026-02-02T00:00:00Z' },
    }),
  )
  const callIds = [{ clientId: tenant.clientId, callId: 'priced' }]
  await must(send('POST', '/v1/re-ratings', { callIds, dryRun: false }))
  const call = await must(send('GET', `/v1/calls/${tenant.clientId}/priced`))
  assert.equal([call.price, call.cost, call.margin], ['0.12', '0.06', '0.066'])
  const { body } = await send('GET', '/v1/reports/margins?groupBy=destination')
  const [mobile] = body.data.filter((row: Record<string, unknown>) => row.destination === 'Spain mobile')
  assert.equal([mobile.calls, mobile.price, mobile.margin, mobile.callsWithoutCost], [1, '0.12', '0.066', 1])
})

test('a re-rating of costs moves margins and no balance', async () => {
  const balance = async () => (await must(send('GET', `/v1/clients/${tenant.clientId}/balance`))).balance
  const before = await balance()
  const cheaper = await aPlan('Telia cheaper', 'USD', { 346: '0.02', 49: '0.09' })
  await must(
    send('POST', `/v1/carriers/${telia.id}/rating-profiles`, {
      ...{ ratingPlanId: cheaper, activatesAt: '2026-02-02T00:00:00Z' },
    }),
  )
  const callIds = ['priced', 'loss', 'without'].map((callId) => ({ clientId: tenant.clientId, callId }))
  const run = (dryRun: boolean) => must(send('POST', '/v1/re-ratings', { what: 'cost', callIds, dryRun }))
  const outcomes = ({ differences }: { differences: Record<string, unknown>[] }) =>
    Object.fromEntries(
      differences.map(({ callId, outcome, priceBefore, priceAfter, currency }) => [
        callId,
        [outcome, priceBefore, priceAfter, currency],
      ]),
    )
  const expected = {
    priced: ['changed', '0.06', '0.03', 'USD'],
    loss: ['unchanged', '0.09', '0.09', 'USD'],
    without: ['skipped', null, null, null],
  }
  assert.equal(outcomes(await run(true)), expected)
  assert.equal(outcomes(await run(false)), expected)
  const call = await must(send('GET', `/v1/calls/${tenant.clientId}/priced`))
  // 0.12 EUR less 0.03 USD at 0.9.
  assert.equal([call.price, call.cost, call.margin], ['0.12', '0.03', '0.093'])
  assert.is(await balance(), before)
  const { body } = await send('GET', '/v1/reports/margins?groupBy=destination&destination=Spain%20mobile')
  assert.equal([body.data[0].cost, body.data[0].margin], ['0.027', '0.093'])
})

test('what-if prices a span by another plan or at another carrier, and writes nothing', async () => {
  const span = { from: '2026-02-01', to: '2026-03-01' }
  const ask = async (asked: object, key = tenant.brandKey) => {
    const { status, body } = await send('POST', '/v1/what-if', { ...span, ...asked }, key)
    // A span of few calls has no line of progress before the result.
    return { status, result: body.result }
  }
  const before = await must(send('GET', `/v1/calls/${tenant.clientId}/priced`))
  const cheap = await aPlan('Cheap', 'EUR', { 346: '0.03' })
  const byPlan = (await ask({ ratingPlanId: cheap })).result
  // priced, unknown and without: 0.12 + 0.09 + 0.09 before; 90 s at 0.03 a minute, three times.
  const mobile = byPlan.sums.find(
    ({ destination }: { destination: string }) => destination === 'Spain mobile',
  )
  assert.equal(
    [mobile.calls, mobile.seconds, mobile.before, mobile.after, mobile.difference, mobile.notPriced],
    [3, 270, '0.3', '0.135', '-0.165', 0],
  )
  const world = byPlan.sums.find(({ destination }: { destination: string }) => destination === 'World')
  assert.equal([world.calls, world.notPriced], [0, 2])

  const other = await must(
    send('POST', '/v1/carriers', { name: 'Local', code: 'local', currency: 'EUR', timeZone: 'UTC' }),
  )
  const profile = { ratingPlanId: plans.eur, activatesAt: '2027-01-01T00:00:00Z' }
  await must(send('POST', `/v1/carriers/${other.id}/rating-profiles`, profile))
  const atCarrier = (await ask({ carrierId: other.id })).result
  const carried = atCarrier.sums.find(
    ({ destination }: { destination: string }) => destination === 'Spain mobile',
  )
  // Telia took 0.027 of the one whose cost is known; three calls of 90 s at 0.03 are 0.135.
  assert.equal([carried.calls, carried.before, carried.after], [3, '0.027', '0.135'])

  assert.equal(await must(send('GET', `/v1/calls/${tenant.clientId}/priced`)), before)
  assert.equal((await ask({ ratingPlanId: plans.usd })).result.otherCurrency, 5)
  assert.is((await ask({})).status, 400)
  assert.is((await ask({ ratingPlanId: cheap, carrierId: other.id })).status, 400)
  assert.is((await ask({ ratingPlanId: cheap, to: '2026-02-01' })).status, 400)
  assert.is((await ask({ ratingPlanId: tenant.clientId })).status, 404)
  const stranger = await makeTenant(api)
  assert.is((await ask({ ratingPlanId: cheap }, stranger.brandKey)).status, 404)
  assert.is((await ask({ carrierId: other.id }, stranger.brandKey)).status, 404)
})

test('a client sees nothing of it in any form', async () => {
  const { key } = await must(
    send('POST', '/v1/api-keys', { name: 'portal', role: 'client', clientId: tenant.clientId }),
  )
  const visibility = { callPrices: true, ratingProfiles: true, invoices: true }
  await must(send('PATCH', `/v1/clients/${tenant.clientId}`, { portalVisibility: visibility }))
  const call = await must(send('GET', `/v1/calls/${tenant.clientId}/priced`, undefined, key))
  assert.is(call.price, '0.12')
  assert.equal(
    Object.keys(costOf({})).filter((name) => name in call),
    [],
  )
  const csv = await send('GET', '/v1/reports/calls.csv', undefined, key)
  assert.not.match(String(csv.body), /telia|cost|margin/i)
  for (const path of ['/v1/carriers', '/v1/exchange-rates']) {
    assert.is((await send('GET', path, undefined, key)).status, 403, path)
  }
  assert.is((await send('GET', '/v1/reports/margins', undefined, key)).status, 404)
})

test('a carrier keeps its currency, and takes plans in it alone', async () => {
  const refused = async (method: string, path: string, body?: unknown) => {
    const { status, body: problem } = await send(method, path, body)
    return [status, problem.code]
  }
  const path = `/v1/carriers/${telia.id}`
  assert.equal(await refused('PATCH', path, { currency: 'EUR' }), [409, 'currency_fixed'])
  const profile = { ratingPlanId: plans.eur, activatesAt: '2026-03-01T00:00:00Z' }
  assert.equal(await refused('POST', `${path}/rating-profiles`, profile), [422, 'currency_mismatch'])
  assert.equal(await refused('DELETE', path), [409, 'in_use'])
  const twice = { name: 'Other', code: 'telia', currency: 'EUR', timeZone: 'UTC' }
  assert.is((await send('POST', '/v1/carriers', twice)).status, 409)
  const nowhere = { ...twice, code: 'x', timeZone: 'Europe/Nowhere' }
  assert.is((await send('POST', '/v1/carriers', nowhere)).status, 400)
  for (const rate of ['0', '-1', '1.1234567890123456789', 'x']) {
    const body = { base: 'USD', quote: 'EUR', rate, validFrom: '2026-05-01T00:00:00Z' }
    assert.is((await send('POST', '/v1/exchange-rates', body)).status, 400, rate)
  }
})

test("the European Central Bank's file gives both directions, and its repeat nothing", async () => {
  const ecb = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time='2026-04-01'><Cube currency='USD' rate='1.08'/><Cube currency='JPY' rate='160.5'/></Cube></Cube>
</gesmes:Envelope>`
  assert.equal(await must(sendFile(ecb, 'application/xml')), { added: 4, changed: 0, unchanged: 0 })
  assert.equal(await must(sendFile(ecb, 'text/xml')), { added: 0, changed: 0, unchanged: 4 })
  const { data } = await must(send('GET', '/v1/exchange-rates?base=JPY'))
  // 1 / 160.5 = 0.0062305295950…
  assert.equal(
    data.map(({ quote, rate, validFrom }: Record<string, string>) => [quote, rate, validFrom]),
    [['EUR', '0.006230529595', '2026-04-01T00:00:00.000Z']],
  )
  const call = await settled('april', { carrier: 'telia', at: '2026-04-01T10:00:00Z', seconds: 60 })
  // 0.08 EUR − 0.02 USD × 0.9259259259 = 0.061481481…
  assert.equal([call.price, call.margin], ['0.08', '0.061481'])
})

/** Carriers of every kind beside Telia, which takes 0.02 USD a minute by now, 0.0185… EUR. */
async function moreCarriers() {
  const blocked = await must(send('POST', '/v1/rate-decks', { name: 'Blocked', currency: 'EUR' }))
  await must(
    send('PUT', `/v1/rate-decks/${blocked.id}/rates`, [
      { prefix: '346', blocked: true, steps: [{ rate: '0.001', perSeconds: 60, incrementSeconds: 1 }] },
    ]),
  )
  const entries = [{ rateDeckId: blocked.id }]
  const blocks = await must(send('POST', '/v1/rating-plans', { name: 'Blocks', currency: 'EUR', entries }))
  const chf = await aPlan('Swiss', 'CHF', { 346: '0.001' })
  const plan: Record<string, string | null> = {
    ...{ zeta: plans.eur, acme: plans.eur, swiss: chf, blocks: blocks.id, idle: null },
  }
  const ids: Record<string, string> = {}
  for (const [code, ratingPlanId] of Object.entries(plan)) {
    const currency = code === 'swiss' ? 'CHF' : 'EUR'
    const made = await must(
      send('POST', '/v1/carriers', { name: `Carrier ${code}`, code, currency, timeZone: 'UTC' }),
    )
    ids[code] = made.id
    const profile = { ratingPlanId, activatesAt: '2026-01-01T00:00:00Z' }
    if (ratingPlanId) await must(send('POST', `/v1/carriers/${made.id}/rating-profiles`, profile))
  }
  return ids
}

let ids: Record<string, string> = {}

test('a grant names the carriers for the number, the cheapest first', async () => {
  ids = await moreCarriers()
  const grant = async (call: object = {}) => {
    const body = { client: tenant.clientId, callId: Math.random().toString(), to: '+34600111222', ...call }
    const answer = await must(api.send('POST', '/v1/authorizations', { key: tenant.engineKey, body }))
    assert.is(answer.allowed, true)
    return answer.routing.carriers
  }
  const brand = (fields: object) => must(send('PATCH', `/v1/brands/${tenant.brandId}`, fields))
  assert.is(await grant(), undefined)
  await brand({ leastCostRouting: true })
  // 180 s each: 0.06 USD are 0.0555… EUR; equal ones by code; what is not exchanged last; blocked and without profile not at all.
  const of180s = [
    { code: 'telia', cost: '0.06', currency: 'USD' },
    { code: 'acme', cost: '0.09', currency: 'EUR' },
    { code: 'zeta', cost: '0.09', currency: 'EUR' },
    { code: 'swiss', cost: '0.003', currency: 'CHF' },
  ]
  assert.equal(await grant(), of180s)
  assert.equal(await grant(), of180s)
  assert.equal(await grant({ to: '+34600999888' }), of180s)
  assert.is(await grant({ direction: 'inbound' }), undefined)
  assert.is(await grant({ toClient: tenant.clientId }), undefined)
  assert.equal(await grant({ to: '112' }), [])
  await brand({ lcrSeconds: 60 })
  const costs = (await grant()).map(({ cost }: { cost: string }) => cost)
  assert.equal(costs, ['0.02', '0.03', '0.03', '0.001'])
  for (const lcrSeconds of [0, 86_401, 1.5]) {
    assert.is((await send('PATCH', `/v1/brands/${tenant.brandId}`, { lcrSeconds })).status, 400)
  }
  await brand({ leastCostRouting: false, lcrSeconds: 180 })
  assert.is(await grant(), undefined)
})

test('a plan is compared with a carrier prefix by prefix', async () => {
  const path = `/v1/rating-plans/${plans.retail}/margins`
  const ask = (query: string) => send('GET', `${path}?${query}`)
  const { data, nextCursor, ...told } = await must(ask(`carrierId=${telia.id}`))
  assert.equal(told, {
    ...{ seconds: 180, currency: 'EUR', costCurrency: 'USD', exchangeRate: '0.9259259259' },
  })
  const none = { cost: null, costReason: 'destination_not_priced', margin: null }
  assert.equal(data, [
    { prefix: '*', destination: 'World', price: '0.06', priceReason: null, ...none },
    {
      ...{ prefix: '346', destination: 'Spain mobile', price: '0.18', priceReason: null },
      ...{ cost: '0.06', costReason: null, margin: '0.124444' },
    },
    { prefix: '44', destination: 'World', price: '0.15', priceReason: null, ...none },
    {
      // Sold by the rate of all others: 0.06 EUR for what costs 0.27 USD.
      ...{ prefix: '49', destination: 'World', price: '0.06', priceReason: null },
      ...{ cost: '0.27', costReason: null, margin: '-0.19' },
    },
  ])
  assert.is(nextCursor, null)
  const prefixes = (page: { data: { prefix: string }[] }) => page.data.map(({ prefix }) => prefix)
  assert.equal(prefixes(await must(ask(`carrierId=${telia.id}&below=0`))), ['49'])
  const first = await must(ask(`carrierId=${telia.id}&limit=3`))
  assert.equal(prefixes(first), ['*', '346', '44'])
  const second = await must(ask(`carrierId=${telia.id}&limit=3&cursor=${first.nextCursor}`))
  assert.equal([prefixes(second), second.nextCursor], [['49'], null])
  // Before the carrier's cheaper plan: 0.12 USD at the rate of that day.
  const then = await must(ask(`carrierId=${telia.id}&at=2026-02-01T12:00:00Z`))
  assert.equal([then.data[1].cost, then.exchangeRate], ['0.12', '0.9'])
  const refused = async (query: string, key = tenant.brandKey) => {
    const { status, body } = await send('GET', `${path}?${query}`, undefined, key)
    return [status, body.code, body.errors?.[0]?.pointer]
  }
  assert.equal(await refused(`carrierId=${ids.idle}`), [422, 'no_rating_profile', '/carrierId'])
  assert.equal(await refused(`carrierId=${ids.swiss}`), [422, 'no_exchange_rate', '/carrierId'])
  assert.equal((await refused(`carrierId=${tenant.clientId}`)).slice(0, 2), [404, 'not_found'])
  assert.equal(await refused('limit=5'), [400, 'invalid_request', '/carrierId'])
  assert.is((await refused(`carrierId=${telia.id}&at=soon`))[0], 400)
  assert.is((await refused(`carrierId=${telia.id}&cursor=xyz`))[0], 400)
  assert.is((await refused(`carrierId=${telia.id}`, tenant.clientKey))[0], 403)
  const stranger = await makeTenant(api)
  assert.is((await refused(`carrierId=${telia.id}`, stranger.brandKey))[0], 404)
})

test('a sheet that sells below cost is taken, with a warning for each such row', async () => {
  const deck = await must(send('POST', '/v1/rate-decks', { name: 'New retail', currency: 'EUR' }))
  const csv = 'prefix,destination,rate\n346,Spain mobile,0.01\n4,Europe,0.02\n44,Britain,0.001\n'
  const run = async (query: string) => {
    const sent = await api.send('POST', `/v1/rate-decks/${deck.id}/imports?${query}`, {
      ...{ key: tenant.brandKey, body: csv, headers: { 'content-type': 'text/csv' } },
    })
    if (sent.status !== 202) return [sent.status, sent.body.code]
    await api.context.importer.idle()
    const { status, warnings } = await must(send('GET', `/v1/imports/${sent.body.id}`))
    const below = warnings.filter(({ code }: { code: string }) => code === 'below_cost')
    return [status, below.map(({ line, detail }: Record<string, unknown>) => [line, detail])]
  }
  // 180 s at Telia: 0.06 USD and, for a part of what line 3 sells as a whole, 0.27 USD.
  const warned = [
    [2, '180 s to 346 sell for 0.03, Telia takes 0.055556.'],
    [3, '180 s to 49 sell for 0.06, Telia takes 0.25.'],
  ]
  assert.equal(await run(`dryRun=true&carrierId=${telia.id}`), ['dry-run', warned])
  assert.equal(await run('dryRun=true'), ['dry-run', []])
  assert.equal(await run(`carrierId=${telia.id}`), ['applied', warned])
  assert.equal(await run(`carrierId=${ids.idle}`), [422, 'no_rating_profile'])
  assert.equal(await run(`carrierId=${ids.swiss}`), [422, 'no_exchange_rate'])
  assert.equal(await run(`carrierId=${deck.id}`), [404, 'not_found'])
  assert.is((await run('carrierId=telia'))[0], 400)
})

test('a report of margins in one currency says the rate that it took', async () => {
  const ask = async (query: string) => {
    const { status, body } = await send('GET', `/v1/reports/margins?groupBy=carrier&${query}`)
    return status === 200 ? body.data[0] : [status, body.code, body.errors[0].pointer]
  }
  const own = await ask('')
  assert.is('exchangeRate' in own, false)
  const same = await ask('currency=EUR')
  assert.equal(same, { ...own, exchangedFrom: 'EUR', exchangeRate: '1' })
  const usd = await ask('currency=USD')
  const times = (amount: string) => String(Math.round(Number(amount) * 1.08 * 1e6) / 1e6)
  assert.equal([usd.currency, usd.exchangedFrom, usd.exchangeRate], ['USD', 'EUR', '1.08'])
  assert.equal([usd.price, usd.margin], [times(own.price), times(own.margin)])
  assert.equal([usd.calls, usd.marginPercent], [own.calls, own.marginPercent])
  // The bank's rate is of April.
  const before = await ask('currency=USD&to=2026-03-01')
  assert.equal(
    [before.currency, before.price, before.margin, before.exchangedFrom, before.exchangeRate],
    ['USD', null, null, 'EUR', null],
  )
  assert.equal(await ask('currency=XYZ'), [400, 'invalid_request', '/currency'])
})

test('usage, balances and receivables in one currency say the rate that they took', async () => {
  const ask = async (path: string, key = tenant.brandKey) => {
    const { status, body } = await send('GET', `/v1/reports/${path}`, undefined, key)
    return status === 200 ? body : [status, body.code, body.errors?.[0].pointer]
  }
  const times = (amount: string) => String(Math.round(Number(amount) * 1.08 * 1e6) / 1e6)
  const first = async (path: string) => (await ask(path)).data[0]
  const [usage, usd] = [await first('usage'), await first('usage?currency=USD')]
  assert.ok(Number(usage.amount) > 0)
  assert.equal(usd, {
    ...usage,
    ...{ currency: 'USD', amount: times(usage.amount), exchangedFrom: 'EUR', exchangeRate: '1.08' },
  })
  assert.equal(await first('usage?currency=EUR'), { ...usage, exchangedFrom: 'EUR', exchangeRate: '1' })
  const before = await first('usage?currency=USD&to=2026-03-01')
  assert.equal(
    [before.currency, before.amount, before.exchangedFrom, before.exchangeRate],
    ['USD', null, 'EUR', null],
  )
  const [balance, inDollars] = [await first('balances'), await first('balances?currency=USD')]
  assert.equal(
    [inDollars.balance, inDollars.unbilled, inDollars.runningCalls, inDollars.exchangeRate],
    [times(balance.balance), times(balance.unbilled), balance.runningCalls, '1.08'],
  )
  const span = 'balances?from=2026-02-01'
  const [moved, movedInDollars] = [await first(span), await first(`${span}&currency=USD`)]
  assert.ok(Number(moved.charges) < 0)
  assert.equal(movedInDollars.charges, times(moved.charges))
  assert.equal(await ask('receivables?currency=USD'), { data: [] })
  for (const path of ['usage', 'balances', 'receivables']) {
    assert.equal(await ask(`${path}?currency=XYZ`), [400, 'invalid_request', '/currency'], path)
    const ofAll = await ask(`${path}?currency=USD`, platformKey)
    assert.equal(ofAll, [400, 'invalid_request', '/brandId'], path)
    const ofClient = await ask(`${path}?currency=USD`, tenant.clientKey)
    assert.is(ofClient[0], 403, path)
  }
})

test('the sums of what carriers took on are checked against their calls', async () => {
  const verify = async (only?: string[]) => {
    const found: string[] = []
    const asked = { from: null, before: null, pricesPerClient: null, ...(only && { only }) }
    for await (const { check, differences } of verifyBooks(api.context.worker, asked)) {
      found.push(...differences.map(({ detail }) => `${check.name}: ${detail}`))
    }
    return found
  }
  assert.equal(await verify(), [])
  const sql = api.context.worker.$client
  await sql`update carrier_rollups set margin = margin + 1 where destination = 'World' and calls = 1`
  const [wrong, ...others] = await verify(['carrier-rollups'])
  assert.equal(others, [])
  assert.match(
    wrong ?? '',
    /the sum of "World" at carrier \S+ on 2026-02-03 of client \S+ holds 1 calls that left 0\.939, the calls themselves are 1 that left -0\.061/,
  )
  await sql`update carrier_rollups set margin = margin - 1 where destination = 'World' and calls = 1`
})

test('a CSV of rates is taken whole or not at all, with the lines at fault named', async () => {
  const good = 'base,quote,rate,validFrom\nGBP,EUR,1.16,2026-04-01T00:00:00Z\n'
  assert.equal(await must(sendFile(good, 'text/csv')), { added: 1, changed: 0, unchanged: 0 })
  const bad = `${good}XYZ,EUR,1,2026-04-02T00:00:00Z\nGBP,EUR,0,2026-04-03T00:00:00Z\nGBP,EUR,1.2,yesterday\nGBP,EUR,1.2,2026\nGBP,EUR,1.2,2026-02-30T00:00:00Z\n`
  const { status, body } = await sendFile(bad, 'text/csv')
  assert.is(status, 400)
  assert.equal(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/3/base', '/4/rate', '/5/validFrom', '/6/validFrom', '/7/validFrom'],
  )
  const { data } = await must(send('GET', '/v1/exchange-rates?base=GBP'))
  assert.is(data.length, 1)
  for (const [text, type] of [
    ['', 'text/csv'],
    ['a,b\n', 'text/csv'],
    ['<Cube', 'application/xml'],
    ['<Cube/>', 'application/xml'],
  ] as const) {
    assert.is((await sendFile(text, type)).status, 400, text)
  }
})

test.run()
