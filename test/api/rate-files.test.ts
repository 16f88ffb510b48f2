/** What a deck or a plan writes as a sheet is taken back unchanged; grace, risk and origins over the API. */
import { strFromU8, unzipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { requireOneSheet } from '../../src/api/tariffs/one-sheet.ts'
import type { TollgateError } from '../../src/errors.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('rates as files, grace and origins')
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
const makeDeck = (rounding: object = {}) =>
  must(send('POST', '/v1/rate-decks', { name: `Deck ${++n}`, currency: 'EUR', rounding }))
const makePlan = (entries: object[]) =>
  must(send('POST', '/v1/rating-plans', { name: `Plan ${++n}`, currency: 'EUR', entries }))
const putRates = (deckId: string, rates: object[]) =>
  must(send('PUT', `/v1/rate-decks/${deckId}/rates`, rates))

/** Every field, steps in several rows, and names that a spreadsheet or a CSV file has trouble with. */
const rates = [
  { prefix: '34', destination: 'España; "fija", #1', steps: [{ rate: '0.0000000001', perSeconds: 1 }] },
  {
    prefix: '346',
    destination: '=HYPERLINK("http://example.com")',
    connectFee: '10.000001',
    steps: [
      { fromSecond: 20, rate: '999999.0123456789', incrementSeconds: 60 },
      { fromSecond: 80, rate: '0.06', perSeconds: 7, incrementSeconds: 1 },
      { fromSecond: 3600, rate: '0', incrementSeconds: 86_400 },
    ],
    minimumPrice: '0.000001',
    maximumPrice: '99.5',
    maximumPriceAction: 'hang-up',
    graceSeconds: 5,
    highRisk: true,
  },
  { prefix: '44', destination: "'t Harde\nand a second line", steps: [{ rate: '1' }], highRisk: false },
  { prefix: '0800', destination: '-1+1', steps: [{ rate: '0' }], blocked: true },
  { prefix: '+0034', destination: '@SUM(1)', steps: [{ rate: '0.5' }], graceSeconds: 86_400 },
  { prefix: '*', destination: '', steps: [{ rate: '2' }] },
]

async function importInto(deckId: string, csv: string, query = '') {
  const path = `/v1/rate-decks/${deckId}/imports${query}`
  const started = await must(send('POST', path, csv, { 'content-type': 'text/csv' }))
  await api.context.importer.idle()
  return must(send('GET', `/v1/imports/${started.id}`))
}

const counts = ({ status, errors, summary }: { status: string; errors: unknown[]; summary: never }) => {
  const { added, changed, removed, unchanged } = summary ?? { added: errors }
  return { status, added, changed, removed, unchanged }
}

test("a deck's rates as CSV are taken back unchanged", async () => {
  const deck = await makeDeck({ decimals: 6 })
  await putRates(deck.id, rates)
  const before = (await must(send('GET', `/v1/rate-decks/${deck.id}/rates`))).data
  const file = await send('GET', `/v1/rate-decks/${deck.id}/rates.csv`)
  assert.is(file.status, 200)
  assert.match(String(file.headers['content-type']), /^text\/csv/)
  const imported = await importInto(deck.id, file.body)
  assert.equal(counts(imported), { status: 'applied', added: 0, changed: 0, removed: 0, unchanged: 6 })
  assert.equal((await must(send('GET', `/v1/rate-decks/${deck.id}/rates`))).data, before)
  const copy = await makeDeck({ decimals: 6 })
  assert.is(counts(await importInto(copy.id, file.body)).added, 6)
  assert.equal((await must(send('GET', `/v1/rate-decks/${copy.id}/rates`))).data, before)
})

test('its workbook has the same cells, text as text and amounts with all their digits', async () => {
  const deck = await makeDeck({ decimals: 6 })
  await putRates(deck.id, rates)
  const url = `/v1/rate-decks/${deck.id}/rates.xlsx`
  const authorization = `Bearer ${tenant.brandKey}`
  const { rawPayload } = await api.app.inject({ url, headers: { authorization } })
  const sheet = strFromU8(unzipSync(rawPayload)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  const cell = (place: string) => new RegExp(`<c r="${place}"([^>]*)>(.*?)</c>`).exec(sheet)?.slice(1)
  // In prefix order: *, 0034, 0800, 34, three rows of 346, 44.
  assert.equal(cell('A3'), [' t="inlineStr"', '<is><t>000034</t></is>'])
  assert.equal(cell('A4'), [' t="inlineStr"', '<is><t>0800</t></is>'])
  assert.equal(cell('D5'), ['', '<v>0.0000000001</v>'])
  assert.equal(cell('B6'), [' t="inlineStr"', '<is><t>=HYPERLINK("http://example.com")</t></is>'])
  assert.equal(cell('D6'), [' t="inlineStr"', '<is><t>999999.0123456789</t></is>'])
})

test('the workbook is taken back unchanged, too', async () => {
  const deck = await makeDeck({ decimals: 6 })
  await putRates(deck.id, rates)
  const url = `/v1/rate-decks/${deck.id}/rates.xlsx`
  const authorization = `Bearer ${tenant.brandKey}`
  const { rawPayload } = await api.app.inject({ url, headers: { authorization } })
  const started = await api.app.inject({
    method: 'POST',
    url: `/v1/rate-decks/${deck.id}/imports`,
    headers: { authorization, 'content-type': 'text/csv' },
    payload: rawPayload,
  })
  await api.context.importer.idle()
  const imported = await must(send('GET', `/v1/imports/${started.json().id}`))
  assert.equal(counts(imported), { status: 'applied', added: 0, changed: 0, removed: 0, unchanged: 6 })
})

test("a plan's price list is taken back by each of its decks, which take their own rows", async () => {
  const [one, two, third] = [await makeDeck({ decimals: 6 }), await makeDeck(), await makeDeck()]
  await putRates(one.id, rates)
  await putRates(two.id, [
    { prefix: '34', destination: "'=Spain", steps: [{ rate: '0.05' }], graceSeconds: 3 },
  ])
  const plan = await makePlan([
    { rateDeckId: one.id },
    { rateDeckId: two.id, weight: 10, days: [6, 7] },
    { rateDeckId: two.id, weight: 20, from: '20:00', to: '08:00', originPrefixes: ['34', '351'] },
  ])
  const list: string = (await send('GET', `/v1/rating-plans/${plan.id}/prices.csv`)).body
  assert.match(list, new RegExp(`,34,''=Spain,0,0\\.05,60,1,0,,,free,false,3,,34 351,${two.id}\n`))
  const nothing = { status: 'applied', added: 0, changed: 0, removed: 0 }
  assert.equal(counts(await importInto(one.id, list)), { ...nothing, unchanged: 6 })
  assert.equal(counts(await importInto(two.id, list)), { ...nothing, unchanged: 1 })
  const foreign = await importInto(third.id, list)
  assert.equal([foreign.status, foreign.errors[0].code], ['rejected', 'no_rows'])
  // A price that is changed in one of the deck's entries alone is not taken.
  const place = list.lastIndexOf(',0.05,')
  const half = await importInto(two.id, `${list.slice(0, place)},0.07,${list.slice(place + 6)}`)
  assert.equal([half.status, half.errors[0].code], ['rejected', 'repeated_prefix'])
  const both = await importInto(two.id, list.replaceAll(',0.05,', ',0.07,'))
  assert.equal(counts(both), { ...nothing, changed: 1, unchanged: 0 })
})

const download = async (url: string) => {
  const answer = await api.app.inject({ url, headers: { authorization: `Bearer ${tenant.brandKey}` } })
  assert.is(answer.statusCode, 200, answer.body)
  return answer
}

async function importWorkbook(deckId: string, payload: Buffer) {
  const started = await api.app.inject({
    method: 'POST',
    url: `/v1/rate-decks/${deckId}/imports`,
    headers: { authorization: `Bearer ${tenant.brandKey}`, 'content-type': 'application/octet-stream' },
    payload,
  })
  await api.context.importer.idle()
  return must(send('GET', `/v1/imports/${started.json().id}`))
}

test("a plan's price list as a workbook has the rows of the CSV, and is taken back by each deck", async () => {
  const [one, two] = [await makeDeck({ decimals: 6 }), await makeDeck()]
  await putRates(one.id, rates)
  await putRates(two.id, [{ prefix: '34', destination: "'=Spain", steps: [{ rate: '0.05' }] }])
  const plan = await makePlan([
    { rateDeckId: one.id },
    {
      rateDeckId: two.id,
      weight: 10,
      days: [6, 7],
      from: '20:00',
      to: '08:00',
      originPrefixes: ['34', '351'],
    },
  ])
  const { rawPayload, headers } = await download(`/v1/rating-plans/${plan.id}/prices.xlsx`)
  assert.match(String(headers['content-disposition']), `prices_${plan.id}.xlsx`)
  const sheet = strFromU8(unzipSync(rawPayload)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  const cells = (row: number) =>
    [...sheet.matchAll(new RegExp(`<c r="[A-Z]+${row}"[^>]*>(.*?)</c>`, 'g'))].map((found) =>
      found[1]?.replace(/<[^>]+>/g, ''),
    )
  const csv: string = (await send('GET', `/v1/rating-plans/${plan.id}/prices.csv`)).body
  assert.equal(cells(1).join(','), csv.split(/\r?\n/)[0])
  // Eight rows of the first deck: the ninth is the second deck's.
  assert.equal(cells(10), [
    two.name,
    '10',
    '6 7',
    '20:00',
    '08:00',
    '34',
    "''=Spain",
    '0',
    '0.05',
    '60',
    '1',
    '0',
    'free',
    'false',
    '0',
    '34 351',
    two.id,
  ])
  const nothing = { status: 'applied', added: 0, changed: 0, removed: 0 }
  assert.equal(counts(await importWorkbook(one.id, rawPayload)), { ...nothing, unchanged: 6 })
  assert.equal(counts(await importWorkbook(two.id, rawPayload)), { ...nothing, unchanged: 1 })
  const other = await makeTenant(api)
  const path = `/v1/rating-plans/${plan.id}/prices.xlsx`
  assert.is((await api.send('GET', path, { key: other.brandKey })).status, 404)
})

test('what is longer than a sheet of a workbook is told so', async () => {
  const deck = await makeDeck()
  await putRates(deck.id, [{ prefix: '34', steps: [{ rate: '0.05' }] }])
  const path = `/v1/rate-decks/${deck.id}/rates.xlsx`
  const countSteps = (count: number) => api.context.worker.$client`
    update rates
    set terms = jsonb_set(terms, '{steps}', to_jsonb(array_fill(null::int, array[${count}::int])))
    where rate_deck_id = ${deck.id}`
  // One row more than fit below the header; nobody reads what the steps say.
  await countSteps(1_048_576)
  const { status, body } = await send('GET', path)
  assert.equal([status, body.code], [422, 'too_many_rows'])
  assert.match(body.detail, /1048575 .*rates\.csv/)
  assert.not.throws(() => requireOneSheet(1_048_575, 'prices.csv'))
  assert.throws(
    () => requireOneSheet(1_048_576, 'prices.csv'),
    (error: TollgateError) => error.status === 422 && error.message.includes('prices.csv'),
  )
})

test("a deck without rates is a header, another brand's deck is not there", async () => {
  const deck = await makeDeck()
  const { body } = await send('GET', `/v1/rate-decks/${deck.id}/rates.csv`)
  assert.is(
    body,
    'prefix,destination,interval_start,rate,per_seconds,increment,connect_fee,minimum_price,maximum_price,' +
      'maximum_price_action,blocked,grace_seconds,high_risk\r\n',
  )
  const other = await makeTenant(api)
  for (const format of ['csv', 'xlsx']) {
    const path = `/v1/rate-decks/${deck.id}/rates.${format}`
    assert.is((await api.send('GET', path, { key: other.brandKey })).status, 404)
  }
})

test('grace and risk are kept and shown, and refused where they are out of range', async () => {
  const deck = await makeDeck()
  const rate = (more: object) => [{ prefix: '34', steps: [{ rate: '0.06' }], ...more }]
  await putRates(deck.id, rate({ graceSeconds: 5, highRisk: true }))
  const [shown] = (await must(send('GET', `/v1/rate-decks/${deck.id}/rates`))).data
  assert.equal([shown.graceSeconds, shown.highRisk], [5, true])
  for (const graceSeconds of [-1, 86_401, 1.5, '5', null]) {
    const { status, body } = await send('PUT', `/v1/rate-decks/${deck.id}/rates`, rate({ graceSeconds }))
    assert.equal([status, body.code, body.errors[0].pointer], [400, 'invalid_request', '/0/graceSeconds'])
  }
  const wrong = await send('PUT', `/v1/rate-decks/${deck.id}/rates`, rate({ highRisk: 'yes' }))
  assert.equal([wrong.status, wrong.body.errors[0].pointer], [400, '/0/highRisk'])
  const csv =
    'prefix,rate,grace_seconds,high_risk\n34,0.06,6,no\n35,0.06,,\n36,0.06,86401,\n37,0.06,5,maybe\n'
  const { status, errors } = await importInto(deck.id, csv)
  const named = errors.map(({ line, column }: { line: number; column: string }) => [line, column])
  assert.equal(
    [status, named],
    [
      'rejected',
      [
        [4, 'grace_seconds'],
        [5, 'high_risk'],
      ],
    ],
  )
  const taken = await importInto(deck.id, csv.split('\n').slice(0, 3).join('\n'))
  assert.is(taken.status, 'applied')
  const { data } = await must(send('GET', `/v1/rate-decks/${deck.id}/rates`))
  assert.equal(
    data.map((one: { graceSeconds: number; highRisk: boolean }) => [one.graceSeconds, one.highRisk]),
    [
      [6, false],
      [0, null],
    ],
  )
})

test('rates stored before there was a grace are unchanged by the same rates today', async () => {
  const deck = await makeDeck()
  await putRates(deck.id, [{ prefix: '34', destination: 'Spain', steps: [{ rate: '0.06' }] }])
  const [row] = await api.context.worker.$client`select terms from rates where rate_deck_id = ${deck.id}`
  const terms = typeof row?.terms === 'string' ? JSON.parse(row.terms) : row?.terms
  assert.equal(Object.keys(terms).sort(), [
    'blocked',
    'connectFee',
    'maximumPrice',
    'maximumPriceAction',
    'minimumPrice',
    'steps',
  ])
  const again = await importInto(deck.id, 'prefix,destination,rate,grace_seconds\n34,Spain,0.06,0\n')
  assert.equal(counts(again), { status: 'applied', added: 0, changed: 0, removed: 0, unchanged: 1 })
})

test("a plan's entry takes prefixes of callers, and is shown with them as digits", async () => {
  const deck = await makeDeck()
  const plan = await makePlan([{ rateDeckId: deck.id, originPrefixes: ['+1646', '1212', '001212'] }])
  assert.equal(plan.entries[0].originPrefixes, ['1212', '1646'])
  assert.equal(
    plan.warnings.map(({ code }: { code: string }) => code),
    ['origin_gap'],
  )
  const change = (entries: object[]) => send('PATCH', `/v1/rating-plans/${plan.id}`, { entries })
  const same = await must(change([{ rateDeckId: deck.id, originPrefixes: ['1212', '1646'] }]))
  assert.is(same.version, 1)
  const everybody = await must(change([{ rateDeckId: deck.id, originPrefixes: null }]))
  assert.equal([everybody.version, everybody.entries[0].originPrefixes], [2, null])
  for (const [originPrefixes, pointer] of [
    [[], '/entries/0/originPrefixes'],
    [['34', '*'], '/entries/0/originPrefixes/1'],
    [[''], '/entries/0/originPrefixes/0'],
    [['12 12'], '/entries/0/originPrefixes/0'],
    [['1234567890123456789'], '/entries/0/originPrefixes/0'],
    ['34', '/entries/0/originPrefixes'],
    [[34], '/entries/0/originPrefixes/0'],
  ]) {
    const { status, body } = await change([{ rateDeckId: deck.id, originPrefixes }])
    assert.equal([status, body.code, body.errors[0].pointer], [400, 'invalid_request', pointer])
  }
})

test('simulations and prices of a number ask who calls', async () => {
  const [inter, intra] = [await makeDeck(), await makeDeck()]
  await putRates(inter.id, [{ prefix: '1', steps: [{ rate: '0.02' }] }])
  await putRates(intra.id, [{ prefix: '1', steps: [{ rate: '0.01' }], graceSeconds: 5 }])
  const plan = await makePlan([{ rateDeckId: inter.id }, { rateDeckId: intra.id, originPrefixes: ['1212'] }])
  const simulate = (more: object) =>
    must(
      send('POST', '/v1/price-simulations', {
        ratingPlanId: plan.id,
        to: '+13055550100',
        durationSeconds: 60,
        ...more,
      }),
    )
  const prices = [
    await simulate({ from: '+12125550100' }),
    await simulate({ from: '0012125550100' }),
    await simulate({ from: '+14155550100' }),
    await simulate({ from: 'anonymous' }),
    await simulate({ from: null }),
    await simulate({}),
  ]
  assert.equal(
    prices.map(({ price }) => price),
    ['0.01', '0.01', '0.02', '0.02', '0.02', '0.02'],
  )
  const short = await simulate({ from: '+12125550100', durationSeconds: 4 })
  assert.equal([short.priced, short.price, short.billedSeconds], [true, '0', 0])
  assert.ok(short.explanation.some(({ kind }: { kind: string }) => kind === 'graceSeconds'))
  const chosen = async (from: string) => {
    const path = `/v1/rating-plans/${plan.id}/prices?number=%2B13055550100${from}`
    const answer = await must(send('GET', path))
    const [first] = answer.prices.filter((one: { chosen: boolean }) => one.chosen)
    return [first.rateDeckId, first.originPrefixes]
  }
  assert.equal(await chosen('&from=%2B12125550100'), [intra.id, ['1212']])
  assert.equal(await chosen(''), [inter.id, null])
  const tooLong = await send('POST', '/v1/price-simulations', {
    ratingPlanId: plan.id,
    to: '1',
    durationSeconds: 1,
    from: 'x'.repeat(256),
  })
  assert.equal([tooLong.status, tooLong.body.errors[0].pointer], [400, '/from'])
})

test.run()
