/**
 * Is what accounts and days hold for running calls exactly what these calls hold?
 */
import { type Check, maxDifferences } from './check.ts'

/** A sweep comes each second; a grant or a call this much past its limit was forgotten. */
const sweepSeconds = 300

export const reservations: Check = {
  id: 'I7',
  name: 'reservations',
  claim:
    'What an account and its days hold is the sum of what its running calls hold; no other call holds anything.',
  over: 'clients',
  async find(sql, { clientIds }) {
    const accounts = await sql`
      select a.client_id, trim_scale(a.reserved)::text as reserved, a.running_calls,
             trim_scale(coalesce(c.reserved, 0))::text as held, coalesce(c.slots, 0) as slots
      from accounts a
      left join (
        select client_id, sum(reserved) as reserved, count(*) filter (where holds_client_slot) as slots
        from calls
        where client_id = any(${clientIds}::uuid[])
          and (reserved <> 0 or holds_client_slot)
        group by client_id
      ) c on c.client_id = a.client_id
      where a.client_id = any(${clientIds}::uuid[])
        and (a.reserved <> coalesce(c.reserved, 0) or a.running_calls <> coalesce(c.slots, 0))
      limit ${maxDifferences}`
    const days = await sql`
      with held as (
        select client_id, reserved_day as day, sum(reserved) as reserved
        from calls
        where client_id = any(${clientIds}::uuid[])
          and reserved <> 0
          -- Inbound legs hold money of no day.
          and (direction = 'outbound' or reserved_day is not null)
        group by client_id, reserved_day
      ), noted as (
        select client_id, day, reserved
        from daily_usage
        where client_id = any(${clientIds}::uuid[])
      )
      select client_id, day, trim_scale(coalesce(noted.reserved, 0))::text as reserved,
             trim_scale(coalesce(held.reserved, 0))::text as held
      from noted
      full join held using (client_id, day)
      where coalesce(noted.reserved, 0) <> coalesce(held.reserved, 0)
      limit ${maxDifferences}`
    const forgotten = await sql`
      select client_id, call_id, status, trim_scale(reserved)::text as reserved
      from calls
      where client_id = any(${clientIds}::uuid[])
        and (reserved <> 0 or holds_client_slot or holds_brand_slot)
        and (status not in ('authorized', 'started')
          or (status = 'authorized' and expires_at < now() - make_interval(secs => ${sweepSeconds}))
          or (status = 'started'
              and answered_at + make_interval(secs => max_duration_seconds + ${sweepSeconds}) < now()))
      limit ${maxDifferences}`
    return [
      ...accounts.map((row) => ({
        where: { clientId: row.client_id },
        detail: `the account of client ${row.client_id} holds ${row.reserved} and ${row.running_calls} slots, its calls hold ${row.held} and ${row.slots}`,
      })),
      ...days.map((row) => ({
        where: { clientId: row.client_id, day: row.day ?? 'none' },
        detail: `${row.day ?? 'no day'} of client ${row.client_id} holds ${row.reserved}, its calls hold ${row.held} of it`,
      })),
      ...forgotten.map((row) => ({
        where: { clientId: row.client_id, callId: row.call_id },
        detail: `call ${row.call_id} of client ${row.client_id} is ${row.status} and over, and still holds ${row.reserved} or a slot`,
      })),
    ]
  },
}
