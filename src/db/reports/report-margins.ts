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

/** What a group's rows are told apart by, and what is shown of it. */
const groupParts: Record<MarginGroup, { key: string; shown: readonly string[] }> = {
  client: { key: 'o.id', shown: ['s.client', 'o.name'] },
  destination: { key: 'r.destination', shown: ['s.destination'] },
  carrier: { key: 'r.carrier_id', shown: ['s.carrier', 'a.name'] },
  day: { key: 'r.day', shown: ['s.day'] },
  month: { key: "date_trunc('month', r.day::timestamp)", shown: ["to_char(s.month, 'YYYY-MM')"] },
}

/**
 * Columns: those of the groups (`client` and `carrier`: id and name), currency, calls, seconds, price, cost, margin,
 * marginPercent (null: the price is 0), callsWithoutCost; and where amounts are exchanged, the clients' currency and the rate.
 * Without a rate the amounts are null.
 *
 * Sums are made before names are joined and rows are put in order: PostgreSQL, which takes a brand for one client, would sort
 * a year's rows to sum them up.
 */
export function reportMargins(query: MarginsQuery): ReportQuery {
  return (sql) => {
    const { groups, into } = query
    const keys = groups.map((group) => `${groupParts[group].key} as ${group}, `).join('')
    const shown = groups.flatMap((group) => groupParts[group].shown)
    const places = (count: number) => Array.from({ length: count }, (_, index) => index + 1).join(', ')
    const ordered = places(shown.length + 1)
    const amount = (sum: string) => (into ? sql`round(${sql.unsafe(sum)} * s.rate, 6)` : sql.unsafe(sum))
    return sql`
      with o as materialized (
        select id, name, currency, ${into ? rateInto(sql, into) : sql`null::numeric`} as rate
        from clients
        where true
          ${query.brandId === null ? sql`` : sql`and brand_id = ${query.brandId}`}
          ${query.clientId === null ? sql`` : sql`and id = ${query.clientId}`}
      ), s as materialized (
        select ${sql.unsafe(keys)} o.currency, o.rate, sum(r.calls) as calls, sum(r.duration_seconds) as seconds,
               sum(r.price) as price, sum(r.margin) as margin, sum(r.calls_without_cost) as calls_without_cost
        from o
        join carrier_rollups r on r.client_id = o.id
        where true ${filter(sql, query)}
        group by ${sql.unsafe(places(groups.length + 2))}
      )
      select ${sql.unsafe(shown.map((column) => `${column}, `).join(''))}
             ${into ? sql`${into.currency}::text` : sql`s.currency`}, s.calls, s.seconds, ${amount('s.price')},
             ${amount('s.price')} - ${amount('s.margin')}, ${amount('s.margin')},
             round(100 * s.margin / nullif(s.price, 0), 2), s.calls_without_cost
             ${into ? sql`, s.currency, trim_scale(s.rate)::text` : sql``}
      from s
      ${groups.includes('client') ? sql`join o on o.id = s.client` : sql``}
      ${groups.includes('carrier') ? sql`left join carriers a on a.id = s.carrier` : sql``}
      where s.calls + s.calls_without_cost <> 0
        ${query.below === null ? sql`` : sql`and ${amount('s.margin')} < ${query.below}::text::numeric`}
      order by ${sql.unsafe(into ? `${ordered}, ${shown.length + 9}` : ordered)}`
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
