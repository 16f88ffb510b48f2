/**
 * The PDF of an invoice: one per number and profile, made once, the same bytes for whoever fetches it.
 *
 * It holds nothing that some may see and others not: the calls stand in an annex, which is a document of its own (see
 * invoice-annex.ts). A draft has no number yet and is drawn as it stands.
 */
import type { Sql } from '../db/connection.ts'
import { findPdf, keepPdf } from '../db/invoices/invoice-pdfs.ts'
import type { InvoiceDocument } from './invoice-document.ts'
import { renderInvoicePdf, withPdfPlace } from './pdf/render-invoice-pdf.ts'

const profile = 'plain'

/** `sql` may write; whether the caller may see the invoice was asked before. Throws `QuotaReached` by `tenant`. */
export async function invoicePdf(
  sql: Sql,
  document: InvoiceDocument,
  { tenant }: { tenant: string },
): Promise<Buffer> {
  const draw = () => withPdfPlace(tenant, () => renderInvoicePdf(document, { part: 'invoice' }))
  const { id: invoiceId, status } = document.invoice
  if (status === 'draft') return draw()
  return (
    (await findPdf(sql, { invoiceId, profile })) ??
    (await keepPdf(sql, { invoiceId, profile, content: await draw() }))
  )
}
