/**
 * Is what was used of each allowance exactly what calls took of it, what is held exactly what running calls hold, and what is
 * leased exactly what leases hold?
 */
import { type Check, maxDifferences } from './check.ts'

export const allowances: Check = {
  id: 'I16',
  name: 'allowances',
  claim:
    'What is used of an item is the sum of what calls took of it, what is held the sum of what running calls hold, what is leased the sum of what leases hold; no item gives more than it has, and hands on what it has left.',
  over: 'clients',
  async find(sql, { clientIds }) {
    const drawn = await sql`
      with drawn as (
        select client_id, draw ->> 'allowanceId' as allowance_id, draw ->> 'from' as from_day, draw ->> 'item' as name,
               sum((draw ->> 'amount')::numeric) filter (where how = 'used') as used,
               sum((draw ->> 'amount')::numeric) filter (where how = 'reserved') as reserved,
               sum((draw ->> 'amount')::numeric) filter (where how = 'leased') as leased
        from (
          select client_id, jsonb_array_elements(allowances) as draw, 'used' as how
          from all_calls
          where client_id = any(${clientIds}::uuid[]) and allowances is not null
          union all
          select client_id, jsonb_array_elements(held_allowances), 'reserved'
          from calls
          where client_id = any(${clientIds}::uuid[]) and held_allowances is not null
          union all
          select client_id, jsonb_array_elements(allowances), 'leased'
          from leases
          where client_id = any(${clientIds}::uuid[])
        ) draws
        group by 1, 2, 3, 4
      ), noted as (
        select p.client_id, i.allowance_id::text as allowance_id, i.from_day::text as from_day, i.name, i.used, i.reserved,
               i.leased, exists (select from calls_without_details k where k.client_id = p.client_id) as has_removed_calls
        from allowance_periods p
        join allowance_items i on i.allowance_id = p.allowance_id and i.from_day = p.from_day
        where p.client_id = any(${clientIds}::uuid[])
      )
      select client_id, allowance_id, from_day, name, trim_scale(coalesce(noted.used, 0))::text as used,
             trim_scale(coalesce(drawn.used, 0))::text as taken, trim_scale(coalesce(noted.reserved, 0))::text as reserved,
             trim_scale(coalesce(drawn.reserved, 0))::text as held, trim_scale(coalesce(noted.leased, 0))::text as leased,
             trim_scale(coalesce(drawn.leased, 0))::text as held_by_leases
      from noted
      full join drawn using (client_id, allowance_id, from_day, name)
      where coalesce(noted.reserved, 0) <> coalesce(drawn.reserved, 0)
        or coalesce(noted.leased, 0) <> coalesce(drawn.leased, 0)
        or coalesce(noted.used, 0) < coalesce(drawn.used, 0)
        -- What removed calls took is not told any more.
        or coalesce(noted.used, 0) > coalesce(drawn.used, 0) and not coalesce(has_removed_calls, false)
      limit ${maxDifferences}`
    const handedOn = await sql`
      select p.client_id, i.allowance_id, i.from_day, i.name, trim_scale(next.rolled_over)::text as rolled_over,
             trim_scale(greatest(0, least(i.amount, i.amount + i.rolled_over - i.used - i.reserved - i.leased)))::text as left
      from allowance_periods p
      join allowance_items i on i.allowance_id = p.allowance_id and i.from_day = p.from_day
      join allowance_items next
        on next.allowance_id = i.allowance_id and next.from_day = p.to_day and next.name = i.name and next.unit = i.unit
      where p.client_id = any(${clientIds}::uuid[])
        and p.status = 'active'
        and next.rolled_over <> case when i.rollover
          then greatest(0, least(i.amount, i.amount + i.rolled_over - i.used - i.reserved - i.leased)) else 0 end
      limit ${maxDifferences}`
    return [
      ...drawn.map((row) => ({
        where: { clientId: row.client_id, allowanceId: row.allowance_id },
        detail: `item ${row.name} of allowance ${row.allowance_id} from ${row.from_day} has ${row.used} used and ${row.reserved} held and ${row.leased} leased, its calls took ${row.taken} and hold ${row.held}, leases hold ${row.held_by_leases}`,
      })),
      ...handedOn.map((row) => ({
        where: { clientId: row.client_id, allowanceId: row.allowance_id },
        detail: `item ${row.name} of allowance ${row.allowance_id} from ${row.from_day} handed on ${row.rolled_over}, it has ${row.left} left`,
      })),
    ]
  },
}
