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
import { renderInvoiceXml } from './render-invoice-xml.ts'

export const pdfProfiles = ['plain', 'factur-x'] as const
export type PdfProfile = (typeof pdfProfiles)[number]

/**
 * `sql` may write; whether the caller may see the invoice was asked before. Throws `QuotaReached` by `tenant`; for Factur-X
 * what `renderInvoiceXml` throws.
 */
export async function invoicePdf(
  sql: Sql,
  document: InvoiceDocument,
  { tenant, profile = 'plain' }: { tenant: string; profile?: PdfProfile },
): Promise<Buffer> {
  const xml = profile === 'factur-x' ? { facturX: await renderInvoiceXml(document, { syntax: 'cii' }) } : {}
  const draw = () => withPdfPlace(tenant, () => renderInvoicePdf(document, { part: 'invoice', ...xml }))
  const { id: invoiceId, status } = document.invoice
  if (status === 'draft') return draw()
  return (
    (await findPdf(sql, { invoiceId, profile })) ??
    (await keepPdf(sql, { invoiceId, profile, content: await draw() }))
  )
}
