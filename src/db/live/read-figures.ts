/**
 * What goes on in a brand, or on the platform, now and today: in sums, for those who watch. One query for all who watch
 * the same.
 */
import type { Sql } from '../connection.ts'
import { type DayInZone, writeDays } from '../days-in-zones.ts'

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

/** `brandId`: null for all. `today`: where their clients are. `utcDay`: what `grants` count by. */
export async function readFigures(
  tx: Sql,
  { brandId, today, utcDay }: { brandId: string | null; today: readonly DayInZone[]; utcDay: string },
): Promise<Figures> {
  const ofBrand = (column: string) =>
    brandId === null ? tx`` : tx`and ${tx.unsafe(column)} = ${brandId}::uuid`
  const days = [...new Set(today.map(({ day }) => day))]
  const [row] = await tx<Figures[]>`
    with running as (
      select count(*) filter (where status = 'started' and answered_at is not null)::integer as talking,
             count(*) filter (where status = 'started' and answered_at is null)::integer as ringing,
             count(*) filter (where status = 'authorized')::integer as granted
      from calls
      where status in ('authorized', 'started') ${ofBrand('brand_id')}
    ),
    spent as (
      select c.currency, trim_scale(sum(u.amount))::text as amount
      from daily_usage u
      join clients c on c.id = u.client_id
      join ${writeDays(tx, today)} on today.time_zone = c.time_zone and today.day = u.day
      -- Which leads to the index.
      where u.day = any(${days}::text[]::date[]) ${ofBrand('u.brand_id')}
      group by c.currency
    ),
    denied as (
      select d.reason, sum(d.count)::bigint as count
      from denial_sums d
      join ${writeDays(tx, today)} on today.time_zone = d.time_zone and today.day = d.day
      where d.day = any(${days}::text[]::date[]) ${ofBrand('d.brand_id')}
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
