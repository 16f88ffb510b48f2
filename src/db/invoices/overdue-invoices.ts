/**
 * Overdue invoices that a brand's schedule of reminders has reached, and which of its steps were told.
 */
import type { StoredInvoice } from '../../invoices/stored-invoice.ts'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { readInvoice } from './invoices.ts'

export interface RemindingBrand {
  id: string
  timeZone: string
  daysAfterDue: readonly number[]
}

export async function listRemindingBrands(sql: Sql): Promise<RemindingBrand[]> {
  const rows = await sql`
    select id, time_zone, invoice_reminders
    from brands
    where jsonb_typeof(invoice_reminders) = 'object'
    order by id`
  return rows.map((row) => ({
    id: row.id,
    timeZone: row.time_zone,
    daysAfterDue: readJson<{ daysAfterDue: number[] }>(row.invoice_reminders).daysAfterDue,
  }))
}

export interface OverdueInvoice {
  invoice: StoredInvoice
  /** The last step that it has reached; none from there on was told. */
  step: number
  daysLate: number
  /** Of the client's invoice data as they are now; empty: nobody is to be reminded. */
  email: string
}

/** But for those that a direct debit is collecting. In the order of their due days; `after` is the last one of the page before. */
export async function listOverdueInvoices(
  sql: Sql,
  wanted: {
    brand: RemindingBrand
    /** The brand's. */
    today: string
    now: number
    after: { dueDay: string; id: string } | null
    limit: number
  },
): Promise<OverdueInvoice[]> {
  const { brand, today, after } = wanted
  const steps = [...brand.daysAfterDue]
  const rows = await sql`
    select i.*, reached.step, ${today}::text::date - i.due_day as days_late,
           coalesce(c.invoice_data ->> 'email', '') as email
    from invoices i
    join clients c on c.id = i.client_id
    cross join lateral (
      select max(days) as step
      from unnest(${steps}::integer[]) as days
      where i.due_day <= ${today}::text::date - days
    ) as reached
    where i.brand_id = ${brand.id}
      and i.kind = 'invoice'
      and i.status = 'issued'
      and i.due_day <= ${today}::text::date - ${Math.min(...steps)}::integer
      and i.due_at <= ${instantText(wanted.now)}
      and 'invoices' = any(c.features)
      and not exists (
        select 1
        from invoice_reminders r
        where r.invoice_id = i.id
          and r.days_after_due >= reached.step
      )
      and not exists (
        select 1
        from direct_debits d
        where d.invoice_id = i.id
          and d.status = 'pending'
      )
      ${after === null ? sql`` : sql`and (i.due_day, i.id) > (${after.dueDay}::text::date, ${after.id}::uuid)`}
    order by i.due_day, i.id
    limit ${wanted.limit}`
  return rows.map((row) => ({
    invoice: readInvoice(row),
    step: row.step,
    daysLate: row.days_late,
    email: row.email,
  }))
}

/** Notes steps as told and answers the invoices whose step nobody else has told: those are this caller's. */
export async function takeReminders(
  tx: Sql,
  reminders: readonly { invoiceId: string; step: number }[],
  now: number,
): Promise<Set<string>> {
  const rows = await tx`
    insert into invoice_reminders (invoice_id, days_after_due, created_at)
    select invoice_id, days_after_due, ${instantText(now)}::text::timestamptz
    from unnest(
      ${reminders.map(({ invoiceId }) => invoiceId)}::uuid[],
      ${reminders.map(({ step }) => step)}::smallint[]
    ) as given (invoice_id, days_after_due)
    order by invoice_id
    on conflict do nothing
    returning invoice_id`
  return new Set(rows.map((row) => row.invoice_id as string))
}
