import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite("comparing another system's prices")
let api: TestApi
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  const make = (path: string, body: object) => must(api.send('POST', path, { key: tenant.brandKey, body }))
  const deck = await make('/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const steps = [{ rate: '0.06', incrementSeconds: 1 }]
  await must(
    api.send('PUT', `/v1/rate-decks/${deck.id}/rates`, {
      key: tenant.brandKey,
      body: [{ prefix: '346', destination: 'Spain mobile', steps }],
    }),
  )
  const plan = await make('/v1/rating-plans', {
    name: 'Plan',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  await make(`/v1/clients/${tenant.clientId}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2026-01-01T00:00:00Z',
  })
})
test.after(() => api.close())

const heading = 'call_id,client,to,answered_at,duration_seconds,price'
const at = '2026-01-14T10:00:00Z'
const sheet = () =>
  [
    heading,
    `a,acme1.example.com,+34600111222,${at},61,0.061`,
    `b,ACME1.example.com,+34600111222,${at},61,0.0613`,
    `c,${tenant.clientId},+44207,${at},61,0.50`,
    `d,nobody.example.com,+34600111222,${at},61,0.25`,
    `e,acme1.example.com,+34600111222,yesterday,61,0.061`,
    `f,acme1.example.com,+34600111222,2026-01-14 11:00:00+01:00,0,0`,
  ].join('\n')

async function compare(body: string, options: { query?: string; key?: string; accept?: string } = {}) {
  const { query = '', key = tenant.brandKey, accept } = options
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/price-comparisons${query}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv', ...(accept && { accept }) },
    payload: body,
  })
  return { status: answer.statusCode, text: answer.body }
}
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('each call is equal, different or unpriceable, with both sums', async () => {
  const { status, text } = await compare(sheet())
  assert.is(status, 200)
  const lines = linesOf(text)
  assert.equal(
    lines
      .slice(0, -1)
      .map(({ callId, result, reason, theirs, ours, difference }) => [
        callId,
        result,
        reason,
        theirs,
        ours,
        difference,
      ]),
    [
      ['a', 'equal', null, '0.061', '0.061', '0'],
      ['b', 'different', null, '0.0613', '0.061', '-0.0003'],
      ['c', 'unpriceable', 'destination_not_priced', '0.5', null, null],
      ['d', 'unpriceable', 'unknown_client', '0.25', null, null],
      [
        'e',
        'invalid',
        'answered_at is not an instant such as 2026-01-02T10:00:05Z, 2026-01-02 10:00:05+00 or 1767348005 (seconds or milliseconds)',
        null,
        null,
        null,
      ],
      ['f', 'equal', null, '0', '0', '0'],
    ],
  )
  assert.equal(lines.at(-1), {
    counts: { equal: 2, different: 1, unpriceable: 2, 'not-rated': 0, invalid: 1 },
    sums: [{ currency: 'EUR', theirs: '0.1223', ours: '0.122', difference: '-0.0003' }],
    theirsUnpriceable: '0.75',
  })
  const stretch = lines[1].explanation.find(({ kind }: { kind: string }) => kind === 'stretch')
  assert.equal([stretch.seconds, stretch.amount], [61, '0.061'])
})

test('a tolerance makes small differences equal, and the sums show them still', async () => {
  const lines = linesOf((await compare(sheet(), { query: '?tolerance=0.0003&only=unequal' })).text)
  assert.equal(
    lines.slice(0, -1).map(({ callId }) => callId),
    ['c', 'd', 'e'],
  )
  assert.is(lines.at(-1).sums[0].difference, '-0.0003')
})

test('a spreadsheet gets CSV, without explanations', async () => {
  const { text } = await compare(sheet(), { accept: 'text/csv' })
  const rows = text.trim().split('\n')
  assert.is(rows[0], 'line,callId,result,reason,client,to,currency,theirs,ours,difference,billedSeconds')
  assert.is(rows[2], '3,b,different,,ACME1.example.com,+34600111222,EUR,0.0613,0.061,-0.0003,61')
  assert.is(
    rows.at(-1),
    ',,sum,"2 equal, 1 different, 2 unpriceable, 0 not-rated, 1 invalid",,,EUR,0.1223,0.122,-0.0003,',
  )
})

test('decimal commas are read with semicolons', async () => {
  const body = `client;to;answered_at;duration_seconds;price\nacme1.example.com;+34600111222;${at};61;0,061\n`
  assert.is(linesOf((await compare(body)).text)[0].result, 'equal')
})

test('a heading without the columns is refused before anything is answered', async () => {
  const { status, text } = await compare('number,cost\n1,2\n')
  assert.is(status, 400)
  assert.is(JSON.parse(text).errors.length, 5)
  assert.is((await compare('')).status, 400)
})

test("another brand's client is unknown", async () => {
  const other = await makeTenant(api)
  const lines = linesOf((await compare(sheet(), { key: other.brandKey })).text)
  assert.is(lines[0].reason, 'unknown_client')
})

test('rows cut anywhere between pieces are read the same', async () => {
  const body = [
    heading,
    ...Array.from({ length: 3000 }, (_, n) => `${n},acme1.example.com,+34600111222,${at},61,0.061`),
  ]
  const lines = linesOf((await compare(body.join('\r\n'), { query: '?only=different' })).text)
  assert.equal(lines, [
    {
      counts: { equal: 3000, different: 0, unpriceable: 0, 'not-rated': 0, invalid: 0 },
      sums: [{ currency: 'EUR', theirs: '183', ours: '183', difference: '0' }],
      theirsUnpriceable: '0',
    },
  ])
})

test('an instant without its offset is no instant: this machine has a zone, too', async () => {
  for (const answeredAt of ['2026-01-14T10:00:00', '2026-01-14 10:00', 'January 14, 2026', '1']) {
    const { text } = await compare(`${heading}\na,acme1.example.com,+34600111222,"${answeredAt}",61,0.061\n`)
    const [row] = linesOf(text)
    assert.is(row.result, 'invalid', answeredAt)
    assert.match(row.reason, /^answered_at (has no offset|is not an instant)/)
  }
})

/** One call of 61 s at 0.06 per minute, each second counted: 0.061. */
const resultOf = async (changed: Record<string, string>, query = '') => {
  const hasDuration = Object.keys(changed).some((name) => name.startsWith('duration'))
  const row = {
    client: 'acme1.example.com',
    to: '+34600111222',
    answered_at: at,
    price: '0.061',
    ...(hasDuration ? {} : { duration_seconds: '61' }),
    ...changed,
  }
  const body = `${Object.keys(row).join()}\n${Object.values(row).join()}\n`
  const { status, text } = await compare(body, { query })
  return status === 200 ? linesOf(text)[0] : { result: status }
}

test('instants are read as PostgreSQL, other databases and switches write them', async () => {
  const noon = Date.UTC(2026, 10, 1, 10)
  for (const answered of [
    '2026-11-01 10:00:00+00',
    '2026-11-01 10:00:00.250+00',
    '2026-11-01 12:00:00+02',
    '2026-11-01 10:00:00+0000',
    '2026-11-01 10:00:00 +0000',
    '2026-11-01T15:30:00+0530',
    '2026-11-01T10:00:00Z',
    '2026-11-01 10:00:00 UTC',
    String(noon / 1000),
    `${noon / 1000}.25`,
    String(noon),
  ]) {
    assert.is((await resultOf({ answered_at: answered })).result, 'equal', answered)
  }
  for (const answered of [
    '2026-02-30 10:00:00+00',
    '20261101100000',
    '2026-11-01',
    '1',
    '2026-11-01 24:00:00+00',
  ]) {
    assert.is((await resultOf({ answered_at: answered })).result, 'invalid', answered)
  }
})

test('a local time is read in the zone that is named, and an hour that the clock has twice is not guessed', async () => {
  const zone = '?timeZone=Europe/Madrid'
  for (const [answered, result, reason] of [
    ['2026-11-01 11:00:00', 'equal', null],
    ['2026-11-01T11:00', 'equal', null],
    // What has an offset is not local.
    ['2026-11-01 10:00:00+00', 'equal', null],
    [
      '2026-10-25 02:30:00',
      'invalid',
      'answered_at stands twice on the clocks of Europe/Madrid that night: write it with its offset',
    ],
    ['2026-03-29 02:30:00', 'invalid', 'answered_at is skipped by the clocks of Europe/Madrid'],
  ] as const) {
    const row = await resultOf({ answered_at: answered }, zone)
    assert.equal([row.result, row.reason], [result, reason], answered)
  }
  const unnamed = await resultOf({ answered_at: '2026-11-01 11:00:00' })
  assert.is(
    unnamed.reason,
    'answered_at has no offset: write one such as Z or +01:00, or say the zone by timeZone=',
  )
  assert.is((await resultOf({}, '?timeZone=Mars/Olympus')).result, 400)
})

test('the zone decides at which instant a call is priced', async () => {
  // The profile begins on 1 January UTC: half an hour after midnight in Madrid is still the year before.
  const row = await resultOf({ answered_at: '2026-01-01 00:30:00' }, '?timeZone=Europe/Madrid')
  assert.equal([row.result, row.reason], ['unpriceable', 'no_rating_profile'])
  assert.is((await resultOf({ answered_at: '2026-01-01 00:30:00' }, '?timeZone=UTC')).result, 'equal')
})

test('durations have their unit in the heading, in the cell or in the query, and a started second is one', async () => {
  for (const [column, cell, query] of [
    ['duration_seconds', '61', ''],
    ['duration_seconds', '61.0', ''],
    ['duration_seconds', '60.004', ''],
    ['duration_milliseconds', '61000', ''],
    ['duration_ms', '60001', ''],
    ['duration_nanoseconds', '61000000000', ''],
    ['duration_ns', '60000000001', ''],
    ['duration', '61s', ''],
    ['duration', '1m1s', ''],
    ['duration', '0h1m0.5s', ''],
    ['duration', '61000ms', ''],
    ['duration', '61000000000ns', ''],
    ['duration', '61', '?durationUnit=seconds'],
    ['duration', '61000', '?durationUnit=milliseconds'],
    ['duration', '61000000000', '?durationUnit=nanoseconds'],
  ] as const) {
    const row = await resultOf({ [column]: cell }, query)
    assert.equal([row.result, row.billedSeconds], ['equal', 61], `${column} ${cell} ${query}`)
  }
  for (const [column, cell] of [
    ['duration', '61'],
    ['duration', ''],
    ['duration_seconds', '-1'],
    ['duration_seconds', '2678401'],
    ['duration_ns', '1e9'],
  ] as const) {
    assert.is((await resultOf({ [column]: cell })).result, 'invalid', `${column} ${cell}`)
  }
  assert.is((await resultOf({ duration: '61s', duration_ms: '61000' })).result, 400)
})

test('-1 says that the other system did not rate the call: told with our price, and in no sum', async () => {
  const { text } = await compare(
    [
      heading,
      `a,acme1.example.com,+34600111222,${at},61,-1`,
      `b,acme1.example.com,+34600111222,${at},61,-1.0000`,
      `c,acme1.example.com,+44207,${at},61,-1`,
      `d,acme1.example.com,+34600111222,${at},61,-0.5`,
    ].join('\n'),
  )
  const lines = linesOf(text)
  assert.equal(
    lines
      .slice(0, -1)
      .map(({ result, reason, theirs, ours, difference }) => [result, reason, theirs, ours, difference]),
    [
      ['not-rated', null, null, '0.061', null],
      ['not-rated', null, null, '0.061', null],
      ['not-rated', 'destination_not_priced', null, null, null],
      ['different', null, '-0.5', '0.061', '0.561'],
    ],
  )
  assert.equal(lines.at(-1), {
    counts: { equal: 0, different: 1, unpriceable: 0, 'not-rated': 3, invalid: 0 },
    sums: [{ currency: 'EUR', theirs: '-0.5', ours: '0.061', difference: '0.561' }],
    theirsUnpriceable: '0',
  })
  const only = linesOf((await compare(sheet().replace('0.50', '-1'), { query: '?only=not-rated' })).text)
  assert.equal(
    only.slice(0, -1).map(({ callId }) => callId),
    ['c'],
  )
})

test('the sums are the last line always, in CSV too, where no call could be priced or there is none', async () => {
  const none = [heading, `a,nobody.example.com,+34600111222,${at},61,0.061`].join('\n')
  for (const [body, counts] of [
    [none, '0 equal, 0 different, 1 unpriceable, 0 not-rated, 0 invalid'],
    [`${heading}\n`, '0 equal, 0 different, 0 unpriceable, 0 not-rated, 0 invalid'],
  ] as const) {
    const csv = (await compare(body, { accept: 'text/csv' })).text.trim().split('\n')
    assert.is(csv.at(-1), `,,sum,"${counts}",,,,0,0,0,`)
    assert.ok('counts' in linesOf((await compare(body)).text).at(-1))
  }
})

test('compare, correct, compare again: asOf=latest prices old calls by the newest versions', async () => {
  const own = await makeTenant(api)
  const key = own.brandKey
  const make = (path: string, body: object) => must(api.send('POST', path, { key, body }))
  const deck = await make('/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const setRate = (rate: string) => {
    const body = [{ prefix: '346', steps: [{ rate }] }]
    return must(api.send('PUT', `/v1/rate-decks/${deck.id}/rates`, { key, body }))
  }
  await setRate('0.06')
  const plan = await make('/v1/rating-plans', {
    name: 'P',
    currency: 'EUR',
    entries: [{ rateDeckId: deck.id }],
  })
  await make(`/v1/clients/${own.clientId}/rating-profiles`, {
    ratingPlanId: plan.id,
    activatesAt: '2026-01-01T00:00:00Z',
  })
  await setRate('0.12')
  const body = `${heading}\na,${own.clientId},+34600111222,${at},60,0.12\n`
  const ours = async (query: string) => {
    const [row] = linesOf((await compare(body, { query, key })).text)
    return [row.result, row.ours]
  }
  assert.equal(await ours(''), ['different', '0.06'])
  assert.equal(await ours('?asOf=call'), ['different', '0.06'])
  // The correction takes effect after a lead, and counts here at once.
  assert.equal(await ours('?asOf=latest'), ['equal', '0.12'])
  const other = await make('/v1/rate-decks', { name: 'Other', currency: 'EUR' })
  const rates = [{ prefix: '346', steps: [{ rate: '0.30' }] }]
  await must(api.send('PUT', `/v1/rate-decks/${other.id}/rates`, { key, body: rates }))
  const entries = [{ rateDeckId: other.id }]
  await must(api.send('PATCH', `/v1/rating-plans/${plan.id}`, { key, body: { entries } }))
  assert.equal(await ours('?asOf=latest'), ['different', '0.3'])
  assert.equal(await ours('?asOf=call'), ['different', '0.06'])
})

test.run()
