/**
 * What does a credit note take back? Everything that is left of an invoice, or lines of it, whole or by quantity: what
 * each line cost, without its share of the discounts, which are credited with the lines that bore them.
 *
 * Parts are rounded, and the part that takes the rest of a line takes exactly its rest: however a line is credited,
 * all its credits together are what it cost. The same holds for each tax, and for the invoice as a whole.
 */
import { type InputFault, InvalidRequest } from '../errors.ts'
import { currencyDigits, type Decimal, parseAmount, zero } from '../money.ts'
import { discountShares } from './discount-lines.ts'
import type { InvoiceLine, InvoiceSums, TaxGroup } from './invoice.ts'
import type { PricedLine, PriceTerms } from './priced-line.ts'
import { sumUp, totals } from './sum-up.ts'
import { taxesKey, taxKey } from './tax-groups.ts'

export interface CreditSource {
  currency: string
  /** The invoice's, in their order. */
  lines: readonly InvoiceLine[]
  taxes: readonly TaxGroup[]
  /** Earlier notes; their sums are negative. */
  notes: readonly CreditedNote[]
}

interface CreditedNote {
  lines: readonly InvoiceLine[]
  taxes: readonly TaxGroup[]
}

export interface WantedCredit {
  index: number
  /** Decimal text; absent: what is left of the line. */
  quantity?: string
}

export interface Credit extends InvoiceSums {
  /** Nothing of the invoice is left after it. */
  isComplete: boolean
  /** It alone takes the whole invoice. */
  isWholeInvoice: boolean
  /** Lines of the invoice that it takes whole, of which no note took anything before. */
  wholeLines: readonly InvoiceLine[]
}

/** A line and what it cost, in the terms of the client's prices. */
interface CreditableLine {
  index: number
  line: InvoiceLine
  cost: Decimal
  /** Of all earlier notes; positive for an ordinary line. */
  credited: { quantity: Decimal; price: Decimal }
}

/** `wanted` null: all that is left. Throws `InvalidRequest` with the place. */
export function creditLines(source: CreditSource, wanted: readonly WantedCredit[] | null): Credit {
  const digits = currencyDigits(source.currency)
  const terms = { includesTax: source.lines.some(({ gross }) => gross !== null), digits }
  const lines = creditableLines(source, terms)
  const parts = wanted === null ? everythingLeft(lines) : splitCredit(source, lines, wanted)
  const takenNow = new Map(parts.map(({ from, quantity }) => [from.index, quantity]))
  const isTaken = (line: CreditableLine) => quantityLeft(line).eq(takenNow.get(line.index) ?? 0)
  const isComplete = lines.every(isTaken)
  const corrections = source.notes.filter(isCorrection)
  // Corrections by earlier notes are part of what the invoice came to: the note that takes the rest turns them back.
  const notes = isComplete ? source.notes : source.notes.filter((note) => !isCorrection(note))
  const priced = [
    ...parts.map(({ from, quantity }) => creditLine(from, quantity)),
    ...(isComplete ? corrections.flatMap((note) => note.lines.map(turnedBack)) : []),
  ]
  const areTaken = (bearsIt: (line: InvoiceLine) => boolean) =>
    lines.filter(({ line }) => bearsIt(line)).every(isTaken)
  const sums = sumUp(priced, {
    ...terms,
    baseOf(set) {
      const isOfSet = ({ taxes }: InvoiceLine) => taxesKey(taxes) === set
      return areTaken(isOfSet) ? netLeft([source, ...notes], isOfSet).negated() : undefined
    },
  })
  const taxes = sums.taxes.map((group) => {
    const bearsIt = (line: InvoiceLine) => line.taxes.some((tax) => taxKey(tax) === taxKey(group))
    return areTaken(bearsIt) ? { ...group, amount: taxLeft([source, ...notes], group).negated() } : group
  })
  return {
    ...totals(sums.lines, taxes),
    callsAmount: zero,
    isComplete,
    isWholeInvoice: isComplete && source.notes.every(isCorrection),
    wholeLines: wholeLines(lines, parts),
  }
}

/** Lines that correct one invoice share its calls: they are whole together. */
function wholeLines(lines: readonly CreditableLine[], parts: readonly Part[]): InvoiceLine[] {
  const whole = new Set(
    parts.flatMap(({ from, quantity }) => (quantity.eq(from.line.quantity) ? from.line : [])),
  )
  return [...whole].filter(({ correctsInvoiceId }) =>
    correctsInvoiceId === null
      ? true
      : lines.every(({ line }) => line.correctsInvoiceId !== correctsInvoiceId || whole.has(line)),
  )
}

/** Issued because calls changed; not to give back what was charged for them. */
function isCorrection({ lines }: CreditedNote): boolean {
  return lines.every(({ creditsIndex }) => creditsIndex === null)
}

function creditableLines({ lines, notes }: CreditSource, terms: PriceTerms): CreditableLine[] {
  const credits = notes.flatMap((note) => note.lines)
  const shares = discountShares(
    lines.map((line) => ({ ...line, amount: line.gross ?? line.net })),
    terms,
  )
  return lines.flatMap((line, index) => {
    if (line.kind === 'discount') return []
    const taken = credits.filter(({ creditsIndex }) => creditsIndex === index)
    return {
      index,
      line,
      cost: (line.gross ?? line.net).minus(shares[index] ?? 0),
      credited: {
        quantity: taken.reduce((sum, { quantity }) => sum.minus(quantity), zero),
        price: taken.reduce((sum, { gross, net }) => sum.minus(gross ?? net), zero),
      },
    }
  })
}

interface Part {
  from: CreditableLine
  quantity: Decimal
}

function quantityLeft({ line, credited }: CreditableLine): Decimal {
  return line.quantity.minus(credited.quantity)
}

function everythingLeft(lines: readonly CreditableLine[]): Part[] {
  return lines
    .map((from) => ({ from, quantity: quantityLeft(from) }))
    .filter(({ quantity }) => !quantity.isZero())
}

function splitCredit(
  source: CreditSource,
  lines: readonly CreditableLine[],
  wanted: readonly WantedCredit[],
): Part[] {
  const faults: InputFault[] = []
  const seen = new Set<number>()
  const parts: Part[] = []
  for (const [i, { index, quantity: text }] of wanted.entries()) {
    const from = lines.find((line) => line.index === index)
    if (!from) {
      const detail =
        source.lines[index]?.kind === 'discount'
          ? 'is a discount, which is credited with the lines that bore it'
          : `the invoice has no line ${index}`
      faults.push({ pointer: `/lines/${i}/index`, detail })
      continue
    }
    if (seen.has(index)) faults.push({ pointer: `/lines/${i}/index`, detail: `line ${index} is named twice` })
    seen.add(index)
    const left = quantityLeft(from)
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

function creditLine({ index, line, cost, credited }: CreditableLine, quantity: Decimal): PricedLine {
  const isRest = quantity.eq(line.quantity.minus(credited.quantity))
  const price = isRest ? cost.minus(credited.price) : cost.times(quantity).div(line.quantity)
  return {
    kind: line.kind,
    description: line.description,
    quantity: quantity.negated(),
    unitPrice: line.unitPrice,
    price: price.negated(),
    taxes: line.taxes,
    calls: null,
    creditsIndex: index,
    correctsInvoiceId: null,
  }
}

function turnedBack({ net, gross, ...line }: InvoiceLine): PricedLine {
  return { ...line, quantity: line.quantity.negated(), price: (gross ?? net).negated(), calls: null }
}

function netLeft(documents: readonly CreditedNote[], isCounted: (line: InvoiceLine) => boolean): Decimal {
  const lines = documents.flatMap((document) => document.lines).filter(isCounted)
  return lines.reduce((sum, { net }) => sum.plus(net), zero)
}

function taxLeft(documents: readonly CreditedNote[], like: TaxGroup): Decimal {
  const groups = documents.flatMap(({ taxes }) => taxes).filter((group) => taxKey(group) === taxKey(like))
  return groups.reduce((sum, { amount }) => sum.plus(amount), zero)
}
