/**
 * Allocations are appended, never changed; what asked for one by name is unique within the client.
 */
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { formatAmount } from '../../money.ts'
import type { Allocation } from '../receivables.ts'

export function appendAllocations(tx: Sql, allocations: readonly Allocation[]): Promise<unknown> {
  return tx`
    insert into invoice_allocations (id, client_id, from_invoice_id, to_invoice_id, amount, source, actor, created_at)
    select id, client_id, from_invoice_id::uuid, to_invoice_id, amount::numeric, source, actor, created_at::timestamptz
    from unnest(
      ${allocations.map((allocation) => allocation.id)}::uuid[],
      ${allocations.map((allocation) => allocation.clientId)}::uuid[],
      ${allocations.map((allocation) => allocation.fromInvoiceId)}::text[],
      ${allocations.map((allocation) => allocation.toInvoiceId)}::uuid[],
      ${allocations.map((allocation) => formatAmount(allocation.amount))}::text[],
      ${allocations.map((allocation) => allocation.source)}::text[],
      ${allocations.map((allocation) => allocation.actor)}::text[],
      ${allocations.map((allocation) => instantText(allocation.createdAt))}::text[]
    ) as given (id, client_id, from_invoice_id, to_invoice_id, amount, source, actor, created_at)`.execute()
}
