/**
 * What the pages of a busy brand have behind them: a year of calls, invoices of two years, mails, events that could not be
 * applied, and a day on which every client has spent something.
 */
import { closeDatabase, type Db, openDatabase } from '../src/db/connection.ts'
import type { BenchServers } from './bench-servers.ts'
import { fillTables } from './fill-tables.ts'
import { seedInvoices } from './seed-invoices.ts'
import { seedYear } from './seed-year.ts'

/** Calls are spread over so many clients: each has a row a day and destination. */
const callingClients = 20
const invoicedClients = 2000
const mails = 20_000
const deadLetters = 1000

/** `client`: one of those that call. */
export async function seedPages({ databaseUrl, books }: BenchServers, { calls }: { calls: number }) {
  const db = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 3_600_000,
  })
  try {
    return await fillTables(db, () => writeRows(db, books.unlimitedIds, calls))
  } finally {
    await closeDatabase(db)
  }
}

async function writeRows(db: Db, clientIds: readonly string[], calls: number) {
  const sql = db.$client
  const [client = ''] = clientIds
  const brandId = await seedYear(db, { calls, clientIds: clientIds.slice(0, callingClients) })
  await seedInvoices(db, { brandId, clientIds: clientIds.slice(0, invoicedClients), months: 24 })
  const shown = JSON.stringify({ invoices: true, ratingProfiles: true, callPrices: true })
  await sql`update clients set portal_visibility = ${shown}::text::jsonb where id = ${client}::uuid`
  await sql`
    insert into daily_usage (client_id, brand_id, day, amount)
    select id, brand_id, (now() at time zone time_zone)::date, 0.1234 from clients`
  await sql`
    insert into denials (client_id, day, reason, count)
    select id, (now() at time zone time_zone)::date, reason, 7
    from clients, unnest(array['max_calls_reached', 'insufficient_balance', 'destination_not_priced']) reason`
  await sql`
    insert into denial_sums (brand_id, time_zone, day, reason, count)
    select brand_id, time_zone, day, reason, sum(count)
    from denials
    join clients on clients.id = denials.client_id
    group by 1, 2, 3, 4`
  await sql`
    insert into mails (id, kind, source, brand_id, client_id, recipient, content, status, next_attempt_at)
    select uuidv7(i * interval '-1 minute'), 'invoice', 'bench-' || i, ${brandId}::uuid, ${client}::uuid,
           'billing@example.com', '{}', case when i % 100 = 0 then 'failed' else 'sent' end, now()
    from generate_series(1, ${mails}::integer) i`
  await sql`
    insert into dead_letters (id, brand_id, client_id, subject, reason, detail, body, received_at, deliveries)
    select uuidv7(i * interval '-1 minute'), ${brandId}::uuid, ${client}::uuid, 'calls.end', 'bad_duration',
           'endedAt is before startedAt', '{"callId":"bench-' || i || '"}', now() - i * interval '1 minute', 1
    from generate_series(1, ${deadLetters}::integer) i`
  return { brandId, client }
}
