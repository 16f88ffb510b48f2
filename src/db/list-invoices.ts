/**
 * Invoices as the API lists them, newest first.
 */
import type { StoredInvoice } from '../invoices/stored-invoice.ts'
import { instantText } from './columns.ts'
import type { Sql } from './connection.ts'
import { readInvoice } from './invoices.ts'

export interface InvoiceFilter {
  clientId: string | null
  brandId: string | null
  status: string | null
  kind: string | null
  number: string | null
}

export async function listInvoices(
  tx: Sql,
  wanted: InvoiceFilter & { after: string | null; limit: number; now: number },
): Promise<StoredInvoice[]> {
  const isOverdue = tx`(status = 'issued' and kind = 'invoice' and due_at < ${instantText(wanted.now)}
    and total - prepaid_amount - paid_amount - credited_amount > 0)`
  const rows = await tx`
    select *
    from invoices
    where (${wanted.after}::uuid is null or id < ${wanted.after}::uuid)
      and (${wanted.clientId}::uuid is null or client_id = ${wanted.clientId}::uuid)
      and (${wanted.brandId}::uuid is null or brand_id = ${wanted.brandId}::uuid)
      and (${wanted.kind}::text is null or kind = ${wanted.kind}::text)
      and (${wanted.number}::text is null or number = ${wanted.number}::text)
      ${
        wanted.status === null
          ? tx``
          : wanted.status === 'overdue'
            ? tx`and ${isOverdue}`
            : wanted.status === 'issued'
              ? tx`and status = 'issued' and not ${isOverdue}`
              : tx`and status = ${wanted.status}`
      }
    order by id desc
    limit ${wanted.limit}`
  return rows.map(readInvoice)
}
