/**
 * Running calls that somebody has to look at: found without locks, for whoever locks and reads them again.
 */

import type { Call } from '../calls/call.ts'
import { type CallKey, callColumns, readCall } from './calls.ts'
import { instantText } from './columns.ts'
import type { Sql } from './connection.ts'

/** Calls the meter is due to look at, the longest due first. */
export async function listCallsToMeter(sql: Sql, now: number, most: number): Promise<CallKey[]> {
  const rows = await sql`
    select client_id, call_id
    from calls
    where meter_at <= ${instantText(now)}
    order by meter_at
    limit ${most}`
  return rows.map(readKey)
}

/** Running calls of some clients, or of all, in the order of their keys. */
export async function listRunningCallsOf(
  sql: Sql,
  clientIds: readonly string[] | 'all',
  page: { after: CallKey | null; most: number },
): Promise<CallKey[]> {
  const after = page.after
  const rows = await sql`
    select client_id, call_id
    from calls
    where status in ('authorized', 'started')
      ${clientIds === 'all' ? sql`` : sql`and client_id = any(${[...clientIds]}::uuid[])`}
      ${after ? sql`and (client_id, call_id) > (${after.clientId}::uuid, ${after.callId})` : sql``}
    order by client_id, call_id
    limit ${page.most}`
  return rows.map(readKey)
}

/**
 * Started legs without a sign of life since `before`, of engines that have given some after `since`. Where a leg
 * names no engine, its own later signs tell that it gives some.
 */
export async function listSilentCalls(
  sql: Sql,
  { before, since, most }: { before: number; since: number; most: number },
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
       limit ${most}
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
     limit ${most})
    limit ${most}`
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

/** Legs of an engine that are to be hung up; of one brand, or of all. */
export async function listCallsToHangUp(
  sql: Sql,
  { engine, brandId, most }: { engine: string; brandId: string | null; most: number },
): Promise<Call[]> {
  const rows = await sql`
    select ${sql.unsafe(callColumns)}
    from calls
    where status = 'started'
      and engine = ${engine}
      and hangup_reason is not null
      and end_digest is null
      ${brandId === null ? sql`` : sql`and brand_id = ${brandId}`}
    order by hangup_end_by
    limit ${most}`
  return rows.map(readCall)
}

function readKey(row: Record<string, string>): CallKey {
  return { clientId: row.client_id ?? '', callId: row.call_id ?? '' }
}
