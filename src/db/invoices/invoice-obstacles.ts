/**
 * What stands in the way of an issue: calls of the period that could not be priced, or that still run.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

const max = 100

/** Ended calls of these days that no active profile could price. */
export async function listRejectedCalls(
  tx: Sql,
  span: { clientId: string; from: string; to: string },
): Promise<{ callId: string; reason: string; day: string }[]> {
  const rows = await tx`
    select call_id, reason, usage_day
    from calls
    where client_id = ${span.clientId}
      and status = 'rejected'
      and usage_day >= ${span.from}::text::date
      and usage_day < ${span.to}::text::date
    order by usage_day, call_id
    limit ${max}`
  return rows.map((row) => ({ callId: row.call_id, reason: row.reason, day: row.usage_day }))
}

/** Legs that stand, or may, and that were or may have been answered before `until`. */
export async function listRunningCallIds(
  tx: Sql,
  span: { clientId: string; until: number; now: number },
): Promise<string[]> {
  const rows = await tx`
    select call_id
    from calls
    where client_id = ${span.clientId}
      and direction = 'outbound'
      and status in ('authorized', 'started')
      and (status = 'started' or expires_at is null or expires_at > ${instantText(span.now)})
      and coalesce(answered_at, started_at, authorized_at, created_at) < ${instantText(span.until)}
    order by call_id
    limit ${max}`
  return rows.map((row) => row.call_id)
}
