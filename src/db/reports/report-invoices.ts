/**
 * Invoices and credit notes for reports, and what clients still owe on them by age.
 */
import { instantText } from '../columns.ts'
import type { DaysInZones } from '../days-in-zones.ts'
import { amountDueSql, isOpenInvoice } from '../invoices/amount-due.ts'
import { daysLate } from '../invoices/days-late.ts'
import type { ReportQuery } from './report-rows.ts'

export interface InvoicesQuery {
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. An invoice stands on the first day of its period, or on that of its issue. */
  from: string | null
  to: string | null
  datedBy: 'period' | 'issue'
  /** Instead of each client's own. */
  timeZone: string | null
  /** Epoch milliseconds: what is overdue, and for how long. */
  now: number
}

/**
 * Columns: clientId, clientName, id, kind, status, number, from, to, timeZone, currency, net, tax, total,
 * prepaidAmount, paidAmount, creditedAmount, amountDue, issuedAt, dueAt, creditsInvoiceId, issueDay, dueDay. Newest first.
 */
export function reportInvoices(query: InvoicesQuery): ReportQuery {
  const { brandId, clientId, from, to, datedBy, timeZone, now } = query
  return (sql) => {
    const due = amountDueSql(sql, 'i')
    const day = datedBy === 'period' ? sql`i.period_from` : sql`i.issue_day`
    return sql`
      select i.client_id, c.name, i.id, i.kind,
             case when i.status = 'issued' and ${due} > 0 and i.due_at <= ${instantText(now)}::text::timestamptz then 'overdue'
                  else i.status end,
             i.number, i.period_from, i.period_to, coalesce(${timeZone}::text, i.time_zone), i.currency,
             i.net, i.tax, i.total, i.prepaid_amount, i.paid_amount, i.credited_amount,
             ${due}, i.issued_at, i.due_at, i.credits_invoice_id, i.issue_day, i.due_day
      from invoices i
      join clients c on c.id = i.client_id
      where true
        ${brandId === null ? sql`` : sql`and i.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and i.client_id = ${clientId}`}
        ${from === null ? sql`` : sql`and ${day} >= ${from}::text::date`}
        ${to === null ? sql`` : sql`and ${day} < ${to}::text::date`}
      order by i.id desc`
  }
}

/**
 * Columns: clientId, clientName, currency, invoices, notDue, upTo30, upTo60, upTo90, over90 (days since the due
 * day), due. Clients that owe nothing have no row.
 */
export function reportReceivables(
  { brandId, clientId, now }: Pick<InvoicesQuery, 'brandId' | 'clientId' | 'now'>,
  today: DaysInZones,
): ReportQuery {
  return (sql) => sql`
    select client_id, name, currency, count(*),
           coalesce(sum(due) filter (where late <= 0), 0),
           coalesce(sum(due) filter (where late > 0 and late <= 30), 0),
           coalesce(sum(due) filter (where late > 30 and late <= 60), 0),
           coalesce(sum(due) filter (where late > 60 and late <= 90), 0),
           coalesce(sum(due) filter (where late > 90), 0),
           sum(due)
    from (
      select i.client_id, c.name, i.currency, ${amountDueSql(sql, 'i')} as due,
             ${daysLate(sql, now)} as late
      from invoices i
      join clients c on c.id = i.client_id
      join brands b on b.id = i.brand_id
      join ${today(sql)} on today.time_zone = b.time_zone
      where ${isOpenInvoice(sql, 'i')}
        ${brandId === null ? sql`` : sql`and i.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and i.client_id = ${clientId}`}
    ) as open
    where due > 0
    group by client_id, name, currency
    order by name, client_id, currency`
}
