/**
 * Which invoice charged the calls of these rows first? None where no invoice has taken the row, or a credit note has
 * freed the invoice's calls.
 */
import type { Sql } from '../../db/connection.ts'

export async function findFirstInvoices(tx: Sql, rollupIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx`
    select r.id, i.id as invoice_id
    from call_rollups r
    join invoices i on i.id = coalesce(r.corrects_invoice_id, r.invoice_id)
    where r.id = any(${rollupIds as string[]}::uuid[])
      and not (i.status = 'credited' and exists (select 1 from freed_rollups f where f.invoice_id = i.id))`
  return new Map(rows.map((row) => [row.id as string, row.invoice_id as string]))
}
