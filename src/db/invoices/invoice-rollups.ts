/**
 * Which priced calls stand on which invoice: an issue takes the open rollup rows of its client, a credit gives them
 * back. Both run under the lock of the client's account, as every charge does.
 *
 * A row that names an invoice in `corrects_invoice_id` is reckoned at that invoice's terms: it is what changed of calls
 * that `changes_invoice_id` had charged, or, without that, calls that came too late for its period.
 */
import type { Fragment } from 'postgres'
import type { CallSums, InvoiceLine, Period } from '../../invoices/invoice.ts'
import { Decimal, zero } from '../../money.ts'
import { parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'
import { standingOf } from './standing-calls.ts'

export interface OpenSums extends CallSums {
  /** null: at the terms of the invoice that takes them. */
  firstInvoiceId: string | null
  /** The invoice whose line had charged them before they changed; null: they came too late for the first one. */
  changesInvoiceId: string | null
}

/**
 * At whose terms: of what changed, the invoice's that charged it. Of calls the invoice's of their period, where it has a
 * minimum that they may stand within; not where a credit note of it has freed them: what they cost was given back, so
 * they are charged like any others. Calls that were late once are late again.
 */
const termsOf = (tx: Sql, from: string) => tx`
  case when changes_invoice_id is not null then corrects_invoice_id
       when call_rollups.day < ${from}::text::date and (not freed or corrects_invoice_id is not null) then (
    select i.id
    from invoices i
    where i.client_id = call_rollups.client_id
      and i.kind = 'invoice'
      and i.status in ('issued', 'paid')
      and i.period_from <= call_rollups.day
      and i.period_to > call_rollups.day
      and i.terms ->> 'minimumMonthlyAmount' is not null
    limit 1
  ) end`

/** Calls on no invoice, answered before `to`: those of the period by direction and destination, and earlier ones apart. */
export async function sumOpenRollups(
  tx: Sql,
  { clientId, from, to }: { clientId: string } & Period,
): Promise<OpenSums[]> {
  const rows = await tx`
    with open as materialized (
      select day, destination, inbound_destination, changes_invoice_id, calls, duration_seconds, billed_seconds, amount,
             ${termsOf(tx, from)} as first_invoice_id
      from call_rollups
      where client_id = ${clientId}
        and invoice_id is null
        and day < ${to}::text::date
    )
    select open.first_invoice_id, open.changes_invoice_id, ${sumsOf(tx, from)}
    from open
    group by 1, 2, 3, 4, 5
    order by 4, 5, 3, 1, 2`
  return rows.map((row) => ({
    ...readSums(row),
    firstInvoiceId: row.first_invoice_id,
    changesInvoiceId: row.changes_invoice_id,
  }))
}

export interface TakenSums extends OpenSums {
  firstInvoiceId: string
  /** The document that took them, and when it was issued. */
  takenBy: string
  takenAt: number
}

/** Changes and late calls that documents have charged at the terms of these invoices so far. */
export async function sumTakenRollups(
  tx: Sql,
  { clientId, ids }: { clientId: string; ids: readonly string[] },
): Promise<TakenSums[]> {
  const rows = await tx`
    select open.corrects_invoice_id as first_invoice_id, open.changes_invoice_id, taker.id as taken_by,
           taker.issued_at as taken_at, ${sumsOf(tx, null)}
    from (select *, corrects_invoice_id as first_invoice_id from call_rollups) open
    join invoices taker on taker.id = open.invoice_id
    where open.client_id = ${clientId}
      and open.corrects_invoice_id = any(${ids as string[]}::uuid[])
    group by 1, 2, 3, 4, 5, 6, 7
    order by 6, 7, 5, 1, 3`
  return rows.map((row) => ({
    ...readSums(row),
    firstInvoiceId: row.first_invoice_id,
    changesInvoiceId: row.changes_invoice_id,
    takenBy: row.taken_by,
    takenAt: parseInstant(row.taken_at),
  }))
}

/**
 * Earlier than the period of the invoice that they belong to, or than the day given. That invoice is looked up, not joined: nearly
 * no row names one, and a run with stale statistics would read all invoices for each client.
 */
const sumsOf = (tx: Sql, from: string | null) => tx`
  coalesce(open.destination, open.inbound_destination) as destination,
  open.day < case
    when open.first_invoice_id is null then ${from}::text::date
    else (select period_from from invoices where id = open.first_invoice_id)
  end as is_earlier, open.destination is null as is_inbound,
  sum(open.calls)::integer as calls, sum(open.duration_seconds)::bigint as duration_seconds,
  sum(open.billed_seconds)::bigint as billed_seconds, sum(open.amount) as amount,
  min(open.day) as first_day, max(open.day) as last_day`

function readSums(row: Record<string, unknown>): CallSums {
  return {
    destination: row.destination as string,
    isInbound: row.is_inbound as boolean,
    isEarlier: row.is_earlier as boolean,
    calls: row.calls as number,
    durationSeconds: Number(row.duration_seconds),
    billedSeconds: Number(row.billed_seconds),
    amount: new Decimal(row.amount as string),
    firstDay: row.first_day as string,
    lastDay: row.last_day as string,
  }
}

export function takeRollups(
  tx: Sql,
  { clientId, from, to, invoiceId }: { clientId: string; invoiceId: string } & Period,
): Promise<unknown> {
  return tx`
    update call_rollups
    set invoice_id = ${invoiceId},
        corrects_invoice_id = ${termsOf(tx, from)}
    where client_id = ${clientId}
      and invoice_id is null
      and day < ${to}::text::date`.execute()
}

/** Those of a credit note that corrects an invoice. */
export function takeCorrections(
  tx: Sql,
  taken: { clientId: string; to: string; correctsInvoiceId: string; invoiceId: string },
): Promise<unknown> {
  return tx`
    update call_rollups
    set invoice_id = ${taken.invoiceId}
    where client_id = ${taken.clientId}
      and invoice_id is null
      and changes_invoice_id is not null
      and corrects_invoice_id = ${taken.correctsInvoiceId}
      and day < ${taken.to}::text::date`.execute()
}

/** Is there an open change of an invoice that such a note would take? */
export async function hasOpenCorrections(
  tx: Sql,
  { clientId, to }: { clientId: string; to: string },
): Promise<boolean> {
  const rows = await tx`
    select 1
    from call_rollups
    where client_id = ${clientId}
      and invoice_id is null
      and changes_invoice_id is not null
      and day < ${to}::text::date
    limit 1`
  return rows.length > 0
}

interface Freeing {
  clientId: string
  invoiceId: string
  periodFrom: string
  /** Nothing of the invoice is left. */
  isComplete: boolean
}

/** All calls of the invoice: another invoice may take them. Answers their sum. */
export async function freeAllRollups(tx: Sql, freeing: Freeing): Promise<Decimal> {
  return free(tx, freeing, tx`invoice_id = ${freeing.invoiceId}`)
}

/** The calls of some of its lines alone. */
export async function freeRollupsOfLines(
  tx: Sql,
  freeing: Freeing,
  lines: readonly InvoiceLine[],
): Promise<Decimal> {
  const ofCalls = lines.filter((line) => line.calls !== null)
  if (ofCalls.length === 0) return zero
  return free(
    tx,
    freeing,
    tx`invoice_id = ${freeing.invoiceId}
      and exists (
        select 1
        from unnest(
          ${ofCalls.map((line) => line.calls?.destination ?? '')}::text[],
          ${ofCalls.map((line) => String(line.calls?.isInbound ?? false))}::text[],
          ${ofCalls.map((line) => String(line.calls?.isEarlier ?? false))}::text[],
          ${ofCalls.map((line) => line.correctsInvoiceId)}::uuid[]
        ) as line (destination, is_inbound, is_earlier, corrects_invoice_id)
        where call_rollups.corrects_invoice_id is not distinct from line.corrects_invoice_id
          and (line.corrects_invoice_id is not null
            or coalesce(call_rollups.destination, call_rollups.inbound_destination) = line.destination
              and (call_rollups.destination is null) = line.is_inbound::boolean
              and (call_rollups.day < ${freeing.periodFrom}::text::date) = line.is_earlier::boolean)
      )`,
  )
}

/**
 * The credited invoice remembers that it held them. What notes had corrected of an invoice of which nothing is left is
 * turned back with it. What changed and stands on no invoice goes where its calls have gone.
 */
async function free(
  tx: Sql,
  { clientId, invoiceId, isComplete }: Freeing,
  ofInvoice: Fragment,
): Promise<Decimal> {
  const which = isComplete
    ? tx`(${ofInvoice}
        or invoice_id in (select id from invoices where credits_invoice_id = ${invoiceId} and kind = 'credit-note'))`
    : ofInvoice
  await tx`
    insert into freed_rollups (invoice_id, rollup_id)
    select invoice_id, id
    from call_rollups
    where ${which}
    on conflict do nothing`
  const rows = await tx`
    update call_rollups
    set invoice_id = null, freed = true
    where ${which}
    returning amount`
  await tx`
    update call_rollups
    set changes_invoice_id = standing.invoice_id,
        corrects_invoice_id = coalesce(standing.late_for_id, standing.invoice_id)
    from call_rollups r
    cross join lateral (${standingOf(tx)}) standing
    where call_rollups.id = r.id
      and r.client_id = ${clientId}
      and r.invoice_id is null
      and r.changes_invoice_id is not null
      and standing.has_moved`
  // What changed of calls that came late for an invoice whose calls are charged anew is not reckoned at its terms any more.
  await tx`
    update call_rollups r
    set changes_invoice_id = null,
        corrects_invoice_id = null
    where r.client_id = ${clientId}
      and r.invoice_id is null
      and r.changes_invoice_id <> r.corrects_invoice_id
      and exists (
        select 1
        from invoices i
        join freed_rollups f on f.invoice_id = i.id
        where i.id = r.corrects_invoice_id
          and (i.status = 'credited' or ${isComplete} and i.id = ${invoiceId})
      )`
  return rows.reduce((sum: Decimal, row) => sum.plus(row.amount), zero)
}
