/**
 * What carriers took on, from the sums that settlement keeps: a few rows a day. Sums of clients of different currencies
 * stand in rows of their own.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import type { ReportQuery } from './report-rows.ts'

export type MarginGroup = 'client' | 'destination' | 'carrier' | 'day' | 'month'

export interface MarginsQuery {
  groups: readonly MarginGroup[]
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. */
  from: string | null
  to: string | null
  destination: string | null
  /** Only groups whose margin is less, as decimal text; null: all. */
  below: string | null
  /** The currency that amounts are exchanged into, by the rate valid then (milliseconds since 1970); null: their own. */
  into: { currency: string; at: number } | null
}

const expressions: Record<MarginGroup, string> = {
  client: 'o.id, o.name',
  destination: 'r.destination',
  carrier: 'r.carrier_id, a.name',
  day: 'r.day',
  month: "to_char(r.day, 'YYYY-MM')",
}

/**
 * Columns: those of the groups (`client` and `carrier`: id and name), currency, calls, seconds, price, cost, margin,
 * marginPercent (null: the price is 0), callsWithoutCost; and where amounts are exchanged, the clients' currency and the rate.
 * Without a rate the amounts are null.
 */
export function reportMargins(query: MarginsQuery): ReportQuery {
  return (sql) => {
    const { into } = query
    const columns = query.groups.map((group) => `${expressions[group]}, `).join('')
    const named = query.groups.filter((group) => group === 'client' || group === 'carrier').length
    const count = query.groups.length + named
    const places = Array.from({ length: count + 1 }, (_, index) => index + 1).join(', ')
    const keys = into ? sql`${sql.unsafe(columns)} o.currency, o.rate` : sql.unsafe(`${columns} o.currency`)
    const amount = (sum: string) => (into ? sql`round(${sql.unsafe(sum)} * o.rate, 6)` : sql.unsafe(sum))
    return sql`
      with o as materialized (
        select id, name, currency
               ${into ? sql`, ${rateInto(sql, into)} as rate` : sql``}
        from clients
        where true
          ${query.brandId === null ? sql`` : sql`and brand_id = ${query.brandId}`}
          ${query.clientId === null ? sql`` : sql`and id = ${query.clientId}`}
      )
      select ${sql.unsafe(columns)} ${into ? sql`${into.currency}::text` : sql`o.currency`},
             sum(r.calls), sum(r.duration_seconds), ${amount('sum(r.price)')},
             ${amount('sum(r.price)')} - ${amount('sum(r.margin)')}, ${amount('sum(r.margin)')},
             round(100 * sum(r.margin) / nullif(sum(r.price), 0), 2), sum(r.calls_without_cost)
             ${into ? sql`, o.currency, trim_scale(o.rate)::text` : sql``}
      from o
      join carrier_rollups r on r.client_id = o.id
      left join carriers a on a.id = r.carrier_id
      where true ${filter(sql, query)}
      group by ${keys}
      having sum(r.calls) + sum(r.calls_without_cost) <> 0
        ${query.below === null ? sql`` : sql`and ${amount('sum(r.margin)')} < ${query.below}::text::numeric`}
      order by ${sql.unsafe(into ? `${places}, ${count + 9}` : places)}`
  }
}

/** 1 within a currency, null without a rate; a pair counts in its own direction alone. */
function rateInto(sql: Sql, { currency, at }: { currency: string; at: number }) {
  return sql`
    case when clients.currency = ${currency} then 1 else (
      select e.rate
      from exchange_rates e
      where e.brand_id = clients.brand_id
        and e.base = clients.currency
        and e.quote = ${currency}
        and e.valid_from <= ${instantText(at)}::timestamptz
      order by e.valid_from desc
      limit 1
    ) end`
}

function filter(sql: Sql, { from, to, destination }: MarginsQuery) {
  return sql`
    ${from === null ? sql`` : sql`and r.day >= ${from}::text::date`}
    ${to === null ? sql`` : sql`and r.day < ${to}::text::date`}
    ${destination === null ? sql`` : sql`and r.destination = ${destination}`}`
}
