/**
 * What do discounts take off? A percent of everything before discounts, or an amount, never more than there is.
 *
 * Where lines bear different taxes, a discount is split among them by what they come to, so that each tax is
 * charged on what is left: one line per set of taxes, together exactly the discount. The lines it was computed on
 * share it: what a line cost is what it came to without its share.
 */
import { groupBy } from '../group-by.ts'
import { Decimal, roundAmount, zero } from '../money.ts'
import type { InvoiceLine, LineTax } from './invoice.ts'
import type { InvoiceTerms } from './invoice-terms.ts'
import type { PricedLine, PriceTerms } from './priced-line.ts'
import { countedAmount } from './sum-up.ts'
import { taxesKey } from './tax-groups.ts'

export interface Discount {
  description: string
  percent: Decimal | null
  amount: Decimal | null
}

interface Share {
  taxes: readonly LineTax[]
  sum: Decimal
}

export function discountLines(
  discounts: readonly Discount[],
  lines: readonly Pick<PricedLine, 'price' | 'taxes'>[],
  terms: PriceTerms,
): PricedLine[] {
  const shares = sumShares(lines, terms)
  const sum = shares.reduce((total, share) => total.plus(share.sum), zero)
  let left = sum
  const made: PricedLine[] = []
  for (const discount of discounts) {
    const wanted = discount.percent ? sum.times(discount.percent).div(100) : (discount.amount ?? zero)
    const taken = Decimal.max(0, Decimal.min(countedAmount(wanted, terms), left))
    if (taken.isZero()) continue
    left = left.minus(taken)
    const parts = splitUp(
      taken,
      shares.map((share) => share.sum),
      terms,
    )
    made.push(
      ...shares.map(({ taxes }, i) =>
        discountLine({ ...discount, taxes, part: parts[i] ?? zero, digits: terms.digits }),
      ),
    )
  }
  return made.filter((line) => !line.price.isZero())
}

/**
 * What each line bears of the discounts among them, in the order of the lines: those of a set of taxes over the lines
 * with these taxes. The same for ever, since an issued line never changes.
 */
export function discountShares(
  lines: readonly (Pick<InvoiceLine, 'kind' | 'taxes' | 'correctsInvoiceId'> & { amount: Decimal })[],
  terms: PriceTerms,
): Decimal[] {
  const shares = lines.map(() => zero)
  const bearers = groupBy(
    lines.flatMap((line, index) => (bearsDiscounts(line) && !line.amount.isZero() ? [{ line, index }] : [])),
    ({ line }) => taxesKey(line.taxes),
  )
  for (const discount of lines.filter(({ kind }) => kind === 'discount')) {
    const bearing = bearers.get(taxesKey(discount.taxes)) ?? []
    const parts = splitUp(
      discount.amount.negated(),
      bearing.map(({ line }) => line.amount),
      terms,
    )
    for (const [i, { index }] of bearing.entries()) {
      shares[index] = (shares[index] ?? zero).plus(parts[i] ?? 0)
    }
  }
  return shares
}

function bearsDiscounts({
  kind,
  correctsInvoiceId,
}: Pick<InvoiceLine, 'kind' | 'correctsInvoiceId'>): boolean {
  return correctsInvoiceId === null && (kind === 'calls' || kind === 'earlier-calls' || kind === 'fixed-cost')
}

function sumShares(lines: readonly Pick<PricedLine, 'price' | 'taxes'>[], terms: PriceTerms): Share[] {
  const shares = new Map<string, Share>()
  for (const line of lines) {
    const key = taxesKey(line.taxes)
    const share = shares.get(key) ?? { taxes: line.taxes, sum: zero }
    share.sum = share.sum.plus(countedAmount(line.price, terms))
    shares.set(key, share)
  }
  return [...shares.values()].filter((share) => share.sum.gt(0))
}

/** By weight; the last one takes what the roundings of the others left. */
function splitUp(whole: Decimal, weights: readonly Decimal[], terms: PriceTerms): Decimal[] {
  const sum = weights.reduce((total, weight) => total.plus(weight), zero)
  let left = whole
  return weights.map((weight, i) => {
    const part = i === weights.length - 1 ? left : countedAmount(whole.times(weight).div(sum), terms)
    left = left.minus(part)
    return part
  })
}

function discountLine({
  description,
  taxes,
  part,
  digits,
}: {
  description: string
  taxes: readonly LineTax[]
  part: Decimal
  digits: number
}): PricedLine {
  return {
    kind: 'discount',
    description,
    quantity: new Decimal(1),
    unitPrice: roundAmount(part.negated(), { mode: 'half-up', decimals: digits }),
    price: part.negated(),
    taxes,
    calls: null,
    creditsIndex: null,
    correctsInvoiceId: null,
  }
}

export function readDiscounts({ discounts }: Pick<InvoiceTerms, 'discounts'>): Discount[] {
  return discounts.map(({ description, percent, amount }) => ({
    description,
    percent: percent === null ? null : new Decimal(percent),
    amount: amount === null ? null : new Decimal(amount),
  }))
}
