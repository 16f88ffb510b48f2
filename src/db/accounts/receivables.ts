/**
 * What clients still owe on issued invoices, and calls that no invoice has taken for long.
 */
import { Decimal } from '../../money.ts'
import type { Sql } from '../connection.ts'
import { daysInZones } from '../days-in-zones.ts'
import { amountDueSql, isOpenInvoice } from '../invoices/amount-due.ts'
import { daysLate } from '../invoices/days-late.ts'

export interface Receivable {
  clientId: string
  clientName: string
  currency: string
  invoices: number
  /** Not yet due, then by days since the due day, as the brand's calendar counts them. */
  notDue: Decimal
  upTo30: Decimal
  upTo60: Decimal
  upTo90: Decimal
  over90: Decimal
  due: Decimal
}

/** By client, in the order of their ids; `after` is the last client of the page before. */
export async function listReceivables(
  tx: Sql,
  page: { brandId: string | null; after: string | null; limit: number; now: number },
): Promise<Receivable[]> {
  const today = await daysInZones(tx, 'brands', page.now)
  const rows = await tx`
    select client_id, name, currency, count(*)::integer as invoices, sum(due) as due,
           coalesce(sum(due) filter (where late <= 0), 0) as not_due,
           coalesce(sum(due) filter (where late > 0 and late <= 30), 0) as up_to_30,
           coalesce(sum(due) filter (where late > 30 and late <= 60), 0) as up_to_60,
           coalesce(sum(due) filter (where late > 60 and late <= 90), 0) as up_to_90,
           coalesce(sum(due) filter (where late > 90), 0) as over_90
    from (
      select i.client_id, c.name, i.currency, ${amountDueSql(tx, 'i')} as due,
             ${daysLate(tx, page.now)} as late
      from invoices i
      join clients c on c.id = i.client_id
      join brands b on b.id = i.brand_id
      join ${today(tx)} on today.time_zone = b.time_zone
      where ${isOpenInvoice(tx, 'i')}
        and (${page.brandId}::uuid is null or i.brand_id = ${page.brandId}::uuid)
        and (${page.after}::uuid is null or i.client_id > ${page.after}::uuid)
    ) as open
    where due > 0
    group by client_id, name, currency
    order by client_id, currency
    limit ${page.limit}`
  return rows.map((row) => ({
    clientId: row.client_id,
    clientName: row.name,
    currency: row.currency,
    invoices: row.invoices,
    notDue: new Decimal(row.not_due),
    upTo30: new Decimal(row.up_to_30),
    upTo60: new Decimal(row.up_to_60),
    upTo90: new Decimal(row.up_to_90),
    over90: new Decimal(row.over_90),
    due: new Decimal(row.due),
  }))
}

export interface ForgottenCalls {
  clientId: string
  clientName: string
  firstDay: string
  lastDay: string
  calls: number
  amount: Decimal
}

export interface ForgottenPage {
  brandId: string | null
  clientId: string | null
  /** Only calls of local days before it, on top of the rule below; null: the rule alone. */
  to: string | null
  /** First day and client of the last row shown; null: at the beginning. */
  after: { firstDay: string; clientId: string } | null
  limit: number
  now: number
}

/**
 * Priced calls on no invoice, answered more than two periods ago. A period is the one of the client's schedule, or a
 * calendar month where it has none. By their first day, then by client.
 */
export async function listForgottenCalls(tx: Sql, wanted: ForgottenPage): Promise<ForgottenCalls[]> {
  const { brandId, clientId, to, after } = wanted
  const today = await daysInZones(tx, 'clients', wanted.now)
  const rows = await tx`
    select c.id, c.name, min(r.day) as first_day, max(r.day) as last_day, sum(r.calls)::integer as calls,
           sum(r.amount) as amount
    from clients c
    join ${today(tx)} on today.time_zone = c.time_zone
    left join lateral (
      select max(p.period_to - p.period_from) as days
      from invoice_schedule_periods p
      where p.client_id = c.id
    ) as scheduled on true
    join call_rollups r on r.client_id = c.id
    where r.invoice_id is null
      and r.day < case
        when scheduled.days is not null
          then today.day - 2 * scheduled.days
        else (date_trunc('month', today.day::timestamp) - interval '2 months')::date
      end
      and (${brandId}::uuid is null or c.brand_id = ${brandId}::uuid)
      and (${clientId}::uuid is null or c.id = ${clientId}::uuid)
      and (${to}::text::date is null or r.day < ${to}::text::date)
    group by c.id, c.name
    having (sum(r.calls) <> 0 or sum(r.amount) <> 0)
      and (${after === null} or (min(r.day), c.id) > (${after?.firstDay ?? null}::text::date, ${after?.clientId ?? null}::uuid))
    order by min(r.day), c.id
    limit ${wanted.limit}`
  return rows.map((row) => ({
    clientId: row.id,
    clientName: row.name,
    firstDay: row.first_day,
    lastDay: row.last_day,
    calls: row.calls,
    amount: new Decimal(row.amount),
  }))
}
