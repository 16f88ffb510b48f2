/**
 * Invoices as the API lists them: by age, due day or total. Each order is an index of a client's, a brand's and all.
 */
import type { InvoiceSummary } from '../../invoices/stored-invoice.ts'
import { instantText, shownInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { amountDueSql } from './amount-due.ts'

export interface InvoiceFilter {
  clientId: string | null
  brandId: string | null
  status: string | null
  kind: string | null
  number: string | null
  /** Half-open span of the day of issue in the brand's zone. */
  issuedFrom: string | null
  issuedTo: string | null
  /** The same of the day on which it is due. */
  dueFrom: string | null
  dueTo: string | null
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

/** As they are shown: a page is read as text and written as text, for portals ask for many. */
export async function listInvoices(tx: Sql, wanted: InvoicePage): Promise<InvoiceSummary[]> {
  const rows = await selectInvoices(tx, wanted)
  return rows.map(showRow)
}

/** The query itself, for whoever asks how it is planned. */
export function selectInvoices(tx: Sql, wanted: InvoicePage) {
  const due = amountDueSql(tx)
  const isOverdue = tx`(status = 'issued' and due_at <= ${instantText(wanted.now)} and ${due} > 0)`
  return tx`
    select id, kind, case when ${isOverdue} then 'overdue' else status end as status, number,
           client_id as "clientId", number_sequence_id as "numberSequenceId", period_from as "from",
           period_to as "to", time_zone as "timeZone", currency, taxes, trim_scale(net) as net,
           trim_scale(tax) as tax, trim_scale(total) as total, trim_scale(prepaid_amount) as "prepaidAmount",
           trim_scale(paid_amount) as "paidAmount", trim_scale(credited_amount) as "creditedAmount",
           trim_scale(${due}) as "amountDue", issued_at as "issuedAt",
           issue_day as "issueDay", due_day as "dueDay", due_at as "dueAt",
           credits_invoice_id as "creditsInvoiceId", reason, created_at as "createdAt", updated_at as "updatedAt"
    from invoices
    where true
      ${isBehind(tx, wanted.order)}
      ${wanted.clientId === null ? tx`` : tx`and client_id = ${wanted.clientId}::uuid`}
      ${wanted.brandId === null ? tx`` : tx`and brand_id = ${wanted.brandId}::uuid`}
      ${wanted.kind === null ? tx`` : tx`and kind = ${wanted.kind}::text`}
      ${wanted.number === null ? tx`` : tx`and number = ${wanted.number}::text`}
      ${wanted.issuedFrom === null ? tx`` : tx`and issue_day >= ${wanted.issuedFrom}::text::date`}
      ${wanted.issuedTo === null ? tx`` : tx`and issue_day < ${wanted.issuedTo}::text::date`}
      ${wanted.dueFrom === null ? tx`` : tx`and due_day >= ${wanted.dueFrom}::text::date`}
      ${wanted.dueTo === null ? tx`` : tx`and due_day < ${wanted.dueTo}::text::date`}
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
  if (order.by === 'total') return tx`invoices.total ${towards}, id ${towards}`
  if (order.by === 'dueAt') return tx`${dueAt(tx)} ${towards}, id ${towards}`
  // As the index of a client or a brand has it; all invoices come by their key.
  if (clientId === null && brandId === null) return tx`id ${towards}`
  return order.direction === 'ascending' ? tx`id asc nulls first` : tx`id desc nulls last`
}

/** As the indexes have it: what is never due is due last. */
const dueAt = (tx: Sql) => tx`coalesce(due_at, 'infinity'::timestamptz)`

/** In place: a copy of each row is a fifth of what a page leaves to the garbage collector. */
function showRow(row: Record<string, unknown>): InvoiceSummary {
  const shown = row as InvoiceSummary
  shown.taxes = readJson(row.taxes)
  shown.issuedAt = shownInstant(shown.issuedAt)
  shown.dueAt = shownInstant(shown.dueAt)
  shown.createdAt = shownInstant(shown.createdAt)
  shown.updatedAt = shownInstant(shown.updatedAt)
  return shown
}
