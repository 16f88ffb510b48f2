/**
 * What is still due on an invoice, and what becomes of it when money comes?
 *
 * A positive invoice is due until payments, allocations and credit notes cover it. What is due on a negative one is below
 * 0: money for the client, until it has settled other invoices or was paid out. Where it was credited after that, the
 * client owes it.
 */
import { Decimal, zero } from '../money.ts'

/** An invoice as far as money settles it. */
export interface SettledInvoice {
  id: string
  kind: 'invoice' | 'credit-note'
  status: 'draft' | 'issued' | 'paid' | 'credited'
  number: string | null
  issuedAt: number | null
  total: Decimal
  prepaidAmount: Decimal
  /** By payments and allocations. */
  paidAmount: Decimal
  creditedAmount: Decimal
}

/** The same as `amountDueSql` in `db/invoices/amount-due.ts` says in SQL. */
export function amountDue(invoice: SettledInvoice): Decimal {
  const { kind, status, total, prepaidAmount, paidAmount, creditedAmount } = invoice
  if (kind === 'credit-note') return zero
  const left = total.minus(prepaidAmount).minus(paidAmount).minus(creditedAmount)
  if (!total.isNegative()) return status === 'credited' ? zero : Decimal.max(0, left)
  // Of those who pay in advance: its money is on the balance.
  if (!prepaidAmount.isZero()) return zero
  return status === 'credited' ? Decimal.max(0, left) : left
}

/** Settles this much of it, with the sign of what is due; the opposite sign opens it again. */
export function settle(invoice: SettledInvoice, amount: Decimal): void {
  invoice.paidAmount = invoice.paidAmount.plus(amount)
  updateStatus(invoice)
}

/** Paid when nothing is due, open again when something is. */
export function updateStatus(invoice: SettledInvoice): void {
  if (invoice.status !== 'issued' && invoice.status !== 'paid') return
  invoice.status = 'issued'
  if (amountDue(invoice).isZero()) invoice.status = 'paid'
}

/** Oldest first. */
export function byAge(one: SettledInvoice, other: SettledInvoice): number {
  const between = (one.issuedAt ?? 0) - (other.issuedAt ?? 0)
  if (between !== 0) return between
  return (one.number ?? '') < (other.number ?? '') ? -1 : 1
}
