/**
 * The invoice as a PDF: one page for a small client, as many as its calls need for a large one.
 *
 * Sections come in the template's order; numbers and days are written as the client's language does. Text is
 * tagged, selectable and in embedded fonts. Pages are numbered when their number is known. Resolves with the bytes,
 * which are the same each time: an issued invoice is one document, however often it is drawn.
 */
import type { InvoiceDocument } from '../invoice-document.ts'
import { templateFor } from '../invoice-template.ts'
import { fillIn, lastDayBefore } from '../invoice-texts.ts'
import { numberFormats } from '../number-formats.ts'
import { amountDueAtIssue } from '../stored-invoice.ts'
import type { Drawing } from './drawing.ts'
import { attachFacturX } from './factur-x.ts'
import { openLogo } from './open-logo.ts'
import { openPdf } from './pdf-fonts.ts'
import { drawHeader } from './pdf-header.ts'
import { drawItems } from './pdf-items.ts'
import { drawPageFooters, drawSection } from './pdf-sections.ts'
import { PdfSheet } from './pdf-sheet.ts'
import type { PdfOptions } from './render-invoice-pdf.ts'

export async function drawInvoice(document: InvoiceDocument, options: PdfOptions): Promise<Buffer> {
  const { invoice } = document
  const template = templateFor(document.template, invoice.language)
  const formats = numberFormats(invoice)
  const title = chooseTitle(document, template.labels)
  const createdAt = invoice.issuedAt ?? invoice.updatedAt
  const facturX = options.part === 'invoice' ? (options.facturX ?? null) : null
  const pdf = openPdf({
    title: `${title} ${invoice.number ?? ''}`.trim(),
    language: invoice.language,
    author: document.seller.name,
    createdAt,
    isArchived: facturX !== null,
  })

  const sheet = new PdfSheet(pdf, { colors: template.colors, language: invoice.language })
  sheet.tags.open('Document')
  const due = amountDueAtIssue(invoice)
  const drawing: Drawing = {
    ...document,
    picture: await openLogo(pdf, document.logo),
    template,
    labels: template.labels,
    formats,
    title,
    sheet,
    amountDue: due,
    fill: (text) =>
      fillIn(text, {
        number: invoice.number ?? '',
        clientName: document.buyer.name,
        from: formats.day(invoice.period.from),
        to: formats.day(lastDayBefore(invoice.period.to)),
        total: formats.money(invoice.total),
        amountDue: formats.money(due),
        dueOn: invoice.dueDay === null ? '' : formats.day(invoice.dueDay),
      }),
  }
  drawHeader(drawing)
  if (options.part === 'annex') await drawItems(drawing, options)
  else {
    for (const section of template.sections) {
      if (section !== 'items') drawSection(drawing, section)
      else if (options.part === 'both') await drawItems(drawing, options)
    }
  }
  sheet.tags.close()
  drawPageFooters(drawing)
  if (facturX !== null) attachFacturX(pdf, facturX, createdAt)
  return pdf.finish()
}

function chooseTitle(
  { invoice }: InvoiceDocument,
  labels: Readonly<Record<'invoice' | 'creditNote' | 'statement' | 'draft', string>>,
): string {
  if (invoice.kind === 'credit-note') return labels.creditNote
  const isPrepaid = invoice.billingMethod === 'prepaid' || invoice.billingMethod === 'pseudoprepaid'
  const name = isPrepaid ? labels.statement : labels.invoice
  return invoice.status === 'draft' ? `${name} – ${labels.draft}` : name
}
