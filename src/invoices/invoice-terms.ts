/**
 * What was asked for when an invoice was drafted, as it is kept with the invoice and with a schedule.
 *
 * Plain JSON: amounts and quantities are decimal text, so that what was asked can be read and computed again.
 */
export interface InvoiceTerms {
  /** null: the client's. */
  taxIds: string[] | null
  fixedCosts: FixedCostTerm[]
  discounts: DiscountTerm[]
  dueDays: number
  /** Whether calls that still run block the issue, or come on the next invoice. */
  runningCalls: 'block' | 'next'
  /** Of a whole month, in the terms of the client's prices; null: none. */
  minimumMonthlyAmount: string | null
  /** null: the brand's default, or the built-in one. */
  templateId: string | null
  /** Instead of the client's; absent or null: the client's. */
  buyerReference?: string | null
  purchaseOrder?: string | null
  /** First day of the schedule whose months these are; absent: months begin with the period. */
  monthsFrom?: string
}

export interface FixedCostTerm {
  fixedCostId: string
  /** null: one, or by the fixed cost's rule. */
  quantity: string | null
  /** Days on which the client had it, where not the whole period. */
  from: string | null
  to: string | null
  /** Instead of the fixed cost's own tax. */
  taxId: string | null
}

export type DiscountTerm =
  | { description: string; percent: string; amount: null }
  | { description: string; percent: null; amount: string }

export const defaultDueDays = 30

export const noTerms: InvoiceTerms = {
  taxIds: null,
  fixedCosts: [],
  discounts: [],
  dueDays: defaultDueDays,
  runningCalls: 'block',
  minimumMonthlyAmount: null,
  templateId: null,
}
