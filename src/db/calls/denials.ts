/**
 * Denied authorizations, counted by client, local day and reason, and for those who watch summed by brand.
 */

import { daysKept, type RecordAge } from '../clients/brand-retention.ts'
import type { Sql } from '../connection.ts'
import type { DaysInZones } from '../days-in-zones.ts'

export interface DenialCount {
  clientId: string
  /** null: of a client that nobody knows. */
  brandId: string | null
  /** Of the client: its day is the one here. */
  timeZone: string
  day: string
  reason: string
  count: number
}

/** Ascending keys, so that two replicas do not wait for each other crosswise. A brand that is gone has no sums. */
export async function addDenials(sql: Sql, counts: readonly DenialCount[]): Promise<void> {
  const ordered = [...counts].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  await sql`
    with given as (
      select *
      from unnest(
        ${ordered.map((counted) => counted.clientId)}::uuid[],
        ${ordered.map((counted) => counted.brandId)}::uuid[],
        ${ordered.map((counted) => counted.timeZone)}::text[],
        ${ordered.map((counted) => counted.day)}::text[]::date[],
        ${ordered.map((counted) => counted.reason)}::text[],
        ${ordered.map((counted) => String(counted.count))}::text[]::bigint[]
      ) as given (client_id, brand_id, time_zone, day, reason, count)
    ),
    of_clients as (
      insert into denials (client_id, day, reason, count)
      select client_id, day, reason, count from given
      on conflict (client_id, day, reason) do update
      set count = denials.count + excluded.count
    )
    insert into denial_sums (brand_id, time_zone, day, reason, count)
    select b.id, given.time_zone, given.day, given.reason, sum(given.count)
    from given
    join brands b on b.id = given.brand_id
    group by b.id, given.time_zone, given.day, given.reason
    order by given.day, b.id, given.time_zone, given.reason
    on conflict (day, brand_id, time_zone, reason) do update
    set count = denial_sums.count + excluded.count`
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
