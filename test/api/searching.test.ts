/**
 * How the things that people look for are found: clients by name and domain, calls by number, invoices by day.
 */
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { selectCalls } from '../../src/db/calls/list-calls.ts'
import type { Sql } from '../../src/db/connection.ts'
import { asTenant, type Tenant } from '../../src/db/tenant.ts'
import { version } from '../../src/version.ts'
import { makeTenant, must, openTestApi, type TestApi } from './test-api.ts'

const test = suite('searching')
let api: TestApi
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>

test.before(async () => {
  api = await openTestApi()
  own = await makeTenant(api)
  other = await makeTenant(api)
  const make = (body: object) => must(api.send('POST', '/v1/clients', { body, key: own.brandKey }))
  await make({ name: 'Bäckerei 100% Korn', sipDomain: 'korn.example.com', billingMethod: 'prepaid' })
  await make({ name: 'Taxi_Nord', sipDomain: 'taxi.acme.example.com', suspended: true })
})
test.after(() => api.close())

const namesOf = async (query: string, key = own.brandKey) => {
  const { data } = await must(api.send('GET', `/v1/clients?sort=name&${query}`, { key }))
  return data.map(({ name }: { name: string }) => name)
}

test('clients are found by a part of the name or the domain, in any case of letters, and by their method', async () => {
  assert.equal(await namesOf('search=ACME'), ['Acme', 'Taxi_Nord'])
  assert.equal(await namesOf('search=korn.EX'), ['Bäckerei 100% Korn'])
  assert.equal(await namesOf(`search=${encodeURIComponent('bäcker')}`), ['Bäckerei 100% Korn'])
  assert.equal(await namesOf('billingMethod=prepaid'), ['Bäckerei 100% Korn'])
  assert.equal(await namesOf('suspended=true'), ['Taxi_Nord'])
  assert.equal(await namesOf('suspended=false&search=a'), ['Acme', 'Bäckerei 100% Korn'])
  assert.equal(await namesOf('search=acme', other.brandKey), ['Acme'])
})

test('clients are named by their ids, those of the own tenant alone', async () => {
  const { data } = await must(api.send('GET', '/v1/clients', { key: own.brandKey }))
  const ids = data.map(({ id }: { id: string }) => id)
  assert.equal(await namesOf(`ids=${ids[0]},${ids[2].toUpperCase()},${other.clientId}`), [
    ...data
      .filter((_client: unknown, place: number) => place !== 1)
      .map(({ name }: { name: string }) => name)
      .sort(),
  ])
  assert.equal(await namesOf(`ids=${own.clientId}`, other.brandKey), [])
  const refused = await api.send('GET', '/v1/clients?ids=acme', { key: own.brandKey })
  assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/ids'])
})

test('what means anything in a pattern is looked for as it stands', async () => {
  assert.equal(await namesOf('search=100%25'), ['Bäckerei 100% Korn'])
  assert.equal(await namesOf('search=0%25k'), [])
  assert.equal(await namesOf('search=taxi_n'), ['Taxi_Nord'])
  assert.equal(await namesOf('search=tax__n'), [])
  assert.equal(await namesOf('search=%5C'), [])
})

test('a client is read by its domain as by its id, by its own tenant alone', async () => {
  const read = (name: string, key = own.brandKey) => api.send('GET', `/v1/clients/${name}`, { key })
  const one = await read('KORN.example.com')
  assert.equal([one.status, one.body.sipDomain], [200, 'korn.example.com'])
  assert.equal((await read(one.body.id)).body, one.body)
  assert.ok(one.headers.etag)
  assert.is((await read('korn.example.com', other.brandKey)).status, 404)
  assert.is((await read('nobody.example.com')).body.code, 'not_found')
  assert.is((await read('korn%00.example.com', own.clientKey)).status, 404)
})

async function writeCalls(): Promise<void> {
  const { $client: sql } = api.context.worker
  const rows = [
    { to: '34600111222', destination: 'Spain mobile', engine: 'sbc-1', seconds: 61, price: '0.061' },
    { to: '34600111222', destination: 'Spain mobile', engine: 'sbc-2', seconds: 600, price: '1.2' },
    { to: '34911222333', destination: 'Spain', engine: 'sbc-1', seconds: 30, price: '0' },
    { to: '442071838750', destination: 'London', engine: null, seconds: 0, price: null },
  ]
  for (const [i, { to, destination, engine, seconds, price }] of rows.entries()) {
    await sql`
      insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
                         destination, engine, duration_seconds, price, currency, created_at)
      values (${own.clientId}, ${`found-${i}`}, ${own.brandId}, 'unanswered', 'outbound',
              ${`+3491100011${i}`}, ${`+${to}`}, ${to}, ${destination}, ${engine}, ${seconds}, ${price}::text::numeric,
              'EUR', ${`2026-01-0${i + 1}T10:00:00Z`})`
  }
}

test('calls are found by number, caller, destination, engine, duration and price', async () => {
  await writeCalls()
  const found = async (query: string, path = '/v1/calls') => {
    const { data } = await must(api.send('GET', `${path}?${query}`, { key: own.brandKey }))
    return data.map(({ callId }: { callId: string }) => Number(callId.slice('found-'.length)))
  }
  for (const path of ['/v1/calls', `/v1/clients/${own.clientId}/calls`]) {
    assert.equal(await found('number=34600111222', path), [1, 0])
    assert.equal(await found('number=%2B34600111222&sort=createdAt', path), [0, 1])
    assert.equal(await found('number=3460011122', path), [])
    assert.equal(await found('fromNumber=%2B34911000112', path), [2])
    assert.equal(await found('destination=Spain', path), [2])
    assert.equal(await found('engine=sbc-1', path), [2, 0])
    assert.equal(await found('minDurationSeconds=30&maxDurationSeconds=61', path), [2, 0])
    assert.equal(await found('minPrice=0.061', path), [1, 0])
    assert.equal(await found('minPrice=0&maxPrice=0.061', path), [2, 0])
    assert.equal(await found('engine=sbc-1&minPrice=0.01&number=34600111222', path), [0])
  }
  const refused = await api.send('GET', '/v1/calls?minPrice=-1', { key: own.brandKey })
  assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/minPrice'])
})

test('who does not see prices cannot find them out by asking for calls of a price', async () => {
  const get = (query: string) => api.send('GET', `/v1/calls?${query}`, { key: own.clientKey })
  assert.is((await get('minDurationSeconds=1')).status, 200)
  assert.is((await get('minPrice=1')).status, 403)
  assert.is((await get('maxPrice=1')).status, 403)
  const body = { portalVisibility: { invoices: true, ratingProfiles: true, callPrices: true } }
  await must(api.send('PATCH', `/v1/clients/${own.clientId}`, { body, key: own.brandKey }))
  assert.is((await get('minPrice=1')).body.data.length, 1)
})

test('calls of a number are read from an index, for a client, a brand and all', async () => {
  const { $client: sql } = api.context.worker
  await sql`
    insert into calls (client_id, call_id, brand_id, status, direction, to_number, to_normalized, created_at)
    select ${own.clientId}, 'many-' || n, ${own.brandId}, 'unanswered', 'outbound', '+' || (34600000000 + n),
           (34600000000 + n)::text, timestamptz '2026-01-01' + n * interval '1 second'
    from generate_series(1, 3000) n`
  await sql`analyze calls`
  const { brandId, clientId } = own
  const whose: Tenant[] = [
    { role: 'client', brandId, clientId },
    { role: 'brand', brandId, clientId: null },
    { role: 'platform', brandId: null, clientId: null },
  ]
  for (const asked of whose) {
    const filter = {
      number: '34600111222',
      clientId: asked.clientId ?? undefined,
      brandId: asked.clientId === null ? (asked.brandId ?? undefined) : undefined,
    }
    await asTenant(
      api.context.db,
      asked,
      async (tx) => {
        const { client } = (tx as unknown as { session: { client: Sql } }).session
        const query = selectCalls(client, { filter, after: null, direction: 'descending', limit: 51 })
        const plan = await client`explain (costs off) ${query}`
        const text = plan.map((row) => row['QUERY PLAN']).join('\n')
        assert.match(text, 'using calls_by_number on calls')
        assert.not.match(text, /(?<!Incremental )Sort\b(?! Key)/)
      },
      'by-index',
    )
  }
})

test('invoices are found by the days on which they were issued and are due', async () => {
  const { $client: sql } = api.context.worker
  const body = { name: 'main', prefix: 'F', width: 4 }
  const series = await must(api.send('POST', '/v1/invoice-number-sequences', { body, key: own.brandKey }))
  const days = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01']
  for (const [i, day] of days.entries()) {
    await sql`
      insert into invoices (id, brand_id, client_id, kind, status, number, number_sequence_id, period_from, period_to,
                            time_zone, currency, language, billing_method, terms, net, tax, total, issue_day, due_day,
                            due_at, issued_at, actor, created_at)
      values (${`01946000-0000-7000-8000-00000000000${i}`}, ${own.brandId}, ${own.clientId}, 'invoice', 'issued',
              ${`F${i}`}, ${series.id}, ${`2025-0${i + 1}-01`}, '2026-02-01', 'UTC', 'EUR', 'en', 'postpaid', '{}', 1, 0, 1,
              ${day}, ${day}::text::date + 30, ${`${day}T00:00:00Z`}::text::timestamptz + interval '31 days', now(), 'test', now())`
  }
  const numbers = async (query: string) => {
    const { data } = await must(api.send('GET', `/v1/invoices?${query}`, { key: own.brandKey }))
    return data.map(({ number }: { number: string }) => number)
  }
  assert.equal(await numbers('issuedFrom=2026-02-01&issuedTo=2026-03-01'), ['F2', 'F1'])
  assert.equal(await numbers('issuedTo=2026-02-01'), ['F0'])
  assert.equal(await numbers('dueFrom=2026-03-03&dueTo=2026-03-31'), ['F2', 'F1'])
  assert.equal(await numbers('status=overdue&dueFrom=2026-03-31'), ['F3'])
  const refused = await api.send('GET', '/v1/invoices?issuedFrom=2026-02-30', { key: own.brandKey })
  assert.equal([refused.status, refused.body.errors[0].pointer], [400, '/issuedFrom'])
})

test('long answers are packed for who takes them so, and are the same', async () => {
  const get = (encoding: string, url = '/v1/calls?limit=100') =>
    api.app.inject({
      url,
      headers: { authorization: `Bearer ${own.brandKey}`, 'accept-encoding': encoding },
    })
  const plain = await get('identity')
  assert.is(plain.headers['content-encoding'], undefined)
  const brotli = await get('gzip, deflate, br')
  assert.is(brotli.headers['content-encoding'], 'br')
  assert.equal(JSON.parse(brotliDecompressSync(brotli.rawPayload).toString()), plain.json())
  const gzip = await get('gzip')
  assert.equal(JSON.parse(gunzipSync(gzip.rawPayload).toString()), plain.json())
  assert.match(String(gzip.headers.vary), /accept-encoding/i)
  for (const url of [
    '/v1/clients?limit=1&search=nobody',
    '/v1/engines/policies',
    '/v1/reports/calls.csv?from=2026-01-01&to=2026-01-05',
  ]) {
    assert.is((await get('br, gzip', url)).headers['content-encoding'], undefined, url)
  }
})

test('the release is told by the probe, the metrics and the description', async () => {
  assert.equal((await api.send('GET', '/livez', { key: null })).body, { status: 'ok', version })
  assert.is((await api.send('GET', '/openapi.json', { key: null })).body.info.version, version)
  assert.match(
    (await api.send('GET', '/metrics', { key: null })).body,
    `tollgate_build_info{version="${version}"`,
  )
})

test.run()
