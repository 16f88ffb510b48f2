/**
 * Mails about invoices: the invoice itself, a reminder of one that is overdue, the receipt of a payment.
 *
 * An invoice goes to the address in the client's invoice data and to one that the schedule or the caller names; the
 * others go to the address that the invoice data has by then. The PDF is made when the mail is sent, and so are the words
 * and numbers that people read.
 */
import type { InvoicePayment } from '../db/invoices/invoice-payments.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import type { Mail } from '../ledger/mail.ts'
import { amountDue } from '../ledger/settled-invoice.ts'
import { formatAmount } from '../money.ts'
import { localDay } from '../rating/local-day.ts'
import { newId } from '../uuid.ts'
import type { StoredInvoice } from './stored-invoice.ts'

/** None where nobody is to get it. */
export function invoiceMails(invoice: StoredInvoice, email: string | null, now: number): Mail[] {
  const recipients = new Set([invoice.buyer?.email ?? '', email ?? ''].filter((address) => address !== ''))
  const content = {
    ...mailFacts(invoice),
    kind: invoice.kind,
    from: invoice.period.from,
    to: invoice.period.to,
    total: formatAmount(invoice.total),
    amountDue: formatAmount(amountDue(invoice)),
    // Nothing is left to pay where it is null.
    dueDay: amountDue(invoice).gt(0) ? invoice.dueDay : null,
  }
  return [...recipients].map((recipient, i) => ({
    id: newId(now),
    kind: 'invoice',
    source: i === 0 ? invoice.id : `${invoice.id}:${i}`,
    ...invoiceOwner(invoice),
    recipient,
    content,
    attachments: attachedPdf(invoice),
    createdAt: now,
  }))
}

/** One for each step of the brand's schedule: the cause of the mail is the invoice with the step. */
export function reminderMail(
  invoice: StoredInvoice,
  reminder: { step: number; daysLate: number; recipient: string; now: number },
): Mail {
  const { step, daysLate, recipient, now } = reminder
  return {
    id: newId(now),
    kind: 'invoice-reminder',
    source: `${invoice.id}:${step}`,
    ...invoiceOwner(invoice),
    recipient,
    content: { ...mailFacts(invoice), ...reminderFacts(invoice), dueDay: invoice.dueDay, daysLate },
    attachments: attachedPdf(invoice),
    createdAt: now,
  }
}

/** What may have changed between the order of a reminder and its sending. */
export function reminderFacts(invoice: StoredInvoice) {
  return { total: formatAmount(invoice.total), amountDue: formatAmount(amountDue(invoice)) }
}

/** `invoice` as it is after the payment. None where the brand sends no receipts, or the client has no address. */
export function receiptMails(
  invoice: StoredInvoice,
  payment: InvoicePayment,
  client: InvoicedClient | undefined,
): Mail[] {
  const recipient = client?.party.email ?? ''
  if (!client?.brand.paymentReceipts || recipient === '' || !payment.amount.gt(0)) return []
  const { amount, paidAt, method, reference, createdAt } = payment
  return [
    {
      id: newId(createdAt),
      kind: 'payment-receipt',
      source: payment.id,
      ...invoiceOwner(invoice),
      recipient,
      content: {
        ...mailFacts(invoice),
        amount: formatAmount(amount),
        paidOn: localDay(paidAt, invoice.timeZone),
        method,
        reference,
        amountDue: formatAmount(amountDue(invoice)),
      },
      createdAt,
    },
  ]
}

function mailFacts(invoice: StoredInvoice) {
  const { number, currency, timeZone, language } = invoice
  return { number, currency, timeZone, language, clientName: invoice.buyer?.name ?? '' }
}

function invoiceOwner({ brandId, clientId }: StoredInvoice) {
  return { brandId, clientId }
}

function attachedPdf({ id }: StoredInvoice) {
  return [{ kind: 'invoice-pdf', id }]
}
