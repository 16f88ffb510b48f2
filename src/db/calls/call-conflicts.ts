/**
 * Events that contradict an accepted half: kept once, without effect on money.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface CallConflict {
  id: string
  clientId: string
  callId: string
  half: string
  digest: string
  body: string
  receivedAt: number
}

export function appendConflicts(tx: Sql, conflicts: readonly CallConflict[]): Promise<unknown> {
  return tx`
    insert into call_conflicts (id, client_id, call_id, half, digest, body, received_at)
    select id, client_id, call_id, half, digest, body, received_at::timestamptz
    from unnest(
      ${conflicts.map((conflict) => conflict.id)}::uuid[],
      ${conflicts.map((conflict) => conflict.clientId)}::uuid[],
      ${conflicts.map((conflict) => conflict.callId)}::text[],
      ${conflicts.map((conflict) => conflict.half)}::text[],
      ${conflicts.map((conflict) => conflict.digest)}::text[],
      ${conflicts.map((conflict) => conflict.body)}::text[],
      ${conflicts.map((conflict) => instantText(conflict.receivedAt))}::text[]
    ) as given (id, client_id, call_id, half, digest, body, received_at)
    on conflict do nothing`.execute()
}
