/**
 * Which lines do fixed costs make? Quantity × price, and where the price is a month's, by the share of days.
 *
 * A share is exact until the line's one rounding: 10 of 31 days at 31.00 is 10.00. The printed quantity keeps
 * ten decimals.
 */
import { type Decimal, roundAmount } from '../money.ts'
import type { LineTax, Period } from './invoice.ts'
import type { PricedLine } from './priced-line.ts'
import { countMonths, intersect } from './prorate.ts'

export interface FixedCostItem {
  name: string
  price: Decimal
  quantity: Decimal
  prorate: boolean
  /** Days on which the client had it; null: the whole period. */
  days: Partial<Period> | null
  taxes: readonly LineTax[]
}

export function fixedCostLines(
  items: readonly FixedCostItem[],
  { period, monthsFrom }: { period: Period; monthsFrom: string },
): PricedLine[] {
  const lines: PricedLine[] = []
  for (const item of items) {
    const days = intersect({ from: item.days?.from ?? period.from, to: item.days?.to ?? period.to }, period)
    if (!days || item.quantity.isZero()) continue
    const quantity = item.prorate ? item.quantity.times(countMonths(days, monthsFrom)) : item.quantity
    lines.push({
      kind: 'fixed-cost',
      description: item.name,
      quantity: roundAmount(quantity, { mode: 'half-up', decimals: 10 }),
      unitPrice: item.price,
      // A third of a cent has no end in decimals: what is a tie of the rounding must be one.
      price: roundAmount(quantity.times(item.price), { mode: 'half-up', decimals: 20 }),
      taxes: item.taxes,
      calls: null,
      creditsIndex: null,
      correctsInvoiceId: null,
    })
  }
  return lines
}
