/**
 * What does an invoice come to? Calls, fixed costs, discounts and the minimum become lines, lines become taxes,
 * and both become the total: each line rounded once, each tax once, nothing else, so that what is printed adds up.
 *
 * The order matters: discounts apply to calls and fixed costs, and the minimum lifts what is left.
 */
import { currencyDigits, Decimal, roundAmount, zero } from '../money.ts'
import { callLines } from './call-lines.ts'
import { type Discount, discountLines } from './discount-lines.ts'
import { type FixedCostItem, fixedCostLines } from './fixed-cost-lines.ts'
import type { CallSums, InvoiceLine, InvoiceSums, LineTax, Period } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import { monthsOf } from './prorate.ts'
import { taxGroups } from './tax-groups.ts'

export interface InvoiceParts {
  currency: string
  period: Period
  callSums: readonly CallSums[]
  fixedCosts: readonly FixedCostItem[]
  discounts: readonly Discount[]
  /** Net of a whole month; parts of a month by days. null: none. */
  minimumMonthlyAmount: Decimal | null
  /** Of calls and of the minimum. */
  taxes: readonly LineTax[]
  texts: InvoiceTexts
}

export function composeInvoice(parts: InvoiceParts): InvoiceSums {
  const digits = currencyDigits(parts.currency)
  const { period, taxes, texts } = parts
  const charged = [
    ...callLines(parts.callSums, { taxes, digits, texts }),
    ...fixedCostLines(parts.fixedCosts, { period, digits }),
  ]
  const lines = [...charged, ...discountLines(parts.discounts, charged, digits)]
  const lift = minimumLine(parts, lines, digits)
  if (lift) lines.push(lift)
  return sumUp(lines, digits)
}

/** Sums of lines that are complete, for credit notes too. */
export function sumUp(lines: readonly InvoiceLine[], digits: number): InvoiceSums {
  const taxes = taxGroups(lines, digits)
  const net = lines.reduce((sum, line) => sum.plus(line.net), zero)
  const tax = taxes.reduce((sum, group) => sum.plus(group.amount), zero)
  const callsAmount = lines.reduce((sum, line) => sum.plus(line.calls?.amount ?? 0), zero)
  return { lines, taxes, net, tax, total: net.plus(tax), callsAmount }
}

function minimumLine(
  { minimumMonthlyAmount, period, taxes, texts }: InvoiceParts,
  lines: readonly InvoiceLine[],
  digits: number,
): InvoiceLine | undefined {
  if (minimumMonthlyAmount === null) return undefined
  const minimum = roundAmount(minimumMonthlyAmount.times(monthsOf(period)), {
    mode: 'half-up',
    decimals: digits,
  })
  const missing = minimum.minus(lines.reduce((sum, line) => sum.plus(line.net), zero))
  if (!missing.gt(0)) return undefined
  return {
    kind: 'minimum',
    description: texts.minimum(minimum),
    quantity: new Decimal(1),
    unitPrice: missing,
    net: missing,
    taxes,
    calls: null,
    creditsIndex: null,
  }
}
