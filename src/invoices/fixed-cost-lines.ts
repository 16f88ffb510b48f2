/**
 * Which lines do fixed costs make? Quantity × price, and where the price is a month's, by the share of days.
 *
 * A share is exact until the line's one rounding: 10 of 31 days at 31.00 is 10.00. The printed quantity keeps
 * ten decimals.
 */
import { type Decimal, roundAmount } from '../money.ts'
import type { InvoiceLine, LineTax, Period } from './invoice.ts'
import { monthsOf, overlapOf } from './prorate.ts'

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
  { period, digits }: { period: Period; digits: number },
): InvoiceLine[] {
  const lines: InvoiceLine[] = []
  for (const item of items) {
    const days = overlapOf({ from: item.days?.from ?? period.from, to: item.days?.to ?? period.to }, period)
    if (!days || item.quantity.isZero()) continue
    const quantity = item.prorate ? item.quantity.times(monthsOf(days)) : item.quantity
    lines.push({
      kind: 'fixed-cost',
      description: item.name,
      quantity: roundAmount(quantity, { mode: 'half-up', decimals: 10 }),
      unitPrice: item.price,
      net: roundAmount(quantity.times(item.price), { mode: 'half-up', decimals: digits }),
      taxes: item.taxes,
      calls: null,
      creditsIndex: null,
    })
  }
  return lines
}
