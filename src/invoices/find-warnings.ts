/**
 * What does an invoice lack that the law or its reader will ask for? It may be issued all the same, unless the brand says
 * `issueOnlyWhenReady`.
 */
import type { Sql } from '../db/connection.ts'
import { findInvoicedClient, type InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { findUnrepresentable } from './e-invoice/find-unrepresentable.ts'
import { invoicedBuyer } from './invoiced-buyer.ts'
import { unprintableLetters } from './pdf/text-runs.ts'
import type { InvoiceWithLines } from './stored-invoice.ts'

export const warningCodes = [
  'issuer_without_address',
  'issuer_without_tax_id',
  'client_without_legal_data',
  'no_taxes',
  'no_email',
  'unprintable_name',
  'e_invoice_incomplete',
] as const

export interface InvoiceWarning {
  code: (typeof warningCodes)[number]
  detail: string
}

/** Of a draft, as client and brand are now. */
export async function readWarnings(tx: Sql, invoice: InvoiceWithLines): Promise<InvoiceWarning[]> {
  const client = await findInvoicedClient(tx, invoice.clientId)
  return client ? findWarnings(client, invoice) : []
}

export function findWarnings(client: InvoicedClient, invoice: InvoiceWithLines): InvoiceWarning[] {
  const { brand, party } = client
  const warnings: InvoiceWarning[] = []
  const warn = (code: InvoiceWarning['code'], detail: string) => warnings.push({ code, detail })
  if (brand.party.address === '') warn('issuer_without_address', 'The issuer has no postalAddress.')
  if (brand.party.taxId === '') warn('issuer_without_tax_id', 'The issuer has no taxId.')
  const missing = [
    ...(client.hasLegalName ? [] : ['legalName']),
    ...(party.taxId === '' ? ['taxId'] : []),
    ...(party.address === '' ? ['postalAddress'] : []),
  ]
  if (missing.length > 0) {
    warn('client_without_legal_data', `The client's invoiceData has no ${missing.join(', no ')}.`)
  }
  const untaxed = invoice.lines.filter((line) => line.taxes.length === 0)
  const hasNone = (invoice.terms.taxIds ?? client.taxIds).length === 0
  if (untaxed.length > 0) warn('no_taxes', `No tax on ${untaxed.length} of ${invoice.lines.length} lines.`)
  else if (invoice.lines.length === 0 && hasNone) warn('no_taxes', 'The client has no taxes.')
  if (party.email === '') warn('no_email', "The client's invoiceData has no email: nobody gets the invoice.")
  for (const text of printedNames(client, invoice)) {
    const letters = unprintableLetters(text, invoice.language)
    if (letters.length === 0) continue
    warn('unprintable_name', `No font prints ${letters.join(' ')} of "${text}": question marks stand for it.`)
  }
  for (const { pointer, detail } of unrepresentable(client, invoice)) {
    warn('e_invoice_incomplete', `${pointer} ${detail}`)
  }
  return warnings
}

/** Who has chosen no profile may not need an e-invoice at all. */
function unrepresentable({ eInvoiceProfile, brand, party }: InvoicedClient, invoice: InvoiceWithLines) {
  if (eInvoiceProfile === null || invoice.lines.length === 0) return []
  const buyer = invoicedBuyer(party, invoice.terms)
  return findUnrepresentable({ invoice, seller: brand.party, buyer }, eInvoiceProfile)
}

/** Each once. */
function printedNames({ brand, party }: InvoicedClient, invoice: InvoiceWithLines): Set<string> {
  return new Set([
    ...Object.values(brand.party),
    ...Object.values(party),
    ...invoice.lines.flatMap((line) => [line.description, ...line.taxes.map(({ name }) => name)]),
  ])
}
