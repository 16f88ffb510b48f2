import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { firstOpenDay, verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, type CallDesk, openCallDesk } from '../calls/a-call-desk.ts'

const test = suite('verifying the books')
let desk: CallDesk
let root: postgres.Sql
let clientId: string
let brandId: string

/** Two days of calls of a prepaid client, one call that runs, and another client whose money ran out. */
test.before(async () => {
  desk = await openCallDesk('2026-01-14T10:00:00Z')
  root = postgres(desk.databaseUrl, { max: 1, onnotice: () => {} })
  ;({ clientId, brandId } = await desk.aCaller({
    billingMethod: 'prepaid',
    balance: '5',
    timeZone: 'Asia/Kathmandu',
  }))
  const poor = await desk.aCaller({ billingMethod: 'pseudoprepaid', balance: '0.10', maxCalls: 3 })
  const days = ['2026-01-12T19:00:00Z', '2026-01-13T09:00:00Z']
  for (const [n, startedAt] of days.entries()) {
    const first = aCallOf(clientId, `call ${n}`, { startedAt, seconds: 61 })
    const second = aCallOf(clientId, `british ${n}`, { startedAt, seconds: 30, to: '+442071234567' })
    await desk.settle(first.start, first.end, second.end)
  }
  await desk.settle(aCallOf(poor.clientId, 'long', { startedAt: days[1] ?? '', seconds: 600 }).end)
  await desk.authorize({ client: clientId, callId: 'running' })
  await desk.authorize({ client: poor.clientId, callId: 'refused' })
  // What has no end is none of our business before its time is over.
  await root`update rating_profiles set created_at = '2026-01-01'`
  await root`update calls set expires_at = now() + interval '1 hour' where status = 'authorized'`
})
test.after(async () => {
  await root.end()
  await desk.close()
})

async function differences(options: Partial<Parameters<typeof verifyBooks>[1]> = {}) {
  const found: string[] = []
  const asked = { from: null, before: null, pricesPerClient: null, ...options }
  for await (const { check, differences } of verifyBooks(desk.context.db, asked)) {
    found.push(...differences.map(({ detail }) => `${check.id} ${check.name}: ${detail}`))
  }
  return found
}

/** Books changed by `plant` behind the service's back, as only a superuser can; taken back afterwards. */
async function differencesWith(plant: (sql: postgres.TransactionSql) => Promise<unknown>) {
  let found: string[] = []
  await root`select 1`
  const tables = await root<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename = any(array[
      'accounts', 'movements', 'daily_usage', 'call_rollups', 'country_rollups', 'calls', 'brand_counters'])`
  await root.begin(async (sql) => {
    await sql`set local session_replication_role = replica`
    for (const { name } of tables) await sql`create table ${sql(`kept_${name}`)} as table ${sql(name)}`
    await plant(sql)
  })
  try {
    found = await differences()
  } finally {
    await root.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      for (const { name } of tables) {
        await sql`delete from ${sql(name)}`
        await sql`insert into ${sql(name)} select * from ${sql(`kept_${name}`)}`
        await sql`drop table ${sql(`kept_${name}`)}`
      }
    })
  }
  return found
}

test('books that only the service has written hold', async () => {
  assert.equal(await differences(), [])
})

const plants: { what: string; plant: (sql: postgres.TransactionSql) => Promise<unknown>; says: RegExp[] }[] =
  [
    {
      what: 'a call that was written twice',
      plant: async (sql) => {
        await sql`alter table calls drop constraint calls_client_id_call_id_pk cascade`
        await sql`insert into calls select * from calls where client_id = ${clientId} and call_id = 'call 0'`
      },
      says: [/^I2 call-keys: call call 0 of client \S+ has 2 rows$/],
    },
    {
      what: 'a sum by country that its calls do not make',
      plant: (sql) =>
        sql`update country_rollups set amount = amount + 1
            where client_id = ${clientId} and country = 'GB' and day = '2026-01-13'`,
      says: [
        /^I6 country-rollups: the sum of "[^"]*" in GB on 2026-01-13 of client \S+ holds \d calls of 1\.\d+, the calls themselves are \d of 0\.\d+/,
      ],
    },
    {
      what: 'sums by country that were never written',
      plant: (sql) => sql`delete from country_rollups where client_id = ${clientId} and country = 'ES'`,
      says: [
        /^I6 country-rollups: .* in ES on \S+ of client \S+ holds 0 calls of 0, the calls themselves are/,
        /^I6 country-rollups: .* in ES on \S+ of client \S+ holds 0 calls of 0, the calls themselves are/,
      ],
    },
    {
      what: 'a sum by country that counts other seconds',
      plant: (sql) =>
        sql`update country_rollups set billed_seconds = billed_seconds + 1
            where client_id = ${clientId} and country = 'GB' and day = '2026-01-13'`,
      says: [/^I6 country-rollups: .* or differ in seconds$/],
    },
    {
      what: 'a price on a call that still runs',
      plant: (sql) => sql`update calls set price = 1 where call_id = 'running'`,
      says: [/^I2 call-keys: call running of client \S+ is authorized with the price 1, never settled$/],
    },
    {
      what: 'a balance that its movements do not make',
      plant: (sql) => sql`update accounts set balance = balance + 0.000001 where client_id = ${clientId}`,
      says: [/^I3 balances: the balance of client \S+ is 4\.658001 EUR, its movements add up to 4\.658 EUR$/],
    },
    {
      what: 'a movement that was taken out',
      plant: (sql) => sql`delete from movements where client_id = ${clientId} and seq = 3`,
      says: [
        /^I3 balances: .* is 4\.658 EUR, its movements add up to/,
        /^I4 movement-chains: movement 4 of client \S+ stands at place 3 of its chain$/,
        /^I5 call-movements: call \S+ \d of client \S+ costs 0\.\d+, its movements add up to 0$/,
      ],
    },
    {
      what: 'a movement that was changed, and the balances after it, too',
      plant: async (sql) => {
        await sql`update movements set amount = amount - 1 where client_id = ${clientId} and seq = 2`
        await sql`update movements set balance_after = balance_after - 1 where client_id = ${clientId} and seq >= 2`
        await sql`update accounts set balance = balance - 1 where client_id = ${clientId}`
      },
      says: [/^I5 call-movements: call \S+ \d of client \S+ costs 0\.\d+, its movements add up to -1\.\d+$/],
    },
    {
      what: 'a cause that moved money twice',
      plant: async (sql) => {
        await sql`alter table movements drop constraint one_movement_per_cause`
        await sql`update movements set source = 'call:call 0' where client_id = ${clientId} and source = 'call:call 1'`
      },
      says: [/^I5 call-movements: client \S+ has 2 movements "charge" of the one cause call:call 0$/],
    },
    {
      what: "usage of a day in UTC instead of the client's zone",
      plant: async (sql) => {
        await sql`update calls set usage_day = '2026-01-12' where usage_day = '2026-01-13' and answered_at < '2026-01-13'`
        await sql`
        insert into daily_usage (client_id, brand_id, day, amount)
        select client_id, brand_id, usage_day, sum(price) from calls where usage_day = '2026-01-12' group by 1, 2, 3`
      },
      says: [/^I6 daily-usage: the usage of client \S+ on 2026-01-12 is 0\.\d+, its calls cost 0$/],
    },
    {
      what: 'a sum that has lost a call',
      plant: (sql) => sql`
      update call_rollups set calls = calls - 1
      where id = (select rollup_id from calls where call_id = 'call 0')`,
      says: [
        /^I6 call-rollups: the sum of "Spain mobile" on 2026-01-13 of client \S+ holds 1 calls of 0\.122, the calls themselves are 2 of 0\.122/,
      ],
    },
    {
      what: 'a sum that does not exist',
      plant: (sql) =>
        sql`delete from call_rollups where client_id = ${clientId} and destination = 'Spain mobile'`,
      says: [/^I6 call-rollups: calls of client \S+ name the sum \S+, which does not exist$/],
    },
    {
      what: 'money held for nothing',
      plant: (sql) => sql`update accounts set reserved = reserved + 1 where client_id = ${clientId}`,
      says: [
        /^I7 reservations: the account of client \S+ holds 1\.06 and 0 slots, its calls hold 0\.06 and 0$/,
      ],
    },
    {
      what: 'a slot that was not given back',
      plant: (sql) => sql`update accounts set running_calls = 1 where client_id = ${clientId}`,
      says: [
        /^I7 reservations: the account of client \S+ holds 0\.06 and 1 slots, its calls hold 0\.06 and 0$/,
      ],
    },
    {
      what: 'a day that holds what no call holds',
      plant: (sql) =>
        sql`update daily_usage set reserved = 7 where client_id = ${clientId} and day = '2026-01-13'`,
      says: [/^I7 reservations: 2026-01-13 of client \S+ holds 7, its calls hold 0 of it$/],
    },
    {
      what: 'a grant that nobody has ended',
      plant: (sql) => sql`update calls set expires_at = now() - interval '1 hour' where call_id = 'running'`,
      says: [
        /^I7 reservations: call running of client \S+ is authorized and over, and still holds 0\.06 or a slot$/,
      ],
    },
    {
      what: 'a slot of a brand that no call holds',
      plant: (sql) => sql`update brand_counters set running_calls = 1 where brand_id = ${brandId}`,
      says: [/^I7 brand-slots: brand \S+ counts 1 running calls, 0 calls hold a slot of it$/],
    },
    {
      what: 'a price that the rules do not make, though all sums follow it',
      plant: async (sql) => {
        const of = sql`client_id = ${clientId} and call_id = 'call 1'`
        await sql`
        update call_rollups set amount = amount + 0.0001
        where id = (select rollup_id from calls where ${of})`
        await sql`
        update country_rollups set amount = amount + 0.0001
        where client_id = ${clientId} and day = '2026-01-13' and country = 'ES'`
        await sql`update daily_usage set amount = amount + 0.0001 where client_id = ${clientId} and day = '2026-01-13'`
        await sql`update calls set price = price + 0.0001 where ${of}`
        const [movement] = await sql`
        update movements set amount = amount - 0.0001 where client_id = ${clientId} and call_id = 'call 1' returning seq`
        await sql`
        update movements set balance_after = balance_after - 0.0001
        where client_id = ${clientId} and seq >= ${movement?.seq}`
        await sql`update accounts set balance = balance - 0.0001 where client_id = ${clientId}`
      },
      says: [/^I8 prices: call call 1 of client \S+ was priced 0\.0611, the rules make it 0\.061$/],
    },
  ]

for (const { what, plant, says } of plants) {
  test(`${what} is named`, async () => {
    const found = await differencesWith(plant)
    for (const pattern of says) {
      assert.ok(
        found.some((line) => pattern.test(line)),
        `${pattern} is not in\n${found.join('\n')}`,
      )
    }
    if (what.startsWith('a price that')) assert.is(found.length, 1)
    if (what.startsWith('a call that was')) await restoreKey()
    if (what.startsWith('a cause')) await restoreCause()
  })
}

const restoreKey = () =>
  root`alter table calls add constraint calls_client_id_call_id_pk primary key (client_id, call_id)`
const restoreCause = () =>
  root`alter table movements add constraint one_movement_per_cause unique (client_id, kind, source)`

test('a day that still runs somewhere is left out of closed days', async () => {
  assert.is(firstOpenDay(Date.parse('2026-01-14T11:59:59Z')), '2026-01-13')
  assert.is(firstOpenDay(Date.parse('2026-01-14T12:00:00Z')), '2026-01-14')
  const found = await differencesOfClosed('2026-01-13')
  assert.equal(found, [])
})

async function differencesOfClosed(before: string) {
  await root`update daily_usage set amount = amount + 1 where client_id = ${clientId} and day = '2026-01-13'`
  try {
    assert.is((await differences({ before: null })).length, 1)
    return await differences({ before })
  } finally {
    await root`update daily_usage set amount = amount - 1 where client_id = ${clientId} and day = '2026-01-13'`
  }
}

test('clients are looked at in batches, and none is left out', async () => {
  await root`update accounts set balance = balance + 1`
  try {
    const all = await differences({ clientsPerBatch: 1, only: ['I3'] })
    assert.is(all.length, 2)
  } finally {
    await root`update accounts set balance = balance - 1`
  }
})

test.run()
