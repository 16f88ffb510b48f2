/**
 * What do discounts take off? A percent of everything before discounts, or an amount, never more than there is.
 *
 * Where lines bear different taxes, a discount is split among them by what they come to, so that each tax is
 * charged on what is left: one line per set of taxes, together exactly the discount.
 */
import { Decimal, roundAmount, zero } from '../money.ts'
import type { InvoiceLine, LineTax } from './invoice.ts'
import { taxesKey } from './tax-groups.ts'

export interface Discount {
  description: string
  percent: Decimal | null
  amount: Decimal | null
}

interface Share {
  taxes: readonly LineTax[]
  net: Decimal
}

export function discountLines(
  discounts: readonly Discount[],
  lines: readonly Pick<InvoiceLine, 'net' | 'taxes'>[],
  digits: number,
): InvoiceLine[] {
  const shares = sharesOf(lines)
  const sum = shares.reduce((total, share) => total.plus(share.net), zero)
  let left = sum
  const made: InvoiceLine[] = []
  for (const discount of discounts) {
    const wanted = discount.percent
      ? roundAmount(sum.times(discount.percent).div(100), { mode: 'half-up', decimals: digits })
      : (discount.amount ?? zero)
    const taken = Decimal.max(0, Decimal.min(wanted, left))
    if (taken.isZero()) continue
    left = left.minus(taken)
    made.push(...splitDiscount(discount.description, taken, { shares, sum }, digits))
  }
  return made
}

function sharesOf(lines: readonly Pick<InvoiceLine, 'net' | 'taxes'>[]): Share[] {
  const shares = new Map<string, Share>()
  for (const { net, taxes } of lines) {
    const key = taxesKey(taxes)
    const share = shares.get(key) ?? { taxes, net: zero }
    share.net = share.net.plus(net)
    shares.set(key, share)
  }
  return [...shares.values()].filter((share) => share.net.gt(0))
}

/** The last share takes what the roundings of the others left. */
function splitDiscount(
  description: string,
  taken: Decimal,
  { shares, sum }: { shares: readonly Share[]; sum: Decimal },
  digits: number,
): InvoiceLine[] {
  let left = taken
  return shares
    .map((share, i) => {
      const isLast = i === shares.length - 1
      const part = isLast
        ? left
        : roundAmount(taken.times(share.net).div(sum), { mode: 'half-up', decimals: digits })
      left = left.minus(part)
      return discountLine(description, part, share.taxes)
    })
    .filter((line) => !line.net.isZero())
}

function discountLine(description: string, part: Decimal, taxes: readonly LineTax[]): InvoiceLine {
  return {
    kind: 'discount',
    description,
    quantity: new Decimal(1),
    unitPrice: part.negated(),
    net: part.negated(),
    taxes,
    calls: null,
    creditsIndex: null,
  }
}
