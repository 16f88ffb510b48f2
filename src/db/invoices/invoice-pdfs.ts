/**
 * PDFs of issued invoices as they were first made: kept once, read by whoever may see the invoice.
 */
import type { PdfProfile } from '../../invoices/keep-invoice-pdf.ts'
import type { Sql } from '../connection.ts'

export interface PdfKey {
  invoiceId: string
  profile: PdfProfile
}

export async function findPdf(tx: Sql, { invoiceId, profile }: PdfKey): Promise<Buffer | undefined> {
  const [row] = await tx`
    select content
    from invoice_documents
    where invoice_id = ${invoiceId}
      and profile = ${profile}`
  return row?.content
}

/** The first one stays: of two that were made at once both get it. */
export async function keepPdf(tx: Sql, pdf: PdfKey & { content: Buffer }): Promise<Buffer> {
  await tx`
    insert into invoice_documents (invoice_id, profile, content)
    values (${pdf.invoiceId}, ${pdf.profile}, ${pdf.content})
    on conflict do nothing`
  const kept = await findPdf(tx, pdf)
  if (!kept) throw new Error(`the PDF of invoice ${pdf.invoiceId} was kept and is not there`)
  return kept
}
