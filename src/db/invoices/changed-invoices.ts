/**
 * Invoices whose calls changed, with what their terms are reckoned from: lines as issued, and what notes gave back of them.
 */
import { groupBy } from '../../group-by.ts'
import type { InvoiceLine } from '../../invoices/invoice.ts'
import type { StoredInvoice } from '../../invoices/stored-invoice.ts'
import { Decimal } from '../../money.ts'
import { parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { loadInvoiceLines } from './invoice-lines.ts'
import { findInvoices } from './invoices.ts'

export interface InvoiceToCorrect {
  invoice: StoredInvoice
  lines: readonly InvoiceLine[]
  credits: readonly LineCredit[]
}

/** What a credit note gave back of a line. */
export interface LineCredit {
  /** Of the line. */
  index: number
  quantity: Decimal
  issuedAt: number
}

export async function loadInvoicesToCorrect(tx: Sql, ids: readonly string[]): Promise<InvoiceToCorrect[]> {
  const [invoices, lines, rows] = await Promise.all([
    findInvoices(tx, ids),
    loadInvoiceLines(tx, ids),
    tx`
      select i.credits_invoice_id, i.issued_at, l.credits_index, -l.quantity as quantity
      from invoices i
      join invoice_lines l on l.invoice_id = i.id
      where i.credits_invoice_id = any(${ids as string[]}::uuid[])
        and i.status <> 'draft'
        and l.credits_index is not null`,
  ])
  const credits = groupBy(rows, (row) => row.credits_invoice_id as string)
  return invoices.map((invoice) => ({
    invoice,
    lines: lines.get(invoice.id) ?? [],
    credits: (credits.get(invoice.id) ?? []).map((row) => ({
      index: row.credits_index,
      quantity: new Decimal(row.quantity),
      issuedAt: parseInstant(row.issued_at),
    })),
  }))
}
