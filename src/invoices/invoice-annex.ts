/**
 * The annex of an invoice as PDF: each of its calls, with prices for whoever may see them.
 *
 * It is drawn when it is asked for: numbers and times leave it with the details of the calls, while the invoice stays.
 * More calls than a person reads are left to the CSV.
 */
import type { Sql } from '../db/connection.ts'
import { Unprocessable } from '../errors.ts'
import { type InvoiceDocument, streamItems } from './invoice-document.ts'
import { renderInvoicePdf } from './pdf/render-invoice-pdf.ts'

export const maxPrintedCalls = 20_000

export function countCalls({ invoice }: InvoiceDocument): number {
  return invoice.lines.reduce((sum, line) => sum + (line.calls?.calls ?? 0), 0)
}

/** Take a place for it before the connection: see pdf/render-invoice-pdf.ts. Throws `Unprocessable`. */
export async function invoiceAnnex(
  tx: Sql,
  document: InvoiceDocument,
  { showsPrices }: { showsPrices: boolean },
): Promise<Buffer> {
  const calls = countCalls(document)
  if (calls > maxPrintedCalls) {
    const detail = `The invoice has ${calls} calls, more than the ${maxPrintedCalls} that are printed: fetch them as CSV.`
    throw new Unprocessable('annex_too_long', detail)
  }
  return renderInvoicePdf(document, { part: 'annex', items: streamItems(tx, document), showsPrices })
}
