/**
 * Who gets an invoice by mail? The address in the client's invoice data and one that the schedule or the caller
 * names. The PDF is made when the mail is sent.
 */
import type { Sql } from '../db/connection.ts'
import { appendMails } from '../db/mails.ts'
import { newId } from '../uuid.ts'
import { numberFormats } from './number-formats.ts'
import { amountDue, type StoredInvoice } from './stored-invoice.ts'

/** The write, or none where nobody is to get it. Amounts are written for people, in the client's language. */
export function mailInvoice(
  tx: Sql,
  invoice: StoredInvoice,
  email: string | null,
  now: number,
): Promise<unknown>[] {
  const recipients = new Set([invoice.buyer?.email ?? '', email ?? ''].filter((address) => address !== ''))
  if (recipients.size === 0) return []
  const formats = numberFormats(invoice)
  const content = {
    kind: invoice.kind,
    number: invoice.number,
    clientName: invoice.buyer?.name ?? '',
    from: invoice.period.from,
    to: invoice.period.to,
    total: formats.money(invoice.total),
    amountDue: formats.money(amountDue(invoice)),
    currency: invoice.currency,
    dueAt: invoice.dueAt === null ? null : formats.instant(invoice.dueAt),
    timeZone: invoice.timeZone,
    language: invoice.language,
  }
  const mails = [...recipients].map((recipient, i) => ({
    id: newId(now),
    kind: 'invoice' as const,
    source: i === 0 ? invoice.id : `${invoice.id}:${i}`,
    brandId: invoice.brandId,
    clientId: invoice.clientId,
    recipient,
    content,
    attachments: [{ kind: 'invoice-pdf', id: invoice.id }],
    createdAt: now,
  }))
  return [appendMails(tx, mails)]
}
