/**
 * The calls behind an invoice, in the order of their answers, in pages: those of the rollup rows it took, or held
 * before it was credited; of a draft those it would take.
 *
 * A call that was corrected after an issue is listed there as it was. The invoice that charges the difference lists
 * it twice: taken back as it was, with minus signs, and as it is. So each annex adds up to its invoice, for ever.
 * Calls whose details were removed stand at the end, with what is left of them.
 */
import type { Row } from 'postgres'
import { Decimal } from '../../money.ts'
import { findInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { streamBatches } from '../stream-batches.ts'

export interface CallItem {
  callId: string
  /** null: the details of the call are gone, its numbers, too. */
  answeredAt: number | null
  from: string | null
  to: string
  toNormalized: string | null
  destination: string
  durationSeconds: number
  billedSeconds: number
  price: Decimal
}

/** Few, so that making them holds nobody up: 2,000 took most of 100 ms. */
const rowsPerPage = 200

/** Within a transaction. */
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
            and day < ${wanted.draftTo}::text::date
            and (changes_invoice_id is null or ${correctsOnInvoice(tx, wanted.clientId)})`
  const pages = tx`
    with held as (${rollups}), listed as (
      select call_id, answered_at, from_number, to_number, to_normalized, destination, duration_seconds,
             billed_seconds, price
      from all_calls
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
    order by answered_at, call_id, price`
  for await (const rows of streamBatches<Row>(tx, pages, { rows: rowsPerPage })) yield rows.map(toItem)
  const removed = tx`
    select k.call_id, null as answered_at, null as from_number, '' as to_number, null as to_normalized,
           coalesce(r.destination, r.inbound_destination) as destination, k.duration_seconds, k.billed_seconds, k.price
    from calls_without_details k
    join call_rollups r on r.id = k.rollup_id
    where k.client_id = ${wanted.clientId}
      and k.rollup_id in (${rollups})
    order by k.usage_day, k.call_id`
  for await (const rows of streamBatches<Row>(tx, removed, { rows: rowsPerPage })) yield rows.map(toItem)
}

/** Else what changed of earlier invoices stands on notes of its own. */
const correctsOnInvoice = (tx: Sql, clientId: string) => tx`(
  select b.corrections = 'invoice' and b.issuer ->> 'country' is distinct from 'ES'
  from clients c
  join brands b on b.id = c.brand_id
  where c.id = ${clientId}
)`

function toItem(row: Row): CallItem {
  return {
    callId: row.call_id,
    answeredAt: findInstant(row.answered_at),
    from: row.from_number,
    to: row.to_number,
    toNormalized: row.to_normalized,
    destination: row.destination ?? '',
    durationSeconds: row.duration_seconds ?? 0,
    billedSeconds: row.billed_seconds ?? 0,
    price: new Decimal(row.price),
  }
}
