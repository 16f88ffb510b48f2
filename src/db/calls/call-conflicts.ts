/**
 * Events that contradict an accepted half: kept once, without effect on money.
 */
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import { instantText } from '../columns.ts'
import type { Sql, Tx } from '../connection.ts'
import { callConflicts } from '../schema.ts'

export interface CallConflict {
  id: string
  clientId: string
  callId: string
  half: string
  digest: string
  body: string
  receivedAt: number
}

export type CallConflictRow = typeof callConflicts.$inferSelect

export async function listCallConflicts(
  tx: Tx,
  page: {
    clientId: string | null
    callId: string | null
    direction: 'ascending' | 'descending'
    /** receivedAt and id of the last row shown. */
    place: readonly string[] | null
    limit: number
  },
): Promise<CallConflictRow[]> {
  const { clientId, callId, direction, place } = page
  const { receivedAt, id } = callConflicts
  const towards = direction === 'ascending' ? asc : desc
  const shown = place && sql`(${place[0]}::timestamptz, ${place[1]}::uuid)`
  const isBehind =
    direction === 'ascending'
      ? sql`(${receivedAt}, ${id}) > ${shown}`
      : sql`(${receivedAt}, ${id}) < ${shown}`
  return tx
    .select()
    .from(callConflicts)
    .where(
      and(
        clientId === null ? undefined : eq(callConflicts.clientId, clientId),
        callId === null ? undefined : eq(callConflicts.callId, callId),
        shown ? isBehind : undefined,
      ),
    )
    .orderBy(towards(receivedAt), towards(id))
    .limit(page.limit)
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
