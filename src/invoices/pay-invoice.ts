/**
 * A payment came in: noted with the invoice, posted to the account, confirmed by mail, and the invoice is paid when
 * nothing is left.
 *
 * More than is due is refused, so that a payment entered twice is noticed: what a client really paid too much is a
 * top-up. With an idempotency key the same payment counts once, for ever. Throws `Conflict` (`invoice_not_issued`,
 * `invoice_is_final`), `Unprocessable` (`payment_exceeds_due`), `InvalidRequest`.
 */
import { inBatch } from '../db/batch.ts'
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
import { lockAccount } from '../ledger/lock-ledger.ts'
import { currencyDigits, type Decimal, formatAmount, parseAmount } from '../money.ts'
import { newId } from '../uuid.ts'
import { invoiceIsFinal } from './draft-invoice.ts'
import { receiptMails } from './invoice-mail.ts'
import { getInvoice, type InvoicesContext, type Request } from './invoices-context.ts'
import { amountDue, type InvoiceWithLines, type StoredInvoice } from './stored-invoice.ts'

/** How far the clock of whoever posts a payment may be ahead of ours. */
const clockDifferenceMs = 5 * 60_000

export interface WantedPayment extends Request {
  id: string
  /** Decimal text, above 0. */
  amount: string
  paidAt: number
  method: string | null
  reference: string | null
  idempotencyKey: string | null
}

export async function payInvoice(
  { sql, clock, onTold }: InvoicesContext,
  wanted: WantedPayment,
): Promise<{ invoice: InvoiceWithLines; payments: InvoicePayment[] }> {
  const { clientId } = await getInvoice(sql, wanted.id, wanted.scope)
  const { news, ...paid } = await inBatch(sql, async ({ tx, commitAfter }) => {
    const now = clock()
    const [{ ledger, owner }, invoice, lines, payments, client] = await Promise.all([
      lockAccount(tx, { clientId, now }),
      getInvoice(tx, wanted.id, wanted.scope, 'update'),
      loadLines(tx, wanted.id),
      listPayments(tx, wanted.id),
      findInvoicedClient(tx, clientId),
    ])
    const id = newId(now)
    const source = wanted.idempotencyKey === null ? `payment:${id}` : `key:${wanted.idempotencyKey}`
    if (await hasMovement(tx, { clientId, kind: 'payment', source })) {
      await commitAfter([])
      return { invoice: { ...invoice, lines }, payments, news: null }
    }
    // Not before: who asks again after a lost answer still names the invoice as it was unpaid.
    wanted.checkRevision?.(invoice.revision)
    const amount = checkPayment(wanted.amount, invoice)
    checkPaidAt(wanted.paidAt, now)
    const { paidAt, method, reference, actor } = wanted
    const payment = {
      id,
      invoiceId: invoice.id,
      clientId,
      amount,
      paidAt,
      method,
      reference,
      actor,
      createdAt: now,
    }
    invoice.paidAmount = invoice.paidAmount.plus(amount)
    if (amountDue(invoice).isZero()) invoice.status = 'paid'
    invoice.updatedAt = now
    invoice.revision += 1
    ledger.post(owner, {
      kind: 'payment',
      source,
      amount,
      reference: reference ?? invoice.number,
      invoiceId: invoice.id,
      actor,
    })
    ledger.mail(...receiptMails(invoice, payment, client))
    await commitAfter([appendPayment(tx, payment), writeSettledAmounts(tx, invoice), ...ledger.write(tx)])
    return { invoice: { ...invoice, lines }, payments: [...payments, payment], news: ledger.news }
  })
  if (news) onTold(news)
  return paid
}

/** What is only promised pays nothing: money that is to come on a later day is posted on that day. */
function checkPaidAt(paidAt: number, now: number): void {
  if (paidAt <= now + clockDifferenceMs) return
  throw new InvalidRequest('This payment cannot be posted.', [
    { pointer: '/paidAt', detail: 'lies in the future: post the payment once the money is there' },
  ])
}

function checkPayment(text: string, invoice: StoredInvoice): Decimal {
  if (invoice.status === 'draft') {
    throw new Conflict('invoice_not_issued', 'A draft is not due: issue it first.')
  }
  if (invoice.status === 'credited' || invoice.kind === 'credit-note') {
    throw invoiceIsFinal(invoice, 'Nothing is due on it any more.')
  }
  const amount = parseAmount(text)
  const digits = currencyDigits(invoice.currency)
  const refuse = (detail: string) =>
    new InvalidRequest('This payment cannot be posted.', [{ pointer: '/amount', detail }])
  if (!amount.gt(0)) throw refuse('must be above 0')
  if (amount.decimalPlaces() > digits) {
    throw refuse(`has more decimals than ${invoice.currency} pays with (${digits})`)
  }
  const due = amountDue(invoice)
  if (amount.gt(due)) {
    throw new Unprocessable(
      'payment_exceeds_due',
      `Only ${formatAmount(due)} ${invoice.currency} is due: post what goes beyond as a top-up.`,
      [{ pointer: '/amount', detail: `is more than the ${formatAmount(due)} that is due` }],
    )
  }
  return amount
}
