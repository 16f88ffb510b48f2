/**
 * The months of old calls: their partitions, made before a call moves there and dropped when all of them may go.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import type { DaysInZones } from '../days-in-zones.ts'
import { monthOf } from './old-calls.ts'
import { isCorrectionOpen, isOfAge, isPaid } from './removed-calls.ts'

/** Who waits longer for the tables leaves off: before PostgreSQL looks for deadlocks, and before calls wait long behind it. */
const lockTimeout = '500ms'
/** A month is counted in one statement. */
const statementTimeout = '25s'

/** Until the end of the transaction nobody else moves calls or drops months; false: somebody does. */
export async function claimOldCalls(tx: Sql): Promise<boolean> {
  const [row] = await tx`select pg_try_advisory_xact_lock(hashtextextended('old_calls', 0)) as claimed`
  return row?.claimed === true
}

/** Makes those that are missing. The caller has claimed the old calls. */
export async function makeMonths(tx: Sql, months: readonly string[]): Promise<void> {
  await tx`
    with made as (
      insert into old_call_months (month)
      select distinct month::date
      from unnest(${[...months]}::text[]) as wanted (month)
      on conflict (month) do nothing
      returning month
    )
    select make_month_of_old_calls(month)
    from made`
}

/** Months so old that all their calls may be past their retention, oldest first. */
export async function listOldMonths(sql: Sql, now: number): Promise<string[]> {
  const rows = await sql`
    select month
    from old_call_months
    where dropped_at is null
      and month + interval '1 month' <= ${instantText(now)}::timestamp
        - (select min(retention_days) from brands) * interval '1 day'
    order by month`
  return rows.map(({ month }) => month)
}

/**
 * Is there a call of the month that may not go yet? Asked of groups of calls, of which a day of a client has few: one by one a
 * million would be asked for half a minute.
 */
export async function hasCallsToKeep(
  sql: Sql,
  month: string,
  { now, today }: { now: number; today: DaysInZones },
): Promise<boolean> {
  const rows = await sql`
    with groups as materialized (
      select brand_id, client_id, usage_day, status, rollup_id, answer_awaited_until, max(created_at) as created_at,
             max(abs(price)) as price
      from old_calls k
      where ${isOfMonth(sql, month)}
      group by brand_id, client_id, usage_day, status, rollup_id, answer_awaited_until
    )
    select 1
    from groups k
    join brands b on b.id = k.brand_id
    where b.retention_days is null
      or (${isOfAge(sql, { retentionDays: sql`b.retention_days`, now, today })} and ${isPaid(sql)}) is not true
    union all
    select 1
    from corrected_calls x
    join removed_calls r using (client_id, call_id)
    where ${monthOf(sql, 'r.details_at')} = ${month}
      and ${isCorrectionOpen(sql)}
    limit 1`
  return rows.length > 0
}

/** How long the statements of this transaction may take. */
export async function allowForMonth(tx: Sql): Promise<void> {
  await tx.unsafe(
    `set local lock_timeout = '${lockTimeout}'; set local statement_timeout = '${statementTimeout}'`,
  )
}

/** Nobody moves a call to or from the months until the end of the transaction; who reads them goes on. */
export async function holdMonths(tx: Sql): Promise<void> {
  await tx`lock table only old_calls in share mode`
}

/** Drops the month: what is left of its calls stays, as of calls that are removed one by one. Answers how many they were. */
export async function dropMonth(tx: Sql, month: string, now: number): Promise<number> {
  const [row] = await tx`
    with counted as (
      insert into unanswered_rollups as sums (client_id, day, destination, calls)
      select client_id, usage_day, coalesce(destination, ''), count(*)
      from old_calls k
      where ${isOfMonth(tx, month)}
        and status = 'unanswered'
        and direction = 'outbound'
        and not special
        and not internal
        and usage_day is not null
      group by 1, 2, 3
      on conflict (client_id, day, destination) do update
      set calls = sums.calls + excluded.calls
    ), dropped as (
      update old_call_months
      set dropped_at = ${instantText(now)}
      where month = ${month}
    )
    select count(*) as count
    from old_calls k
    where ${isOfMonth(tx, month)}`
  await tx`
    update corrected_calls x
    set from_number = null, to_number = '', to_normalized = null, answered_at = null
    from removed_calls r
    where x.client_id = r.client_id
      and x.call_id = r.call_id
      and ${monthOf(tx, 'r.details_at')} = ${month}`
  await tx`select drop_month_of_old_calls(${month}::date)`
  return Number(row?.count ?? 0)
}

/** k: the call. As bounds of `created_at`, which lead to the partition. */
function isOfMonth(sql: Sql, month: string) {
  const next = new Date(`${month}T00:00:00Z`)
  next.setUTCMonth(next.getUTCMonth() + 1)
  return sql`(k.created_at >= ${`${month}T00:00:00Z`} and k.created_at < ${next.toISOString()})`
}
