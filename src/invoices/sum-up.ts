/**
 * What do priced lines come to: net, tax, total?
 *
 * Where prices are net, each line is rounded once, its tax once with those of its group. Where they include the tax,
 * the lines of one set of taxes are summed and rounded once: that is their total, whatever their nets are shown as.
 * Their base is total ÷ (1 + the sum of the rates), half up, their tax the rest; the largest line takes what the
 * roundings of the nets leave.
 */
import { groupBy } from '../group-by.ts'
import { Decimal, roundAmount, zero } from '../money.ts'
import type { InvoiceLine, InvoiceSums, LineTax, TaxGroup } from './invoice.ts'
import type { PricedLine, PriceTerms } from './priced-line.ts'
import { addToGroups, inOrder, type TaxGroups, taxesKey, taxGroups, taxKey } from './tax-groups.ts'

/** Of an amount that no line rounds. */
const exactDecimals = 20

export interface SumTerms extends PriceTerms {
  /** By `taxesKey`: the base that lines with these taxes must have; undefined: what they come to. */
  baseOf?: (taxesKey: string) => Decimal | undefined
}

export function sumUp(priced: readonly PricedLine[], terms: SumTerms): InvoiceSums {
  const half = { mode: 'half-up', decimals: terms.digits } as const
  const lines = priced.map(({ price, ...line }): InvoiceLine => {
    const net = terms.includesTax ? price.div(taxFactor(line.taxes)) : price
    return { ...line, net: roundAmount(net, half), gross: terms.includesTax ? price : null }
  })
  const taxes = terms.includesTax ? grossGroups(lines, terms) : netGroups(lines, terms)
  for (const line of lines) line.unitPrice = deriveUnitPrice(line, terms.digits)
  return totals(lines, taxes)
}

function netGroups(lines: readonly InvoiceLine[], { digits, baseOf }: SumTerms): TaxGroup[] {
  for (const [key, set] of groupBy(lines, (line) => taxesKey(line.taxes))) {
    const base = baseOf?.(key)
    if (base) giveRestToLargest(set, base)
  }
  return taxGroups(lines, digits)
}

function grossGroups(lines: readonly InvoiceLine[], { digits, baseOf }: SumTerms): TaxGroup[] {
  const half = { mode: 'half-up', decimals: digits } as const
  const groups: TaxGroups = new Map()
  for (const [key, set] of groupBy(lines, (line) => taxesKey(line.taxes))) {
    const taxes = set[0]?.taxes ?? []
    const gross = set.reduce((sum, line) => sum.plus(line.gross ?? 0), zero)
    const total = roundGross(gross, digits)
    const base = baseOf?.(key) ?? roundAmount(total.div(taxFactor(taxes)), half)
    giveRestToLargest(set, base)
    addToGroups(groups, { base, taxes })
    shareTax(groups, { taxes, base, tax: total.minus(base) }, digits)
  }
  return inOrder(groups)
}

export function totals(lines: readonly InvoiceLine[], taxes: readonly TaxGroup[]): InvoiceSums {
  const net = lines.reduce((sum, line) => sum.plus(line.net), zero)
  const tax = taxes.reduce((sum, group) => sum.plus(group.amount), zero)
  const callsAmount = lines.reduce((sum, line) => sum.plus(line.calls?.amount ?? 0), zero)
  return { lines, taxes, net, tax, total: net.plus(tax), callsAmount }
}

/** What an amount counts in discounts and minimums: as a line rounds it, or exact where only the sum of lines is rounded. */
export function countedAmount(amount: Decimal, { includesTax, digits }: PriceTerms): Decimal {
  return roundAmount(amount, { mode: 'half-up', decimals: includesTax ? exactDecimals : digits })
}

/** Exact prices are summed, and rounded once. */
function roundGross(sum: Decimal, digits: number): Decimal {
  // Thirds have no end in decimals: what is a tie of the rounding must be one, whatever their last digits add up to.
  const exact = roundAmount(sum, { mode: 'half-up', decimals: exactDecimals - 5 })
  return roundAmount(exact, { mode: 'half-up', decimals: digits })
}

/** 1.31 for taxes of 21 and 10 %. */
function taxFactor(taxes: readonly LineTax[]): Decimal {
  return taxes.reduce((sum, { rate }) => sum.plus(rate.div(100)), new Decimal(1))
}

/** Makes the lines' nets add up to `base`. */
function giveRestToLargest(lines: readonly InvoiceLine[], base: Decimal): void {
  const rest = base.minus(lines.reduce((sum, { net }) => sum.plus(net), zero))
  if (rest.isZero()) return
  const [first, ...others] = lines
  if (!first) throw new Error(`${base.toFixed()} has no line to stand on`)
  // By what it cost before its tax was taken out: rounded nets may be equal where the lines are not.
  const size = ({ gross, net }: InvoiceLine) => (gross ?? net).abs()
  const largest = others.reduce((max, line) => (size(line).gt(size(max)) ? line : max), first)
  largest.net = largest.net.plus(rest)
}

/** Several taxes of one line share its tax by their rates; the last one takes the rest. */
function shareTax(
  groups: ReadonlyMap<string, TaxGroup>,
  { taxes, base, tax }: { taxes: readonly LineTax[]; base: Decimal; tax: Decimal },
  digits: number,
): void {
  let left = tax
  const charging = taxes.filter(({ rate }) => rate.gt(0))
  for (const [i, one] of charging.entries()) {
    const isLast = i === charging.length - 1
    const part = isLast
      ? left
      : roundAmount(base.times(one.rate).div(100), { mode: 'half-up', decimals: digits })
    left = left.minus(part)
    const group = groups.get(taxKey(one))
    if (group) group.amount = group.amount.plus(part)
  }
}

/** Quantity × unit price rounds to the net: as given where it does, else with the decimals that it takes. */
function deriveUnitPrice(
  { quantity, unitPrice, net }: Pick<InvoiceLine, 'quantity' | 'unitPrice' | 'net'>,
  digits: number,
): Decimal {
  const product = roundAmount(quantity.times(unitPrice), { mode: 'half-up', decimals: digits })
  if (product.eq(net) || quantity.isZero()) return unitPrice
  const exact = net.div(quantity)
  const decimals = digits + 2 + quantity.abs().trunc().toFixed().length
  return roundAmount(exact, { mode: 'up', decimals })
}
