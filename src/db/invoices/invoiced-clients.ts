/**
 * What an invoice needs to know of a client and its brand, as it stands in the issuing transaction.
 */
import type { EInvoiceProfile } from '../../invoices/e-invoice/profiles.ts'
import type { Party } from '../../invoices/invoice.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { brandParty, clientParty, type PartyFields } from './parties.ts'

export interface InvoicedClient {
  id: string
  brandId: string
  name: string
  features: readonly string[]
  billingMethod: string
  currency: string
  language: string
  timeZone: string
  maxCalls: number
  taxIds: readonly string[]
  pricesIncludeTax: boolean
  /** Its own, else its brand's; null: neither has chosen one. */
  eInvoiceProfile: EInvoiceProfile | null
  party: Party
  /** The party's name is a legal one, not merely the client's. */
  hasLegalName: boolean
  brand: {
    timeZone: string
    logo: string | null
    party: Party
    issueOnlyWhenReady: boolean
    paymentReceipts: boolean
    /** Where calls are corrected that changed after their invoice: on the next one, or on notes issued with it. */
    corrections: 'invoice' | 'credit-note'
    /** null: the series of the invoice that a note corrects. */
    creditNoteSequenceId: string | null
  }
}

export async function findInvoicedClient(tx: Sql, clientId: string): Promise<InvoicedClient | undefined> {
  const [row] = await tx`
    select c.id, c.brand_id, c.name, c.features, c.billing_method, c.currency, c.language, c.time_zone, c.max_calls,
           c.tax_ids, c.prices_include_tax, c.invoice_data, c.country_code, c.direct_debit,
           coalesce(c.e_invoice_profile, b.e_invoice_profile) as e_invoice_profile, b.name as brand_name, b.issuer, b.logo,
           b.time_zone as brand_time_zone, b.issue_only_when_ready, b.corrections, b.credit_note_sequence_id,
           b.payment_receipts
    from clients c
    join brands b on b.id = c.brand_id
    where c.id = ${clientId}`
  if (!row) return undefined
  const invoiceData = readJson<PartyFields | null>(row.invoice_data)
  const seller = brandParty({ name: row.brand_name, issuer: readJson(row.issuer) })
  return {
    id: row.id,
    brandId: row.brand_id,
    name: row.name,
    features: row.features,
    billingMethod: row.billing_method,
    currency: row.currency,
    language: row.language,
    timeZone: row.time_zone,
    maxCalls: row.max_calls,
    taxIds: row.tax_ids,
    pricesIncludeTax: row.prices_include_tax,
    eInvoiceProfile: row.e_invoice_profile,
    party: clientParty({
      name: row.name,
      countryCode: row.country_code,
      invoiceData,
      directDebit: readJson(row.direct_debit),
    }),
    hasLegalName: Boolean(invoiceData?.legalName),
    brand: {
      timeZone: row.brand_time_zone,
      issueOnlyWhenReady: row.issue_only_when_ready,
      logo: row.logo,
      party: seller,
      paymentReceipts: row.payment_receipts,
      // Spanish law corrects an invoice by a document of its own (RD 1619/2012, article 15).
      corrections: seller.country === 'ES' ? 'credit-note' : row.corrections,
      creditNoteSequenceId: row.credit_note_sequence_id,
    },
  }
}

/** The client's, else its brand's; null: neither has chosen one. */
export async function findEInvoiceProfile(tx: Sql, clientId: string): Promise<EInvoiceProfile | null> {
  const [row] = await tx`
    select coalesce(c.e_invoice_profile, b.e_invoice_profile) as profile
    from clients c
    join brands b on b.id = c.brand_id
    where c.id = ${clientId}`
  return row?.profile ?? null
}
