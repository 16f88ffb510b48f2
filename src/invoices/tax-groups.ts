/**
 * What tax do these lines bear? Per category and rate, on the sum of the rounded nets, half up to the currency's
 * digits (EN 16931, BR-CO-17): three lines of 0.03 at 21 % bear 0.02, not three times 0.01.
 */
import { roundAmount, zero } from '../money.ts'
import type { InvoiceLine, LineTax, TaxGroup } from './invoice.ts'

export function taxGroups(lines: readonly Pick<InvoiceLine, 'net' | 'taxes'>[], digits: number): TaxGroup[] {
  const groups = new Map<string, TaxGroup>()
  for (const { net, taxes } of lines) {
    for (const tax of taxes) {
      const key = taxKey(tax)
      const group = groups.get(key) ?? { ...tax, base: zero, amount: zero }
      group.base = group.base.plus(net)
      groups.set(key, group)
    }
  }
  for (const group of groups.values()) {
    group.amount = roundAmount(group.base.times(group.rate).div(100), { mode: 'half-up', decimals: digits })
  }
  return [...groups.values()].sort(
    (one, other) => one.category.localeCompare(other.category) || other.rate.comparedTo(one.rate),
  )
}

export function taxKey(tax: Pick<LineTax, 'category' | 'rate'>): string {
  return `${tax.category} ${tax.rate.toFixed()}`
}

/** One text for the set of taxes that a line bears. */
export function taxesKey(taxes: readonly LineTax[]): string {
  return taxes.map(taxKey).sort().join('+')
}
