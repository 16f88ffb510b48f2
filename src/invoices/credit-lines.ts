/**
 * What does a credit note take back? Everything that is left of an invoice, or lines of it, whole or by quantity.
 *
 * Parts are rounded, and the part that takes the rest of a line takes exactly its rest: however a line is credited,
 * all its credits together are its net. The same holds for each tax.
 */
import { type InputFault, InvalidRequest } from '../errors.ts'
import { currencyDigits, type Decimal, parseAmount, roundAmount, zero } from '../money.ts'
import type { InvoiceLine, InvoiceSums, TaxGroup } from './invoice.ts'
import { taxGroups, taxKey } from './tax-groups.ts'

/** A line of the invoice and how much of it earlier notes took; both positive for an ordinary line. */
export interface CreditableLine {
  index: number
  line: InvoiceLine
  creditedQuantity: Decimal
  creditedNet: Decimal
}

export interface WantedCredit {
  index: number
  /** Decimal text; absent: what is left of the line. */
  quantity?: string
}

export interface CreditSource {
  currency: string
  lines: readonly CreditableLine[]
  taxes: readonly TaxGroup[]
  /** Sums of the taxes of earlier notes, by `taxKey`; negative. */
  creditedTaxes: ReadonlyMap<string, Decimal>
}

/** `wanted` null: all that is left. Throws `InvalidRequest` with the place. */
export function creditLines(source: CreditSource, wanted: readonly WantedCredit[] | null): InvoiceSums {
  const digits = currencyDigits(source.currency)
  const parts = wanted === null ? everythingLeft(source.lines) : partsOf(source.lines, wanted)
  const lines = parts.map(({ from, quantity }) => creditLine(from, quantity, digits))
  const net = lines.reduce((sum, line) => sum.plus(line.net), zero)
  const taxes = taxGroups(lines, digits).map((group) => completeTax(group, source, lines, digits))
  const tax = taxes.reduce((sum, group) => sum.plus(group.amount), zero)
  return { lines, taxes, net, tax, total: net.plus(tax), callsAmount: zero }
}

interface Part {
  from: CreditableLine
  quantity: Decimal
}

export function leftOf({ line, creditedQuantity }: CreditableLine): Decimal {
  return line.quantity.minus(creditedQuantity)
}

function everythingLeft(lines: readonly CreditableLine[]): Part[] {
  return lines.map((from) => ({ from, quantity: leftOf(from) })).filter(({ quantity }) => !quantity.isZero())
}

function partsOf(lines: readonly CreditableLine[], wanted: readonly WantedCredit[]): Part[] {
  const faults: InputFault[] = []
  const seen = new Set<number>()
  const parts: Part[] = []
  for (const [i, { index, quantity: text }] of wanted.entries()) {
    const from = lines.find((line) => line.index === index)
    if (!from) {
      faults.push({ pointer: `/lines/${i}/index`, detail: `the invoice has no line ${index}` })
      continue
    }
    if (seen.has(index)) faults.push({ pointer: `/lines/${i}/index`, detail: `line ${index} is named twice` })
    seen.add(index)
    const left = leftOf(from)
    const quantity = text === undefined ? left : parseAmount(text)
    if (!quantity.gt(0) || quantity.gt(left)) {
      const detail = left.isZero()
        ? 'the line is credited in full already'
        : `must be above 0 and at most the ${left.toFixed()} that are left`
      faults.push({ pointer: `/lines/${i}${text === undefined ? '' : '/quantity'}`, detail })
    }
    parts.push({ from, quantity })
  }
  if (faults.length > 0) throw new InvalidRequest('These lines cannot be credited.', faults)
  return parts
}

function creditLine(from: CreditableLine, quantity: Decimal, digits: number): InvoiceLine {
  const { line } = from
  const net = quantity.eq(leftOf(from))
    ? line.net.minus(from.creditedNet)
    : roundAmount(line.net.times(quantity).div(line.quantity), { mode: 'half-up', decimals: digits })
  return {
    ...line,
    quantity: quantity.negated(),
    net: net.negated(),
    calls: null,
    creditsIndex: from.index,
  }
}

/** The note that takes the rest of what a tax was charged on takes the rest of the tax. */
function completeTax(
  group: TaxGroup,
  source: CreditSource,
  credits: readonly InvoiceLine[],
  digits: number,
): TaxGroup {
  const key = taxKey(group)
  const charged = source.taxes.find((tax) => taxKey(tax) === key)
  if (!charged) throw new Error(`tax ${key} is credited and was never charged`)
  const takenNow = new Map(credits.map((line) => [line.creditsIndex, line.quantity.negated()]))
  const isComplete = source.lines
    .filter(({ line }) => line.taxes.some((tax) => taxKey(tax) === key))
    .every((from) => leftOf(from).eq(takenNow.get(from.index) ?? 0))
  if (!isComplete) return group
  const before = source.creditedTaxes.get(key) ?? zero
  const rest = charged.amount.plus(before).negated()
  return { ...group, amount: roundAmount(rest, { mode: 'half-up', decimals: digits }) }
}
