/**
 * Allocations as the API lists them, the newest first; the ledger writes them.
 */
import { Decimal } from '../../money.ts'
import { parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface InvoiceAllocation {
  id: string
  fromInvoiceId: string | null
  toInvoiceId: string
  amount: Decimal
  createdAt: number
}

/** From and to this invoice. */
export async function listAllocations(
  tx: Sql,
  page: { invoiceId: string; after: string | null; limit: number },
): Promise<InvoiceAllocation[]> {
  const rows = await tx`
    select id, from_invoice_id, to_invoice_id, amount, created_at
    from invoice_allocations
    where (to_invoice_id = ${page.invoiceId} or from_invoice_id = ${page.invoiceId})
      and (${page.after}::uuid is null or id < ${page.after}::uuid)
    order by id desc
    limit ${page.limit}`
  return rows.map((row) => ({
    id: row.id,
    fromInvoiceId: row.from_invoice_id,
    toInvoiceId: row.to_invoice_id,
    amount: new Decimal(row.amount),
    createdAt: parseInstant(row.created_at),
  }))
}

/** Was it asked for before? */
export async function hasAllocation(tx: Sql, wanted: { clientId: string; source: string }): Promise<boolean> {
  const rows = await tx`
    select 1
    from invoice_allocations
    where client_id = ${wanted.clientId}
      and source = ${wanted.source}`
  return rows.length > 0
}
