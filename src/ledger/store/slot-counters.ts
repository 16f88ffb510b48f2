/**
 * Counters of running calls beside the calls that they count: which differ, and set to what the calls say.
 *
 * A call holds a slot while its row says so and it has neither ended nor been closed.
 */
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { newId } from '../../uuid.ts'

/** One counter that was put right. */
export interface RepairedCounter {
  of: 'client' | 'brand'
  id: string
  before: number
  after: number
}

export interface SlotOwners {
  clientIds: string[]
  brandIds: string[]
}

/** Whose counter differs, and whose calls are over and still hold a slot. Found without a lock. */
export async function findWrongSlots(sql: Sql): Promise<SlotOwners> {
  const rows = await sql`
    with over as (
      select client_id, brand_id, holds_client_slot, holds_brand_slot
      from calls
      where (holds_client_slot or holds_brand_slot)
        and status not in ('authorized', 'started')
    )
    select client_id as "clientId", null::uuid as "brandId"
    from accounts
    left join (
      select client_id, count(*) as slots from calls where holds_client_slot group by client_id
    ) held using (client_id)
    where running_calls <> coalesce(slots, 0)
    union
    select null, brand_id
    from brand_counters
    left join (
      select brand_id, count(*) as slots from calls where holds_brand_slot group by brand_id
    ) held using (brand_id)
    where running_calls <> coalesce(slots, 0)
    union
    select client_id, case when holds_brand_slot then brand_id end
    from over`
  const uniqueIds = (name: 'clientId' | 'brandId') =>
    [...new Set(rows.flatMap((row) => (row[name] === null ? [] : [String(row[name])])))].sort()
  return { clientIds: uniqueIds('clientId'), brandIds: uniqueIds('brandId') }
}

/**
 * Sets the counters of owners that are locked by this transaction, brands before accounts; answers those that
 * changed. Calls that are over let go of their slots first.
 */
export async function setSlotCounters(
  tx: Sql,
  { clientIds, brandIds }: SlotOwners,
): Promise<RepairedCounter[]> {
  await tx`
    update calls
    set holds_client_slot = false, holds_brand_slot = false
    where client_id = any(${clientIds}::uuid[])
      and (holds_client_slot or holds_brand_slot)
      and status not in ('authorized', 'started')`
  const clients = await tx`
    update accounts
    set running_calls = counted.after
    from (
      select a.client_id, a.running_calls as before,
             (select count(*) from calls c where c.client_id = a.client_id and c.holds_client_slot)::integer as after
      from accounts a
      where a.client_id = any(${clientIds}::uuid[])
    ) counted
    where accounts.client_id = counted.client_id
      and counted.before <> counted.after
    returning accounts.client_id as id, counted.before, counted.after`
  const brands = await tx`
    update brand_counters
    set running_calls = counted.after
    from (
      select b.brand_id, b.running_calls as before,
             (select count(*) from calls c where c.brand_id = b.brand_id and c.holds_brand_slot)::integer as after
      from brand_counters b
      where b.brand_id = any(${brandIds}::uuid[])
    ) counted
    where brand_counters.brand_id = counted.brand_id
      and counted.before <> counted.after
    returning brand_counters.brand_id as id, counted.before, counted.after`
  const counters = (of: 'client' | 'brand', rows: typeof clients) =>
    rows.map(({ id, before, after }) => ({ of, id, before, after }))
  return [...counters('client', clients), ...counters('brand', brands)]
}

/** Counters are no settings, so no trigger watches them: a repair tells the audit log itself. */
export async function auditSlotRepairs(
  tx: Sql,
  repaired: readonly RepairedCounter[],
  { actor, now }: { actor: string; now: number },
): Promise<void> {
  const resource = { client: 'accounts', brand: 'brand-counters' }
  await tx`
    insert into audit_log (id, at, actor, brand_id, client_id, resource, resource_id, action, before, after)
    select given.id, ${instantText(now)}::timestamptz, ${actor}, coalesce(clients.brand_id, given.owner),
           clients.id, given.resource, given.owner::text, 'update',
           jsonb_build_object('running_calls', given.before::integer),
           jsonb_build_object('running_calls', given.after::integer)
    from unnest(
      ${repaired.map(() => newId(now))}::uuid[],
      ${repaired.map(({ of }) => resource[of])}::text[],
      ${repaired.map(({ id }) => id)}::uuid[],
      ${repaired.map(({ before }) => String(before))}::text[],
      ${repaired.map(({ after }) => String(after))}::text[]
    ) as given (id, resource, owner, before, after)
    left join clients on clients.id = given.owner and given.resource = 'accounts'`
}
