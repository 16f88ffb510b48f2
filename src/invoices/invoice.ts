/**
 * What is an invoice? Its lines, its taxes, its sums, as the stories compute them and the documents show them.
 *
 * Amounts are Decimals in the invoice's currency, days `YYYY-MM-DD` in the client's zone, periods half open.
 * Every `net` and every tax amount is rounded to the currency's digits; unit prices and quantities keep theirs.
 */
import type { Decimal } from '../money.ts'

/**
 * UNCL5305: standard, zero rated, exempt, reverse charge, within the Union, export, outside the scope of VAT, IGIC of the
 * Canary Islands, IPSI of Ceuta and Melilla.
 */
export const taxCategories = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M'] as const
export type TaxCategory = (typeof taxCategories)[number]
/** Of all others the rate is 0. */
export const categoriesWithRate: readonly TaxCategory[] = ['S', 'L', 'M']

export interface LineTax {
  category: TaxCategory
  /** Percent; 0 for every category but those `categoriesWithRate`. */
  rate: Decimal
  name: string
  /** Why nothing is charged, as printed. */
  reason: string | null
  /** The same as a code of the list VATEX, where the tax has one. */
  reasonCode?: string
}

/** Taxes of one category, rate and ground; `name` has the name of each. */
export interface TaxGroup extends LineTax {
  /** Sum of the nets it is charged on, each once. */
  base: Decimal
  amount: Decimal
}

const lineKinds = ['calls', 'earlier-calls', 'correction', 'fixed-cost', 'discount', 'minimum'] as const
export type LineKind = (typeof lineKinds)[number]

/** Priced calls of one direction to one destination, as the rollup rows sum them. */
export interface CallSums {
  destination: string
  /** They came in: the destination is that of the client's own number. */
  isInbound: boolean
  /** They were answered before the period. */
  isEarlier: boolean
  calls: number
  durationSeconds: number
  billedSeconds: number
  /** Exact: not rounded. */
  amount: Decimal
  firstDay: string
  lastDay: string
}

export interface InvoiceLine {
  kind: LineKind
  description: string
  quantity: Decimal
  unitPrice: Decimal
  net: Decimal
  /** The first is the line's category in documents; none: outside the scope of tax. */
  taxes: readonly LineTax[]
  /** Of call lines alone. */
  calls: CallSums | null
  /** Of a credit note: index of the line it takes back. */
  creditsIndex: number | null
  /** The invoice whose calls changed, where the line gives back or charges the difference at its terms. */
  correctsInvoiceId: string | null
  /** With its tax, before rounding, where prices include it; null where they do not. */
  gross: Decimal | null
}

export interface InvoiceSums {
  lines: readonly InvoiceLine[]
  taxes: readonly TaxGroup[]
  net: Decimal
  tax: Decimal
  total: Decimal
  /** Exact prices of the calls behind the lines: what the balance has paid already. */
  callsAmount: Decimal
}

/** Half open: `to` is the first day after it. */
export interface Period {
  from: string
  to: string
}

/** What stands on a document for one of its two parties; empty text where nothing is known. */
export interface Party {
  name: string
  taxId: string
  address: string
  postalCode: string
  town: string
  province: string
  /** ISO 3166 alpha-2. */
  country: string
  email: string
  phone: string
  iban: string
  bic: string
  registration: string
  contactName: string
  /** Where networks of e-invoices deliver to: a code of the list EAS, and the address in it. */
  endpointScheme: string
  endpointValue: string
  /** Of the seller that collects by SEPA direct debit. */
  creditorId: string
  /** Of the buyer: its mandate, by which `iban` is debited. */
  mandateId: string
  /** Of the buyer: what it wants to find on its invoices. */
  buyerReference: string
  purchaseOrder: string
}

export type StoredStatus = 'draft' | 'issued' | 'paid' | 'credited'
export type InvoiceStatus = StoredStatus | 'overdue'
export type InvoiceKind = 'invoice' | 'credit-note'
