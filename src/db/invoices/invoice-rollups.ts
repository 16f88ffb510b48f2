/**
 * Which priced calls stand on which invoice: an issue takes the open rollup rows of its client, a credit gives them
 * back. Both run under the lock of the client's account, as every charge does.
 *
 * A row that names an invoice in `corrects_invoice_id` is what changed of that invoice's calls, or calls that came too
 * late for its period: it is reckoned at that invoice's terms.
 */
import type { Fragment } from 'postgres'
import type { CallSums, InvoiceLine, Period } from '../../invoices/invoice.ts'
import { Decimal, zero } from '../../money.ts'
import type { Sql } from '../connection.ts'

export interface OpenSums extends CallSums {
  /** null: at the terms of the invoice that takes them. */
  firstInvoiceId: string | null
  /** They changed after that invoice charged them; else they came too late for it. */
  isCorrection: boolean
}

/**
 * The invoice of a row's own period, where it has a minimum that these calls may stand within. Not for calls that a
 * credit note of it has freed: what they cost was given back, so they are charged like any others.
 */
const invoiceWithMinimum = (tx: Sql, from: string) => tx`
  case when call_rollups.day < ${from}::text::date and not call_rollups.freed then (
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
    with open as (
      select call_rollups.*, coalesce(corrects_invoice_id, ${invoiceWithMinimum(tx, from)}) as first_invoice_id
      from call_rollups
      where client_id = ${clientId}
        and invoice_id is null
        and day < ${to}::text::date
    )
    select open.first_invoice_id, open.corrects_invoice_id is not null as is_correction, ${sumsOf(tx, from)}
    from open
    left join invoices i on i.id = open.first_invoice_id
    group by 1, 2, 3, 4, 5
    order by 4, 5, 3, 1, 2`
  return rows.map((row) => ({
    ...readSums(row),
    firstInvoiceId: row.first_invoice_id,
    isCorrection: row.is_correction,
  }))
}

/** What invoices so far have charged of the calls of these invoices and of their periods. */
export async function sumRollupsOfInvoices(
  tx: Sql,
  { clientId, ids }: { clientId: string; ids: readonly string[] },
): Promise<(CallSums & { firstInvoiceId: string })[]> {
  const rows = await tx`
    with open as (
      select *, coalesce(corrects_invoice_id, invoice_id) as first_invoice_id
      from call_rollups
      where client_id = ${clientId}
        and invoice_id is not null
        and coalesce(corrects_invoice_id, invoice_id) = any(${ids as string[]}::uuid[])
    )
    select open.first_invoice_id, true as is_correction, ${sumsOf(tx, null)}
    from open
    join invoices i on i.id = open.first_invoice_id
    group by 1, 2, 3, 4, 5
    order by 4, 5, 3, 1`
  return rows.map((row) => ({ ...readSums(row), firstInvoiceId: row.first_invoice_id }))
}

/** Earlier than the period of the invoice that they belong to, or than the day given. */
const sumsOf = (tx: Sql, from: string | null) => tx`
  coalesce(open.destination, open.inbound_destination) as destination,
  open.day < coalesce(i.period_from, ${from}::text::date) as is_earlier, open.destination is null as is_inbound,
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
        corrects_invoice_id = coalesce(corrects_invoice_id, ${invoiceWithMinimum(tx, from)})
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
      and corrects_invoice_id is not null
      and day < ${to}::text::date
    limit 1`
  return rows.length > 0
}

interface Freeing {
  invoiceId: string
  periodFrom: string
}

/** All calls of the invoice, with what notes have corrected of them: another invoice may take them. Answers their sum. */
export async function freeAllRollups(tx: Sql, { invoiceId }: Freeing): Promise<Decimal> {
  const freed = await free(
    tx,
    tx`(invoice_id = ${invoiceId}
        or invoice_id in (select id from invoices where credits_invoice_id = ${invoiceId} and kind = 'credit-note'))`,
  )
  // What changed since and stands on no invoice yet is no correction any more: its calls are free themselves.
  await tx`
    update call_rollups
    set corrects_invoice_id = null
    where corrects_invoice_id = ${invoiceId}
      and invoice_id is null`
  return freed
}

/** The calls of some of its lines alone. */
export async function freeRollupsOfLines(
  tx: Sql,
  { invoiceId, periodFrom }: Freeing,
  lines: readonly InvoiceLine[],
): Promise<Decimal> {
  const ofCalls = lines.filter((line) => line.calls !== null)
  if (ofCalls.length === 0) return zero
  return free(
    tx,
    tx`invoice_id = ${invoiceId}
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
              and (call_rollups.day < ${periodFrom}::text::date) = line.is_earlier::boolean)
      )`,
  )
}

/** The credited invoice remembers that it held them. */
async function free(tx: Sql, which: Fragment): Promise<Decimal> {
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
  return rows.reduce((sum: Decimal, row) => sum.plus(row.amount), zero)
}
