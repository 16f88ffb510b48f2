/**
 * Invoices as the API lists them, newest first.
 */
import type { StoredInvoice } from '../../invoices/stored-invoice.ts'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
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
  // As the index of a client or a brand has it; all invoices come by their key, read backwards.
  const isOfSome = wanted.clientId !== null || wanted.brandId !== null
  const rows = await tx`
    select *
    from invoices
    where true
      ${wanted.after === null ? tx`` : tx`and id < ${wanted.after}::uuid`}
      ${wanted.clientId === null ? tx`` : tx`and client_id = ${wanted.clientId}::uuid`}
      ${wanted.brandId === null ? tx`` : tx`and brand_id = ${wanted.brandId}::uuid`}
      ${wanted.kind === null ? tx`` : tx`and kind = ${wanted.kind}::text`}
      ${wanted.number === null ? tx`` : tx`and number = ${wanted.number}::text`}
      ${
        wanted.status === null
          ? tx``
          : wanted.status === 'overdue'
            ? tx`and ${isOverdue}`
            : wanted.status === 'issued'
              ? tx`and status = 'issued' and not ${isOverdue}`
              : tx`and status = ${wanted.status}`
      }
    order by id desc ${isOfSome ? tx`nulls last` : tx``}
    limit ${wanted.limit}`
  return rows.map(readInvoice)
}

/** What a client has; undefined where the tenant sees no such client. */
export async function findFeatures(tx: Sql, clientId: string): Promise<readonly string[] | undefined> {
  const [row] = await tx<{ features: string[] }[]>`select features from clients where id = ${clientId}`
  return row?.features
}
