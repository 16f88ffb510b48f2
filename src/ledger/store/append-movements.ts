/**
 * Movements are appended, never changed; their number and their cause are unique within the client.
 */
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { formatAmount } from '../../money.ts'
import type { Movement } from '../movement.ts'

export function appendMovements(tx: Sql, movements: readonly Movement[]): Promise<unknown> {
  return tx`
    insert into movements (client_id, seq, id, kind, source, amount, balance_after, currency, call_id, invoice_id,
                           reference, actor, created_at)
    select client_id, seq::bigint, id, kind, source, amount::numeric, balance_after::numeric, currency, call_id,
           invoice_id::uuid, reference, actor, created_at::timestamptz
    from unnest(
      ${movements.map((movement) => movement.clientId)}::uuid[],
      ${movements.map((movement) => String(movement.seq))}::text[],
      ${movements.map((movement) => movement.id)}::uuid[],
      ${movements.map((movement) => movement.kind)}::text[],
      ${movements.map((movement) => movement.source)}::text[],
      ${movements.map((movement) => formatAmount(movement.amount))}::text[],
      ${movements.map((movement) => formatAmount(movement.balanceAfter))}::text[],
      ${movements.map((movement) => movement.currency)}::text[],
      ${movements.map((movement) => movement.callId)}::text[],
      ${movements.map((movement) => movement.invoiceId)}::text[],
      ${movements.map((movement) => movement.reference)}::text[],
      ${movements.map((movement) => movement.actor)}::text[],
      ${movements.map((movement) => instantText(movement.createdAt))}::text[]
    ) as given (client_id, seq, id, kind, source, amount, balance_after, currency, call_id, invoice_id,
                reference, actor, created_at)`.execute()
}
