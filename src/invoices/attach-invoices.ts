/**
 * The documents that a mail carries: invoices as PDF, made when the mail is sent.
 *
 * A client whose users may not see the prices of calls does not get them by mail either; very long annexes are
 * left out, as in the document over HTTP.
 */

import { readPortalVisibility } from '../db/clients/portal-visibility.ts'
import type { Sql } from '../db/connection.ts'
import { readJson } from '../db/json-column.ts'
import { itemsOf, loadInvoiceDocument } from './invoice-document.ts'
import { renderInvoicePdf, withPdfPlace } from './pdf/render-invoice-pdf.ts'

/** More calls than a person reads; the CSV has them all. */
export const mostPrintedCalls = 20_000

export interface AttachedInvoice {
  filename: string
  content: Buffer
  contentType: string
}

/** `attachments` as a mail's row keeps them: `[{ kind: 'invoice-pdf', id }]`. Throws `NotFound`. */
export async function attachInvoices(sql: Sql, attachments: unknown): Promise<AttachedInvoice[]> {
  const wanted = readJson<{ kind: string; id: string }[] | null>(attachments as string | null) ?? []
  const documents: AttachedInvoice[] = []
  // One after another: a document is held in memory while it is made.
  for (const { kind, id } of wanted) {
    if (kind === 'invoice-pdf') documents.push(await withPdfPlace('mails', () => attachInvoice(sql, id)))
  }
  return documents
}

async function attachInvoice(sql: Sql, id: string): Promise<AttachedInvoice> {
  const content = await sql.begin('read only', async (tx) => {
    const document = await loadInvoiceDocument(tx as unknown as Sql, {
      id,
      scope: { brandId: null, clientId: null },
    })
    const calls = document.invoice.lines.reduce((sum, line) => sum + (line.calls?.calls ?? 0), 0)
    const { callPrices } = await readPortalVisibility(tx as unknown as Sql, document.invoice.clientId)
    const bytes = await renderInvoicePdf(document, {
      items: calls <= mostPrintedCalls ? itemsOf(tx as unknown as Sql, document) : null,
      showsPrices: callPrices,
    })
    return { bytes, name: documentName(document.invoice, 'pdf') }
  })
  return { filename: content.name, content: content.bytes, contentType: 'application/pdf' }
}

/** Numbers may hold slashes; a file's name may not. */
export function documentName(invoice: { number: string | null; id: string }, extension: string): string {
  return `${(invoice.number ?? invoice.id).replaceAll(/[^A-Za-z0-9._-]/g, '-')}.${extension}`
}
