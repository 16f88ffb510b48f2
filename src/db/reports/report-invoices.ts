/**
 * Invoices and credit notes for reports, and what clients still owe on them by age.
 */

import { type DayBounds, dayBounds } from '../clients/client-clocks.ts'
import { instantText } from '../columns.ts'
import type { ReportQuery } from './report-rows.ts'

export interface InvoicesQuery {
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. An invoice stands on the first day of its period, or on that of its issue. */
  from: string | null
  to: string | null
  datedBy: 'period' | 'issue'
  /** When these days begin and end in the zone of an invoice. */
  bounds: DayBounds
  /** Instead of each client's own. */
  timeZone: string | null
  /** Epoch milliseconds: what is overdue, and for how long. */
  now: number
}

/**
 * Columns: clientId, clientName, id, kind, status, number, from, to, timeZone, currency, net, tax, total,
 * prepaidAmount, paidAmount, creditedAmount, amountDue, issuedAt, dueAt, creditsInvoiceId. Newest first.
 */
export function reportInvoices(query: InvoicesQuery): ReportQuery {
  const { brandId, clientId, from, to, datedBy, bounds, timeZone, now } = query
  return (sql) => {
    return sql`
      select i.client_id, c.name, i.id, i.kind,
             case when ${isOpen(sql)} and ${due(sql)} > 0 and i.due_at < ${instantText(now)}::text::timestamptz then 'overdue'
                  else i.status end,
             i.number, i.period_from, i.period_to, coalesce(${timeZone}::text, i.time_zone), i.currency,
             i.net, i.tax, i.total, i.prepaid_amount, i.paid_amount, i.credited_amount,
             case when i.kind = 'credit-note' or i.status = 'credited' then 0 else greatest(0, ${due(sql)}) end,
             i.issued_at, i.due_at, i.credits_invoice_id
      from invoices i
      join clients c on c.id = i.client_id
      ${datedBy === 'issue' ? sql`left join ${dayBounds(sql, bounds)} span on span.key = i.time_zone` : sql``}
      where true
        ${brandId === null ? sql`` : sql`and i.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and i.client_id = ${clientId}`}
        ${from === null ? sql`` : datedBy === 'issue' ? sql`and i.issued_at >= span.begins` : sql`and i.period_from >= ${from}::text::date`}
        ${to === null ? sql`` : datedBy === 'issue' ? sql`and i.issued_at < span.ends` : sql`and i.period_from < ${to}::text::date`}
      order by i.id desc`
  }
}

/**
 * Columns: clientId, clientName, currency, invoices, notDue, upTo30, upTo60, upTo90, over90 (days since the due
 * date), due. Clients that owe nothing have no row.
 */
export function reportReceivables({
  brandId,
  clientId,
  now,
}: Pick<InvoicesQuery, 'brandId' | 'clientId' | 'now'>): ReportQuery {
  return (sql) => sql`
    select client_id, name, currency, count(*),
           coalesce(sum(due) filter (where late <= 0), 0),
           coalesce(sum(due) filter (where late > 0 and late <= 30), 0),
           coalesce(sum(due) filter (where late > 30 and late <= 60), 0),
           coalesce(sum(due) filter (where late > 60 and late <= 90), 0),
           coalesce(sum(due) filter (where late > 90), 0),
           sum(due)
    from (
      select i.client_id, c.name, i.currency, ${due(sql)} as due,
             coalesce(extract(epoch from ${instantText(now)}::text::timestamptz - i.due_at) / 86400, 0) as late
      from invoices i
      join clients c on c.id = i.client_id
      where ${isOpen(sql)}
        ${brandId === null ? sql`` : sql`and i.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and i.client_id = ${clientId}`}
    ) as open
    where due > 0
    group by client_id, name, currency
    order by name, client_id, currency`
}

type Sql = Parameters<ReportQuery>[0]

function isOpen(sql: Sql) {
  return sql`(i.kind = 'invoice' and i.status = 'issued')`
}

function due(sql: Sql) {
  return sql`(i.total - i.prepaid_amount - i.paid_amount - i.credited_amount)`
}
