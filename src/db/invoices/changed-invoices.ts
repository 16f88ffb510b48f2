/**
 * Invoices whose calls changed, with what their terms are reckoned from: lines as issued, and what notes gave back of them.
 */
import { groupBy } from '../../group-by.ts'
import type { InvoiceLine } from '../../invoices/invoice.ts'
import type { StoredInvoice } from '../../invoices/stored-invoice.ts'
import { Decimal } from '../../money.ts'
import type { Sql } from '../connection.ts'
import { loadInvoiceLines } from './invoice-lines.ts'
import { findInvoices } from './invoices.ts'

export interface InvoiceToCorrect {
  invoice: StoredInvoice
  lines: readonly InvoiceLine[]
  /** By index of the line. */
  creditedQuantities: ReadonlyMap<number, Decimal>
}

export async function loadInvoicesToCorrect(tx: Sql, ids: readonly string[]): Promise<InvoiceToCorrect[]> {
  const [invoices, lines, credits] = await Promise.all([
    findInvoices(tx, ids),
    loadInvoiceLines(tx, ids),
    tx`
      select i.credits_invoice_id, l.credits_index, -sum(l.quantity) as quantity
      from invoices i
      join invoice_lines l on l.invoice_id = i.id
      where i.credits_invoice_id = any(${ids as string[]}::uuid[])
        and i.status <> 'draft'
        and l.credits_index is not null
      group by 1, 2`,
  ])
  const credited = groupBy(credits, (row) => row.credits_invoice_id as string)
  return invoices.map((invoice) => ({
    invoice,
    lines: lines.get(invoice.id) ?? [],
    creditedQuantities: new Map(
      (credited.get(invoice.id) ?? []).map((row) => [row.credits_index as number, new Decimal(row.quantity)]),
    ),
  }))
}
