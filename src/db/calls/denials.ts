/**
 * Denied authorizations, counted by client, local day and reason.
 */

import { daysKept, type RecordAge } from '../clients/brand-retention.ts'
import type { Sql } from '../connection.ts'
import type { DaysInZones } from '../days-in-zones.ts'

export interface DenialCount {
  clientId: string
  day: string
  reason: string
  count: number
}

/** Ascending keys, so that two replicas do not wait for each other crosswise. */
export async function addDenials(sql: Sql, counts: readonly DenialCount[]): Promise<void> {
  const ordered = [...counts].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  await sql`
    insert into denials (client_id, day, reason, count)
    select client_id, day::date, reason, count::bigint
    from unnest(
      ${ordered.map((counted) => counted.clientId)}::uuid[],
      ${ordered.map((counted) => counted.day)}::text[],
      ${ordered.map((counted) => counted.reason)}::text[],
      ${ordered.map((counted) => String(counted.count))}::text[]
    ) as given (client_id, day, reason, count)
    on conflict (client_id, day, reason) do update
    set count = denials.count + excluded.count`
}

const sortKey = (counted: DenialCount): string => `${counted.clientId} ${counted.day} ${counted.reason}`

/** Removes the counts of local days that are over for too long, at most so many; answers how many. */
export async function removeOldDenials(
  sql: Sql,
  { max, today, utcDay, ...age }: RecordAge & { max: number; today: DaysInZones; utcDay: string },
): Promise<number> {
  const gone = await sql`
    delete from denials
    where (client_id, day, reason) in (
      select d.client_id, d.day, d.reason
      from denials d
      left join clients c on c.id = d.client_id
      left join brands b on b.id = c.brand_id
      left join ${today(sql)} on today.time_zone = c.time_zone
      where d.day < coalesce(today.day, ${utcDay}::text::date) - ${daysKept(sql, age)}
      limit ${max}
    )`
  return gone.count
}
