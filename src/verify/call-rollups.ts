/**
 * Are the sums that invoices and yearly reports read the sums of their calls?
 */
import { type Check, maxDifferences } from './check.ts'

export const callRollups: Check = {
  id: 'I6',
  name: 'call-rollups',
  claim:
    'Each sum by client, day, direction and destination counts and adds up exactly the calls that name it, as they stood when an invoice took it.',
  over: 'clients',
  async find(sql, { clientIds, from, before }) {
    const rows = await sql`
      with listed as (
        select client_id, rollup_id as id, 1 as times, duration_seconds, billed_seconds, price, usage_day,
               coalesce(destination, '') as destination, direction = 'inbound' as is_inbound
        from all_calls
        where client_id = any(${clientIds}::uuid[])
          and rollup_id is not null
        union all
        -- Calls whose details are gone: which destination they had, only their sum knows.
        select client_id, rollup_id, 1, duration_seconds, billed_seconds, price, usage_day, null, null
        from calls_without_details
        where client_id = any(${clientIds}::uuid[])
          and rollup_id is not null
        union all
        -- Calls that were corrected when an invoice held them: it still does, and another row takes them back.
        select c.client_id, place.id, place.times, c.duration_seconds, c.billed_seconds, c.price, null, c.destination, null
        from corrected_calls c
        cross join lateral (values (c.rollup_id, 1), (c.corrected_in_rollup_id, -1)) place (id, times)
        where c.client_id = any(${clientIds}::uuid[])
      ), counted as (
        select client_id, id, sum(times) as calls, sum(times * duration_seconds) as duration,
               sum(times * billed_seconds) as billed, sum(times * price) as amount, min(usage_day) as day,
               count(distinct usage_day) as days, count(distinct destination) as destinations,
               min(destination) as destination, bool_and(is_inbound) as all_inbound, bool_or(is_inbound) as any_inbound
        from listed
        group by client_id, id
      ), summed as (
        select client_id, id, day, coalesce(destination, inbound_destination) as destination,
               destination is null as is_inbound, calls, duration_seconds, billed_seconds, amount
        from call_rollups
        where client_id = any(${clientIds}::uuid[])
      )
      select coalesce(summed.client_id, counted.client_id) as client_id, id,
             summed.id is null as "isMissing",
             coalesce(summed.day, counted.day) as day,
             coalesce(summed.destination, counted.destination) as destination,
             coalesce(summed.calls, 0) as calls, coalesce(counted.calls, 0) as "callsCounted",
             trim_scale(coalesce(summed.amount, 0))::text as amount,
             trim_scale(coalesce(counted.amount, 0))::text as "amountCounted"
      from summed
      full join counted using (id)
      where (summed.id is null
          or summed.client_id is distinct from counted.client_id and counted.client_id is not null
          or summed.calls <> coalesce(counted.calls, 0)
          or summed.duration_seconds <> coalesce(counted.duration, 0)
          or summed.billed_seconds <> coalesce(counted.billed, 0)
          or summed.amount <> coalesce(counted.amount, 0)
          or counted.days > 1
          or counted.destinations > 1
          or counted.day <> summed.day
          or counted.destination <> summed.destination
          or counted.all_inbound <> summed.is_inbound
          or counted.any_inbound <> summed.is_inbound)
        and (${from}::date is null or coalesce(summed.day, counted.day) >= ${from}::date)
        and (${before}::date is null or coalesce(summed.day, counted.day) < ${before}::date)
      limit ${maxDifferences}`
    return rows.map((row) => ({
      where: { clientId: row.client_id, rollupId: row.id, day: row.day ?? 'none' },
      detail: row.isMissing
        ? `calls of client ${row.client_id} name the sum ${row.id}, which does not exist`
        : `the sum of "${row.destination}" on ${row.day} of client ${row.client_id} holds ${row.calls} calls of ${row.amount}, the calls themselves are ${row.callsCounted} of ${row.amountCounted}, or differ in seconds, day, direction or destination`,
    }))
  },
}
