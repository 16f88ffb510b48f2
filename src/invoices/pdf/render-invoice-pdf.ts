/**
 * The way to an invoice's PDF. What draws it is loaded with the first one: pdfkit takes 10 MiB of memory, and most processes
 * never draw.
 */
import type { CallItem } from '../../db/invoices/invoice-items.ts'
import type { InvoiceDocument } from '../invoice-document.ts'

export interface PdfOptions {
  /** null: without the itemised annex. */
  items: AsyncIterable<readonly CallItem[]> | null
  /** Hidden from portal users of clients that hide them. */
  showsPrices: boolean
}

export async function renderInvoicePdf(document: InvoiceDocument, options: PdfOptions): Promise<Buffer> {
  const { drawInvoice } = await import('./draw-invoice.ts')
  return drawInvoice(document, options)
}
