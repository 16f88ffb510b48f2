/**
 * Lines of invoices: replaced whole while their invoice is a draft, frozen with it.
 */
import type { Row } from 'postgres'
import { groupBy } from '../../group-by.ts'
import type { InvoiceLine, LineKind } from '../../invoices/invoice.ts'
import { Decimal, formatAmount } from '../../money.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'
import { readTax, type WrittenTax, writeTax } from './written-tax.ts'

export function deleteLines(tx: Sql, invoiceId: string): Promise<unknown> {
  return tx`delete from invoice_lines where invoice_id = ${invoiceId}`.execute()
}

export function insertLines(tx: Sql, invoiceId: string, lines: readonly InvoiceLine[]): Promise<unknown> {
  const text = (write: (line: InvoiceLine) => string | null) => lines.map(write)
  const whole = (value: number | undefined) => (value === undefined ? null : String(value))
  return tx`
    insert into invoice_lines (invoice_id, index, kind, description, quantity, unit_price, net, taxes, destination,
                               inbound, calls, duration_seconds, billed_seconds, calls_amount, first_day, last_day,
                               credits_index, corrects_invoice_id, gross)
    select ${invoiceId}, ordinality - 1, kind, description, quantity::numeric, unit_price::numeric, net::numeric,
           taxes::jsonb, destination, inbound::boolean, calls::integer, duration_seconds::bigint, billed_seconds::bigint,
           calls_amount::numeric, first_day::date, last_day::date, credits_index::integer,
           corrects_invoice_id::uuid, gross::numeric
    from unnest(
      ${text((line) => line.kind)}::text[],
      ${text((line) => line.description)}::text[],
      ${text((line) => formatAmount(line.quantity))}::text[],
      ${text((line) => formatAmount(line.unitPrice))}::text[],
      ${text((line) => formatAmount(line.net))}::text[],
      ${text((line) => JSON.stringify(line.taxes.map(writeTax)))}::text[],
      ${text((line) => line.calls?.destination ?? null)}::text[],
      ${text((line) => String(line.calls?.isInbound ?? false))}::text[],
      ${text((line) => whole(line.calls?.calls))}::text[],
      ${text((line) => whole(line.calls?.durationSeconds))}::text[],
      ${text((line) => whole(line.calls?.billedSeconds))}::text[],
      ${text((line) => (line.calls ? formatAmount(line.calls.amount) : null))}::text[],
      ${text((line) => line.calls?.firstDay ?? null)}::text[],
      ${text((line) => line.calls?.lastDay ?? null)}::text[],
      ${text((line) => whole(line.creditsIndex ?? undefined))}::text[],
      ${text((line) => line.correctsInvoiceId)}::text[],
      ${text((line) => (line.gross === null ? null : formatAmount(line.gross)))}::text[]
    ) with ordinality as given (kind, description, quantity, unit_price, net, taxes, destination, inbound,
                                calls, duration_seconds, billed_seconds, calls_amount, first_day, last_day, credits_index,
                                corrects_invoice_id, gross, ordinality)`.execute()
}

export async function loadLines(tx: Sql, invoiceId: string): Promise<InvoiceLine[]> {
  return (await loadInvoiceLines(tx, [invoiceId])).get(invoiceId) ?? []
}

/** Of several invoices, by their ids. */
export async function loadInvoiceLines(
  tx: Sql,
  invoiceIds: readonly string[],
): Promise<Map<string, InvoiceLine[]>> {
  const rows = await tx`
    select *
    from invoice_lines
    where invoice_id = any(${invoiceIds as string[]}::uuid[])
    order by invoice_id, index`
  const lines = new Map<string, InvoiceLine[]>()
  for (const [id, of] of groupBy(rows, (row) => row.invoice_id as string)) lines.set(id, of.map(readLine))
  return lines
}

function readLine(row: Row): InvoiceLine {
  return {
    kind: row.kind as LineKind,
    description: row.description,
    quantity: new Decimal(row.quantity),
    unitPrice: new Decimal(row.unit_price),
    net: new Decimal(row.net),
    taxes: readJson<WrittenTax[]>(row.taxes).map(readTax),
    calls:
      row.destination === null
        ? null
        : {
            destination: row.destination,
            isInbound: row.inbound,
            isEarlier: row.kind !== 'calls',
            calls: row.calls,
            durationSeconds: Number(row.duration_seconds),
            billedSeconds: Number(row.billed_seconds),
            amount: new Decimal(row.calls_amount),
            firstDay: row.first_day,
            lastDay: row.last_day,
          },
    creditsIndex: row.credits_index,
    correctsInvoiceId: row.corrects_invoice_id,
    gross: row.gross === null ? null : new Decimal(row.gross),
  }
}
