/**
 * What was not sold, by reason: calls that ended and no profile could price, and authorizations that were denied.
 */
import type { Sql } from '../connection.ts'
import type { ReportQuery } from './report-rows.ts'

export type RefusalGroup = 'client' | 'reason' | 'day' | 'month'

export interface RefusalsQuery {
  groups: readonly RefusalGroup[]
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. */
  from: string | null
  to: string | null
}

/** Columns: those of the groups (`client`: id and name), calls, durationSeconds. */
export function reportRejectedCalls(query: RefusalsQuery): ReportQuery {
  return (sql) => {
    const names = { clientId: 'k.client_id', day: 'k.usage_day', brandId: 'k.brand_id' }
    const { selected, places } = groupSql(sql, query.groups, {
      client: 'k.client_id, c.name',
      reason: 'k.reason',
      day: 'k.usage_day',
      month: "to_char(k.usage_day, 'YYYY-MM')",
    })
    return sql`
      select ${selected}, count(*), sum(k.duration_seconds)
      from calls k
      left join clients c on c.id = k.client_id
      where k.status = 'rejected' ${filter(sql, query, names)}
      group by ${places}
      order by ${places}`
  }
}

/** Columns: those of the groups (`client`: id and name), denials. An unknown client's are the platform's alone. */
export function reportDenials(query: RefusalsQuery): ReportQuery {
  return (sql) => {
    const names = { clientId: 'd.client_id', day: 'd.day', brandId: 'c.brand_id' }
    const { selected, places } = groupSql(sql, query.groups, {
      client: "nullif(d.client_id, '00000000-0000-0000-0000-000000000000'), c.name",
      reason: 'd.reason',
      day: 'd.day',
      month: "to_char(d.day, 'YYYY-MM')",
    })
    return sql`
      select ${selected}, sum(d.count)
      from denials d
      left join clients c on c.id = d.client_id
      where true ${filter(sql, query, names)}
      group by ${places}
      order by ${places}`
  }
}

function groupSql(sql: Sql, groups: readonly RefusalGroup[], expressions: Record<RefusalGroup, string>) {
  const columns = groups.map((group) => expressions[group]).join(', ')
  const count = groups.length + (groups.includes('client') ? 1 : 0)
  const places = Array.from({ length: count }, (_, index) => index + 1).join(', ')
  return { selected: sql.unsafe(columns), places: sql.unsafe(places) }
}

function filter(sql: Sql, query: RefusalsQuery, names: Record<'clientId' | 'day' | 'brandId', string>) {
  const { brandId, clientId, from, to } = query
  return sql`
    ${brandId === null ? sql`` : sql`and ${sql.unsafe(names.brandId)} = ${brandId}`}
    ${clientId === null ? sql`` : sql`and ${sql.unsafe(names.clientId)} = ${clientId}`}
    ${from === null ? sql`` : sql`and ${sql.unsafe(names.day)} >= ${from}::text::date`}
    ${to === null ? sql`` : sql`and ${sql.unsafe(names.day)} < ${to}::text::date`}`
}
