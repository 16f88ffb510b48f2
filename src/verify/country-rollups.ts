/**
 * Are the sums that reports by country read the sums of their calls?
 */
import { type Check, maxDifferences } from './check.ts'

export const countryRollups: Check = {
  id: 'I6',
  name: 'country-rollups',
  claim:
    'Each sum by client, day, destination and country counts and adds up exactly the outbound calls to that country.',
  over: 'clients',
  async find(sql, { clientIds, from, before }) {
    const rows = await sql`
      with listed as (
        select client_id, usage_day as day, coalesce(destination, '') as destination, country, duration_seconds,
               billed_seconds, price
        from all_calls
        where client_id = any(${clientIds}::uuid[])
          and rollup_id is not null
          and country is not null
          and direction = 'outbound'
        union all
        -- Calls whose details are gone: which destination they had, their sum by destination knows.
        select k.client_id, k.usage_day, r.destination, k.country, k.duration_seconds, k.billed_seconds, k.price
        from calls_without_details k
        join call_rollups r on r.id = k.rollup_id
        where k.client_id = any(${clientIds}::uuid[])
          and k.country is not null
          and r.destination is not null
      ), counted as (
        select client_id, day, destination, country, count(*) as calls, sum(duration_seconds) as duration_seconds,
               sum(billed_seconds) as billed_seconds, sum(price) as amount
        from listed
        group by client_id, day, destination, country
      ), summed as (
        select client_id, day, destination, country, calls, duration_seconds, billed_seconds, amount
        from country_rollups
        where client_id = any(${clientIds}::uuid[])
      )
      select client_id, day, destination, country, coalesce(summed.calls, 0) as calls,
             coalesce(counted.calls, 0) as "callsCounted",
             trim_scale(coalesce(summed.amount, 0))::text as amount,
             trim_scale(coalesce(counted.amount, 0))::text as "amountCounted"
      from summed
      full join counted using (client_id, day, destination, country)
      where (coalesce(summed.calls, 0) <> coalesce(counted.calls, 0)
          or coalesce(summed.duration_seconds, 0) <> coalesce(counted.duration_seconds, 0)
          or coalesce(summed.billed_seconds, 0) <> coalesce(counted.billed_seconds, 0)
          or coalesce(summed.amount, 0) <> coalesce(counted.amount, 0))
        and (${from}::date is null or day >= ${from}::date)
        and (${before}::date is null or day < ${before}::date)
      limit ${maxDifferences}`
    return rows.map((row) => ({
      where: { clientId: row.client_id, day: row.day ?? 'none', country: row.country },
      detail: `the sum of "${row.destination}" in ${row.country || 'no country'} on ${row.day} of client ${row.client_id} holds ${row.calls} calls of ${row.amount}, the calls themselves are ${row.callsCounted} of ${row.amountCounted}, or differ in seconds`,
    }))
  },
}
