/**
 * Is each issued invoice the sum of its lines, its calls, its credit notes and its payments?
 */
import type { Sql } from '../db/connection.ts'
import { type Check, type Difference, maxDifferences } from './check.ts'

export const invoices: Check = {
  id: 'I9',
  name: 'invoices',
  claim:
    'An invoice is the sum of its lines and taxes, its call lines of its calls; credits and the movements of payments add up.',
  over: 'clients',
  async find(sql, { clientIds }) {
    return [
      ...(await listUnevenSums(sql, clientIds)),
      ...(await listUnevenMoney(sql, clientIds)),
      ...(await listStrayRollups(sql, clientIds)),
    ]
  },
}

const unevenIn =
  (name: string, stands: string, is: string) =>
  (row: Record<string, string>): Difference => ({
    where: { clientId: row.client_id ?? '', invoiceId: row.id ?? '' },
    detail: `${name} of invoice ${row.number} is ${row[stands]}, it should be ${row[is]}`,
  })

/** The document itself: net, tax, total, and what its calls cost. */
async function listUnevenSums(sql: Sql, clientIds: readonly string[]): Promise<Difference[]> {
  const rows = await sql`
    with lines as (
      select invoice_id, sum(net) as net, sum(calls_amount) as calls
      from invoice_lines
      where invoice_id in (select id from invoices where client_id = any(${clientIds}::uuid[]))
      group by invoice_id
    ), held as (
      -- An invoice credited in full has given its calls back, and remembers which they were.
      select invoice_id, id as rollup_id from call_rollups
      where client_id = any(${clientIds}::uuid[]) and invoice_id is not null
      union
      select invoice_id, rollup_id from freed_rollups
      where invoice_id in (select id from invoices where client_id = any(${clientIds}::uuid[]))
    ), called as (
      select held.invoice_id, sum(r.amount) as amount
      from held
      join call_rollups r on r.id = held.rollup_id
      group by held.invoice_id
    )
    select i.client_id, i.id, i.number, i.kind,
           trim_scale(i.net)::text as net, trim_scale(coalesce(l.net, 0))::text as "netDue",
           trim_scale(i.tax)::text as tax, trim_scale(t.tax)::text as "taxDue",
           trim_scale(i.total)::text as total, trim_scale(i.net + i.tax)::text as "totalDue",
           trim_scale(i.calls_amount)::text as calls, trim_scale(coalesce(c.amount, 0))::text as "callsDue",
           trim_scale(coalesce(l.calls, 0))::text as "callsOfLines"
    from invoices i
    left join lines l on l.invoice_id = i.id
    left join called c on c.invoice_id = i.id
    cross join lateral (
      select coalesce(sum((item ->> 'amount')::numeric), 0) as tax from jsonb_array_elements(i.taxes) item
    ) t
    where i.client_id = any(${clientIds}::uuid[])
      and i.status <> 'draft'
      and (i.net <> coalesce(l.net, 0)
        or i.tax <> t.tax
        or i.total <> i.net + i.tax
        or i.kind = 'invoice' and (i.calls_amount <> coalesce(c.amount, 0) or i.calls_amount <> coalesce(l.calls, 0)))
    limit ${maxDifferences}`
  return rows.flatMap((row) => [
    ...(row.net === row.netDue ? [] : [unevenIn('the net sum', 'net', 'netDue')(row)]),
    ...(row.tax === row.taxDue ? [] : [unevenIn('the tax', 'tax', 'taxDue')(row)]),
    ...(row.total === row.totalDue ? [] : [unevenIn('the total', 'total', 'totalDue')(row)]),
    ...(row.kind !== 'invoice' || row.calls === row.callsDue
      ? []
      : [unevenIn('what its calls cost', 'calls', 'callsDue')(row)]),
    ...(row.kind !== 'invoice' || row.calls === row.callsOfLines
      ? []
      : [unevenIn('what its call lines sum up', 'callsOfLines', 'calls')(row)]),
  ])
}

/** What was paid, what was credited, and what both did to the account. */
async function listUnevenMoney(sql: Sql, clientIds: readonly string[]): Promise<Difference[]> {
  const rows = await sql`
    select i.client_id, i.id, i.number, i.kind, i.status,
           trim_scale(p.sum)::text as "paidDue",
           trim_scale(m.paid)::text as "paidMoved",
           trim_scale(i.credited_amount)::text as credited, trim_scale(c.sum)::text as "creditedDue",
           trim_scale(m.invoiced)::text as moved, trim_scale(i.calls_amount + i.fees_amount - i.total)::text as "movedDue"
    from invoices i
    cross join lateral (select coalesce(sum(amount), 0) as sum from invoice_payments where invoice_id = i.id) p
    cross join lateral (
      select coalesce(-sum(total), 0) as sum from invoices where credits_invoice_id = i.id and status <> 'draft'
    ) c
    cross join lateral (
      select coalesce(sum(amount) filter (where kind = 'payment'), 0) as paid,
             coalesce(sum(amount) filter (where kind = 'invoice'), 0) as invoiced
      from movements
      where client_id = i.client_id
        and invoice_id = i.id
    ) m
    where i.client_id = any(${clientIds}::uuid[])
      and i.status <> 'draft'
      and i.kind = 'invoice'
      and (p.sum <> m.paid or i.credited_amount <> c.sum
        or m.invoiced <> i.calls_amount + i.fees_amount - i.total)
    limit ${maxDifferences}`
  return rows.flatMap((row) => [
    ...(row.paidMoved === row.paidDue
      ? []
      : [unevenIn('the movements of the payments', 'paidMoved', 'paidDue')(row)]),
    ...(row.credited === row.creditedDue
      ? []
      : [unevenIn('what was credited', 'credited', 'creditedDue')(row)]),
    ...(row.moved === row.movedDue ? [] : [unevenIn('the movement', 'moved', 'movedDue')(row)]),
  ])
}

/**
 * Calls stand on an invoice of their own client that was issued, whose period had ended for them; what changed of an
 * invoice's calls may stand on a credit note of it.
 */
async function listStrayRollups(sql: Sql, clientIds: readonly string[]): Promise<Difference[]> {
  const rows = await sql`
    select r.client_id, r.id as rollup_id, r.day, coalesce(r.destination, r.inbound_destination) as destination, r.invoice_id, i.status
    from call_rollups r
    left join invoices i on i.id = r.invoice_id
    where r.client_id = any(${clientIds}::uuid[])
      and r.invoice_id is not null
      and (i.id is null or i.status = 'draft' or i.client_id <> r.client_id
        or i.kind = 'invoice' and r.day >= i.period_to
        or i.kind = 'credit-note' and r.corrects_invoice_id is distinct from i.credits_invoice_id)
    limit ${maxDifferences}`
  return rows.map((row) => ({
    where: { clientId: row.client_id, rollupId: row.rollup_id, invoiceId: row.invoice_id },
    detail: `the calls to "${row.destination}" on ${row.day} of client ${row.client_id} stand on ${row.invoice_id}, which is ${row.status === null ? 'no invoice' : 'not an invoice that may hold them'}`,
  }))
}
