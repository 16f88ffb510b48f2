/**
 * Which priced calls stand on which invoice: an issue takes the open rollup rows of its client, a credit in full
 * gives them back. Both run under the lock of the client's account, as every charge does.
 */
import type { CallSums } from '../../invoices/invoice.ts'
import { Decimal } from '../../money.ts'
import type { Sql } from '../connection.ts'

/** Calls on no invoice, answered before `to`: those of the period by destination, and earlier ones apart. */
export async function sumOpenRollups(
  tx: Sql,
  span: { clientId: string; from: string; to: string },
): Promise<CallSums[]> {
  const rows = await tx`
    select destination, day < ${span.from}::text::date as is_earlier, sum(calls)::integer as calls,
           sum(duration_seconds)::bigint as duration_seconds, sum(billed_seconds)::bigint as billed_seconds,
           sum(amount) as amount, min(day) as first_day, max(day) as last_day
    from call_rollups
    where client_id = ${span.clientId}
      and invoice_id is null
      and day < ${span.to}::text::date
    group by 1, 2
    order by 2, 1`
  return rows.map((row) => ({
    destination: row.destination,
    isEarlier: row.is_earlier,
    calls: row.calls,
    durationSeconds: Number(row.duration_seconds),
    billedSeconds: Number(row.billed_seconds),
    amount: new Decimal(row.amount),
    firstDay: row.first_day,
    lastDay: row.last_day,
  }))
}

export function takeRollups(
  tx: Sql,
  taken: { clientId: string; to: string; invoiceId: string },
): Promise<unknown> {
  return tx`
    update call_rollups
    set invoice_id = ${taken.invoiceId}
    where client_id = ${taken.clientId}
      and invoice_id is null
      and day < ${taken.to}::text::date`.execute()
}

/** Another invoice may take them; the credited one remembers that it held them. */
export async function freeRollups(tx: Sql, invoiceId: string): Promise<void> {
  await tx`
    insert into freed_rollups (invoice_id, rollup_id)
    select invoice_id, id
    from call_rollups
    where invoice_id = ${invoiceId}`
  await tx`
    update call_rollups
    set invoice_id = null, freed = true
    where invoice_id = ${invoiceId}`
}
