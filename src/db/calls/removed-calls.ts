/**
 * Calls whose details are past their brand's retention: found, removed, and what is left of them. And the keys of those that have
 * moved to the old calls, which stand beside them.
 *
 * A call may go when the local day it stands on is over for `retentionDays` days and no money is open on it: its
 * rollup row is on a paid invoice, or it never cost anything. The same holds for every invoice that listed it before a
 * correction. A rejected call stays until it is priced or waived.
 */

import type { Fragment } from 'postgres'
import type { RecordAge } from '../clients/brand-retention.ts'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import type { DaysInZones } from '../days-in-zones.ts'
import type { CallKey } from './calls.ts'

export interface RemovedCall extends CallKey {
  startDigest: string | null
  answerDigest: string | null
  endDigest: string | null
  /** Its details are, or were, among the old calls. */
  isOld: boolean
}

/** How long details stay, and what the time is. */
export interface Retention {
  retentionDays: number
  now: number
  today: DaysInZones
}

/** A place in the calls of a brand, oldest first. */
export interface CallPlace extends CallKey {
  createdAt: string
}

export async function listRetentions(sql: Sql): Promise<{ brandId: string; retentionDays: number }[]> {
  const rows = await sql`
    select id, retention_days
    from brands
    where retention_days is not null
    order by id`
  return rows.map((row) => ({ brandId: row.id, retentionDays: row.retention_days }))
}

/**
 * Among the next `most` calls of the brand those that may go, and the place of the last one that was looked at; none:
 * no call is left to look at. Without locks, for whoever locks and asks again.
 */
export async function findRemovableCalls(
  sql: Sql,
  wanted: Retention & { brandId: string; after: CallPlace | null; max: number },
): Promise<{ removable: CallKey[]; last: CallPlace | null }> {
  const { brandId, after, max, now, retentionDays } = wanted
  const oldest = instantText(now - retentionDays * 86_400_000)
  const rows = await sql`
    select k.client_id, k.call_id, k.created_at::text as created_at, ${mayGo(sql, wanted)} as may_go
    from (
      select *
      from all_calls
      where brand_id = ${brandId}
        and created_at < ${oldest}
        ${
          after === null
            ? sql``
            : sql`and created_at >= ${after.createdAt}
                  and (created_at, call_id, client_id) > (${after.createdAt}, ${after.callId}, ${after.clientId})`
        }
      order by created_at, call_id, client_id
      limit ${max}
    ) k
    order by k.created_at, k.call_id, k.client_id`
  const end = rows.at(-1)
  return {
    removable: rows
      .filter((row) => row.may_go)
      .map((row) => ({ clientId: row.client_id, callId: row.call_id })),
    last: end ? { clientId: end.client_id, callId: end.call_id, createdAt: end.created_at } : null,
  }
}

/** What the removal of a call needs of it. */
const leftColumns = `k.client_id, k.call_id, k.rollup_id, k.usage_day, k.duration_seconds, k.billed_seconds, k.price,
  k.start_digest, k.answer_digest, k.end_digest, k.country, k.status, k.direction, k.special, k.internal, k.destination`

/** Removes those that may go; answers how many. The caller holds the locks of their accounts. */
export async function removeCalls(tx: Sql, keys: readonly CallKey[], retention: Retention): Promise<number> {
  const rows = await tx`
    with wanted as materialized (
      select client_id, call_id, r.details_at
      from unnest(
        ${keys.map((key) => key.clientId)}::uuid[],
        ${keys.map((key) => key.callId)}::text[]
      ) as named (client_id, call_id)
      left join removed_calls r using (client_id, call_id)
    ), hot as (
      delete from calls k
      using wanted
      where k.client_id = wanted.client_id
        and k.call_id = wanted.call_id
        and ${mayGo(tx, retention)}
      returning ${tx.unsafe(leftColumns)}
    ), old as (
      delete from old_calls k
      using wanted
      where k.client_id = wanted.client_id
        and k.call_id = wanted.call_id
        and k.created_at = wanted.details_at
        and ${mayGo(tx, retention)}
      returning ${tx.unsafe(leftColumns)}
    ), gone as (
      select * from hot
      union all
      select * from old
    ), kept as (
      insert into removed_calls (client_id, call_id, rollup_id, usage_day, duration_seconds, billed_seconds, price,
                                 start_digest, answer_digest, end_digest, removed_at, country)
      select client_id, call_id, rollup_id, usage_day, duration_seconds, billed_seconds, price,
             start_digest, answer_digest, end_digest, ${instantText(retention.now)}::timestamptz, country
      from gone
      on conflict (client_id, call_id) do update
      set details_at = null,
          removed_at = excluded.removed_at
    ), counted as (
      insert into unanswered_rollups as sums (client_id, day, destination, calls)
      select client_id, usage_day, coalesce(destination, ''), count(*)
      from gone
      where status = 'unanswered'
        and direction = 'outbound'
        and not special
        and not internal
        and usage_day is not null
      group by 1, 2, 3
      on conflict (client_id, day, destination) do update
      set calls = sums.calls + excluded.calls
    ), noted as (
      update accounts
      set has_removed_calls = true
      where client_id in (select client_id from gone)
        and not has_removed_calls
    )
    select count(*) as count
    from gone`
  return Number(rows[0]?.count ?? 0)
}

/** Invoices that listed a call before its correction keep its sums, not its numbers. After `removeCalls`, in its transaction. */
export function forgetCorrectedCalls(tx: Sql, keys: readonly CallKey[]): Promise<unknown> {
  return tx`
    update corrected_calls x
    set from_number = null, to_number = '', to_normalized = null, answered_at = null
    from calls_without_details r
    join unnest(
      ${keys.map((key) => key.clientId)}::uuid[],
      ${keys.map((key) => key.callId)}::text[]
    ) as wanted (client_id, call_id) using (client_id, call_id)
    where x.client_id = r.client_id
      and x.call_id = r.call_id`.execute()
}

/** Conflicts name the numbers of their calls: they go with them, late ones as soon as they are as old. */
export async function removeConflictsOfRemovedCalls(
  sql: Sql,
  { brandId, retentionDays, now }: Retention & { brandId: string },
): Promise<void> {
  await sql`
    delete from call_conflicts x
    using calls_without_details r, clients c
    where c.brand_id = ${brandId}
      and r.client_id = c.id
      and x.client_id = r.client_id
      and x.call_id = r.call_id
      and x.received_at < ${instantText(now - retentionDays * 86_400_000)}`
}

/** Those of brands that keep their calls no shorter than all records: conflicts older than any record may be. */
export async function removeOldConflicts(sql: Sql, { maxAgeDays, now }: RecordAge): Promise<number> {
  const gone = await sql`
    delete from call_conflicts x
    using calls_without_details r
    where x.client_id = r.client_id
      and x.call_id = r.call_id
      and x.received_at < ${instantText(now - maxAgeDays * 86_400_000)}`
  return gone.count
}

/** What is left of the calls of these keys that have no row in `calls`; those with details among the old calls have it, too. */
export async function loadRemovedCalls(tx: Sql, keys: readonly CallKey[]): Promise<RemovedCall[]> {
  const rows = await tx`
    select client_id, call_id, start_digest, answer_digest, end_digest, details_at is not null as is_old
    from removed_calls
    join unnest(
      ${keys.map((key) => key.clientId)}::uuid[],
      ${keys.map((key) => key.callId)}::text[]
    ) as wanted (client_id, call_id) using (client_id, call_id)`
  return rows.map((row) => ({
    clientId: row.client_id,
    callId: row.call_id,
    startDigest: row.start_digest,
    answerDigest: row.answer_digest,
    endDigest: row.end_digest,
    isOld: row.is_old,
  }))
}

const mayGo = (sql: Sql, { retentionDays, now, today }: Retention) => sql`(
  ${isOfAge(sql, { retentionDays: sql`${retentionDays}::integer`, now, today })}
  and ${isPaid(sql)}
  and not exists (
    select 1
    from corrected_calls x
    where x.client_id = k.client_id
      and x.call_id = k.call_id
      and ${isCorrectionOpen(sql)}
  )
)`

/** k: the call. `retentionDays`: of its brand. */
export function isOfAge(
  sql: Sql,
  { retentionDays, now, today }: { retentionDays: Fragment; now: number; today: DaysInZones },
) {
  return sql`(case
    when k.status = 'expired'
      then k.created_at < ${instantText(now)}::timestamptz - ${retentionDays} * interval '24 hours'
    when k.status in ('unpriced', 'unanswered', 'priced', 'lost-end') then k.answer_awaited_until is null
      and k.usage_day < (
        select today.day - ${retentionDays}
        from clients c
        join ${today(sql)} on today.time_zone = c.time_zone
        where c.id = k.client_id
      )
    else false
  end)`
}

/** k: the call. It is on a paid invoice, or never cost anything. */
export function isPaid(sql: Sql) {
  return sql`(case
    when k.rollup_id is null then coalesce(k.price, 0) = 0
    else exists (
      select 1
      from call_rollups r
      join invoices i on i.id = r.invoice_id
      where r.id = k.rollup_id
        and ${isSettled(sql)}
    )
  end)`
}

/** x: a call as it was before a correction, on invoices of which one is not paid yet. */
export function isCorrectionOpen(sql: Sql) {
  return sql`exists (
    select 1
    from call_rollups r
    left join invoices i on i.id = r.invoice_id
    where r.id in (x.rollup_id, x.corrected_in_rollup_id)
      and ${isSettled(sql)} is not true
  )`
}

/** i: an invoice on which no money is open, or a note that corrects one. */
function isSettled(sql: Sql) {
  return sql`
    (case when i.kind = 'credit-note' then (select f.status from invoices f where f.id = i.credits_invoice_id)
      else i.status end in ('paid', 'credited'))`
}
