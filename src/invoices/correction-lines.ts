/**
 * What do changes of calls come to that an invoice charged already?
 *
 * What its period comes to with them, by that invoice's discounts, minimum and taxes, less what was charged for it so far:
 * 6.00 at half price, corrected to 0.60, is −2.70; with a minimum of 3.10 for the period, 6.00 corrected to 0.60 is
 * −2.90. Calls that came too late for a period whose minimum was charged are reckoned the same way: 3.00 of 3.10 cost
 * nothing more. One line per set of taxes names the invoice; the calls stand on the first one.
 *
 * A call that a credit note has given back is neither given back nor charged again.
 */
import { groupBy } from '../group-by.ts'
import { Decimal, zero } from '../money.ts'
import type { CallSums, InvoiceLine, LineTax } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import { type PeriodParts, periodLines } from './period-lines.ts'
import type { PricedLine, PriceTerms } from './priced-line.ts'
import { countedAmount } from './sum-up.ts'
import { taxesKey } from './tax-groups.ts'

export interface ChangedInvoice {
  id: string
  number: string
  /** As its period stands on invoices so far; what it charged and a note has freed, with it. */
  parts: PeriodParts
  /** What documents have charged at its terms. */
  charged: readonly Pick<InvoiceLine, 'net' | 'gross' | 'taxes'>[]
  /** Changes of calls that were charged at its terms, by destination. */
  corrected: readonly CallSums[]
  /** The same, where credit notes gave back a part of the calls without it. */
  standing: readonly CallSums[]
  /** Calls of its period that stand on no invoice yet. */
  late: readonly CallSums[]
}

export interface ChangeLines {
  corrections: PricedLine[]
  late: PricedLine[]
}

export function changeLines(changed: ChangedInvoice, texts: InvoiceTexts): ChangeLines {
  const { taxes } = changed.parts
  const corrected = withChanges(changed.parts, changed.standing)
  const complete = withChanges(corrected, changed.late)
  const charged = addUpCharges(
    changed.charged.map(({ net, gross, ...line }) => ({ ...line, price: gross ?? net })),
    changed.parts,
  )
  const line = { correctsInvoiceId: changed.id }
  return {
    corrections: differenceLines(charged, sumCharges(corrected), changed.corrected, {
      ...line,
      taxes,
      kind: 'correction',
      description: texts.correction(changed),
    }),
    late: differenceLines(sumCharges(corrected), sumCharges(complete), changed.late, {
      ...line,
      taxes,
      kind: 'earlier-calls',
      description: texts.lateCalls(changed),
    }),
  }
}

function withChanges(parts: PeriodParts, changes: readonly CallSums[]): PeriodParts {
  const all = [...parts.callSums, ...changes]
  const byPlace = groupBy(all, (sums) => `${sums.isEarlier} ${sums.isInbound} ${sums.destination}`)
  return { ...parts, callSums: [...byPlace.values()].map(addUp) }
}

function differenceLines(
  was: Charges,
  is: Charges,
  changes: readonly CallSums[],
  /** With the taxes of calls. */
  line: Pick<InvoiceLine, 'kind' | 'description' | 'correctsInvoiceId' | 'taxes'>,
): PricedLine[] {
  if (changes.length === 0) return []
  const ofCalls = taxesKey(line.taxes)
  const keys = new Set([ofCalls, ...was.keys(), ...is.keys()])
  return [...keys].flatMap((key) => {
    const price = (is.get(key)?.sum ?? zero).minus(was.get(key)?.sum ?? 0)
    if (price.isZero() && key !== ofCalls) return []
    return {
      ...line,
      quantity: new Decimal(1),
      unitPrice: price,
      price,
      taxes: key === ofCalls ? line.taxes : (is.get(key)?.taxes ?? was.get(key)?.taxes ?? []),
      calls:
        key === ofCalls ? { ...addUp(changes), destination: '', isInbound: false, isEarlier: true } : null,
      creditsIndex: null,
    }
  })
}

/** By set of taxes. */
type Charges = ReadonlyMap<string, { taxes: readonly LineTax[]; sum: Decimal }>

/** What the period comes to. */
function sumCharges(parts: PeriodParts): Charges {
  return addUpCharges(periodLines(parts), parts)
}

function addUpCharges(all: readonly Pick<PricedLine, 'price' | 'taxes'>[], terms: PriceTerms): Charges {
  const charges = new Map<string, { taxes: readonly LineTax[]; sum: Decimal }>()
  for (const [key, lines] of groupBy(all, ({ taxes }) => taxesKey(taxes))) {
    const sum = lines.reduce((total, line) => total.plus(countedAmount(line.price, terms)), zero)
    charges.set(key, { taxes: lines[0]?.taxes ?? [], sum })
  }
  return charges
}

function addUp(all: readonly CallSums[]): CallSums {
  const [first, ...others] = all
  if (!first) throw new Error('there is nothing to add up')
  const sum = { ...first }
  for (const one of others) {
    sum.calls += one.calls
    sum.durationSeconds += one.durationSeconds
    sum.billedSeconds += one.billedSeconds
    sum.amount = sum.amount.plus(one.amount)
    if (one.firstDay < sum.firstDay) sum.firstDay = one.firstDay
    if (one.lastDay > sum.lastDay) sum.lastDay = one.lastDay
  }
  return sum
}
