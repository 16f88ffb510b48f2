/**
 * Which groups do the taxes of lines make? One per category, rate and ground: an exemption by another law is another
 * group, a tax of another name is not. A group has the name of each tax in it, and its base is each line's net once,
 * however many of its taxes the line bears.
 */
import { roundAmount, zero } from '../money.ts'
import type { InvoiceLine, LineTax, TaxGroup } from './invoice.ts'

/**
 * On the sum of the rounded nets, half up to the currency's digits (EN 16931, BR-CO-17): three lines of 0.03 at 21 %
 * bear 0.02, not three times 0.01.
 */
export function taxGroups(lines: readonly Pick<InvoiceLine, 'net' | 'taxes'>[], digits: number): TaxGroup[] {
  const groups: TaxGroups = new Map()
  const taxed = new Map<string, TaxGroup['base']>()
  for (const { net, taxes } of lines) {
    addToGroups(groups, { base: net, taxes })
    for (const tax of taxes) taxed.set(taxKey(tax), (taxed.get(taxKey(tax)) ?? zero).plus(net))
  }
  for (const [key, group] of groups) {
    // A line that bears two taxes of a group pays both, on one base.
    const charged = (taxed.get(key) ?? zero).times(group.rate).div(100)
    group.amount = roundAmount(charged, { mode: 'half-up', decimals: digits })
  }
  return inOrder(groups)
}

/** Groups in the making, by `taxKey`; a name may have a comma of its own. */
export type TaxGroups = Map<string, TaxGroup & { names: Set<string> }>

/** Adds what lines with these taxes come to; the amounts of the groups are left to the caller. */
export function addToGroups(
  groups: TaxGroups,
  { base, taxes }: { base: TaxGroup['base']; taxes: readonly LineTax[] },
): void {
  const counted = new Set<string>()
  for (const tax of taxes) {
    const key = taxKey(tax)
    const group = groups.get(key) ?? { ...tax, base: zero, amount: zero, names: new Set() }
    if (!counted.has(key)) group.base = group.base.plus(base)
    group.names.add(tax.name)
    counted.add(key)
    groups.set(key, group)
  }
}

export function inOrder(groups: TaxGroups): TaxGroup[] {
  const named = [...groups.values()].map(({ names, ...group }) => ({ ...group, name: [...names].join(', ') }))
  return named.sort(
    (one, other) =>
      one.category.localeCompare(other.category) ||
      other.rate.comparedTo(one.rate) ||
      (one.reason ?? '').localeCompare(other.reason ?? ''),
  )
}

export function taxKey(tax: Pick<LineTax, 'category' | 'rate' | 'reason'>): string {
  return `${tax.category} ${tax.rate.toFixed()} ${tax.reason ?? ''}`
}

/** One text for the set of taxes that a line bears. */
export function taxesKey(taxes: readonly LineTax[]): string {
  return taxes.map(taxKey).sort().join('+')
}
