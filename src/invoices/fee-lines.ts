/**
 * Which lines do fees of allowances make? One per plan and period, days of a plan together with their number; behind it
 * one without a price per item, which tells what of it is used.
 *
 * A fee was rounded when its period began: its line only sums.
 */
import type { OpenFee } from '../db/invoices/allowance-fees.ts'
import { groupBy } from '../group-by.ts'
import { Decimal, formatAmount, roundAmount, zero } from '../money.ts'
import type { LineTax } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import type { PricedLine } from './priced-line.ts'

export function feeLines(
  fees: readonly OpenFee[],
  { taxes, texts }: { taxes: readonly LineTax[]; texts: InvoiceTexts },
): PricedLine[] {
  const ofOne = (fee: OpenFee) => (fee.period === 'day' ? fee.allowanceId : `${fee.allowanceId} ${fee.from}`)
  return [...groupBy(fees, ofOne).values()].flatMap((group) => {
    const [first] = group
    const last = group.at(-1)
    if (!first || !last) return []
    const price = group.reduce((sum, { fee }) => sum.plus(fee), zero)
    const quantity = new Decimal(first.period === 'day' ? group.length : 1)
    const description = texts.fee({ name: first.planName, from: first.from, to: last.to })
    const line = {
      kind: 'fixed-cost',
      taxes,
      calls: null,
      creditsIndex: null,
      correctsInvoiceId: null,
    } as const
    return [
      {
        ...line,
        description,
        quantity,
        unitPrice: roundAmount(price.div(quantity), { mode: 'half-up', decimals: 10 }),
        price,
      },
      ...sumItems(group).map(({ name, used, included }) => ({
        ...line,
        description: texts.usedItem({ name, used: formatAmount(used), included: formatAmount(included) }),
        quantity: new Decimal(1),
        unitPrice: zero,
        price: zero,
      })),
    ]
  })
}

function sumItems(fees: readonly OpenFee[]): { name: string; used: Decimal; included: Decimal }[] {
  const items = fees.flatMap((fee) => fee.items)
  return [...groupBy(items, ({ name }) => name)].map(([name, same]) => ({
    name,
    used: same.reduce((sum, item) => sum.plus(item.used), zero),
    included: same.reduce((sum, item) => sum.plus(item.included), zero),
  }))
}
