import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('decks, rates, plans and profiles')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let n = 0

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
})
test.after(() => api.close())

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.send(method, path, { key: tenant.brandKey, headers, ...(body === undefined ? {} : { body }) })
const makeDeck = (fields: object = {}) =>
  must(send('POST', '/v1/rate-decks', { name: `Deck ${++n}`, currency: 'EUR', ...fields }))
const makePlan = (rateDeckId: string, fields: object = {}) =>
  must(
    send('POST', '/v1/rating-plans', {
      name: `Plan ${++n}`,
      currency: 'EUR',
      entries: [{ rateDeckId }],
      ...fields,
    }),
  )
const perMinute = (prefix: string, rate: string, more: object = {}) => ({
  prefix,
  steps: [{ fromSecond: 0, rate, perSeconds: 60, incrementSeconds: 60 }],
  ...more,
})

test('a deck rounds up to four decimals unless it says otherwise', async () => {
  assert.equal((await makeDeck()).rounding, { mode: 'up', decimals: 4 })
  const changed = await makeDeck({ rounding: { mode: 'half-even', decimals: 2 } })
  assert.equal(changed.rounding, { mode: 'half-even', decimals: 2 })
  const patched = await must(send('PATCH', `/v1/rate-decks/${changed.id}`, { rounding: { decimals: null } }))
  assert.equal(patched.rounding, { mode: 'half-even', decimals: 4 })
  assert.is(
    (await send('POST', '/v1/rate-decks', { name: 'x', currency: 'EUR', rounding: { decimals: 7 } })).status,
    400,
  )
})

test('rates come back as they count, by prefix and in pages', async () => {
  const deck = await makeDeck()
  const put = await must(
    send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
      perMinute('346', '0.0600', { destination: 'Spain mobile', connectFee: '0.010' }),
      perMinute('34', '0.02'),
      perMinute('*', '1'),
    ]),
  )
  assert.is(put.version, 1)
  assert.is(put.summary.added, 3)
  const all = await must(send('GET', `/v1/rate-decks/${deck.id}/rates`))
  assert.equal(
    all.data.map(({ prefix }: { prefix: string }) => prefix),
    ['*', '34', '346'],
  )
  assert.equal(all.data[2], {
    prefix: '346',
    destination: 'Spain mobile',
    connectFee: '0.01',
    steps: [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 }],
    minimumPrice: null,
    maximumPrice: null,
    maximumPriceAction: 'free',
    blocked: false,
    graceSeconds: 0,
    highRisk: null,
  })
  const first = await must(send('GET', `/v1/rate-decks/${deck.id}/rates?prefix=34&limit=1`))
  const second = await must(
    send('GET', `/v1/rate-decks/${deck.id}/rates?prefix=34&limit=1&cursor=${first.nextCursor}`),
  )
  assert.equal([first.data[0].prefix, second.data[0].prefix, second.nextCursor], ['34', '346', null])
})

test('one faulty rate among good ones is named, and none is taken', async () => {
  const deck = await makeDeck()
  const { status, body } = await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    perMinute('34', '0.02'),
    perMinute('35', '-1'),
  ])
  assert.is(status, 400)
  assert.match(body.errors[0].pointer, /^\/1\//)
  const shape = await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
    { prefix: '34', steps: [{ rate: 0.02 }] },
  ])
  assert.is(shape.body.errors[0].pointer, '/0/steps/0/rate')
  assert.equal((await must(send('GET', `/v1/rate-decks/${deck.id}/rates`))).data, [])
})

test('a plan takes decks of its currency alone, and tells of hours without a deck', async () => {
  const deck = await makeDeck()
  const foreign = await makeDeck({ currency: 'USD' })
  const plan = await makePlan(deck.id)
  assert.equal(plan.entries, [
    { rateDeckId: deck.id, weight: 0, days: null, from: '00:00', to: '24:00', originPrefixes: null },
  ])
  assert.is(plan.version, 1)
  const wrong = await send('PATCH', `/v1/rating-plans/${plan.id}`, { entries: [{ rateDeckId: foreign.id }] })
  assert.is(wrong.status, 422)
  assert.is(wrong.body.code, 'currency_mismatch')
  assert.is(wrong.body.errors[0].pointer, '/entries/0/rateDeckId')
  const gap = await must(
    send('PATCH', `/v1/rating-plans/${plan.id}`, {
      entries: [{ rateDeckId: deck.id, from: '08:00', to: '20:00' }],
    }),
  )
  assert.is(gap.version, 2)
  assert.is(gap.warnings[0].code, 'coverage_gap')
  const empty = await send('PATCH', `/v1/rating-plans/${plan.id}`, {
    entries: [{ rateDeckId: deck.id, from: '08:00', to: '08:00' }],
  })
  assert.is(empty.status, 400)
})

test('a profile takes plans of the client’s currency alone, and one per instant', async () => {
  const plan = await makePlan((await makeDeck()).id)
  const dollars = await makePlan((await makeDeck({ currency: 'USD' })).id, { currency: 'USD' })
  const path = `/v1/clients/${tenant.clientId}/rating-profiles`
  const wrong = await send('POST', path, { ratingPlanId: dollars.id, activatesAt: '2026-01-01T00:00:00Z' })
  assert.is(wrong.status, 422)
  assert.is(wrong.body.code, 'currency_mismatch')
  const made = await must(
    send('POST', path, { ratingPlanId: plan.id, activatesAt: '2026-01-01T01:00:00+01:00' }),
  )
  assert.is(made.activatesAt, '2026-01-01T00:00:00.000Z')
  const twice = await send('POST', path, { ratingPlanId: plan.id, activatesAt: '2026-01-01T00:00:00Z' })
  assert.is(twice.status, 409)
  assert.is(twice.body.errors[0].pointer, '/activatesAt')
  const never = await send('POST', path, { ratingPlanId: plan.id, activatesAt: '2026-02-30T00:00:00Z' })
  assert.is(never.status, 400)
  assert.is((await send('DELETE', `/v1/rating-plans/${plan.id}`)).body.code, 'in_use')
  assert.is((await send('DELETE', `${path}/${made.id}`)).status, 204)
  assert.is((await send('DELETE', `/v1/rating-plans/${plan.id}`)).status, 204)
})

test('an import is taken as a stream and tells how it went', async () => {
  const deck = await makeDeck()
  const csv = { 'content-type': 'text/csv' }
  const bad = await send('POST', `/v1/rate-decks/${deck.id}/imports`, 'prefix,rate\n34,0.02\n35,x\n', csv)
  assert.is(bad.status, 202)
  assert.is(bad.headers.location, `/v1/imports/${bad.body.id}`)
  await api.context.importer.idle()
  const rejected = await must(send('GET', `/v1/imports/${bad.body.id}`))
  assert.is(rejected.status, 'rejected')
  assert.is(rejected.errors[0].line, 3)
  const good = await must(
    send('POST', `/v1/rate-decks/${deck.id}/imports?mode=merge`, 'prefix,rate\n34,0.02\n', csv),
  )
  await api.context.importer.idle()
  const applied = await must(send('GET', `/v1/imports/${good.id}`))
  assert.equal([applied.status, applied.summary.added, applied.version], ['applied', 1, 1])
  const json = await send('POST', `/v1/rate-decks/${deck.id}/imports`, { prefix: '34' })
  assert.is(json.status, 415)
})

test('a simulation prices by plan or client, and names the reason where it cannot', async () => {
  const deck = await makeDeck()
  await must(
    send('PUT', `/v1/rate-decks/${deck.id}/rates`, [perMinute('346', '0.06', { connectFee: '0.15' })]),
  )
  const plan = await makePlan(deck.id)
  const simulate = (body: object) => send('POST', '/v1/price-simulations', body)
  const answer = await must(simulate({ ratingPlanId: plan.id, to: '+34600111222', durationSeconds: 61 }))
  // 0.15 and two started minutes of 0.06.
  assert.equal(
    [
      answer.priced,
      answer.price,
      answer.currency,
      answer.billedSeconds,
      answer.prefix,
      answer.ratingProfileId,
    ],
    [true, '0.27', 'EUR', 120, '346', null],
  )
  assert.ok(answer.explanation.length > 0)
  const nowhere = await must(simulate({ ratingPlanId: plan.id, to: '+1', durationSeconds: 1 }))
  assert.equal([nowhere.priced, nowhere.reason], [false, 'destination_not_priced'])
  const client = await must(simulate({ clientId: tenant.clientId, to: '+34600111222', durationSeconds: 1 }))
  assert.equal([client.priced, client.reason], [false, 'no_rating_profile'])
  assert.is((await simulate({ to: '+34600111222', durationSeconds: 1 })).status, 400)
  assert.is((await simulate({ ratingPlanId: plan.id, to: '1', durationSeconds: '1' })).status, 400)
})

test('a plan shows what it asks for a number, and its whole list as CSV', async () => {
  const deck = await makeDeck()
  await must(
    send('PUT', `/v1/rate-decks/${deck.id}/rates`, [perMinute('346', '0.06'), perMinute('34', '0.02')]),
  )
  const plan = await makePlan(deck.id)
  const { prices } = await must(send('GET', `/v1/rating-plans/${plan.id}/prices?number=34600111222`))
  assert.equal(
    prices.map(({ prefix, chosen }: { prefix: string; chosen: boolean }) => [prefix, chosen]),
    [
      ['346', true],
      ['34', false],
    ],
  )
  const list = await send('GET', `/v1/rating-plans/${plan.id}/prices.csv`)
  assert.is(list.status, 200)
  assert.is(list.body.trim().split('\n').length, 3)
})

test('a plan asks a calendar; a change of the calendar prices later calls alone', async () => {
  const [ordinary, holiday] = [await makeDeck(), await makeDeck()]
  await must(send('PUT', `/v1/rate-decks/${ordinary.id}/rates`, [perMinute('34', '0.02')]))
  await must(send('PUT', `/v1/rate-decks/${holiday.id}/rates`, [perMinute('34', '0.01')]))
  const days = [{ month: 12, day: 25 }, { easter: -2 }, '2026-05-04']
  const calendar = await must(send('POST', '/v1/calendars', { name: 'Madrid', days }))
  assert.equal(calendar.days, days)
  const entries = [
    { rateDeckId: holiday.id, weight: 10, calendarId: calendar.id },
    { rateDeckId: ordinary.id, weight: 10, calendarId: calendar.id, calendar: 'not-on' },
  ]
  const plan = await makePlan(ordinary.id, { timeZone: 'Europe/Madrid', entries })
  assert.equal(
    plan.entries.map((entry: { calendarId: string; calendar: string }) => [entry.calendarId, entry.calendar]),
    [
      [calendar.id, 'on'],
      [calendar.id, 'not-on'],
    ],
  )
  assert.is(plan.warnings, undefined)
  const price = async (answeredAt: string) => {
    const asked = { ratingPlanId: plan.id, to: '+34600111222', answeredAt, durationSeconds: 60 }
    const { price: found, explanation } = await must(send('POST', '/v1/price-simulations', asked))
    const [rate] = explanation.filter(({ kind }: { kind: string }) => kind === 'rate')
    return [found, rate.window.calendar]
  }
  // Christmas begins in Madrid at 23:00 UTC; Good Friday of 2027 is 26 March.
  assert.equal(await price('2026-12-24T22:59:59Z'), ['0.02', 'not-on'])
  assert.equal(await price('2026-12-24T23:00:00Z'), ['0.01', 'on'])
  assert.equal(await price('2027-03-26T12:00:00Z'), ['0.01', 'on'])
  assert.equal(await price('2026-05-04T12:00:00Z'), ['0.01', 'on'])

  await must(send('PATCH', `/v1/calendars/${calendar.id}`, { days: [{ month: 1, day: 6 }] }))
  const changed = await must(send('GET', `/v1/rating-plans/${plan.id}`))
  assert.is(changed.version, plan.version + 1)
  assert.equal((await price('2027-01-06T12:00:00Z'))[0], '0.01')
  assert.equal((await price('2026-12-25T12:00:00Z'))[0], '0.02')

  const inUse = await send('DELETE', `/v1/calendars/${calendar.id}`)
  assert.is(inUse.status, 409)
  await must(send('PATCH', `/v1/rating-plans/${plan.id}`, { entries: [{ rateDeckId: ordinary.id }] }))
  assert.is((await send('DELETE', `/v1/calendars/${calendar.id}`)).status, 204)
})

test('days that there are not and calendars of nobody are refused where they stand', async () => {
  const faults = async (path: string, body: object) => {
    const { status, body: problem } = await send('POST', path, body)
    return [status, problem.errors?.map(({ pointer }: { pointer: string }) => pointer)]
  }
  const days = [
    '2026-02-30',
    { month: 4, day: 31 },
    { month: 4 },
    { easter: 1, day: 1 },
    { month: 2, day: 29 },
  ]
  assert.equal(await faults('/v1/calendars', { name: 'Bad', days }), [
    400,
    ['/days/0', '/days/1', '/days/2', '/days/3'],
  ])
  assert.equal((await faults('/v1/calendars', { name: 'Bad', days: ['tomorrow'] }))[0], 400)
  const deck = await makeDeck()
  const plan = { name: 'Plan of no calendar', currency: 'EUR' }
  const calendarId = '018f0000-0000-7000-8000-000000000001'
  assert.equal(
    await faults('/v1/rating-plans', { ...plan, entries: [{ rateDeckId: deck.id, calendarId }] }),
    [400, ['/entries/0/calendarId']],
  )
  assert.equal(
    await faults('/v1/rating-plans', { ...plan, entries: [{ rateDeckId: deck.id, calendar: 'on' }] }),
    [400, ['/entries/0/calendar']],
  )
})

test('a deck goes back to an earlier version by a next one, with its rates and its rounding', async () => {
  const deck = await makeDeck()
  const path = `/v1/rate-decks/${deck.id}`
  await must(send('PUT', `${path}/rates`, [perMinute('34', '0.02'), perMinute('346', '0.06')]))
  await must(send('PUT', `${path}/rates`, [perMinute('34', '0.03'), perMinute('33', '0.01')]))
  await must(send('PATCH', path, { rounding: { mode: 'half-up', decimals: 2 } }))
  const back = await must(send('POST', `${path}/rates/versions/1/restore`))
  const { added, changed, removed, unchanged } = back.summary
  assert.equal([back.version, added, changed, removed, unchanged], [4, 1, 1, 1, 0])
  assert.equal(back.summary.largestFalls[0].percent, '-33.33')
  const rates = await must(send('GET', `${path}/rates`))
  assert.equal(
    rates.data.map((rate: { prefix: string; steps: { rate: string }[] }) => [
      rate.prefix,
      rate.steps[0]?.rate,
    ]),
    [
      ['34', '0.02'],
      ['346', '0.06'],
    ],
  )
  assert.equal((await must(send('GET', path))).rounding, { mode: 'up', decimals: 4 })
  const { data: versions } = await must(send('GET', `${path}/rates/versions?limit=3`))
  assert.equal(
    versions.map((one: { version: number; rates: number; rounding: object }) => [
      one.version,
      one.rates,
      one.rounding,
    ]),
    [
      [4, 2, { mode: 'up', decimals: 4 }],
      [3, 2, { mode: 'half-up', decimals: 2 }],
      [2, 2, { mode: 'up', decimals: 4 }],
    ],
  )
  const again = await must(send('POST', `${path}/rates/versions/1/restore`))
  assert.equal([again.version, again.effectiveAt], [4, null], 'it is so already')
  assert.is((await send('POST', `${path}/rates/versions/9/restore`)).status, 404)
  assert.is((await send('POST', `${path}/rates/versions/0/restore`)).status, 400)
  const other = await makeTenant(api)
  for (const [method, rest] of [
    ['GET', 'rates/versions'],
    ['POST', 'rates/versions/1/restore'],
  ] as const) {
    assert.is((await api.send(method, `${path}/${rest}`, { key: other.brandKey })).status, 404)
  }
})

test.run()
