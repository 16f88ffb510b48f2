/**
 * What a client owes on invoices, and what settled them: read behind the lock of its account.
 */
import { parseInstant } from '../db/columns.ts'
import type { Sql } from '../db/connection.ts'
import { isOpenInvoice } from '../db/invoices/amount-due.ts'
import { isPostedFee } from '../db/invoices/posted-fees.ts'
import { Decimal, zero } from '../money.ts'
import { type Allocated, Receivables } from './receivables.ts'
import type { SettledInvoice } from './settled-invoice.ts'

/**
 * Sent at once: it sees what statements before it on this connection wrote, such as the calls that an invoice took.
 */
export async function loadReceivables(tx: Sql, clientId: string): Promise<Receivables> {
  const rows = await tx`
    with open as (
      select id, kind, status, number, issued_at, total, prepaid_amount, paid_amount, credited_amount
      from invoices
      where client_id = ${clientId} and ${isOpenInvoice(tx)}
    )
    select clients.auto_allocate, open.*,
           (
             select coalesce(sum(amount), 0)
             from call_rollups
             where client_id = ${clientId} and invoice_id is null
           ) + (
             select coalesce(sum(fee), 0)
             from allowance_periods
             where client_id = ${clientId} and ${tx.unsafe(isPostedFee)}
           ) as unbilled
    from clients
    left join open on true
    where clients.id = ${clientId}`.execute()
  const [first] = rows
  return new Receivables({
    clientId,
    autoAllocate: first?.auto_allocate ?? false,
    unbilled: new Decimal(first?.unbilled ?? zero),
    open: rows.filter(({ id }) => id !== null).map(readSettled),
  })
}

/** What paid invoices got from the account (`null`) or from a negative invoice, the newest first. */
export async function loadAllocated(
  tx: Sql,
  { receivables, from }: { receivables: Receivables; from: SettledInvoice | null },
): Promise<Allocated[]> {
  const rows = await tx`
    select i.id, i.kind, i.status, i.number, i.issued_at, i.total, i.prepaid_amount, i.paid_amount, i.credited_amount,
           given.amount
    from (
      select to_invoice_id, sum(amount) as amount, max(created_at) as last_at
      from invoice_allocations
      where client_id = ${receivables.clientId}
        and ${from ? tx`from_invoice_id = ${from.id}` : tx`from_invoice_id is null`}
      group by to_invoice_id
      having sum(amount) > 0
    ) given
    join invoices i on i.id = given.to_invoice_id
    order by given.last_at desc, i.issued_at desc, i.number desc`
  return rows.map((row) => ({
    from,
    to: receivables.add(readSettled(row)),
    amount: new Decimal(row.amount),
  }))
}

function readSettled(row: Record<string, string>): SettledInvoice {
  const readAmount = (name: string) => new Decimal(row[name] ?? 0)
  return {
    id: row.id ?? '',
    kind: row.kind as SettledInvoice['kind'],
    status: row.status as SettledInvoice['status'],
    number: row.number ?? null,
    issuedAt: parseInstant(row.issued_at ?? ''),
    total: readAmount('total'),
    prepaidAmount: readAmount('prepaid_amount'),
    paidAmount: readAmount('paid_amount'),
    creditedAmount: readAmount('credited_amount'),
  }
}
