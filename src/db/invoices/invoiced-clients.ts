/**
 * What an invoice needs to know of a client and its brand, as it stands in the issuing transaction.
 */
import type { Party } from '../../invoices/invoice.ts'
import { readIban } from '../../registers/bank-account.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

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

type PartyFields = Partial<Record<'legalName' | 'postalAddress' | keyof Party, string | null>>

export async function findInvoicedClient(tx: Sql, clientId: string): Promise<InvoicedClient | undefined> {
  const [row] = await tx`
    select c.id, c.brand_id, c.name, c.features, c.billing_method, c.currency, c.language, c.time_zone, c.max_calls,
           c.tax_ids, c.prices_include_tax, c.invoice_data, c.country_code, b.name as brand_name, b.issuer, b.logo,
           b.time_zone as brand_time_zone, b.issue_only_when_ready, b.corrections, b.credit_note_sequence_id,
           b.payment_receipts
    from clients c
    join brands b on b.id = c.brand_id
    where c.id = ${clientId}`
  if (!row) return undefined
  const invoiceData = readJson<PartyFields | null>(row.invoice_data)
  const issuer = readJson<PartyFields | null>(row.issuer)
  const seller = toParty(issuer, { name: row.brand_name, country: '' })
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
    party: toParty(invoiceData, { name: row.name, country: row.country_code ?? '' }),
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

/** The issuer on documents of the brand. */
export function brandParty(brand: { name: string; issuer: unknown }): Party {
  // Its fields were checked when it was written.
  return toParty(brand.issuer as PartyFields | null, { name: brand.name, country: '' })
}

function toParty(fields: PartyFields | null, fallback: { name: string; country: string }): Party {
  return {
    name: fields?.legalName || fallback.name,
    taxId: fields?.taxId ?? '',
    address: fields?.postalAddress ?? '',
    postalCode: fields?.postalCode ?? '',
    town: fields?.town ?? '',
    province: fields?.province ?? '',
    country: fields?.country || fallback.country,
    email: fields?.email ?? '',
    phone: fields?.phone ?? '',
    // One that was kept before accounts were checked is no account to be paid to.
    iban: readIban(fields?.iban ?? '') ?? '',
    bic: fields?.bic ?? '',
    registration: fields?.registration ?? '',
  }
}
