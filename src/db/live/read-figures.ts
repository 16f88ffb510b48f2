/**
 * What goes on in a brand, or on the platform, now and today: in sums, for those who watch. One query for all who watch
 * the same.
 */
import type { Sql } from '../connection.ts'
import type { DaysInZones } from '../days-in-zones.ts'

export interface Figures {
  /** Calls that talk, ring and are granted without a start yet. */
  talking: number
  ringing: number
  granted: number
  /** Of each client's own day. */
  spentToday: { currency: string; amount: string }[]
  /** Since midnight UTC. */
  grantsToday: number
  /** Of each client's own day. */
  denialsToday: { reason: string; count: number }[]
  /** At most 1,000 of each is counted. */
  deadLetters: number
  failedMails: number
}

/** `brandId`: null for all. `utcDay`: what `grants` count by. */
export async function readFigures(
  tx: Sql,
  { brandId, today, utcDay }: { brandId: string | null; today: DaysInZones; utcDay: string },
): Promise<Figures> {
  const ofBrand = (column: string) =>
    brandId === null ? tx`` : tx`and ${tx.unsafe(column)} = ${brandId}::uuid`
  const [row] = await tx<Figures[]>`
    with today as materialized (
      select c.id, c.currency, today.day from clients c join ${today(tx)} on today.time_zone = c.time_zone
      where true ${ofBrand('c.brand_id')}
    ),
    running as (
      select count(*) filter (where status = 'started' and answered_at is not null)::integer as talking,
             count(*) filter (where status = 'started' and answered_at is null)::integer as ringing,
             count(*) filter (where status = 'authorized')::integer as granted
      from calls
      where status in ('authorized', 'started') ${ofBrand('brand_id')}
    ),
    spent as (
      select t.currency, trim_scale(sum(u.amount))::text as amount
      from today t join daily_usage u on u.client_id = t.id and u.day = t.day
      group by t.currency
    ),
    denied as (
      select d.reason, sum(d.count)::bigint as count
      from today t join denials d on d.client_id = t.id and d.day = t.day
      group by d.reason
    )
    select running.*,
           (select coalesce(json_agg(spent order by currency), '[]') from spent) as "spentToday",
           (select coalesce(json_agg(denied order by count desc, reason), '[]') from denied) as "denialsToday",
           (select coalesce(sum(count), 0)::float8 from grants where day = ${utcDay}::text::date ${ofBrand('brand_id')})
             as "grantsToday",
           (select count(*)::integer from (
              select 1 from dead_letters where redriven_at is null ${ofBrand('brand_id')} limit 1000) as letters)
             as "deadLetters",
           (select count(*)::integer from (
              select 1 from mails where status = 'failed' ${ofBrand('brand_id')} limit 1000) as failed)
             as "failedMails"
    from running`
  if (!row) throw new Error('no figures were read')
  return row
}
