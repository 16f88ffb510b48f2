/**
 * Do leases hold at least what was granted from them, and does nobody hold one that was forgotten?
 */
import { type Check, maxDifferences } from './check.ts'

/** Leases are renewed each second and void after ten, grants expire after three minutes: so long after, a sweep is missing. */
const sweepSeconds = 300

export const leases: Check = {
  id: 'I15',
  name: 'leases',
  claim: 'A lease holds at least what grants from it have taken; leases and grants that are over are gone.',
  over: 'clients',
  async find(sql, { clientIds }) {
    const short = await sql`
      select l.client_id, l.epoch, trim_scale(l.money)::text as money, l.client_slots, l.brand_slots,
             trim_scale(g.money)::text as granted, g.client_slots as granted_client_slots,
             g.brand_slots as granted_brand_slots
      from leases l
      join (
        select client_id, epoch, sum(reserved) as money, count(*) filter (where client_slot) as client_slots,
               count(*) filter (where brand_slot) as brand_slots
        from lease_grants
        where client_id = any(${clientIds}::uuid[])
        group by client_id, epoch
      ) g using (client_id, epoch)
      where g.money > l.money or g.client_slots > l.client_slots or g.brand_slots > l.brand_slots
      limit ${maxDifferences}`
    const shortOfAllowances = await sql`
      select client_id, epoch, item ->> 0 as allowance_id, item ->> 1 as from_day, item ->> 2 as name,
             trim_scale(coalesce(l.amount, 0))::text as held, trim_scale(g.amount)::text as granted
      from (
        select client_id, epoch, jsonb_build_array(draw -> 'allowanceId', draw -> 'from', draw -> 'item') as item,
               sum((draw ->> 'amount')::numeric) as amount
        from lease_grants
        join leases using (client_id, epoch)
        cross join jsonb_array_elements(held_allowances) draw
        where client_id = any(${clientIds}::uuid[])
        group by 1, 2, 3
      ) g
      left join (
        select client_id, epoch, jsonb_build_array(draw -> 'allowanceId', draw -> 'from', draw -> 'item') as item,
               (draw ->> 'amount')::numeric as amount
        from leases
        cross join jsonb_array_elements(allowances) draw
        where client_id = any(${clientIds}::uuid[])
      ) l using (client_id, epoch, item)
      where g.amount > coalesce(l.amount, 0)
      limit ${maxDifferences}`
    const forgotten = await sql`
      select client_id, epoch
      from leases
      where client_id = any(${clientIds}::uuid[])
        and renewed_at < clock_timestamp() - make_interval(secs => ${sweepSeconds})
      limit ${maxDifferences}`
    const expired = await sql`
      select client_id, call_id, trim_scale(reserved)::text as reserved
      from lease_grants
      where client_id = any(${clientIds}::uuid[])
        and epoch is not null
        and expires_at < now() - make_interval(secs => ${sweepSeconds})
      limit ${maxDifferences}`
    return [
      ...short.map((row) => ({
        where: { clientId: row.client_id, epoch: row.epoch },
        detail: `a lease of client ${row.client_id} holds ${row.money}, ${row.client_slots} and ${row.brand_slots} slots, its grants have taken ${row.granted}, ${row.granted_client_slots} and ${row.granted_brand_slots}`,
      })),
      ...shortOfAllowances.map((row) => ({
        where: { clientId: row.client_id, epoch: row.epoch },
        detail: `a lease of client ${row.client_id} holds ${row.held} of item ${row.name} of allowance ${row.allowance_id} from ${row.from_day}, its grants have taken ${row.granted}`,
      })),
      ...forgotten.map((row) => ({
        where: { clientId: row.client_id, epoch: row.epoch },
        detail: `a lease of client ${row.client_id} has not been renewed for ${sweepSeconds} s and still holds`,
      })),
      ...expired.map((row) => ({
        where: { clientId: row.client_id, callId: row.call_id },
        detail: `leg ${row.call_id} of client ${row.client_id} was granted from a lease, is over, and still holds ${row.reserved}`,
      })),
    ]
  },
}
