/**
 * Money of clients for reports: what each account holds, and every movement behind it.
 */

import { movementsByDay } from '../accounts/movements-by-day.ts'
import { type ClockSpans, type DayBounds, dayBounds, keyOfClient } from '../clients/client-clocks.ts'
import type { Sql } from '../connection.ts'
import { amountDueSql, isOpenInvoice } from '../invoices/amount-due.ts'
import { isPostedFee } from '../invoices/posted-fees.ts'
import type { ReportQuery } from './report-rows.ts'

export interface AccountsQuery {
  brandId: string | null
  clientId: string | null
  /** Local days of each client, half open; null: no limit. */
  from: string | null
  to: string | null
}

/** `bounds` are those of the days, in the zone that rows are shown in. */
type BoundQuery = AccountsQuery & { bounds: DayBounds }

/** `spans`: clocks by which movements stand on days. */
type DayQuery = AccountsQuery & { spans: ClockSpans }

/**
 * Columns: clientId, clientName, billingMethod, currency, balance, reserved, creditLimit, available, unbilled,
 * invoicedUnpaid, runningCalls. As of now. `available` is null where nothing limits it.
 */
export function reportBalances({ brandId, clientId }: AccountsQuery): ReportQuery {
  return (sql) => sql`
    with unbilled as materialized (
      select client_id, sum(amount) as amount
      from (
        select client_id, amount
        from call_rollups
        where invoice_id is null ${clientId === null ? sql`` : sql`and client_id = ${clientId}`}
        union all
        select client_id, fee
        from allowance_periods
        where ${sql.unsafe(isPostedFee)} ${clientId === null ? sql`` : sql`and client_id = ${clientId}`}
      ) on_no_invoice
      group by client_id
    ),
    unpaid as materialized (
      select client_id, sum(greatest(0, ${amountDueSql(sql)})) as amount
      from invoices
      where ${isOpenInvoice(sql)} ${clientId === null ? sql`` : sql`and client_id = ${clientId}`}
      group by client_id
    ),
    granted as materialized (
      select client_id, sum(reserved) as amount, count(*) filter (where client_slot) as calls
      from lease_grants
      where epoch is not null ${clientId === null ? sql`` : sql`and client_id = ${clientId}`}
      group by client_id
    )
    select c.id, c.name, c.billing_method, a.currency, a.balance, a.reserved + coalesce(granted.amount, 0),
           c.credit_limit,
           case when c.billing_method in ('prepaid', 'pseudoprepaid') or c.credit_limit is not null
                then a.balance - a.reserved - coalesce(granted.amount, 0) + coalesce(c.credit_limit, 0) end,
           coalesce(unbilled.amount, 0), coalesce(unpaid.amount, 0),
           (a.running_calls + coalesce(granted.calls, 0))::integer
    from clients c
    join accounts a on a.client_id = c.id
    left join granted on granted.client_id = c.id
    left join unbilled on unbilled.client_id = c.id
    left join unpaid on unpaid.client_id = c.id
    where true
      ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
      ${clientId === null ? sql`` : sql`and c.id = ${clientId}`}
    order by c.name, c.id`
}

/**
 * Columns: clientId, clientName, currency, timeZone, from, to, openingBalance, topUps, adjustments, charges
 * (corrections and what went beyond the balance too), invoices, payments, closingBalance.
 */
export function reportAccountPeriods(query: BoundQuery): ReportQuery {
  const { brandId, clientId, from, to, bounds } = query
  return (sql) => sql`
    select c.id, c.name, a.currency, span.time_zone, ${from}::text::date, ${to}::text::date,
           coalesce(b.balance_after, 0),
           coalesce(m.top_ups, 0), coalesce(m.adjustments, 0), coalesce(m.charges, 0), coalesce(m.invoices, 0),
           coalesce(m.payments, 0),
           coalesce(b.balance_after, 0) + coalesce(m.amount, 0)
    from clients c
    join accounts a on a.client_id = c.id
    join ${dayBounds(sql, bounds)} span on span.key = ${keyOfClient(sql, bounds)}
    left join lateral (
      select v.balance_after
      from movements v
      where v.client_id = c.id and v.created_at < span.begins
      order by v.seq desc
      limit 1
    ) b on true
    left join lateral (
      select sum(v.amount) as amount,
             sum(v.amount) filter (where v.kind = 'top-up') as top_ups,
             sum(v.amount) filter (where v.kind = 'adjustment') as adjustments,
             sum(v.amount) filter (where v.kind in ('charge', 'overrun', 'correction')) as charges,
             sum(v.amount) filter (where v.kind = 'invoice') as invoices,
             sum(v.amount) filter (where v.kind = 'payment') as payments
      from movements v
      where v.client_id = c.id and v.created_at >= span.begins and v.created_at < span.ends
    ) m on true
    where true
      ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
      ${clientId === null ? sql`` : sql`and c.id = ${clientId}`}
    order by c.name, c.id`
}

/**
 * Columns: clientId, clientName, seq, createdAt, timeZone, kind, amount, balanceAfter, currency, callId, invoiceId,
 * reference, actor, id. A client's oldest first.
 */
export function reportMovements(
  query: BoundQuery & { timeZone: string | null; withInvoices: boolean },
): ReportQuery {
  const { brandId, clientId, from, to, timeZone, bounds, withInvoices } = query
  return (sql) => sql`
      select c.id, c.name, v.seq, v.created_at, coalesce(${timeZone}::text, c.time_zone), v.kind, v.amount, v.balance_after, v.currency, v.call_id,
             ${withInvoices ? sql`v.invoice_id, v.reference` : referenceOfNoInvoice(sql, 'v')}, v.actor, v.id
      from clients c
      join ${dayBounds(sql, bounds)} span on span.key = ${keyOfClient(sql, bounds)}
      join movements v on v.client_id = c.id
      where true
        ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and c.id = ${clientId}`}
        ${from === null ? sql`` : sql`and v.created_at >= span.begins`}
        ${to === null ? sql`` : sql`and v.created_at < span.ends`}
      order by c.id, v.seq`
}

/**
 * As `reportAccountPeriods` for whoever may not see the price of a call: charges stand on the days whose usage they
 * are (accounts/movements-by-day.ts), in the client's own zone.
 */
export function reportAccountPeriodsByDay(query: DayQuery & { bounds: DayBounds }): ReportQuery {
  const { brandId, clientId, from, to, spans, bounds } = query
  return (sql) => {
    const within = from === null ? sql`true` : sql`d.day >= ${from}::text::date`
    const sumKind = (kind: string) =>
      sql`coalesce(sum(d.amount) filter (where d.kind = ${kind} and ${within}), 0)`
    return sql`
      select c.id, c.name, a.currency, span.time_zone, ${from}::text::date, ${to}::text::date,
             coalesce(sum(d.amount) filter (where not ${within}), 0),
             ${sumKind('top-up')}, ${sumKind('adjustment')}, ${sumKind('charge')}, ${sumKind('invoice')}, ${sumKind('payment')},
             coalesce(sum(d.amount), 0)
      from clients c
      join accounts a on a.client_id = c.id
      join ${dayBounds(sql, bounds)} span on span.key = ${keyOfClient(sql, bounds)}
      left join lateral (
        select * from (${movementsByDay(sql, spans)}) told
        ${to === null ? sql`` : sql`where day < ${to}::text::date`}
      ) d on true
      where true
        ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and c.id = ${clientId}`}
      group by c.id, c.name, a.currency, span.time_zone
      order by c.name, c.id`
  }
}

/**
 * As `reportMovements` for whoever may not see the price of a call. Columns: clientId, clientName, seq, createdAt,
 * timeZone, kind, amount, balanceAfter, currency, invoiceId, reference, actor, id, day. `id` and `seq` are null where a
 * row is the charge of its day, and so is `createdAt`.
 */
export function reportMovementsByDay(query: DayQuery & { withInvoices: boolean }): ReportQuery {
  const { brandId, clientId, from, to, spans, withInvoices } = query
  return (sql) => sql`
    select d.client_id, d.client_name, d.seq, d.created_at, d.time_zone, d.kind, d.amount, d.balance_after, d.currency,
           ${withInvoices ? sql`d.invoice_id, d.reference` : referenceOfNoInvoice(sql, 'd')}, d.actor, d.id, d.day
    from (
      select told.*, c.name as client_name, c.time_zone, a.currency,
             sum(told.amount) over (partition by told.client_id order by told.day, told.place) as balance_after
      from clients c
      join accounts a on a.client_id = c.id
      cross join lateral (${movementsByDay(sql, spans)}) told
      where true
        ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
        ${clientId === null ? sql`` : sql`and c.id = ${clientId}`}
    ) d
    where true
      ${from === null ? sql`` : sql`and d.day >= ${from}::text::date`}
      ${to === null ? sql`` : sql`and d.day < ${to}::text::date`}
    order by d.client_id, d.day, d.place`
}

/** What an invoice posted is referred to by its number, or by a payment's words. */
function referenceOfNoInvoice(sql: Sql, row: string) {
  return sql`case when ${sql(row)}.invoice_id is null then ${sql(row)}.reference end`
}
