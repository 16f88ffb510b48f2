/**
 * A line before its tax is known: what it costs in the terms that the client's prices are in, with tax or without.
 */
import type { Decimal } from '../money.ts'
import type { InvoiceLine } from './invoice.ts'

export interface PricedLine extends Omit<InvoiceLine, 'net' | 'gross'> {
  /** Exact: not rounded. */
  price: Decimal
}

/** Whether the client's prices are net or gross, and how many decimals its currency has. */
export interface PriceTerms {
  includesTax: boolean
  digits: number
}
