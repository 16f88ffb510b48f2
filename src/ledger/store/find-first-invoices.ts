/**
 * On which invoice do the calls of these rows stand, and at whose terms is what changes of them? A row that changes calls
 * tells where they stood then: where a credit note has freed them since, they are where they are now.
 */

import type { Sql } from '../../db/connection.ts'
import { standingOf } from '../../db/invoices/standing-calls.ts'

/** What the row of a change says. */
export interface Change {
  /** The invoice whose line charged the calls; null: they stand on none, and the change is one of them. */
  changesInvoiceId: string | null
  /** At whose terms; null: at those of the invoice that takes it. */
  correctsInvoiceId: string | null
  /** It takes no more calls. */
  freed: boolean
}

/** By row. Where a late call's terms are those of an invoice whose calls are charged anew, nothing is reckoned at them. */
export async function findFirstInvoices(tx: Sql, rollupIds: readonly string[]): Promise<Map<string, Change>> {
  const rows = await tx`
    select r.id, standing.invoice_id, standing.late_for_id, standing.freed,
           exists (
             select 1
             from invoices i
             where i.id = standing.late_for_id
               and i.status = 'credited'
               and exists (select 1 from freed_rollups f where f.invoice_id = i.id)
           ) as is_over
    from call_rollups r
    cross join lateral (${standingOf(tx)}) standing
    where r.id = any(${rollupIds as string[]}::uuid[])`
  return new Map(
    rows.map((row): [string, Change] => {
      const [invoiceId, lateForId]: (string | null)[] = [row.invoice_id, row.late_for_id]
      if (invoiceId === null)
        return [row.id, { changesInvoiceId: null, correctsInvoiceId: lateForId ?? null, freed: row.freed }]
      if (row.is_over) return [row.id, { changesInvoiceId: null, correctsInvoiceId: null, freed: true }]
      return [
        row.id,
        {
          changesInvoiceId: invoiceId ?? null,
          correctsInvoiceId: lateForId ?? invoiceId ?? null,
          freed: true,
        },
      ]
    }),
  )
}
