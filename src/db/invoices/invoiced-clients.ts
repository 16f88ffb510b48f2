/**
 * What an invoice needs to know of a client and its brand, as it stands in the issuing transaction.
 */
import type { Party } from '../../invoices/invoice.ts'
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
  party: Party
  brand: { timeZone: string; logo: string | null; party: Party; paymentReceipts: boolean }
}

type PartyFields = Partial<Record<'legalName' | 'postalAddress' | keyof Party, string | null>>

export async function findInvoicedClient(tx: Sql, clientId: string): Promise<InvoicedClient | undefined> {
  const [row] = await tx`
    select c.id, c.brand_id, c.name, c.features, c.billing_method, c.currency, c.language, c.time_zone, c.max_calls,
           c.tax_ids, c.invoice_data, c.country_code, b.name as brand_name, b.issuer, b.logo,
           b.time_zone as brand_time_zone, b.payment_receipts
    from clients c
    join brands b on b.id = c.brand_id
    where c.id = ${clientId}`
  if (!row) return undefined
  const invoiceData = readJson<PartyFields | null>(row.invoice_data)
  const issuer = readJson<PartyFields | null>(row.issuer)
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
    party: partyOf(invoiceData, { name: row.name, country: row.country_code ?? '' }),
    brand: {
      timeZone: row.brand_time_zone,
      logo: row.logo,
      paymentReceipts: row.payment_receipts,
      party: partyOf(issuer, { name: row.brand_name, country: '' }),
    },
  }
}

/** The issuer on documents of the brand. */
export function partyOfBrand(brand: { name: string; issuer: unknown }): Party {
  // Its fields were checked when it was written.
  return partyOf(brand.issuer as PartyFields | null, { name: brand.name, country: '' })
}

function partyOf(fields: PartyFields | null, fallback: { name: string; country: string }): Party {
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
    iban: fields?.iban ?? '',
    bic: fields?.bic ?? '',
    registration: fields?.registration ?? '',
  }
}
