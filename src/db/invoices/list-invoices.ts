/**
 * Invoices as the API lists them: by age, due day or total. Each order is an index of a client's, a brand's and all.
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

export interface InvoiceOrder {
  by: 'createdAt' | 'dueAt' | 'total'
  direction: 'ascending' | 'descending'
  /** Of the last row shown: the id, and before it what the order is by; null: at the beginning. */
  place: readonly string[] | null
}

export interface InvoicePage extends InvoiceFilter {
  order: InvoiceOrder
  limit: number
  now: number
}

export async function listInvoices(tx: Sql, wanted: InvoicePage): Promise<StoredInvoice[]> {
  const rows = await selectInvoices(tx, wanted)
  return rows.map(readInvoice)
}

/** The query itself, for whoever asks how it is planned. */
export function selectInvoices(tx: Sql, wanted: InvoicePage) {
  const isOverdue = tx`(status = 'issued' and kind = 'invoice' and due_at < ${instantText(wanted.now)}
    and total - prepaid_amount - paid_amount - credited_amount > 0)`
  return tx`
    select *
    from invoices
    where true
      ${isBehind(tx, wanted.order)}
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
    order by ${inOrder(tx, wanted)}
    limit ${wanted.limit}`
}

function isBehind(tx: Sql, { by, direction, place }: InvoiceOrder) {
  if (place === null) return tx``
  const [one = '', two = ''] = place
  const isAfter = direction === 'ascending' ? tx`>` : tx`<`
  if (by === 'createdAt') return tx`and id ${isAfter} ${one}::uuid`
  if (by === 'total') return tx`and (total, id) ${isAfter} (${one}::text::numeric, ${two}::uuid)`
  return tx`and (${dueAt(tx)}, id) ${isAfter} (${one}::text::timestamptz, ${two}::uuid)`
}

function inOrder(tx: Sql, { order, clientId, brandId }: InvoiceFilter & { order: InvoiceOrder }) {
  const towards = order.direction === 'ascending' ? tx`asc` : tx`desc`
  if (order.by === 'total') return tx`total ${towards}, id ${towards}`
  if (order.by === 'dueAt') return tx`${dueAt(tx)} ${towards}, id ${towards}`
  // As the index of a client or a brand has it; all invoices come by their key.
  if (clientId === null && brandId === null) return tx`id ${towards}`
  return order.direction === 'ascending' ? tx`id asc nulls first` : tx`id desc nulls last`
}

/** As the indexes have it: what is never due is due last. */
const dueAt = (tx: Sql) => tx`coalesce(due_at, 'infinity'::timestamptz)`

/** What a client has; undefined where the tenant sees no such client. */
export async function findFeatures(tx: Sql, clientId: string): Promise<readonly string[] | undefined> {
  const [row] = await tx<{ features: string[] }[]>`select features from clients where id = ${clientId}`
  return row?.features
}
