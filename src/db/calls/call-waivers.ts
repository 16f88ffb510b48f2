/**
 * Who made a rejected call free, and why: appended, never changed.
 */
import { and, eq } from 'drizzle-orm'
import { instantText } from '../columns.ts'
import type { Sql, Tx } from '../connection.ts'
import { callWaivers } from '../schema.ts'

export type CallWaiverRow = typeof callWaivers.$inferSelect

export function appendCallWaiver(tx: Sql, waiver: CallWaiverRow): Promise<unknown> {
  return tx`
    insert into call_waivers (client_id, call_id, reason, actor, waived_at)
    values (${waiver.clientId}, ${waiver.callId}, ${waiver.reason}, ${waiver.actor},
            ${instantText(waiver.waivedAt)})`.execute()
}

export async function findCallWaiver(
  tx: Tx,
  place: { clientId: string; callId: string },
): Promise<CallWaiverRow | undefined> {
  const [row] = await tx
    .select()
    .from(callWaivers)
    .where(and(eq(callWaivers.clientId, place.clientId), eq(callWaivers.callId, place.callId)))
  return row
}
