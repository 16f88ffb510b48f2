/**
 * The documents that a mail carries: invoices as PDF, and the annex with the calls as another where there are any.
 *
 * The invoice is the one that everybody gets. A client whose users may not see the prices of calls does not get them by
 * mail either; very long annexes are left out, and so are those that the brand's template has no place for.
 */

import { readPortalVisibility } from '../db/clients/portal-visibility.ts'
import type { Sql } from '../db/connection.ts'
import { readJson } from '../db/json-column.ts'
import { countCalls, invoiceAnnex, maxPrintedCalls } from './invoice-annex.ts'
import { type InvoiceDocument, loadInvoiceDocument } from './invoice-document.ts'
import { templateFor } from './invoice-template.ts'
import { invoicePdf } from './keep-invoice-pdf.ts'
import { withPdfPlace } from './pdf/render-invoice-pdf.ts'

const tenant = 'mails'

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
    if (kind === 'invoice-pdf') documents.push(...(await attachInvoice(sql, id)))
  }
  return documents
}

async function attachInvoice(sql: Sql, id: string): Promise<AttachedInvoice[]> {
  const document = await loadInvoiceDocument(sql, { id, scope: { brandId: null, clientId: null } })
  const { invoice } = document
  const attached = [pdf(documentName(invoice, 'pdf'), await invoicePdf(sql, document, { tenant }))]
  if (hasAnnex(document)) {
    const annex = await withPdfPlace(tenant, () =>
      sql.begin('read only', async (tx) => {
        const { callPrices } = await readPortalVisibility(tx as unknown as Sql, invoice.clientId)
        return invoiceAnnex(tx as unknown as Sql, document, { showsPrices: callPrices })
      }),
    )
    attached.push(pdf(annexName(invoice), annex))
  }
  return attached
}

function hasAnnex(document: InvoiceDocument): boolean {
  const calls = countCalls(document)
  const { sections } = templateFor(document.template, document.invoice.language)
  return calls > 0 && calls <= maxPrintedCalls && sections.includes('items')
}

function pdf(filename: string, content: Buffer): AttachedInvoice {
  return { filename, content, contentType: 'application/pdf' }
}

export function annexName(invoice: { number: string | null; id: string }): string {
  return documentName(invoice, 'calls.pdf')
}

/** Numbers may hold slashes; a file's name may not. */
export function documentName(invoice: { number: string | null; id: string }, extension: string): string {
  return `${(invoice.number ?? invoice.id).replaceAll(/[^A-Za-z0-9._-]/g, '-')}.${extension}`
}
