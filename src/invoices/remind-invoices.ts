/**
 * Who is reminded of an overdue invoice, and when? The client, by its brand's schedule: once as each of
 * `daysAfterDue` is reached, counted from the due day by the brand's calendar, while something is due.
 *
 * A step is noted in the transaction that orders its mail, so that replicas and restarts tell it once. Of several steps
 * that are reached at once (the service was down, the schedule is new) the last alone is told, and an earlier one that is
 * added later no more. Whether the invoice is still open is asked again as the mail leaves.
 */
import { inBatch } from '../db/batch.ts'
import type { Sql } from '../db/connection.ts'
import { findInvoice } from '../db/invoices/invoices.ts'
import {
  listOverdueInvoices,
  listRemindingBrands,
  type OverdueInvoice,
  type RemindingBrand,
  takeReminders,
} from '../db/invoices/overdue-invoices.ts'
import { readJson } from '../db/json-column.ts'
import { Ledger } from '../ledger/ledger.ts'
import { amountDue } from '../ledger/settled-invoice.ts'
import { localDay } from '../rating/local-day.ts'
import { reminderFacts, reminderMail } from './invoice-mail.ts'
import type { InvoicesContext } from './invoices-context.ts'

const invoicesPerPage = 200

/** Answers how many reminders it has ordered. */
export async function remindInvoices(
  context: InvoicesContext,
  stop: () => boolean = () => false,
): Promise<number> {
  let ordered = 0
  for (const brand of await listRemindingBrands(context.sql)) {
    ordered += await remindBrandClients(context, brand, stop)
  }
  return ordered
}

async function remindBrandClients(
  { sql, clock, onCommitted }: InvoicesContext,
  brand: RemindingBrand,
  stop: () => boolean,
): Promise<number> {
  const now = clock()
  const today = localDay(now, brand.timeZone)
  let ordered = 0
  let after: { dueDay: string; id: string } | null = null
  while (!stop()) {
    const page: OverdueInvoice[] = await listOverdueInvoices(sql, {
      ...{ brand, today, now, after },
      limit: invoicesPerPage,
    })
    const due = page.filter(({ invoice, email }) => email !== '' && amountDue(invoice).gt(0))
    if (due.length > 0) ordered += await orderReminders({ sql, onCommitted }, due, now)
    const last = page.at(-1)?.invoice
    if (!last?.dueDay || page.length < invoicesPerPage) break
    after = { dueDay: last.dueDay, id: last.id }
  }
  return ordered
}

async function orderReminders(
  { sql, onCommitted }: Pick<InvoicesContext, 'sql' | 'onCommitted'>,
  due: readonly OverdueInvoice[],
  now: number,
): Promise<number> {
  const ledger = new Ledger(now)
  const ordered = await inBatch(sql, async ({ tx, commitAfter }) => {
    const steps = due.map(({ invoice, step }) => ({ invoiceId: invoice.id, step }))
    const taken = await takeReminders(tx, steps, now)
    for (const { invoice, step, daysLate, email: recipient } of due) {
      if (taken.has(invoice.id)) ledger.mail(reminderMail(invoice, { step, daysLate, recipient, now }))
    }
    await commitAfter(ledger.write(tx))
    return taken.size
  })
  onCommitted(ledger.news)
  return ordered
}

/** What a reminder tells as it leaves; null: the invoice is no longer open. Of other mails nothing. */
export async function findReminderFacts(
  sql: Sql,
  mail: { kind: string; attachments: unknown },
): Promise<Record<string, unknown> | null> {
  if (mail.kind !== 'invoice-reminder') return {}
  const [attached] = readJson<{ id: string }[]>(mail.attachments as string)
  const invoice = attached && (await findInvoice(sql, attached.id))
  if (invoice?.status !== 'issued' || !amountDue(invoice).gt(0)) return null
  return reminderFacts(invoice)
}
