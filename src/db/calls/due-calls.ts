/**
 * Calls whose time is over: found without locks, for whoever locks and reads them again.
 */

import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'
import type { CallKey } from './calls.ts'

/** Grants past their end, and ends that have waited long enough for an answer. */
export async function listDueCalls(sql: Sql, now: number, max: number): Promise<CallKey[]> {
  const rows = await sql`
    (select client_id, call_id
     from calls
     where status = 'authorized'
       and expires_at <= ${instantText(now)}
     limit ${max})
    union
    (select client_id, call_id
     from calls
     where answer_awaited_until <= ${instantText(now)}
     limit ${max})
    union
    (select client_id, call_id
     from lease_grants
     where expires_at <= ${instantText(now)}
       and epoch is not null
     limit ${max})`
  return rows.map((row) => ({ clientId: row.client_id, callId: row.call_id }))
}
