/**
 * Which lines does a period make? Calls and fixed costs, what discounts take off them, and what is missing to the
 * minimum: in this order, since discounts apply to calls and fixed costs, and the minimum lifts what is left.
 *
 * The minimum is measured on the period itself: calls of earlier days count for their own.
 */
import { groupBy } from '../group-by.ts'
import { Decimal, roundAmount, zero } from '../money.ts'
import { callLines } from './call-lines.ts'
import { type Discount, discountLines, discountShares } from './discount-lines.ts'
import type { CallSums, LineTax } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import type { PricedLine, PriceTerms } from './priced-line.ts'
import { countedPrice } from './sum-up.ts'
import { taxesKey } from './tax-groups.ts'

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
  const counted = lines.map((line) => ({ ...line, amount: countedPrice(line, terms) }))
  const shares = discountShares(counted, terms.digits)
  const own = counted
    .map(({ amount, ...line }, i) => ({ ...line, cost: amount.minus(shares[i] ?? 0) }))
    .filter(({ kind }) => kind === 'calls' || kind === 'fixed-cost')
  let sum = zero
  for (const set of groupBy(own, ({ taxes }) => taxesKey(taxes)).values()) {
    const cost = set.reduce((total, line) => total.plus(line.cost), zero)
    sum = sum.plus(roundAmount(cost, { mode: 'half-up', decimals: terms.digits }))
  }
  return sum
}

function minimumLine({ taxes, texts, minimum }: PeriodParts, missing: Decimal): PricedLine {
  return {
    kind: 'minimum',
    description: texts.minimum(minimum ?? missing),
    quantity: new Decimal(1),
    unitPrice: missing,
    price: missing,
    taxes,
    calls: null,
    creditsIndex: null,
    correctsInvoiceId: null,
  }
}
