/**
 * Taxes of an invoice as JSON, with their numbers as text.
 */
import type { LineTax } from '../../invoices/invoice.ts'
import { Decimal, formatAmount } from '../../money.ts'

export interface WrittenTax {
  category: LineTax['category']
  rate: string
  name: string
  reason: string | null
  reasonCode?: string
}

export function writeTax({ category, rate, name, reason, reasonCode }: LineTax): WrittenTax {
  return { category, rate: formatAmount(rate), name, reason, ...(reasonCode !== undefined && { reasonCode }) }
}

export function readTax(written: WrittenTax): LineTax {
  return { ...written, rate: new Decimal(written.rate) }
}
