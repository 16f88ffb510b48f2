/**
 * What does a credit note give back? What the lines that it names cost, in parts by quantity, at the end exactly the rest.
 *
 * Written from the contract alone ("Crediting by line"), without a line of `src/`.
 */
import {
  compare,
  type Fraction,
  isZero,
  max,
  min,
  minus,
  negated,
  over,
  plus,
  roundTo,
  sign,
  times,
  zero,
} from './fraction.ts'
import type { NaiveInvoice } from './naive-books.ts'
import { byTaxSet, groupKey, type Line, type Sums, sumUp, taxSetOf, type Ways } from './naive-invoice.ts'

export interface NoteRequest {
  /** null: all that is left. */
  lines: readonly { index: number; quantity: Fraction | null }[] | null
  rebill: boolean | null
}

export interface NaiveNote extends Sums {
  /** Lines of the invoice that this note alone credits, and whole. */
  whole: Set<number>
}

/** What notes have given back of an invoice until now. */
export interface Credited {
  quantities: Fraction[]
  costs: Fraction[]
  /** By what notes sum up to: a group of taxes, or a set where prices include them. */
  bases: Map<string, Fraction>
  taxes: Map<string, Fraction>
}

/** Takes down what is given back. */
export function noteOf(ways: Ways, invoice: NaiveInvoice, { lines }: NoteRequest): NaiveNote {
  const { credited } = invoice
  const whole = new Set<number>()
  const given: Omit<Line, 'net'>[] = []
  for (const { index, quantity } of lines ??
    invoice.lines.map((_, place) => ({ index: place, quantity: null }))) {
    const line = invoice.lines[index]
    const left = leftOf(invoice, index)
    if (!line || line.kind === 'discount' || isZero(left)) continue
    const taken = quantity ?? left
    const cost = invoice.costs[index] ?? zero
    const rest = minus(cost, credited.costs[index] ?? zero)
    const exact = times(cost, over(taken, line.quantity))
    const part = ways.pricesIncludeTax ? exact : roundTo(exact, ways.digits)
    const back = compare(taken, left) === 0 ? rest : sign(cost) < 0 ? max(rest, part) : min(rest, part)
    if (compare(taken, line.quantity) === 0) whole.add(index)
    credited.quantities[index] = plus(credited.quantities[index] ?? zero, taken)
    credited.costs[index] = plus(credited.costs[index] ?? zero, back)
    given.push({ ...line, quantity: negated(taken), amount: negated(back), parts: [] })
  }
  return { ...(ways.pricesIncludeTax ? takenOut(ways, invoice, given) : onTop(ways, invoice, given)), whole }
}

export const leftOf = ({ lines, credited }: NaiveInvoice, index: number): Fraction =>
  minus(lines[index]?.quantity ?? zero, credited.quantities[index] ?? zero)

/** Whether nothing is left of the lines that `isMeant` means. */
export const isUsedUp = (invoice: NaiveInvoice, isMeant: (line: Line) => boolean = () => true): boolean =>
  invoice.lines.every(
    (line, index) => line.kind === 'discount' || !isMeant(line) || isZero(leftOf(invoice, index)),
  )

/** Tax on what the lines cost, never more than is left; where no line of a group is left, exactly the rest. */
function onTop(ways: Ways, invoice: NaiveInvoice, given: readonly Omit<Line, 'net'>[]): Sums {
  const sums = sumUp(ways, given)
  const { taxes } = invoice.credited
  for (const group of sums.taxes) {
    const key = groupKey(group)
    const all = invoice.taxes.find((other) => groupKey(other) === key)?.amount ?? zero
    const rest = negated(minus(all, taxes.get(key) ?? zero))
    const isLast = isUsedUp(invoice, (line) => line.taxes.some((tax) => groupKey(tax) === key))
    group.amount = isLast ? rest : sign(rest) > 0 ? min(group.amount, rest) : max(group.amount, rest)
    taxes.set(key, minus(taxes.get(key) ?? zero, group.amount))
  }
  return withTotals(sums)
}

/** Tax taken out of what the lines of a set cost together; where none of them is left, exactly the rest. */
function takenOut(ways: Ways, invoice: NaiveInvoice, given: readonly Omit<Line, 'net'>[]): Sums {
  const { bases, taxes } = invoice.credited
  const parts = byTaxSet(given).map((set) => {
    const key = taxSetOf(set[0]?.taxes ?? [])
    const sums = sumUp(ways, set)
    const ofSet = sumUp(
      ways,
      invoice.lines.filter((line) => taxSetOf(line.taxes) === key),
    )
    if (isUsedUp(invoice, (line) => taxSetOf(line.taxes) === key)) {
      const net = negated(minus(ofSet.net, bases.get(key) ?? zero))
      const line = sums.lines.reduce((a, b) => (compare(b.amount, a.amount) < 0 ? b : a))
      line.net = plus(line.net, minus(net, sums.net))
      for (const group of sums.taxes) {
        const all = ofSet.taxes.find((other) => groupKey(other) === groupKey(group))?.amount ?? zero
        group.base = net
        group.amount = negated(minus(all, taxes.get(`${key}: ${groupKey(group)}`) ?? zero))
      }
      sums.net = net
    }
    bases.set(key, minus(bases.get(key) ?? zero, sums.net))
    for (const group of sums.taxes) {
      const place = `${key}: ${groupKey(group)}`
      taxes.set(place, minus(taxes.get(place) ?? zero, group.amount))
    }
    return sums
  })
  const joined = new Map<string, Sums['taxes'][number]>()
  for (const group of parts.flatMap((part) => part.taxes)) {
    const other = joined.get(groupKey(group))
    joined.set(groupKey(group), {
      ...group,
      base: plus(group.base, other?.base ?? zero),
      amount: plus(group.amount, other?.amount ?? zero),
    })
  }
  return withTotals({ lines: parts.flatMap((part) => part.lines), taxes: [...joined.values()] })
}

function withTotals({ lines, taxes }: Pick<Sums, 'lines' | 'taxes'>): Sums {
  const net = plus(...lines.map((line) => line.net))
  const tax = plus(...taxes.map(({ amount }) => amount))
  return { lines, taxes, net, tax, total: plus(net, tax) }
}
