/**
 * The invoice as a European e-invoice: EN 16931 in a profile and a syntax, from the same rows as the PDF.
 *
 * Throws `Conflict` for a draft, `Unprocessable` (`invoice_not_representable`) with the place and the rule for what the profile
 * has no words for.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Conflict, Unprocessable } from '../errors.ts'
import { writeCii } from './e-invoice/cii.ts'
import { eInvoiceTerms } from './e-invoice/e-invoice-terms.ts'
import { findCiiFaults, findUnrepresentable } from './e-invoice/find-unrepresentable.ts'
import { type EInvoiceProfile, profileNames } from './e-invoice/profiles.ts'
import { writeUbl } from './e-invoice/ubl.ts'
import type { InvoiceDocument } from './invoice-document.ts'

const syntaxes = { ubl: writeUbl, cii: writeCii } as const

export interface XmlOptions {
  profile?: EInvoiceProfile
  syntax?: keyof typeof syntaxes
}

/** Others have their turn between its pieces: 5,000 lines take a tenth of a second. */
export async function renderInvoiceXml(document: InvoiceDocument, options: XmlOptions = {}): Promise<string> {
  let xml = ''
  for (const piece of writeInvoiceXml(document, options)) {
    xml += piece
    await nextTurn()
  }
  return xml
}

/** Checked at once, written piece by piece. */
export function writeInvoiceXml(
  document: InvoiceDocument,
  { profile = 'en16931', syntax = 'ubl' }: XmlOptions = {},
): Iterable<string> {
  const { invoice } = document
  if (invoice.issueDay === null || invoice.number === null) {
    throw new Conflict('invoice_not_issued', 'A draft has no e-invoice: issue it first.')
  }
  const faults = [
    ...findUnrepresentable(document, profile),
    ...(syntax === 'cii' ? findCiiFaults(document) : []),
  ]
  if (faults.length > 0) {
    const detail = `This invoice cannot be written as ${profileNames[profile]}.`
    throw new Unprocessable('invoice_not_representable', detail, faults)
  }
  return syntaxes[syntax](eInvoiceTerms(document, profile))
}
