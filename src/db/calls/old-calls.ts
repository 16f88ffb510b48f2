/**
 * Calls of months that are over: found in `calls`, moved to their month, read there by key, and taken back.
 *
 * A call moves when it is over and holds nothing. A rejected one stays in `calls` until it is priced or waived: money is open
 * on it, and it stands in the way of an invoice. Its key moves to `removed_calls`, in the same statement.
 */
import type { Call } from '../../calls/call.ts'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { callFields } from './call-fields.ts'
import { type CallKey, readCall, selectCall } from './calls.ts'
import type { CallPlace } from './removed-calls.ts'

export interface MovableCall extends CallKey {
  /** The first day of the month that it was made in. */
  month: string
}

const columns = callFields.map(({ column }) => column).join(', ')

/**
 * Among the next `max` calls made before `before` those that may move, oldest first, and the place of the last one that was
 * looked at; none: no call is left to look at. Without locks, for whoever locks and asks again.
 */
export async function findMovableCalls(
  sql: Sql,
  { before, after, max }: { before: number; after: CallPlace | null; max: number },
): Promise<{ movable: MovableCall[]; last: CallPlace | null }> {
  const rows = await sql`
    select k.client_id, k.call_id, k.created_at::text as created_at, ${monthOf(sql, 'k.created_at')} as month,
           ${mayMove(sql)} as may_move
    from (
      select *
      from calls
      where created_at < ${instantText(before)}
        ${
          after === null
            ? sql``
            : sql`and created_at >= ${after.createdAt}
                  and (created_at > ${after.createdAt} or (call_id, client_id) < (${after.callId}, ${after.clientId}::uuid))`
        }
      -- As the index by age is read backwards.
      order by created_at nulls first, call_id desc, client_id desc
      limit ${max}
    ) k
    order by k.created_at, k.call_id desc, k.client_id desc`
  const end = rows.at(-1)
  return {
    movable: rows
      .filter((row) => row.may_move)
      .map((row) => ({ clientId: row.client_id, callId: row.call_id, month: row.month })),
    last: end ? { clientId: end.client_id, callId: end.call_id, createdAt: end.created_at } : null,
  }
}

/** Moves those that may; answers how many. The caller holds the locks of their accounts, and the months are there. */
export async function moveCalls(
  tx: Sql,
  keys: readonly CallKey[],
  { before, now }: { before: number; now: number },
): Promise<number> {
  const [row] = await tx`
    with gone as (
      delete from calls k
      using ${wantedKeys(tx, keys)}
      where k.client_id = wanted.client_id
        and k.call_id = wanted.call_id
        and k.created_at < ${instantText(before)}
        and ${mayMove(tx)}
      returning k.*
    ), moved as (
      insert into old_calls (${tx.unsafe(columns)})
      select ${tx.unsafe(columns)}
      from gone
    ), kept as (
      insert into removed_calls (client_id, call_id, rollup_id, usage_day, duration_seconds, billed_seconds, price,
                                 start_digest, answer_digest, end_digest, removed_at, country, details_at)
      select client_id, call_id, rollup_id, usage_day, duration_seconds, billed_seconds, price,
             start_digest, answer_digest, end_digest, ${instantText(now)}::timestamptz, country, created_at
      from gone
    ), noted as (
      update accounts
      set has_removed_calls = true
      where client_id in (select client_id from gone)
        and not has_removed_calls
    )
    select count(*) as count
    from gone`
  return Number(row?.count ?? 0)
}

/** Old calls of these keys, with their details. The caller holds the locks of their accounts. Planned anew, as `loadCalls`. */
export async function loadOldCalls(tx: Sql, keys: readonly CallKey[]): Promise<Call[]> {
  const [, rows] = await Promise.all([
    tx.unsafe('set local plan_cache_mode = force_custom_plan').execute(),
    tx`
      select ${selectCall(tx)}
      from removed_calls r
      join ${wantedKeys(tx, keys)} using (client_id, call_id)
      join old_calls as calls
        on calls.client_id = r.client_id
        and calls.call_id = r.call_id
        and calls.created_at = r.details_at`.execute(),
    tx.unsafe('set local plan_cache_mode = auto').execute(),
  ])
  return rows.map((row) => readCall(row))
}

/** They are written to `calls` in the same transaction, under the locks of their accounts. */
export function deleteOldCalls(tx: Sql, keys: readonly CallKey[]): Promise<unknown> {
  return tx`
    with back as (
      delete from removed_calls r
      using ${wantedKeys(tx, keys)}
      where r.client_id = wanted.client_id
        and r.call_id = wanted.call_id
      returning r.client_id, r.call_id, r.details_at
    )
    delete from old_calls k
    using back
    where k.client_id = back.client_id
      and k.call_id = back.call_id
      and k.created_at = back.details_at`.execute()
}

/** The month of an instant of the row, as its first day, in UTC whatever zone the session is in. */
export const monthOf = (sql: Sql, instant: 'k.created_at' | 'r.details_at' | 'details_at') =>
  sql`date_trunc('month', timestamp 'epoch' + extract(epoch from ${sql.unsafe(instant)}) * interval '1 second')::date`

const wantedKeys = (sql: Sql, keys: readonly CallKey[]) => sql`
  unnest(
    ${keys.map((key) => key.clientId)}::uuid[],
    ${keys.map((key) => key.callId)}::text[]
  ) as wanted (client_id, call_id)`

/** k: the call. A month that was dropped is not made again: its last calls stay where they are until they are removed. */
const mayMove = (sql: Sql) => sql`(
  k.status in ('priced', 'unpriced', 'unanswered', 'expired', 'lost-end')
  and k.answer_awaited_until is null
  and k.meter_at is null
  and k.reserved = 0
  and not k.holds_client_slot
  and not k.holds_brand_slot
  and k.held_allowances is null
  and ${monthOf(sql, 'k.created_at')} not in (select month from old_call_months where dropped_at is not null)
)`
