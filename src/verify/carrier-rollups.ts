/**
 * Are the sums that reports of margins read the sums of their calls?
 *
 * What carriers took for calls whose details are gone, their sums alone know: days on which a client has such calls are
 * passed over.
 */
import { type Check, maxDifferences } from './check.ts'

export const carrierRollups: Check = {
  id: 'I6',
  name: 'carrier-rollups',
  claim:
    'Each sum by client, day, destination and carrier counts and adds up exactly the calls that the carrier took on.',
  over: 'clients',
  async find(sql, { clientIds, from, before }) {
    const rows = await sql`
      with counted as (
        select client_id, usage_day as day, coalesce(destination, '') as destination, carrier_id,
               count(*) filter (where margin is not null) as calls,
               coalesce(sum(duration_seconds) filter (where margin is not null), 0) as duration_seconds,
               coalesce(sum(coalesce(price, 0)) filter (where margin is not null), 0) as price,
               coalesce(sum(margin), 0) as margin, count(*) filter (where margin is null) as calls_without_cost
        from all_calls
        where client_id = any(${clientIds}::uuid[])
          and carrier_id is not null
          and usage_day is not null
          and answered_at is not null
          and settled_at is not null
        group by 1, 2, 3, 4
      ), summed as (
        select client_id, day, destination, carrier_id, calls, duration_seconds, price, margin, calls_without_cost
        from carrier_rollups
        where client_id = any(${clientIds}::uuid[])
      )
      select client_id, day, destination, carrier_id, coalesce(summed.calls, 0) as calls,
             coalesce(counted.calls, 0) as "callsCounted",
             trim_scale(coalesce(summed.margin, 0))::text as margin,
             trim_scale(coalesce(counted.margin, 0))::text as "marginCounted"
      from summed
      full join counted using (client_id, day, destination, carrier_id)
      where (coalesce(summed.calls, 0) <> coalesce(counted.calls, 0)
          or coalesce(summed.duration_seconds, 0) <> coalesce(counted.duration_seconds, 0)
          or coalesce(summed.price, 0) <> coalesce(counted.price, 0)
          or coalesce(summed.margin, 0) <> coalesce(counted.margin, 0)
          or coalesce(summed.calls_without_cost, 0) <> coalesce(counted.calls_without_cost, 0))
        and (${from}::date is null or day >= ${from}::date)
        and (${before}::date is null or day < ${before}::date)
        and not exists (select from calls_without_details k where k.client_id = any(${clientIds}::uuid[])
                          and k.client_id = coalesce(summed.client_id, counted.client_id)
                          and k.usage_day = coalesce(summed.day, counted.day))
      limit ${maxDifferences}`
    return rows.map((row) => ({
      where: { clientId: row.client_id, day: row.day, carrierId: row.carrier_id },
      detail: `the sum of "${row.destination}" at carrier ${row.carrier_id} on ${row.day} of client ${row.client_id} holds ${row.calls} calls that left ${row.margin}, the calls themselves are ${row.callsCounted} that left ${row.marginCounted}, or differ in price, seconds or those without cost`,
    }))
  },
}
