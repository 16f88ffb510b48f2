/**
 * Guards that tripped, the latest first; by the client's local day of the first trip of each hour.
 */
import { type DayBounds, dayBounds, keyOfClient } from '../clients/client-clocks.ts'
import type { ReportQuery } from './report-rows.ts'

export interface GuardEventsQuery {
  brandId: string | null
  clientId: string | null
  /** Local days, half open; null: no limit. */
  from: string | null
  to: string | null
  /** null: each client's own. */
  timeZone: string | null
  /** Of those days, for each client. */
  bounds: DayBounds
  /** What legs had come to. */
  showsSpent: boolean
}

/** Columns: as `guard-events-report.ts` names them. */
export function reportGuardEvents(query: GuardEventsQuery): ReportQuery {
  const { brandId, clientId, from, to, timeZone, bounds, showsSpent } = query
  return (sql) => sql`
    select e.client_id, c.name, coalesce(${timeZone}::text, c.time_zone), e.tripped_at, e.last_at, e.guard_id,
           e.guard_name, e.action, e.limit_name, e.limit_value, ${showsSpent ? sql`e.spent` : sql`null`}, e.currency,
           e.refused
    from guard_events e
    join clients c on c.id = e.client_id
    join ${dayBounds(sql, bounds)} span on span.key = ${keyOfClient(sql, bounds)}
    where true
      ${brandId === null ? sql`` : sql`and e.brand_id = ${brandId}`}
      ${clientId === null ? sql`` : sql`and e.client_id = ${clientId}`}
      ${from === null ? sql`` : sql`and e.tripped_at >= span.begins`}
      ${to === null ? sql`` : sql`and e.tripped_at < span.ends`}
    order by e.tripped_at desc, e.id`
}
