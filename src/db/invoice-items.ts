/**
 * The calls behind an invoice, in the order of their answers, in pages: those of the rollup rows it took, or held
 * before it was credited; of a draft those it would take.
 *
 * A call that was corrected after an issue is listed there as it was. The invoice that charges the difference lists
 * it twice: taken back as it was, with minus signs, and as it is. So each annex adds up to its invoice, for ever.
 */
import { Decimal } from '../money.ts'
import { parseInstant } from './columns.ts'
import type { Sql } from './connection.ts'

export interface CallItem {
  callId: string
  answeredAt: number
  from: string | null
  to: string
  toNormalized: string | null
  destination: string
  durationSeconds: number
  billedSeconds: number
  price: Decimal
}

const rowsPerPage = 2000

export async function* streamInvoiceItems(
  tx: Sql,
  wanted: { invoiceId: string; clientId: string; draftTo: string | null },
): AsyncGenerator<CallItem[], void> {
  const rollups =
    wanted.draftTo === null
      ? tx`
          select id from call_rollups where invoice_id = ${wanted.invoiceId}
          union all
          select rollup_id from freed_rollups where invoice_id = ${wanted.invoiceId}`
      : tx`
          select id from call_rollups
          where client_id = ${wanted.clientId}
            and invoice_id is null
            and day < ${wanted.draftTo}::text::date`
  const pages = tx`
    with held as (${rollups}), listed as (
      select call_id, answered_at, from_number, to_number, to_normalized, destination, duration_seconds,
             billed_seconds, price
      from calls
      where client_id = ${wanted.clientId}
        and rollup_id in (select id from held)
        and price is not null
      union all
      select call_id, answered_at, from_number, to_number, to_normalized, destination, duration_seconds,
             billed_seconds, price
      from corrected_calls
      where client_id = ${wanted.clientId}
        and rollup_id in (select id from held)
        and corrected_in_rollup_id not in (select id from held)
      union all
      select call_id, answered_at, from_number, to_number, to_normalized, destination, -duration_seconds,
             -billed_seconds, -price
      from corrected_calls
      where client_id = ${wanted.clientId}
        and corrected_in_rollup_id in (select id from held)
        and rollup_id not in (select id from held)
    )
    select *
    from listed
    order by answered_at, call_id, price`.cursor(rowsPerPage)
  for await (const rows of pages) {
    yield rows.map((row) => ({
      callId: row.call_id,
      answeredAt: parseInstant(row.answered_at),
      from: row.from_number,
      to: row.to_number,
      toNormalized: row.to_normalized,
      destination: row.destination ?? '',
      durationSeconds: row.duration_seconds ?? 0,
      billedSeconds: row.billed_seconds ?? 0,
      price: new Decimal(row.price),
    }))
  }
}
