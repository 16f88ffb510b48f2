/**
 * Which lines do calls make? One per direction and destination, rounded once after summing; calls of earlier days apart.
 *
 * Quantity is the number of calls and the unit price their average, with as many decimals as it takes for
 * quantity × unit price to round to exactly the line's net. Where corrections leave no positive number of calls,
 * the line is one piece at the exact amount.
 */
import { Decimal, roundAmount } from '../money.ts'
import type { CallSums, LineTax } from './invoice.ts'
import type { InvoiceTexts } from './invoice-texts.ts'
import type { PricedLine } from './priced-line.ts'

export function callLines(
  sums: readonly CallSums[],
  { taxes, texts }: { taxes: readonly LineTax[]; texts: InvoiceTexts },
): PricedLine[] {
  return [...sums]
    .filter((sum) => sum.calls !== 0 || !sum.amount.isZero())
    .sort(byDestination)
    .map((sum) => ({
      kind: sum.isEarlier ? 'earlier-calls' : 'calls',
      description: sum.isEarlier ? texts.earlierCalls(sum) : texts.calls(sum),
      ...averagePrice(sum),
      price: sum.amount,
      taxes,
      calls: sum,
      creditsIndex: null,
      correctsInvoiceId: null,
    }))
}

function byDestination(one: CallSums, other: CallSums): number {
  if (one.isEarlier !== other.isEarlier) return one.isEarlier ? 1 : -1
  if (one.isInbound !== other.isInbound) return one.isInbound ? 1 : -1
  return one.destination < other.destination ? -1 : one.destination > other.destination ? 1 : 0
}

/** Prices have at most 6 decimals, so ties lie on multiples of 10⁻⁶: rounding away from zero by less crosses none. */
function averagePrice({ calls, amount }: CallSums): { quantity: Decimal; unitPrice: Decimal } {
  if (calls <= 0 || amount.isNegative()) return { quantity: new Decimal(1), unitPrice: amount }
  const decimals = 6 + String(calls).length
  const unitPrice = roundAmount(amount.div(calls), { mode: 'up', decimals })
  return { quantity: new Decimal(calls), unitPrice }
}
