import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { selectCalls } from '../../src/db/calls/list-calls.ts'
import type { Sql } from '../../src/db/connection.ts'
import { selectInvoices } from '../../src/db/invoices/list-invoices.ts'
import { asTenant, type Tenant } from '../../src/db/tenant.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('?sort=')
let api: TestApi
let key: string
let tenant: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  tenant = await makeTenant(api)
  key = tenant.brandKey
  for (const name of ['Delta', 'Alpha', 'Échelle', 'Bravo', 'Charlie']) {
    await must(api.send('POST', '/v1/corporations', { body: { name }, key }))
  }
})
test.after(() => api.close())

/** A field of each row, page by page. */
async function everyPage(path: string, by: string | undefined, field: string): Promise<string[]> {
  const found: string[] = []
  let cursor = ''
  do {
    const page = await must(api.send('GET', `${path}${cursor}`, by === undefined ? {} : { key: by }))
    found.push(...page.data.map((row: Record<string, string>) => row[field]))
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
  } while (cursor)
  return found
}

const names = (sort: string, limit: number) =>
  everyPage(`/v1/corporations?limit=${limit}${sort}`, key, 'name')

test('a list comes newest first, oldest first, or by name both ways, in pages of any size', async () => {
  const made = ['Delta', 'Alpha', 'Échelle', 'Bravo', 'Charlie']
  const byName = await names('&sort=name', 500)
  assert.equal(byName.slice(0, 4), ['Alpha', 'Bravo', 'Charlie', 'Delta'])
  for (const limit of [1, 2, 500]) {
    assert.equal(await names('', limit), made.toReversed())
    assert.equal(await names('&sort=-createdAt', limit), made.toReversed())
    assert.equal(await names('&sort=createdAt', limit), made)
    assert.equal(await names('&sort=name', limit), byName)
    assert.equal(await names('&sort=-name', limit), byName.toReversed())
  }
})

test('a field that is not listed, and a cursor of another order, are refused', async () => {
  const { body } = await api.send('GET', '/v1/corporations?sort=brandId', { key })
  assert.equal([body.code, body.errors[0].pointer], ['invalid_request', '/sort'])
  const { nextCursor } = await must(api.send('GET', '/v1/corporations?limit=1', { key }))
  const other = await api.send('GET', `/v1/corporations?sort=name&cursor=${nextCursor}`, { key })
  assert.is(other.status, 400)
})

const named = [
  ...[
    'brands',
    'clients',
    'rate-decks',
    'rating-plans',
    'media-relay-sets',
    'application-servers',
    'api-keys',
  ],
  ...['taxes', 'fixed-costs', 'invoice-number-sequences', 'invoice-templates', 'invoice-schedules'],
  ...['report-schedules', 'notification-templates'],
]

test('every list of named things takes it', async () => {
  for (const path of [...named, `clients/${tenant.clientId}/admins`]) {
    for (const sort of ['name', '-name', 'createdAt']) {
      assert.is((await api.send('GET', `/v1/${path}?sort=${sort}`)).status, 200, path)
    }
  }
})

test('keys of one name come by name in pages of any size, each once', async () => {
  for (let i = 0; i < 4; i++) {
    const body = { name: 'twin', role: 'finance', brandId: tenant.brandId }
    await must(api.send('POST', '/v1/api-keys', { body }))
  }
  const whole = await everyPage('/v1/api-keys?sort=name&limit=500', key, 'id')
  assert.is(whole.length, 8)
  for (const limit of [1, 3]) {
    assert.equal(await everyPage(`/v1/api-keys?sort=name&limit=${limit}`, key, 'id'), whole)
    const backwards = await everyPage(`/v1/api-keys?sort=-name&limit=${limit}`, key, 'id')
    assert.equal(backwards.toReversed(), whole)
  }
})

const instants = [
  '2026-01-01T00:00:00Z',
  '2026-01-02T00:00:00Z',
  '2026-01-02T00:00:00Z',
  '2026-01-03T00:00:00Z',
]

test('calls of one instant come oldest and newest first in pages of any size, for a client, a brand and all', async () => {
  const { $client: sql } = api.context.worker
  for (const [i, createdAt] of [...instants, ...instants].entries()) {
    await sql`
      insert into calls (client_id, call_id, brand_id, status, direction, to_number, created_at)
      values (${tenant.clientId}, ${`sorted-${i}`}, ${tenant.brandId}, 'unanswered', 'outbound', '+34600111222', ${createdAt})`
  }
  const newestFirst = ['3', '7', '1', '2', '5', '6', '0', '4'].map((i) => `sorted-${i}`)
  for (const path of [`/v1/clients/${tenant.clientId}/calls?`, '/v1/calls?']) {
    for (const by of [key, undefined]) {
      for (const limit of [1, 3, 8]) {
        const listed = (sort: string) => everyPage(`${path}limit=${limit}${sort}`, by, 'callId')
        assert.equal(await listed(''), newestFirst)
        assert.equal(await listed('&sort=-createdAt'), newestFirst)
        assert.equal(await listed('&sort=createdAt'), newestFirst.toReversed())
      }
    }
  }
})

test('invoices come by age, due day and total both ways, equal ones each once, what is never due last', async () => {
  const { $client: sql } = api.context.worker
  const body = { name: 'main', prefix: 'F', width: 4 }
  const series = await must(api.send('POST', '/v1/invoice-number-sequences', { body, key }))
  const rows = [
    { due: '2026-03-01T00:00:00Z', total: '10' },
    { due: null, total: '-5.25' },
    { due: '2026-02-01T00:00:00Z', total: '10' },
    { due: '2026-02-01T00:00:00Z', total: '100' },
    { due: null, total: '9.5' },
  ]
  const ids = rows.map((_, i) => `01946000-0000-7000-8000-00000000000${i}`)
  for (const [i, { due, total }] of rows.entries()) {
    await sql`
      insert into invoices (id, brand_id, client_id, kind, number_sequence_id, period_from, period_to, time_zone,
                            currency, language, billing_method, terms, net, tax, total, due_at, actor, created_at)
      values (${ids[i] ?? ''}, ${tenant.brandId}, ${tenant.clientId}, 'invoice', ${series.id}, '2026-01-01', '2026-02-01',
              'UTC', 'EUR', 'en', 'postpaid', '{}', ${total}, 0, ${total}, ${due}, 'test', now())`
  }
  const inOrder = {
    createdAt: [0, 1, 2, 3, 4],
    dueAt: [2, 3, 0, 1, 4],
    total: [1, 4, 0, 2, 3],
  }
  for (const path of [`/v1/clients/${tenant.clientId}/invoices?`, '/v1/invoices?']) {
    for (const by of [key, undefined]) {
      for (const [field, order] of Object.entries(inOrder)) {
        const expected = order.map((i) => ids[i])
        for (const limit of [1, 2, 5]) {
          assert.equal(await everyPage(`${path}limit=${limit}&sort=${field}`, by, 'id'), expected)
          const backwards = await everyPage(`${path}limit=${limit}&sort=-${field}`, by, 'id')
          assert.equal(backwards, expected.toReversed())
        }
      }
    }
  }
})

test('each order of calls and invoices is read from an index, for a client, a brand and all', async () => {
  const { brandId, clientId } = tenant
  const now = Date.now()
  const id = '01946000-0000-7000-8000-000000000002'
  const call = { createdAt: '2026-01-02T00:00:00.000Z', callId: 'sorted-2', clientId }
  const places = { createdAt: [id], dueAt: ['2026-02-01T00:00:00.000Z', id], total: ['10', id] }
  const unfiltered = {
    ...{ status: null, kind: null, number: null },
    ...{ issuedFrom: null, issuedTo: null, dueFrom: null, dueTo: null },
  }
  const whose: Tenant[] = [
    { role: 'client', brandId, clientId },
    { role: 'brand', brandId, clientId: null },
    { role: 'platform', brandId: null, clientId: null },
  ]
  const check = (plan: readonly Record<string, unknown>[]) => {
    const text = plan.map((row) => row['QUERY PLAN']).join('\n')
    assert.match(text, /Index (Only )?Scan (Backward )?using \w+ on (calls|invoices)/)
    // An incremental one sorts calls of one instant alone.
    assert.not.match(text, /(?<!Incremental )Sort\b(?! Key)/)
    // Planned once for any limit, it would read all of the other table.
    assert.not.match(text, /Join/)
  }
  for (const asked of whose) {
    for (const direction of ['ascending', 'descending'] as const) {
      const filter = {
        clientId: asked.clientId ?? undefined,
        brandId: asked.clientId === null ? (asked.brandId ?? undefined) : undefined,
      }
      await asTenant(
        api.context.db,
        asked,
        async (tx) => {
          const { client } = (tx as unknown as { session: { client: Sql } }).session
          const query = selectCalls(client, { filter, after: call, direction, limit: 51 })
          check(await client`explain (costs off) ${query}`)
          for (const by of ['createdAt', 'dueAt', 'total'] as const) {
            const order = { by, direction, place: places[by] }
            const page = { ...unfiltered, ...asked, order, limit: 51, now }
            check(await client`explain (costs off) ${selectInvoices(client, page)}`)
          }
        },
        'by-index',
      )
    }
  }
})

test('a cursor is good for its own order alone', async () => {
  for (const path of ['/v1/calls', '/v1/invoices', '/v1/api-keys', '/v1/corporations']) {
    const cursors = new Map<string, string>()
    for (const sort of ['-createdAt', 'createdAt']) {
      const { nextCursor } = await must(api.send('GET', `${path}?limit=1&sort=${sort}`, { key }))
      cursors.set(sort, nextCursor)
    }
    for (const [sort, other] of [
      ['createdAt', '-createdAt'],
      ['-createdAt', 'createdAt'],
    ] as const) {
      const get = (cursor: string) => api.send('GET', `${path}?sort=${sort}&cursor=${cursor}`, { key })
      assert.is((await get(cursors.get(sort) ?? '')).status, 200, path)
      const refused = await get(cursors.get(other) ?? '')
      assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/cursor'], path)
    }
  }
})

test('a cursor edited by hand is refused, whatever stands in it', async () => {
  assert.is((await api.send('GET', '/v1/corporations?cursor=')).status, 400)
  const write = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')
  const id = '01946000-0000-7000-8000-000000000002'
  const cases: [string, unknown][] = [
    ['/v1/calls?', ['2026-02-31T00:00:00.000Z', 'a', id]],
    ['/v1/calls?', ['9999-99-99T99:99:99.999Z', 'a', id]],
    ['/v1/calls?', ['2026-02-01T00:00:00.000Z', 'a\u0000', id]],
    ['/v1/dead-letters?', ['2026-13-01T00:00:00.000Z', id]],
    ['/v1/invoices?sort=total&', ['1e400', id, 'total']],
    ['/v1/invoices?sort=total&', ['NaN', id, 'total']],
    ['/v1/invoices?sort=dueAt&', ['-infinity', id, 'dueAt']],
    ['/v1/audit-log?', ['99999999999999999999']],
    ['/v1/api-keys?', [id, 'one more']],
    ['/v1/api-keys?', { 0: id, length: 1 }],
    ['/v1/api-keys?', null],
    ['/v1/corporations?', [id, 'one more']],
    ['/v1/api-keys?sort=name&', [id, 'a\u0000b', 'name']],
  ]
  for (const [path, place] of cases) {
    const { status, body } = await api.send('GET', `${path}cursor=${write(place)}`)
    assert.equal([status, body.code], [400, 'invalid_request'], `${path} ${JSON.stringify(place)}`)
  }
})

test.run()
