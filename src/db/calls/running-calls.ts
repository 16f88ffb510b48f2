/**
 * Running calls that somebody has to look at: found without locks, for whoever locks and reads them again.
 */

import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm'
import type { LegToHangUp } from '../../calls/call.ts'
import type { ClientDay } from '../../ledger/daily-usage.ts'
import { Decimal } from '../../money.ts'
import { instantText } from '../columns.ts'
import type { Sql, Tx } from '../connection.ts'
import { calls } from '../schema.ts'
import type { CallKey } from './calls.ts'

/** Calls the meter is due to look at, the longest due first. */
export async function listCallsToMeter(sql: Sql, now: number, max: number): Promise<CallKey[]> {
  const rows = await sql`
    select client_id, call_id
    from calls
    where meter_at <= ${instantText(now)}
    order by meter_at
    limit ${max}`
  return rows.map(readKey)
}

/** Running calls of some clients, or of all, in the order of their keys; legs granted from leases among them. */
export async function listRunningCalls(
  sql: Sql,
  clientIds: readonly string[] | 'all',
  page: { after: CallKey | null; max: number },
): Promise<CallKey[]> {
  const after = page.after
  const pageSql = () => sql`
      ${clientIds === 'all' ? sql`` : sql`and client_id = any(${[...clientIds]}::uuid[])`}
      ${after ? sql`and (client_id, call_id) > (${after.clientId}::uuid, ${after.callId})` : sql``}
    order by client_id, call_id
    limit ${page.max}`
  const rows = await sql`
    (select client_id, call_id
     from calls
     where status in ('authorized', 'started') ${pageSql()})
    union
    (select client_id, call_id
     from lease_grants
     where epoch is not null ${pageSql()})
    order by client_id, call_id
    limit ${page.max}`
  return rows.map(readKey)
}

/**
 * Started legs without a heartbeat since `before`, of engines that have given some after `since`. Where a leg
 * names no engine, its own later signs tell that it gives some.
 */
export async function listSilentCalls(
  sql: Sql,
  { before, since, max }: { before: number; since: number; max: number },
): Promise<CallKey[]> {
  const rows = await sql`
    (select silent.client_id, silent.call_id
     from engines
     cross join lateral (
       select client_id, call_id
       from calls
       where status = 'started'
         and engine = engines.engine
         and alive_at < ${instantText(before)}
         and brand_id = engines.brand_id
         and end_digest is null
       limit ${max}
     ) as silent
     where engines.sign_at > ${instantText(since)})
    union all
    (select client_id, call_id
     from calls
     where status = 'started'
       and engine is null
       and alive_at < ${instantText(before)}
       and alive_at > coalesce(answered_at, started_at, created_at)
       and end_digest is null
     limit ${max})
    limit ${max}`
  return rows.map(readKey)
}

/** Legs that an engine has begun before an instant and not ended; of one brand, or of all. */
export async function listLegsOfEngine(
  sql: Sql,
  { engine, brandId, before }: { engine: string; brandId: string | null; before: number },
): Promise<CallKey[]> {
  const rows = await sql`
    select client_id, call_id
    from calls
    where status = 'started'
      and engine = ${engine}
      and coalesce(started_at, answered_at, created_at) < ${instantText(before)}
      and end_digest is null
      ${brandId === null ? sql`` : sql`and brand_id = ${brandId}`}
    order by client_id, call_id`
  return rows.map(readKey)
}

/**
 * Those of the legs that stand, or may. Planned for these keys: a plan made while the table was empty would walk all
 * calls of a busy client.
 */
export async function listOpenCalls(sql: Sql, keys: readonly CallKey[]): Promise<CallKey[]> {
  const rows = await sql.unsafe(
    `select client_id, call_id
     from calls
     join unnest($1::uuid[], $2::text[]) as wanted (client_id, call_id) using (client_id, call_id)
     where status in ('authorized', 'started')
     union
     select client_id, call_id
     from lease_grants
     join unnest($1::uuid[], $2::text[]) as wanted (client_id, call_id) using (client_id, call_id)
     where epoch is not null`,
    [keys.map((key) => key.clientId), keys.map((key) => key.callId)],
  )
  return rows.map(readKey)
}

/** What answered calls that run hold of these days, by client and day. */
export async function sumAnsweredReservations(
  tx: Sql,
  days: readonly ClientDay[],
): Promise<Map<string, Decimal>> {
  const rows = await tx`
    select client_id, day, sum(reserved)::text as reserved
    from unnest(
      ${days.map(({ clientId }) => clientId)}::uuid[],
      ${days.map(({ day }) => day)}::text[]
    ) as wanted (client_id, day)
    join calls using (client_id)
    where reserved_day = day::date
      and status = 'started'
      and answered_at is not null
    group by client_id, day`
  return new Map(rows.map((row) => [`${row.client_id} ${row.day}`, new Decimal(row.reserved)]))
}

/** Legs of an engine that are to be hung up, as the tenant sees them; the max urgent first. */
export async function listCallsToHangUp(tx: Tx, engine: string, max: number): Promise<LegToHangUp[]> {
  const { clientId, callId, direction, engine: owner, engineRef, hangupReason, hangupEndBy } = calls
  return tx
    .select({ clientId, callId, direction, engine: owner, engineRef, hangupReason, hangupEndBy })
    .from(calls)
    .where(
      and(
        eq(calls.status, 'started'),
        eq(calls.engine, engine),
        isNotNull(calls.hangupReason),
        isNull(calls.endDigest),
      ),
    )
    .orderBy(asc(calls.hangupEndBy))
    .limit(max)
}

function readKey(row: Record<string, string>): CallKey {
  return { clientId: row.client_id ?? '', callId: row.call_id ?? '' }
}
