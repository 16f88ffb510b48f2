/**
 * Who gets an invoice by mail? The address in the client's invoice data and one that the schedule or the caller
 * names. The PDF is made when the mail is sent, and so are the words and numbers that people read.
 */
import { DateTime } from 'luxon'
import type { Mail } from '../ledger/mail.ts'
import { amountDue } from '../ledger/settled-invoice.ts'
import { formatAmount } from '../money.ts'
import { newId } from '../uuid.ts'
import type { StoredInvoice } from './stored-invoice.ts'

/** None where nobody is to get it. */
export function invoiceMails(invoice: StoredInvoice, email: string | null, now: number): Mail[] {
  const recipients = new Set([invoice.buyer?.email ?? '', email ?? ''].filter((address) => address !== ''))
  const content = {
    kind: invoice.kind,
    number: invoice.number,
    clientName: invoice.buyer?.name ?? '',
    from: invoice.period.from,
    to: invoice.period.to,
    total: formatAmount(invoice.total),
    amountDue: formatAmount(amountDue(invoice)),
    currency: invoice.currency,
    dueDay: dueDay(invoice),
    timeZone: invoice.timeZone,
    language: invoice.language,
  }
  return [...recipients].map((recipient, i) => ({
    id: newId(now),
    kind: 'invoice',
    source: i === 0 ? invoice.id : `${invoice.id}:${i}`,
    brandId: invoice.brandId,
    clientId: invoice.clientId,
    recipient,
    content,
    attachments: [{ kind: 'invoice-pdf', id: invoice.id }],
    createdAt: now,
  }))
}

/** A day of the client's calendar; null where nothing is left to pay. */
function dueDay(invoice: StoredInvoice): string | null {
  if (invoice.dueAt === null || !amountDue(invoice).gt(0)) return null
  return DateTime.fromMillis(invoice.dueAt, { zone: invoice.timeZone }).toISODate()
}
