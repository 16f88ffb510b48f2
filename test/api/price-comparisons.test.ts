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
        'answered_at is not a valid RFC 3339 timestamp such as 2026-01-02T10:00:05Z',
        null,
        null,
        null,
      ],
      ['f', 'equal', null, '0', '0', '0'],
    ],
  )
  assert.equal(lines.at(-1), {
    counts: { equal: 2, different: 1, unpriceable: 2, invalid: 1 },
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
  assert.is(rows.at(-1), ',,sum,"2 equal, 1 different, 2 unpriceable, 1 invalid",,,EUR,0.1223,0.122,-0.0003,')
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
      counts: { equal: 3000, different: 0, unpriceable: 0, invalid: 0 },
      sums: [{ currency: 'EUR', theirs: '183', ours: '183', difference: '0' }],
      theirsUnpriceable: '0',
    },
  ])
})

test('an instant without its offset is no instant: this machine has a zone, too', async () => {
  for (const answeredAt of ['2026-01-14T10:00:00', '2026-01-14 10:00', 'January 14, 2026', '1']) {
    const { text } = await compare(`${heading}\na,acme1.example.com,+34600111222,"${answeredAt}",61,0.061\n`)
    const [row] = linesOf(text)
    assert.equal(
      [row.result, row.reason],
      ['invalid', 'answered_at is not a valid RFC 3339 timestamp such as 2026-01-02T10:00:05Z'],
      answeredAt,
    )
  }
})

test.run()
