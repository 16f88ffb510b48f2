/**
 * What does an invoice hold? Lines, taxes and sums, worked out once more and as plainly as can be.
 *
 * Written from the contract alone and shares no code with `src/`, so that the two cannot err alike. Amounts are exact
 * fractions until the one rounding that the contract asks for.
 */
import {
  compare,
  type Fraction,
  isZero,
  min,
  minus,
  negated,
  of,
  one,
  over,
  plus,
  roundTo,
  sign,
  size,
  times,
  zero,
} from './fraction.ts'
import { type Days, monthsOf } from './months.ts'

export interface Tax {
  id: string
  name: string
  category: string
  /** Percent. */
  rate: string
  reason: string | null
}

export interface FixedCost {
  id: string
  name: string
  price: string
  prorate: boolean
  /** null: bears the invoice's taxes. */
  tax: Tax | null
}

export type Discount = { percent: string } | { amount: string }

export interface Terms {
  period: Days
  taxes: readonly Tax[]
  fixedCosts: readonly { cost: FixedCost; quantity: string; span: Days | null }[]
  discounts: readonly Discount[]
  /** For a month. */
  minimum: string | null
}

export interface NaiveCall {
  callId: string
  day: string
  destination: string
  /** Received, on a number that an inbound profile prices. */
  isInbound: boolean
  price: Fraction
}

/** A part of a call's price that a line took. */
export interface Part {
  call: NaiveCall
  amount: Fraction
}

export interface Line {
  kind: 'calls' | 'earlier-calls' | 'fixed-cost' | 'discount' | 'minimum' | 'late-calls' | 'correction'
  /** What calls went to or were received on, name of the fixed cost, place of the discount, number of the invoice at whose terms it is. */
  subject: string
  quantity: Fraction
  taxes: readonly Tax[]
  /** Before taxes are taken out and before any rounding that the whole group shares. */
  amount: Fraction
  net: Fraction
  parts: readonly Part[]
}

export interface TaxGroup {
  category: string
  rate: string
  reason: string | null
  base: Fraction
  amount: Fraction
  names: readonly string[]
}

export interface Sums {
  lines: Line[]
  taxes: TaxGroup[]
  net: Fraction
  tax: Fraction
  total: Fraction
}

export interface Ways {
  /** Of the currency. */
  digits: number
  pricesIncludeTax: boolean
}

export type Draft = Omit<Line, 'net'>

/** Where tax is inside, a whole group is rounded once: no line, discount or minimum is rounded before. */
export const chooseRounding =
  ({ digits, pricesIncludeTax }: Ways) =>
  (amount: Fraction): Fraction =>
    pricesIncludeTax ? amount : roundTo(amount, digits)

export function composeInvoice(
  { digits, pricesIncludeTax }: Ways,
  terms: Terms,
  calls: readonly Part[],
  /** Lines at the terms of earlier invoices: neither this one's discounts nor its minimum know of them. */
  corrections: readonly Draft[] = [],
): Sums {
  const once = chooseRounding({ digits, pricesIncludeTax })
  const drafts: Draft[] = [
    ...callLines(terms, calls),
    ...terms.fixedCosts.map(({ cost, quantity, span }) => ({
      kind: 'fixed-cost' as const,
      subject: cost.name,
      quantity: of(quantity),
      taxes: cost.tax ? [cost.tax] : terms.taxes,
      amount: times(
        times(of(quantity), of(cost.price)),
        cost.prorate ? monthsOf(terms.period, span ?? terms.period) : one,
      ),
      parts: [],
    })),
  ].map((line) => ({ ...line, amount: once(line.amount) }))

  const own: Draft[] = [
    ...drafts,
    ...shareDiscounts(terms.discounts, drafts, once).filter(({ amount }) => !isZero(amount)),
  ]
  if (terms.minimum !== null) {
    // Of its own days: without calls of earlier ones, and without their share of the discounts.
    const costs = costsOf(own, once)
    const standing = plus(...costs.filter((_, index) => own[index]?.kind !== 'earlier-calls'))
    const missing = minus(once(times(of(terms.minimum), monthsOf(terms.period))), standing)
    if (sign(missing) > 0)
      own.push({
        kind: 'minimum',
        subject: '',
        quantity: one,
        taxes: terms.taxes,
        amount: missing,
        parts: [],
      })
  }
  return sumUp({ digits, pricesIncludeTax }, [...own, ...corrections])
}

function callLines({ period, taxes }: Terms, calls: readonly Part[]): Draft[] {
  const lines = new Map<string, Draft & { parts: Part[] }>()
  for (const part of calls) {
    const kind = part.call.day < period.from ? 'earlier-calls' : 'calls'
    const { destination, isInbound } = part.call
    const subject = isInbound ? `received ${destination}` : destination
    const line = lines.get(`${kind} ${subject}`) ?? {
      kind,
      subject,
      quantity: zero,
      taxes,
      amount: zero,
      parts: [],
    }
    line.quantity = plus(line.quantity, one)
    line.amount = plus(line.amount, part.amount)
    line.parts.push(part)
    lines.set(`${kind} ${subject}`, line)
  }
  // As documents show them: those of the period first, then by destination. The last takes the rest of a discount.
  return [...lines.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line)
}

const sumOf = (lines: readonly Draft[]): Fraction => plus(...lines.map(({ amount }) => amount))

export const taxSetOf = (taxes: readonly Tax[]): string => taxes.map(({ id }) => id).join(' ')

/** Lines that bear the same taxes, in the order in which they first appear. */
export function byTaxSet<L extends { taxes: readonly Tax[] }>(lines: readonly L[]): L[][] {
  const sets = new Map<string, L[]>()
  for (const line of lines) {
    const key = taxSetOf(line.taxes)
    sets.set(key, [...(sets.get(key) ?? []), line])
  }
  return [...sets.values()]
}

/**
 * A percent of what stands before all discounts, or an amount, together never more than there is, shared by what each
 * set of taxes comes to.
 */
function shareDiscounts(
  discounts: readonly Discount[],
  lines: readonly Draft[],
  once: (amount: Fraction) => Fraction,
) {
  const sets = byTaxSet(lines)
  const standing = sumOf(lines)
  let left = standing
  return discounts.flatMap((discount, index) => {
    const wanted =
      'percent' in discount ? once(times(standing, over(of(discount.percent), of(100)))) : of(discount.amount)
    const whole = min(wanted, left)
    if (sign(whole) <= 0) return []
    left = minus(left, whole)
    return shareOut(whole, sets.map(sumOf), once).map((amount, place) => ({
      kind: 'discount' as const,
      subject: String(index),
      quantity: one,
      taxes: sets[place]?.[0]?.taxes ?? [],
      amount: negated(amount),
      parts: [],
    }))
  })
}

/** What lines cost with their share of the discounts that were computed on them; the last by index takes the rest. */
export function costsOf(lines: readonly Draft[], once: (amount: Fraction) => Fraction): Fraction[] {
  const costs = new Map(lines.map((line) => [line, line.amount]))
  for (const set of byTaxSet(lines)) {
    const bearing = set.filter(
      ({ kind }) => kind === 'calls' || kind === 'earlier-calls' || kind === 'fixed-cost',
    )
    for (const discount of set.filter(({ kind }) => kind === 'discount')) {
      const shares = shareOut(
        discount.amount,
        bearing.map(({ amount }) => amount),
        once,
      )
      for (const [index, line] of bearing.entries())
        costs.set(line, plus(costs.get(line) ?? zero, shares[index] ?? zero))
    }
  }
  return lines.map((line) => (line.kind === 'discount' ? zero : (costs.get(line) ?? zero)))
}

/** Shares of `whole` by weight; the last takes the rest. */
export function shareOut(
  whole: Fraction,
  weights: readonly Fraction[],
  once: (amount: Fraction) => Fraction,
): Fraction[] {
  const sum = plus(...weights)
  let left = whole
  return weights.map((weight, index) => {
    const share = index === weights.length - 1 || isZero(sum) ? left : once(times(whole, over(weight, sum)))
    left = minus(left, share)
    return share
  })
}

/** Tax once for each category, rate and ground, on what the lines are together. */
export function sumUp(ways: Ways, drafts: readonly Draft[]): Sums {
  const lines: Line[] = drafts.map((draft) => ({ ...draft, net: draft.amount }))
  const sets = byTaxSet(lines)
  if (ways.pricesIncludeTax) for (const set of sets) takeTaxOut(ways, set)
  const taxes = ways.pricesIncludeTax ? groupsTakenOut(ways, sets) : groupsOnTop(ways, lines)
  const net = plus(...lines.map((line) => line.net))
  const tax = plus(...taxes.map(({ amount }) => amount))
  return { lines, taxes, net, tax, total: plus(net, tax) }
}

export const groupKey = ({
  category,
  rate,
  reason,
}: Pick<TaxGroup, 'category' | 'rate' | 'reason'>): string => `${category} ${rate} ${reason ?? ''}`

/** Of all taxes of a line together, as a part of one. */
const rateOf = (taxes: readonly Tax[]): Fraction => over(plus(...taxes.map(({ rate }) => of(rate))), of(100))

/** A group's base is each of its lines once; each tax of a line adds its rate. */
export function groupsOnTop(
  { digits }: Pick<Ways, 'digits'>,
  lines: readonly Pick<Line, 'taxes' | 'net'>[],
): TaxGroup[] {
  return groups(lines, (key, members) =>
    roundTo(
      plus(
        ...members.map(({ net, taxes }) => times(net, rateOf(taxes.filter((tax) => groupKey(tax) === key)))),
      ),
      digits,
    ),
  )
}

/** The whole of a tax set is rounded once, its base taken out of it; the largest line takes the cent. */
function takeTaxOut({ digits }: Ways, set: readonly Line[]): void {
  const share = plus(one, rateOf(set[0]?.taxes ?? []))
  for (const line of set) line.net = roundTo(over(line.amount, share), digits)
  const largest = set.reduce((a, b) => (compare(size(b.amount), size(a.amount)) > 0 ? b : a))
  const { base } = baseAndTax(set, digits)
  largest.net = plus(largest.net, minus(base, plus(...set.map(({ net }) => net))))
}

function baseAndTax(set: readonly Line[], digits: number) {
  const total = roundTo(sumOf(set), digits)
  const base = roundTo(over(total, plus(one, rateOf(set[0]?.taxes ?? []))), digits)
  return { base, tax: minus(total, base) }
}

function groupsTakenOut({ digits }: Ways, sets: readonly Line[][]): TaxGroup[] {
  const amounts = new Map<string, Fraction>()
  for (const set of sets) {
    const taxes = set[0]?.taxes ?? []
    const { base, tax: whole } = baseAndTax(set, digits)
    let left = whole
    const shares = taxes.map(({ rate }, index) => {
      const part = roundTo(times(base, over(of(rate), of(100))), digits)
      const share = index === taxes.length - 1 ? left : part
      left = minus(left, share)
      return share
    })
    for (const [index, tax] of taxes.entries()) {
      const key = groupKey(tax)
      amounts.set(key, plus(amounts.get(key) ?? zero, shares[index] ?? zero))
    }
  }
  return groups(sets.flat(), (key) => amounts.get(key) ?? zero)
}

function groups<L extends Pick<Line, 'taxes' | 'net'>>(
  lines: readonly L[],
  amountOf: (key: string, members: readonly L[]) => Fraction,
): TaxGroup[] {
  const found = new Map<string, { tax: Tax; members: Set<L>; names: Set<string> }>()
  for (const line of lines) {
    for (const tax of line.taxes) {
      const key = groupKey(tax)
      const group = found.get(key) ?? { tax, members: new Set<L>(), names: new Set<string>() }
      group.members.add(line)
      group.names.add(tax.name)
      found.set(key, group)
    }
  }
  return [...found].map(([key, { tax, members, names }]) => ({
    category: tax.category,
    rate: tax.rate,
    reason: tax.reason,
    base: plus(...[...members].map(({ net }) => net)),
    amount: amountOf(key, [...members]),
    names: [...names],
  }))
}
