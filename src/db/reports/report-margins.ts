/**
 * What carriers took on, from the sums that settlement keeps: a few rows a day. Sums of clients of different currencies
 * stand in rows of their own.
 */
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
 * marginPercent (null: the price is 0), callsWithoutCost.
 */
export function reportMargins(query: MarginsQuery): ReportQuery {
  return (sql) => {
    const columns = [...query.groups.map((group) => expressions[group]), 'o.currency'].join(', ')
    const named = query.groups.filter((group) => group === 'client' || group === 'carrier').length
    const places = Array.from({ length: query.groups.length + named + 1 }, (_, index) => index + 1).join(', ')
    return sql`
      with o as materialized (
        select id, name, currency
        from clients
        where true
          ${query.brandId === null ? sql`` : sql`and brand_id = ${query.brandId}`}
          ${query.clientId === null ? sql`` : sql`and id = ${query.clientId}`}
      )
      select ${sql.unsafe(columns)},
             sum(r.calls), sum(r.duration_seconds), sum(r.price), sum(r.price) - sum(r.margin), sum(r.margin),
             round(100 * sum(r.margin) / nullif(sum(r.price), 0), 2), sum(r.calls_without_cost)
      from o
      join carrier_rollups r on r.client_id = o.id
      left join carriers a on a.id = r.carrier_id
      where true ${filter(sql, query)}
      group by ${sql.unsafe(places)}
      having sum(r.calls) + sum(r.calls_without_cost) <> 0
        ${query.below === null ? sql`` : sql`and sum(r.margin) < ${query.below}::text::numeric`}
      order by ${sql.unsafe(places)}`
  }
}

function filter(sql: Sql, { from, to, destination }: MarginsQuery) {
  return sql`
    ${from === null ? sql`` : sql`and r.day >= ${from}::text::date`}
    ${to === null ? sql`` : sql`and r.day < ${to}::text::date`}
    ${destination === null ? sql`` : sql`and r.destination = ${destination}`}`
}
