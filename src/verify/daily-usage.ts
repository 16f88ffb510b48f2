/**
 * Is the usage of each client's local day the sum of the prices of its calls?
 *
 * The day is computed again here from the answer and the client's zone in force then (zone-offsets.ts).
 */
import { clockSpans } from '../db/clients/client-clocks.ts'
import { findInstant } from '../db/columns.ts'
import { type Check, maxDifferences } from './check.ts'
import { zoneOffsets } from './zone-offsets.ts'

export const dailyUsage: Check = {
  id: 'I6',
  name: 'daily-usage',
  claim: "A client's usage of a local day is the sum of the prices of the outbound calls answered on it.",
  over: 'clients',
  async find(sql, { clientIds, from, before }) {
    const [span] = await sql`
      select min(answered_at) as first, max(answered_at) as last,
             array(select distinct time_zone from client_terms where client_id = any(${clientIds}::uuid[])) as zones
      from all_calls
      where client_id = any(${clientIds}::uuid[])
        and price <> 0`
    const offsets = zoneOffsets(
      span?.zones ?? [],
      findInstant(span?.first ?? null) ?? 0,
      findInstant(span?.last ?? null) ?? 0,
    )
    const sums = await sql`
      with listed as (
        select c.client_id, (c.answered_at + wall.ahead)::date as day, c.price
        from all_calls c
        cross join lateral (
          select t.time_zone
          from client_terms t
          where t.client_id = c.client_id
            and (t.version = 1 or t.effective_at <= c.answered_at)
          order by t.version desc
          limit 1
        ) zone
        left join ${clockSpans(sql, offsets)} wall
          on wall.key = zone.time_zone and c.answered_at >= wall.begins and c.answered_at < wall.ends
        where c.client_id = any(${clientIds}::uuid[])
          and c.price <> 0
          and c.direction = 'outbound'
        union all
        -- The answer is gone with the details: the day that was noted has to be believed.
        select k.client_id, k.usage_day, k.price
        from calls_without_details k
        left join call_rollups r on r.id = k.rollup_id
        where k.client_id = any(${clientIds}::uuid[])
          and k.price <> 0
          and r.inbound_destination is null
      ), spent as (
        select client_id, day, sum(price) as amount
        from listed
        group by client_id, day
      ), noted as (
        select client_id, day, amount
        from daily_usage
        where client_id = any(${clientIds}::uuid[])
      )
      select client_id, day, trim_scale(coalesce(noted.amount, 0))::text as noted,
             trim_scale(coalesce(spent.amount, 0))::text as spent
      from noted
      full join spent using (client_id, day)
      where coalesce(noted.amount, 0) <> coalesce(spent.amount, 0)
        and (${from}::date is null or day >= ${from}::date)
        and (${before}::date is null or day < ${before}::date)
      limit ${maxDifferences}`
    return sums.map((row) => ({
      where: { clientId: row.client_id, day: row.day ?? 'none' },
      detail: `the usage of client ${row.client_id} on ${row.day ?? 'no day'} is ${row.noted}, its calls cost ${row.spent}`,
    }))
  },
}
