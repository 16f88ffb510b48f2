import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { asTenant, platformTenant } from '../../src/db/tenant.ts'
import { makeTenant, must, openTestApi, type TestApi } from '../api/test-api.ts'

const test = suite('row-level security')
let api: TestApi
let own: Awaited<ReturnType<typeof makeTenant>>
let other: Awaited<ReturnType<typeof makeTenant>>
let tables: string[]

/** Whatever the role `tollgate_api` may read; drizzle's own list of migrations it may not. */
test.before(async () => {
  api = await openTestApi()
  own = await makeTenant(api)
  other = await makeTenant(api)
  for (const { brandKey: key, clientId } of [own, other]) await fill(key, clientId)
  const { $client: sql } = api.context.worker
  tables = (await sql`select tablename from pg_tables where schemaname = 'public'`).map(
    ({ tablename }) => tablename,
  )
})
test.after(() => api.close())

async function fill(key: string, clientId: string): Promise<void> {
  const create = async (path: string, body: object) =>
    (await must(api.send('POST', path, { body, key }))).id as string
  const client = `/v1/clients/${clientId}`
  const deck = await create('/v1/rate-decks', { name: 'Deck', currency: 'EUR' })
  const rate = { prefix: '34', steps: [{ fromSecond: 0, rate: '1', perSeconds: 60, incrementSeconds: 1 }] }
  await must(api.send('PUT', `/v1/rate-decks/${deck}/rates`, { body: [rate], key }))
  const plan = await create('/v1/rating-plans', {
    name: 'Plan',
    currency: 'EUR',
    entries: [{ rateDeckId: deck }],
  })
  await create(`${client}/rating-profiles`, { ratingPlanId: plan, activatesAt: '2026-01-01T00:00:00Z' })
  await create(`${client}/authorized-sources`, { cidr: '203.0.113.1' })
  await create(`${client}/balance-movements`, { kind: 'top-up', amount: '10' })
  await create(`${client}/balance-alerts`, { threshold: '5', email: 'noc@example.com' })
  await create(`${client}/admins`, { username: 'ana', password: 'a password of ana' })
  await create('/v1/corporations', { name: 'Corporation' })
  await must(
    api.send('POST', '/v1/sessions', {
      body: { client: clientId, username: 'ana', password: 'a password of ana' },
      key: null,
    }),
  )
  await api.context.worker.$client`
    insert into daily_usage (client_id, day, amount) values (${clientId}, '2026-01-02', 1)`
}

test('every table has row-level security, forced, with a policy for the API', async () => {
  const open = await api.context.worker.$client`
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity and exists (
        select 1 from pg_policy p where p.polrelid = c.oid
          and (select oid from pg_roles where rolname = 'tollgate_api') = any(p.polroles)))`
  assert.equal(
    open.map(({ relname }) => relname),
    [],
  )
})

test('a table made without a policy shows the API nothing', async () => {
  const { $client: sql } = api.context.db
  const [role] = await sql`
    select rolsuper or rolbypassrls as goes_around from pg_roles where rolname = current_user`
  assert.is(role?.goes_around, false)
})

test('without a tenant no table shows a row', async () => {
  const { $client: sql } = api.context.db
  for (const table of tables) {
    const [row] = await sql`select count(*)::int as rows from ${sql(table)}`
    assert.is(row?.rows, 0, table)
  }
})

test('the tenant of a transaction does not outlive it on its connection', async () => {
  const one = openDatabase(await databaseUrl(), { role: 'tollgate_api', connections: 1 })
  const count = 'select count(*)::int as rows from clients'
  const [seen] = await asTenant(one, platformTenant, (tx) => tx.execute<{ rows: number }>(count))
  const [left] = await one.execute<{ rows: number }>(count)
  await closeDatabase(one)
  assert.is(seen?.rows, 2)
  assert.is(left?.rows, 0)
})

test('a brand and a client see rows of their own alone, in every table that names whose they are', async () => {
  const columns = await api.context.worker.$client`
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and column_name in ('brand_id', 'client_id')`
  let looked = 0
  for (const { table_name: table, column_name: column } of columns) {
    const seen = async (tenant: Parameters<typeof asTenant>[1]) =>
      asTenant(api.context.db, tenant, (tx) =>
        tx.execute<{ owner: string }>(
          `select distinct ${column}::text as owner from ${table} where ${column} is not null`,
        ),
      )
    const mine = column === 'brand_id' ? own.brandId : own.clientId
    const whole = await seen({ role: 'brand', brandId: own.brandId, clientId: null })
    assert.ok(
      whole.every(({ owner }) => owner === mine),
      `${table}.${column} shows a brand ${whole.length} owners`,
    )
    const narrow = await seen({ role: 'client', brandId: own.brandId, clientId: own.clientId })
    assert.ok(
      narrow.every(({ owner }) => owner === mine),
      `${table}.${column} shows a client another's rows`,
    )
    looked += whole.length
  }
  assert.ok(looked > 15, `${looked} columns had rows of ours`)
})

test('a client of a brand sees nothing that the brand owns as a whole', async () => {
  const tenant = { role: 'client', brandId: own.brandId, clientId: own.clientId } as const
  for (const table of ['rate_decks', 'rates', 'rating_plans', 'corporations', 'audit_log', 'signing_keys']) {
    const [row] = await asTenant(api.context.db, tenant, (tx) =>
      tx.execute<{ rows: number }>(`select count(*)::int as rows from ${table}`),
    )
    assert.is(row?.rows, 0, table)
  }
})

test('a brand cannot put a row into another brand, or move one there', async () => {
  const tenant = { role: 'brand', brandId: own.brandId, clientId: null } as const
  const tries = [
    `insert into corporations (id, brand_id, name) values (gen_random_uuid(), '${other.brandId}', 'x')`,
    `update corporations set brand_id = '${other.brandId}'`,
    `insert into admins (id, client_id, username, name) values (gen_random_uuid(), '${other.clientId}', 'x', 'x')`,
    `update admins set client_id = '${other.clientId}'`,
    `insert into authorized_sources (id, client_id, cidr) values (gen_random_uuid(), '${other.clientId}', '::1')`,
  ]
  for (const statement of tries) {
    let refusal = ''
    await asTenant(api.context.db, tenant, (tx) => tx.execute(statement)).catch((error) => {
      refusal = String(error.cause ?? error)
    })
    assert.match(refusal, /row-level security/, statement)
  }
})

async function databaseUrl(): Promise<string> {
  const { host, port, user, pass, database } = api.context.db.$client.options
  return `postgres://${user}:${pass}@${host[0]}:${port[0]}/${database}`
}

test.run()
