/**
 * Money for an invoice: a payment that came in, one paid out, one that was reversed, or money that is on the account.
 * A payment is confirmed by mail.
 *
 * What enters or leaves is noted with the invoice and posted to the account. A payment settles its own invoice first; what
 * goes beyond is unallocated, and settles others. A negative invoice is paid out by a negative amount. A reversal opens
 * again what the payment had settled, other invoices too. Money from the balance posts nothing: it is allocated.
 * With an idempotency key the same payment counts once, for ever. Throws `Conflict` (`invoice_not_issued`,
 * `invoice_is_final`, `payment_reversed`), `Unprocessable` (`payment_exceeds_due`, `insufficient_unallocated_money`),
 * `InvalidRequest`.
 */
import { inBatch } from '../db/batch.ts'
import type { Sql } from '../db/connection.ts'
import { hasAllocation } from '../db/invoices/invoice-allocations.ts'
import { loadLines } from '../db/invoices/invoice-lines.ts'
import {
  appendPayment,
  hasMovement,
  type InvoicePayment,
  listPayments,
} from '../db/invoices/invoice-payments.ts'
import { findInvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { writeSettledAmounts } from '../db/invoices/invoices.ts'
import { Conflict, InvalidRequest, Unprocessable } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { loadAllocated, loadReceivables } from '../ledger/load-receivables.ts'
import { lockAccount } from '../ledger/lock-ledger.ts'
import type { Receivables } from '../ledger/receivables.ts'
import { amountDue, settle } from '../ledger/settled-invoice.ts'
import { currencyDigits, Decimal, formatAmount, parseAmount, zero } from '../money.ts'
import { newId } from '../uuid.ts'
import { invoiceIsFinal } from './draft-invoice.ts'
import { receiptMails } from './invoice-mail.ts'
import { getInvoice, type InvoicesContext, type Request } from './invoices-context.ts'
import type { InvoiceWithLines, StoredInvoice } from './stored-invoice.ts'

/** How far the clock of whoever posts a payment may be ahead of ours. */
const clockDifferenceMs = 5 * 60_000

export interface WantedPayment extends Request {
  id: string
  /** Decimal text; below 0: paid out, or the reversal of a payment. */
  amount: string
  paidAt: number
  method: string | null
  reference: string | null
  /** The payment of this invoice that this one takes back. */
  reversesPaymentId?: string | null
  /** Allocates money of the account instead of posting a payment. */
  fromBalance?: boolean
  idempotencyKey: string | null
  /** The direct debit that brought the money, or that takes it back. */
  collection?: Collection
}

export interface Collection {
  /** Asked behind the lock of the account; false: it is dealt with. */
  isDue: (tx: Sql) => Promise<boolean>
  /** Written with the payment. */
  note: (tx: Sql, paymentId: string) => Promise<unknown>
}

export async function payInvoice(
  { sql, clock, onCommitted }: InvoicesContext,
  wanted: WantedPayment,
): Promise<{ invoice: InvoiceWithLines; payments: InvoicePayment[] }> {
  const { clientId } = await getInvoice(sql, wanted.id, wanted.scope)
  const { news, ...paid } = await inBatch(sql, async ({ tx, commitAfter }) => {
    const now = clock()
    const [{ ledger, owner }, receivables, invoice, lines, payments, client] = await Promise.all([
      lockAccount(tx, { clientId, now }),
      loadReceivables(tx, clientId),
      getInvoice(tx, wanted.id, wanted.scope, 'update'),
      loadLines(tx, wanted.id),
      listPayments(tx, wanted.id),
      findInvoicedClient(tx, clientId),
    ])
    const id = newId(now)
    const source = wanted.idempotencyKey === null ? `payment:${id}` : `key:${wanted.idempotencyKey}`
    const isOver = await Promise.all([
      isDone(tx, { clientId, source }),
      wanted.collection?.isDue(tx).then((isDue) => !isDue),
    ])
    if (isOver.includes(true)) {
      await commitAfter([])
      return { invoice: { ...invoice, lines }, payments, news: null }
    }
    // Not before: who asks again after a lost answer still names the invoice as it was unpaid.
    wanted.checkRevision?.(invoice.revision)
    const amount = checkPayment(wanted, invoice)
    receivables.hold(invoice)
    invoice.updatedAt = now
    invoice.revision += 1
    const { actor } = wanted
    if (wanted.fromBalance) {
      checkUnallocated(amount, receivables.unallocatedOf(ledger.getAccount(clientId).balance), invoice)
      ledger.allocateTo(receivables, { invoice, amount, source, actor })
      await commitAfter([writeSettledAmounts(tx, invoice), ...ledger.write(tx)])
      return { invoice: { ...invoice, lines }, payments, news: ledger.news }
    }

    checkPaidAt(wanted.paidAt, now)
    const { paidAt, method, reference } = wanted
    const reversed = findReversed(wanted, amount, payments)
    const settledAmount = reversed ? computeReversal(reversed, amount) : settledBy(amount, amountDue(invoice))
    const payment: InvoicePayment = {
      ...{ id, invoiceId: invoice.id, clientId, amount, settledAmount, paidAt, method, reference, actor },
      reversesPaymentId: reversed?.id ?? null,
      createdAt: now,
    }
    const before = receivables.unallocatedOf(ledger.getAccount(clientId).balance)
    settle(invoice, settledAmount)
    ledger.post(owner, {
      kind: 'payment',
      source,
      amount,
      reference: reference ?? invoice.number,
      invoiceId: invoice.id,
      actor,
    })
    if (reversed) await takeBackRest(tx, ledger, { receivables, before, actor })
    ledger.allocate(receivables, actor)
    ledger.mail(...receiptMails(invoice, payment, client))
    const written = appendPayment(tx, payment)
    const noted = wanted.collection?.note(tx, id)
    await commitAfter([
      written,
      writeSettledAmounts(tx, invoice),
      ...ledger.write(tx),
      ...(noted ? [noted] : []),
    ])
    return { invoice: { ...invoice, lines }, payments: [...payments, payment], news: ledger.news }
  })
  if (news) onCommitted(news)
  return paid
}

async function isDone(tx: Sql, cause: { clientId: string; source: string }): Promise<boolean> {
  const found = await Promise.all([hasMovement(tx, { ...cause, kind: 'payment' }), hasAllocation(tx, cause)])
  return found.includes(true)
}

/** As much as is due, with its sign. */
function settledBy(amount: Decimal, due: Decimal): Decimal {
  if (amount.isNegative() !== due.isNegative()) return zero
  return due.isNegative() ? Decimal.max(amount, due) : Decimal.min(amount, due)
}

/** What had settled this invoice is the first to go. */
function computeReversal(reversed: InvoicePayment, amount: Decimal): Decimal {
  return settledBy(amount.negated(), reversed.settledAmount).negated()
}

/** What of the payment was on the account and settled others opens those again: else they were paid by nobody. */
async function takeBackRest(
  tx: Sql,
  ledger: Ledger,
  { receivables, before, actor }: { receivables: Receivables; before: Decimal; actor: string },
): Promise<void> {
  const after = receivables.unallocatedOf(ledger.getAccount(receivables.clientId).balance)
  const missing = Decimal.min(0, before).minus(after)
  if (!missing.gt(0)) return
  const allocated = await loadAllocated(tx, { receivables, from: null })
  ledger.takeBack(receivables, { allocated, amount: missing, actor })
}

/** What is only promised pays nothing: money that is to come on a later day is posted on that day. */
export function checkPaidAt(paidAt: number, now: number, pointer = '/paidAt'): void {
  if (paidAt <= now + clockDifferenceMs) return
  throw refusal(pointer, 'lies in the future: post the payment once the money is there')
}

function checkPayment(wanted: WantedPayment, invoice: StoredInvoice): Decimal {
  const amount = parseAmount(wanted.amount)
  const digits = currencyDigits(invoice.currency)
  const due = amountDue(invoice)
  if (invoice.status === 'draft') {
    throw new Conflict('invoice_not_issued', 'A draft is not due: issue it first.')
  }
  const isOver = invoice.kind === 'credit-note' || (invoice.status === 'credited' && due.isZero())
  // What a bank has collected is there, whatever became of the invoice meanwhile.
  if (isOver && wanted.reversesPaymentId == null && !wanted.collection) {
    throw invoiceIsFinal(invoice, 'Nothing is due on it any more.')
  }
  if (amount.isZero()) throw refusal('/amount', 'must not be 0')
  if (amount.decimalPlaces() > digits) {
    throw refusal('/amount', `has more decimals than ${invoice.currency} pays with (${digits})`)
  }
  if (wanted.reversesPaymentId != null) {
    if (wanted.fromBalance) throw refusal('/fromBalance', 'does not go with "reversesPaymentId"')
    return amount
  }
  const unpaid = due.abs()
  if (amount.isNegative()) {
    if (wanted.fromBalance) throw refusal('/amount', 'must be above 0 with "fromBalance"')
    if (!invoice.total.isNegative()) {
      throw refusal('/amount', 'may be below 0 on a negative invoice, or with "reversesPaymentId"')
    }
    if (!due.isNegative() || amount.abs().gt(unpaid)) {
      throw exceedsDue(due.isNegative() ? unpaid : zero, invoice, 'is left to pay out')
    }
  } else if (wanted.fromBalance && amount.gt(Decimal.max(0, due))) {
    throw exceedsDue(Decimal.max(0, due), invoice, 'is due')
  }
  return amount
}

function checkUnallocated(amount: Decimal, unallocated: Decimal, { currency }: StoredInvoice): void {
  const there = Decimal.max(0, unallocated)
  if (amount.lte(there)) return
  throw new Unprocessable(
    'insufficient_unallocated_money',
    `Only ${formatAmount(there)} ${currency} of the balance is unallocated.`,
    [{ pointer: '/amount', detail: `is more than the ${formatAmount(there)} that is unallocated` }],
  )
}

function findReversed(
  { reversesPaymentId }: WantedPayment,
  amount: Decimal,
  payments: readonly InvoicePayment[],
): InvoicePayment | undefined {
  if (reversesPaymentId == null) return undefined
  const id = reversesPaymentId.toLowerCase()
  const found = payments.find((payment) => payment.id === id)
  if (!found) throw refusal('/reversesPaymentId', 'is not a payment of this invoice')
  if (found.reversesPaymentId !== null) {
    throw refusal('/reversesPaymentId', 'is a reversal itself: post the payment anew')
  }
  const isOpposite = amount.isNegative() !== found.amount.isNegative()
  if (!isOpposite || amount.abs().gt(found.amount.abs())) {
    const all = formatAmount(found.amount.negated())
    throw refusal('/amount', `must be ${all}, or a part of it, to take this payment back`)
  }
  if (payments.some((payment) => payment.reversesPaymentId === id)) {
    throw new Conflict('payment_reversed', 'This payment was reversed before.', [
      { pointer: '/reversesPaymentId', detail: 'was reversed before' },
    ])
  }
  return found
}

function exceedsDue(unpaid: Decimal, { currency }: StoredInvoice, is: string): Unprocessable {
  const text = formatAmount(unpaid)
  return new Unprocessable('payment_exceeds_due', `Only ${text} ${currency} ${is}.`, [
    { pointer: '/amount', detail: `is more than the ${text} that ${is}` },
  ])
}

function refusal(pointer: string, detail: string): InvalidRequest {
  return new InvalidRequest('This payment cannot be posted.', [{ pointer, detail }])
}
