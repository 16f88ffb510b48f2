/**
 * Which lines does a period make? Calls and fixed costs, what discounts take off them, and what is missing to the
 * minimum: in this order, since discounts apply to calls and fixed costs, and the minimum lifts what is left.
 *
 * The minimum is measured on the period itself: calls of earlier days count for their own.
 */
import { Decimal, roundAmount, zero } from '../money.ts'
import { callLines } from './call-lines.ts'
import { type Discount, discountLines, discountShares } from './discount-lines.ts'
import type { CallSums, LineTax } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import type { PricedLine, PriceTerms } from './priced-line.ts'
import { countedAmount } from './sum-up.ts'

export interface PeriodParts extends PriceTerms {
  callSums: readonly CallSums[]
  fixedCosts: readonly PricedLine[]
  discounts: readonly Discount[]
  /** Of the period; null: none. */
  minimum: Decimal | null
  /** Of calls and of the minimum. */
  taxes: readonly LineTax[]
  texts: InvoiceTexts
}

export function periodLines(parts: PeriodParts): PricedLine[] {
  const charged = [...callLines(parts.callSums, parts), ...parts.fixedCosts]
  const lines = [...charged, ...discountLines(parts.discounts, charged, parts)]
  const missing = parts.minimum?.minus(ownSum(lines, parts)) ?? zero
  return missing.gt(0) ? [...lines, minimumLine(parts, missing)] : lines
}

/** What the period came to, without calls of earlier days and without their share of the discounts. */
function ownSum(lines: readonly PricedLine[], terms: PriceTerms): Decimal {
  const counted = lines.map((line) => ({ ...line, amount: countedAmount(line.price, terms) }))
  const shares = discountShares(counted, terms)
  return counted.reduce(
    (sum, { kind, amount }, i) =>
      kind === 'calls' || kind === 'fixed-cost' ? sum.plus(amount).minus(shares[i] ?? 0) : sum,
    zero,
  )
}

function minimumLine({ taxes, texts, minimum, digits }: PeriodParts, missing: Decimal): PricedLine {
  return {
    kind: 'minimum',
    description: texts.minimum(minimum ?? missing),
    quantity: new Decimal(1),
    unitPrice: roundAmount(missing, { mode: 'half-up', decimals: digits }),
    price: missing,
    taxes,
    calls: null,
    creditsIndex: null,
    correctsInvoiceId: null,
  }
}
