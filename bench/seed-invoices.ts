/**
 * Books of some years for lists to read: issued invoices of each client and calls of a year, written straight into
 * the tables.
 */
import { randomUUID } from 'node:crypto'
import type { Db } from '../src/db/connection.ts'
import { seedYear } from './seed-year.ts'

/** Answers the brand they belong to. */
export async function seedInvoices(
  db: Db,
  { clientIds, months, calls }: { clientIds: readonly string[]; months: number; calls: number },
): Promise<string> {
  const sql = db.$client
  const brandId = await seedYear(db, { calls, clientIds: clientIds.slice(0, 50) })
  const sequenceId = randomUUID()
  await sql`
    insert into invoice_number_sequences (id, brand_id, name, prefix, width)
    values (${sequenceId}, ${brandId}, 'Bench', '', 6)`
  await sql`
    insert into invoices (id, brand_id, client_id, kind, status, number, number_sequence_id, series_year,
      series_number, period_from, period_to, time_zone, currency, language, billing_method, terms, net, tax, total,
      paid_amount, issued_at, due_at, actor)
    select uuidv7((s.month + interval '1 month') - now()), ${brandId}, s.id, 'invoice', 'issued', s.n::text, ${sequenceId}, 2024, s.n,
      s.month::date, (s.month + interval '1 month')::date, 'Europe/Madrid', 'EUR', 'en', 'postpaid', '{}', 100, 21,
      121, case when s.number < ${months} then 121 else 0 end, s.month + interval '1 month',
      s.month + interval '2 months', 'bench'
    from (
      select c.id, m.number, '2024-01-01'::timestamp + (m.number - 1) * interval '1 month' as month,
             row_number() over (order by m.number, c.id) as n
      from unnest(${[...clientIds]}::uuid[]) c (id), generate_series(1, ${months}::integer) m (number)
    ) s`
  // As in true books, what is not invoiced yet is of the last month.
  await sql`
    update call_rollups
    set invoice_id = invoices.id
    from invoices
    where invoices.client_id = call_rollups.client_id
      and call_rollups.day >= invoices.period_from
      and call_rollups.day < invoices.period_to
      and invoices.brand_id = ${brandId}
      and call_rollups.day < '2025-12-01'`
  await sql`analyze`
  await sql`update clients set features = array['billing', 'invoices'] where id = any(${[...clientIds]}::uuid[])`
  return brandId
}
