/**
 * Reports of a small book whose sums are written out: eight calls of one client, three of them not charged.
 */
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync } from 'fflate'
import { parquetReadObjects } from 'hyparquet'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readEventMessage } from '../../src/calls/call-messages.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { addDenials } from '../../src/db/calls/denials.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('/v1/reports')
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

interface Told {
  callId: string
  client?: string
  from?: string
  to?: string
  startedAt: string
  answeredAt: string | null
  endedAt: string
  labels?: Record<string, string>
}

async function settle(...told: Told[]) {
  const events = told.map((body) => {
    const event = readEventMessage(
      'end',
      { client: tenant.clientId, from: '+34911000111', to: '+34600111222', ...body },
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
    return event
  })
  await settleCalls(api.callsContext, { events, undeliverable: [] })
}

const rateOf = (prefix: string, destination: string, rate: string) => ({
  prefix,
  destination,
  steps: [{ rate, perSeconds: 60, incrementSeconds: 1 }],
})

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  other = await makeTenant(api)
  for (const { brandKey, clientId } of [tenant, other]) {
    const send = (method: string, path: string, body: unknown) =>
      must(api.send(method, path, { key: brandKey, body }))
    const deck = await send('POST', '/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
    await send('PUT', `/v1/rate-decks/${deck.id}/rates`, [
      rateOf('346', '=Spain mobile', '0.06'),
      rateOf('44', 'United Kingdom, fixed', '0.12'),
      rateOf('1', 'North America', '0.03'),
    ])
    const plan = await send('POST', '/v1/rating-plans', {
      name: 'Plan',
      currency: 'EUR',
      entries: [{ rateDeckId: deck.id }],
    })
    await send('POST', `/v1/clients/${clientId}/rating-profiles`, {
      ratingPlanId: plan.id,
      activatesAt: '2026-01-01T00:00:00Z',
    })
  }
  // Madrid: 23:30 in UTC is 00:30 of the next day.
  await settle(
    {
      callId: 'a',
      startedAt: '2026-01-05T23:29:50Z',
      answeredAt: '2026-01-05T23:30:00Z',
      endedAt: '2026-01-05T23:31:00Z',
      labels: { trunk: 'blue' },
    },
    {
      callId: 'b',
      startedAt: '2026-01-06T10:00:00Z',
      answeredAt: '2026-01-06T10:00:05.250Z',
      endedAt: '2026-01-06T10:00:35.250Z',
      from: '=HYPERLINK("http://x")',
      labels: { trunk: 'red' },
    },
    {
      callId: 'c',
      to: '+442071838750',
      startedAt: '2026-01-07T10:00:00Z',
      answeredAt: '2026-01-07T10:00:10Z',
      endedAt: '2026-01-07T10:10:10Z',
      labels: { trunk: 'red' },
    },
    // One calling code, two countries.
    {
      callId: 'd',
      to: '+12125550123',
      startedAt: '2026-01-07T11:00:00Z',
      answeredAt: '2026-01-07T11:00:10Z',
      endedAt: '2026-01-07T11:01:10Z',
    },
    {
      callId: 'e',
      to: '+14165550123',
      startedAt: '2026-01-07T12:00:00Z',
      answeredAt: '2026-01-07T12:00:10Z',
      endedAt: '2026-01-07T12:02:10Z',
    },
    {
      callId: 'f',
      startedAt: '2026-01-06T12:00:00Z',
      answeredAt: null,
      endedAt: '2026-01-06T12:00:20Z',
    },
    {
      callId: 'g',
      to: '+999123456',
      startedAt: '2026-01-06T13:00:00Z',
      answeredAt: '2026-01-06T13:00:00Z',
      endedAt: '2026-01-06T13:00:07Z',
    },
    {
      callId: 'foreign',
      client: other.clientId,
      startedAt: '2026-01-06T13:00:00Z',
      answeredAt: '2026-01-06T13:00:00Z',
      endedAt: '2026-01-06T13:01:00Z',
    },
  )
  await addDenials(api.context.worker.$client, [
    { ...tenant, timeZone: 'UTC', day: '2026-01-06', reason: 'max_calls_reached', count: 3 },
    { ...tenant, timeZone: 'UTC', day: '2026-01-07', reason: 'max_calls_reached', count: 4 },
    { ...tenant, timeZone: 'UTC', day: '2026-01-07', reason: 'insufficient_balance', count: 1 },
    { ...other, timeZone: 'UTC', day: '2026-01-07', reason: 'insufficient_balance', count: 9 },
  ])
})
test.after(() => api.close())

const get = (path: string, key = tenant.brandKey) => api.send('GET', `/v1/reports/${path}`, { key })
const rows = async (path: string, key = tenant.brandKey) => (await must(get(path, key))).data
const pick = (list: Record<string, unknown>[], ...names: string[]) =>
  list.map((row) => names.map((name) => row[name]))

/** The bytes of an answer, which `send` reads as text. */
async function bytes(path: string): Promise<Buffer> {
  const response = await api.app.inject({
    method: 'GET',
    url: `/v1/reports/${path}`,
    headers: { authorization: `Bearer ${tenant.brandKey}` },
  })
  assert.is(response.statusCode, 200, response.body.slice(0, 300))
  return response.rawPayload
}

test('every call stands in the report with its price, newest first, and no other tenant’s', async () => {
  const list = await rows('calls')
  const byId = [...list].sort((one, two) => (one.callId < two.callId ? -1 : 1))
  assert.equal(pick(byId, 'callId', 'status', 'price', 'usageDay'), [
    ['a', 'priced', '0.06', '2026-01-06'],
    ['b', 'priced', '0.03', '2026-01-06'],
    ['c', 'priced', '1.2', '2026-01-07'],
    ['d', 'priced', '0.03', '2026-01-07'],
    ['e', 'priced', '0.06', '2026-01-07'],
    ['f', 'unanswered', '0', '2026-01-06'],
    ['g', 'rejected', null, '2026-01-06'],
  ])
})

test('days are the client’s own: a call after its midnight belongs to the next one', async () => {
  const day = await rows('calls.json?from=2026-01-06&to=2026-01-07')
  assert.equal(pick(day, 'callId').flat().sort(), ['a', 'b', 'f', 'g'])
  assert.equal(await rows('calls?from=2026-01-05&to=2026-01-06'), [])
})

test('calls are found by status, leading digits, destination and label', async () => {
  assert.equal(pick(await rows('calls?status=rejected'), 'callId', 'reason'), [
    ['g', 'destination_not_priced'],
  ])
  assert.equal(pick(await rows('calls?toNormalized=44'), 'callId'), [['c']])
  assert.equal(
    pick(await rows('calls?destination=North%20America'), 'callId')
      .flat()
      .sort(),
    ['d', 'e'],
  )
  assert.equal(pick(await rows('calls?label=trunk:blue'), 'callId'), [['a']])
})

test('usage by client has the sums of its calls, with ASR and ACD', async () => {
  assert.equal(await rows('usage'), [
    {
      clientId: tenant.clientId,
      clientName: 'Acme',
      currency: 'EUR',
      calls: 6,
      answered: 5,
      durationSeconds: 870,
      billedSeconds: 870,
      // 0.06 + 0.03 + 1.20 + 0.03 + 0.06
      amount: '1.38',
      asrPercent: '83.33',
      acdSeconds: '174',
    },
  ])
})

test('usage by day, and by day and destination, adds up to the same', async () => {
  assert.equal(pick(await rows('usage?groupBy=day'), 'day', 'calls', 'answered', 'amount'), [
    ['2026-01-06', 3, 2, '0.09'],
    ['2026-01-07', 3, 3, '1.29'],
  ])
  assert.equal(
    pick(await rows('usage?groupBy=day,destination'), 'day', 'destination', 'answered', 'amount'),
    [
      ['2026-01-06', '=Spain mobile', 2, '0.09'],
      ['2026-01-07', 'North America', 2, '0.09'],
      ['2026-01-07', 'United Kingdom, fixed', 1, '1.2'],
    ],
  )
  assert.equal(pick(await rows('usage?groupBy=month'), 'month', 'amount'), [['2026-01', '1.38']])
})

test('usage by country tells countries of one calling code apart', async () => {
  assert.equal(pick(await rows('usage?groupBy=country'), 'country', 'calls', 'amount'), [
    ['CA', 1, '0.06'],
    ['ES', 3, '0.09'],
    ['GB', 1, '1.2'],
    ['US', 1, '0.03'],
  ])
})

test('usage by hour is by the client’s clock, by label by its value', async () => {
  assert.equal(
    pick(await rows('usage?groupBy=hour&from=2026-01-06&to=2026-01-07'), 'hour', 'calls', 'answered'),
    [
      [0, 1, 1],
      [11, 1, 1],
      [13, 1, 0],
    ],
  )
  assert.equal(pick(await rows('usage?groupBy=label:trunk'), 'label:trunk', 'calls', 'amount'), [
    ['blue', 1, '0.06'],
    ['red', 2, '1.23'],
    [null, 3, '0.09'],
  ])
  assert.equal(pick(await rows('usage?groupBy=day&label=trunk:red'), 'day', 'amount'), [
    ['2026-01-06', '0.03'],
    ['2026-01-07', '1.2'],
  ])
})

test('rejected calls and denials are counted by reason', async () => {
  assert.equal(pick(await rows('rejected-calls'), 'clientName', 'reason', 'calls', 'durationSeconds'), [
    ['Acme', 'destination_not_priced', 1, 7],
  ])
  assert.equal(pick(await rows('denials?groupBy=reason'), 'reason', 'denials'), [
    ['insufficient_balance', 1],
    ['max_calls_reached', 7],
  ])
  assert.equal(pick(await rows('denials?groupBy=day&to=2026-01-07'), 'day', 'denials'), [['2026-01-06', 3]])
})

test('balances show what each account holds, a statement every movement behind it', async () => {
  await must(
    api.send('POST', `/v1/clients/${tenant.clientId}/balance-movements`, {
      key: tenant.brandKey,
      body: { kind: 'top-up', amount: '10', reference: '@bank' },
    }),
  )
  assert.equal(pick(await rows('balances'), 'clientName', 'balance', 'available', 'unbilled', 'currency'), [
    ['Acme', '8.62', null, '1.38', 'EUR'],
  ])
  const movements = await rows('statements')
  assert.is(movements.length, 6)
  assert.equal(pick(movements.slice(-1), 'kind', 'amount', 'balanceAfter', 'reference'), [
    ['top-up', '10', '8.62', '@bank'],
  ])
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  assert.equal(
    pick(
      await rows(`balances?from=2026-01-01&to=${tomorrow}`),
      'openingBalance',
      'topUps',
      'charges',
      'closingBalance',
    ),
    [['0', '10', '-1.38', '8.62']],
  )
})

test('reports of invoices and of what is owed are there, and empty without invoices', async () => {
  assert.equal(await rows('invoices?datedBy=issue&from=2026-01-01'), [])
  assert.equal(await rows('receivables'), [])
})

test('raw CSV holds every value as it is, with local times that name their offset', async () => {
  const answer = await get('calls.csv?from=2026-01-06&to=2026-01-07')
  assert.match(String(answer.headers['content-type']), 'text/csv')
  assert.match(String(answer.headers['content-disposition']), 'calls_2026-01-06_2026-01-07.csv')
  const list = parse(answer.body, { columns: true }) as Record<string, string>[]
  const b = list.find(({ callId }) => callId === 'b')
  assert.equal(
    [b?.from, b?.to, b?.answeredAt, b?.price, b?.destination, b?.labels],
    [
      '=HYPERLINK("http://x")',
      '+34600111222',
      '2026-01-06T11:00:05.250+01:00',
      '0.03',
      '=Spain mobile',
      '{"trunk": "red"}',
    ],
  )
})

test('CSV for spreadsheets defuses formulas and leaves numbers alone', async () => {
  const { body } = await get('calls.csv?flavour=spreadsheet')
  assert.is(body.charCodeAt(0), 0xfeff)
  const list = parse(body, { columns: true, bom: true }) as Record<string, string>[]
  const b = list.find(({ callId }) => callId === 'b')
  assert.equal(
    [b?.from, b?.to, b?.answeredAt, b?.destination],
    [`'=HYPERLINK("http://x")`, '+34600111222', '2026-01-06 11:00:05', "'=Spain mobile"],
  )
  const statement = parse((await get('statements.csv?flavour=spreadsheet')).body, {
    columns: true,
    bom: true,
  })
  assert.equal(pick(statement as Record<string, string>[], 'amount', 'reference').at(-1), ['10', "'@bank"])
  assert.ok((statement as Record<string, string>[]).some(({ amount }) => amount === '-1.2'))
})

test('a workbook is one, with amounts as number cells and texts as texts', async () => {
  const files = unzipSync(await bytes('calls.xlsx'))
  const sheet = strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  assert.match(sheet, '<v>1.2</v>')
  assert.match(sheet, '<t>=Spain mobile</t>')
  assert.match(sheet, '<t>+34600111222</t>')
  assert.is(sheet.match(/<row /g)?.length, 8)
})

test('Parquet holds money as decimals and instants in UTC', async () => {
  const file = await bytes('calls.parquet')
  const list = await parquetReadObjects({
    file: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
  })
  const b = list.find(({ callId }) => callId === 'b')
  // The reader makes a float of a decimal; test/reports/write-parquet.test.ts looks at the digits.
  assert.equal(
    [b?.price.toFixed(10), b?.destination, b?.billedSeconds],
    ['0.0300000000', '=Spain mobile', 30n],
  )
  assert.equal(b?.answeredAt, new Date('2026-01-06T10:00:05.250Z'))
})

test('a client’s key sees its own calls, and prices where its portal shows them', async () => {
  const hidden = await rows('calls', tenant.clientKey)
  assert.is(hidden.length, 7)
  assert.not.ok('price' in hidden[0] || 'ratingPlanId' in hidden[0] || 'invoiceId' in hidden[0])
  assert.not.ok('amount' in (await rows('usage', tenant.clientKey))[0])
  const [header] = (await get('calls.csv', tenant.clientKey)).body.split('\r\n')
  assert.not.ok(header.split(',').includes('price'))
  const charges = (await rows('statements', tenant.clientKey)).filter(
    ({ kind }: { kind: string }) => kind === 'charge',
  )
  assert.not.ok('callId' in charges[0])
  assert.equal(pick(charges, 'kind', 'day', 'amount'), [
    ['charge', '2026-01-06', '-0.09'],
    ['charge', '2026-01-07', '-1.29'],
  ])
  assert.is((await get('invoices', tenant.clientKey)).body.code, 'feature_disabled')
  await must(
    api.send('PATCH', `/v1/clients/${tenant.clientId}`, {
      key: tenant.brandKey,
      body: { portalVisibility: { callPrices: true, invoices: true } },
    }),
  )
  assert.equal(pick(await rows('usage', tenant.clientKey), 'amount'), [['1.38']])
  assert.ok('price' in (await rows('calls', tenant.clientKey))[0])
  assert.is((await get('statements', tenant.clientKey)).status, 200)
  assert.is((await get('invoices', tenant.clientKey)).status, 200)
})

test('another tenant’s client is not found, whatever the report', async () => {
  for (const name of [
    'calls',
    'usage.csv',
    'balances',
    'statements.xlsx',
    'denials',
    'receivables.parquet',
  ]) {
    assert.is((await get(`${name}?clientId=${other.clientId}`)).status, 404, name)
    assert.is((await get(`${name}?brandId=${other.brandId}`)).status, 404, name)
  }
  const all = await rows('usage', undefined)
  assert.is(all.length, 1)
})

test('what is asked wrong is answered as a problem that points at it', async () => {
  for (const [path, pointer] of [
    ['calls?from=2026-02-30', '/from'],
    ['calls?from=2026-01-06&to=2026-01-06', '/to'],
    ['usage?groupBy=carrier', '/groupBy'],
    ['usage?groupBy=day,day', '/groupBy'],
    ['denials?groupBy=destination', '/groupBy'],
    ['calls?timeZone=Mars/Base', '/timeZone'],
  ]) {
    const { status, body } = await get(path ?? '')
    assert.is(status, 400, path)
    assert.is(body.errors[0].pointer, pointer)
  }
  assert.is((await get('calls?colour=red')).status, 400)
  assert.is((await get('calls?label=x')).status, 400)
})

test('a zone may be asked for instead of the client’s', async () => {
  const { body } = await get('calls.csv?toNormalized=44&timeZone=Asia/Kolkata')
  const [c] = parse(body, { columns: true }) as Record<string, string>[]
  assert.equal([c?.startedAt, c?.timeZone], ['2026-01-07T15:30:00.000+05:30', 'Asia/Kolkata'])
})

test('many reports one after another, and heads alone, leave no connection taken', async () => {
  for (let i = 0; i < 12; i++) {
    await api.app.inject({
      method: 'HEAD',
      url: '/v1/reports/calls.csv',
      headers: { authorization: `Bearer ${tenant.brandKey}` },
    })
    assert.is((await get('calls.csv')).status, 200)
  }
})

test('usage by destination tells the share of answered calls, and what no rate would have priced apart', async () => {
  const unanswered = (callId: string, to: string): Told => ({
    callId,
    to,
    startedAt: '2026-01-20T10:00:00Z',
    answeredAt: null,
    endedAt: '2026-01-20T10:00:20Z',
  })
  await settle(
    {
      callId: 'asr 1',
      startedAt: '2026-01-20T09:00:00Z',
      answeredAt: '2026-01-20T09:00:05Z',
      endedAt: '2026-01-20T09:01:35Z',
    },
    unanswered('asr 2', '+34600111222'),
    unanswered('asr 3', '+34600111333'),
    unanswered('asr 4', '+447911123456'),
    unanswered('asr 5', '+999123456'),
    // Emergency calls are free, answered or not.
    unanswered('asr 6', '112'),
  )
  const day = 'from=2026-01-20&to=2026-01-21'
  assert.equal(
    pick(
      await rows(`usage?groupBy=destination&${day}`),
      'destination',
      'calls',
      'answered',
      'amount',
      'asrPercent',
      'acdSeconds',
    ),
    [
      ['=Spain mobile', 3, 1, '0.09', '33.33', '90'],
      ['United Kingdom, fixed', 1, 0, '0', '0', null],
      [null, 1, 0, '0', '0', null],
    ],
  )
  assert.equal(pick(await rows(`usage?destination=${encodeURIComponent('=Spain mobile')}&${day}`), 'calls'), [
    [3],
  ])
})

test.run()
