/**
 * Issued invoices of each client for lists to read, written straight into the tables, with what they invoice of the calls
 * of `seed-year.ts`.
 */
import { randomUUID } from 'node:crypto'
import type { Db } from '../src/db/connection.ts'

export async function seedInvoices(
  db: Db,
  { brandId, clientIds, months }: { brandId: string; clientIds: readonly string[]; months: number },
): Promise<void> {
  const sql = db.$client
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
  await sql`update clients set features = array['billing', 'invoices'] where id = any(${[...clientIds]}::uuid[])`
}
