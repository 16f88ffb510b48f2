/**
 * What PDF, XML and CSV show: the invoice with its parties, picture, template, and its itemised calls as a stream.
 *
 * An issued invoice shows what was kept at issue; a draft shows what would be kept now.
 */
import type { Sql } from '../db/connection.ts'
import { type CallItem, streamInvoiceItems } from '../db/invoices/invoice-items.ts'
import { findLogo, findTemplateContent } from '../db/invoices/invoice-prices.ts'
import { findInvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { findInvoice } from '../db/invoices/invoices.ts'
import { NotFound } from '../errors.ts'
import { readInvoiceWithLines } from './draft-invoice.ts'
import type { Party } from './invoice.ts'
import type { TemplateContent } from './invoice-template.ts'
import { invoicedBuyer } from './invoiced-buyer.ts'
import type { InvoiceScope } from './invoices-context.ts'
import type { InvoiceWithLines } from './stored-invoice.ts'

export interface InvoiceDocument {
  invoice: InvoiceWithLines
  seller: Party
  buyer: Party
  /** PNG or JPEG as a data URL. */
  logo: string | null
  template: TemplateContent | null
  /** Of a credit note: number and day of the invoice it corrects. */
  corrects: { number: string; issueDay: string } | null
}

export async function loadInvoiceDocument(
  tx: Sql,
  wanted: { id: string; scope: InvoiceScope },
): Promise<InvoiceDocument> {
  const invoice = await readInvoiceWithLines(tx, wanted)
  const { seller, buyer } = invoice
  const corrected = invoice.creditsInvoiceId ? await findInvoice(tx, invoice.creditsInvoiceId) : undefined
  const corrects =
    corrected?.number && corrected.issueDay
      ? { number: corrected.number, issueDay: corrected.issueDay }
      : null
  if (seller && buyer) {
    const logo = invoice.logoDigest === null ? null : await findLogo(tx, invoice.logoDigest)
    // Checked when the template was written.
    return { invoice, seller, buyer, logo, template: invoice.template as TemplateContent | null, corrects }
  }
  const client = await findInvoicedClient(tx, invoice.clientId)
  if (!client) throw new NotFound('client', invoice.clientId)
  const content = await findTemplateContent(tx, { brandId: client.brandId, id: invoice.terms.templateId })
  const template = content as TemplateContent | null
  return {
    invoice,
    seller: client.brand.party,
    buyer: invoicedBuyer(client.party, invoice.terms),
    logo: client.brand.logo,
    template,
    corrects,
  }
}

/** Its calls in the order of their answers, in pages. */
export function streamItems(tx: Sql, { invoice }: InvoiceDocument): AsyncIterable<readonly CallItem[]> {
  const { id, clientId, period, status } = invoice
  return streamInvoiceItems(tx, { invoiceId: id, clientId, draftTo: status === 'draft' ? period.to : null })
}
