/**
 * Is there one row for each leg, and does its state agree with its price?
 *
 * A call that has left `calls` has its row among the removed ones, and that of an old call leads to its details. The primary keys
 * say the first by themselves, unless an index is broken or a restore went wrong.
 */
import { monthOf } from '../db/calls/old-calls.ts'
import { type Check, maxDifferences } from './check.ts'

export const callKeys: Check = {
  id: 'I2',
  name: 'call-keys',
  claim: 'Each leg of a client has one row, and has a price exactly when it is settled and charged.',
  over: 'clients',
  async find(sql, { clientIds, from, before }) {
    // The planner would answer from the very index that is in doubt.
    const doubled = await sql`
      select client_id || '' as client_id, call_id || '' as call_id, count(*) as rows
      from (
        select client_id, call_id from calls where client_id = any(${clientIds}::uuid[])
        union all
        select client_id, call_id from removed_calls where client_id = any(${clientIds}::uuid[])
      ) legs
      group by client_id || '', call_id || ''
      having count(*) <> 1
      limit ${maxDifferences}`
    // The row that guards an old call, and its details: neither without the other.
    const torn = await sql`
      select client_id, call_id, k.call_id is null as "hasNoDetails"
      from (
        select client_id, call_id, created_at from old_calls where client_id = any(${clientIds}::uuid[])
      ) k
      full join (
        select client_id, call_id, details_at as created_at
        from removed_calls
        where client_id = any(${clientIds}::uuid[])
          and details_at is not null
          and ${monthOf(sql, 'details_at')} not in (
            select month from old_call_months where dropped_at is not null
          )
      ) r using (client_id, call_id, created_at)
      where k.call_id is null or r.call_id is null
      limit ${maxDifferences}`
    const unsettled = await sql`
      select client_id, call_id, status, trim_scale(price)::text as price, settled_at
      from all_calls
      where client_id = any(${clientIds}::uuid[])
        and (usage_day is null or ((${from}::date is null or usage_day >= ${from}::date)
                               and (${before}::date is null or usage_day < ${before}::date)))
        and case
              when status in ('authorized', 'started', 'expired') then price is not null and settled_at is null
              when status in ('rejected', 'unpriced') then price is not null or settled_at is null
              when status = 'unanswered' then price is distinct from 0
              when status = 'priced' then price is null or rollup_id is null or settled_at is null
              else settled_at is null
            end
      limit ${maxDifferences}`
    return [
      ...doubled.map((row) => ({
        where: { clientId: row.client_id, callId: row.call_id },
        detail: `call ${row.call_id} of client ${row.client_id} has ${row.rows} rows`,
      })),
      ...torn.map((row) => ({
        where: { clientId: row.client_id, callId: row.call_id },
        detail: row.hasNoDetails
          ? `old call ${row.call_id} of client ${row.client_id} has no details`
          : `nothing guards old call ${row.call_id} of client ${row.client_id} against a second charge`,
      })),
      ...unsettled.map((row) => ({
        where: { clientId: row.client_id, callId: row.call_id },
        detail: `call ${row.call_id} of client ${row.client_id} is ${row.status} with the price ${row.price ?? 'none'}, ${row.settled_at === null ? 'never settled' : 'settled'}`,
      })),
    ]
  },
}
