/**
 * What does an invoice come to? Its period becomes lines, corrections of earlier ones are added, lines become taxes, and
 * all of it the total: each line rounded once, each tax once, nothing else, so that what is printed adds up.
 */
import { currencyDigits, type Decimal } from '../money.ts'
import type { Discount } from './discount-lines.ts'
import { type FixedCostItem, fixedCostLines } from './fixed-cost-lines.ts'
import type { CallSums, InvoiceSums, LineTax, Period } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import { periodLines } from './period-lines.ts'
import type { PricedLine, PriceTerms } from './priced-line.ts'
import { countMonths } from './prorate.ts'
import { countedAmount, sumUp } from './sum-up.ts'

export interface InvoiceParts {
  currency: string
  period: Period
  /** The day that its months are counted from. */
  monthsFrom: string
  /** Whether all prices here are gross. */
  includesTax: boolean
  callSums: readonly CallSums[]
  fixedCosts: readonly FixedCostItem[]
  /** Of allowances. Left out: none. */
  fees?: readonly PricedLine[]
  discounts: readonly Discount[]
  /** Of a whole month; parts of a month by days. null: none. */
  minimumMonthlyAmount: Decimal | null
  /** Of calls and of the minimum. */
  taxes: readonly LineTax[]
  /** Lines that correct earlier invoices. */
  corrections: readonly PricedLine[]
  texts: InvoiceTexts
}

export function composeInvoice(parts: InvoiceParts): InvoiceSums {
  const terms = { includesTax: parts.includesTax, digits: currencyDigits(parts.currency) }
  const lines = periodLines({
    ...terms,
    callSums: parts.callSums,
    fixedCosts: [...(parts.fees ?? []), ...fixedCostLines(parts.fixedCosts, parts)],
    discounts: parts.discounts,
    minimum: prorateMinimum(parts, terms),
    taxes: parts.taxes,
    texts: parts.texts,
  })
  return sumUp([...lines, ...parts.corrections], terms)
}

export function prorateMinimum(
  {
    minimumMonthlyAmount,
    period,
    monthsFrom,
  }: Pick<InvoiceParts, 'minimumMonthlyAmount' | 'period' | 'monthsFrom'>,
  terms: PriceTerms,
): Decimal | null {
  if (minimumMonthlyAmount === null) return null
  // Twenty decimals first: a third of a month has no end, and what is a tie of the rounding must be one.
  const exact = minimumMonthlyAmount.times(countMonths(period, monthsFrom)).toDecimalPlaces(20)
  return countedAmount(exact, terms)
}
