/**
 * How much of the line that charged calls have credit notes given back: 0 to 1? What changes of these calls counts that much
 * less, since what was given back is neither given back nor charged again.
 */
import type { InvoiceToCorrect } from '../db/invoices/changed-invoices.ts'
import { type Decimal, zero } from '../money.ts'
import type { CallSums, InvoiceLine } from './invoice.ts'

interface ChargedCalls {
  sums: CallSums
  /** The invoice at whose terms they were charged. */
  termsOf: string
  /** Of all credit notes, or of those issued until then. */
  until: number | null
}

/** `charging`: the invoice whose line charged them. Calls to a destination without a line share what was given back of all calls. */
export function creditedShare(charging: InvoiceToCorrect, { sums, termsOf, until }: ChargedCalls): Decimal {
  const lateFor = termsOf === charging.invoice.id ? null : termsOf
  const shares = charging.lines.flatMap((line, index) => {
    if (line.calls === null || line.correctsInvoiceId !== lateFor || line.kind === 'correction') return []
    return line.quantity.isZero() ? [] : { line, share: shareOf(charging, { line, index, until }) }
  })
  const own = lateFor
    ? shares[0]
    : shares.find(
        ({ line: { calls } }) =>
          calls?.destination === sums.destination &&
          calls.isInbound === sums.isInbound &&
          calls.isEarlier === sums.isEarlier,
      )
  if (own) return own.share
  const net = shares.reduce((sum, { line }) => sum.plus(line.net), zero)
  if (net.isZero()) return zero
  return shares.reduce((sum, { line, share }) => sum.plus(line.net.times(share)), zero).div(net)
}

function shareOf(
  { credits }: InvoiceToCorrect,
  { line, index, until }: { line: InvoiceLine; index: number; until: number | null },
): Decimal {
  return credits
    .filter((credit) => credit.index === index && (until === null || credit.issuedAt <= until))
    .reduce((sum, { quantity }) => sum.plus(quantity), zero)
    .div(line.quantity)
}
