/**
 * Do documents and balance tell the same? Money that came in, what it settled, what is due and what is on no invoice yet.
 */
import type { Sql } from '../db/connection.ts'
import { type Check, type Difference, maxDifferences } from './check.ts'

export const receivables: Check = {
  id: 'I11',
  name: 'receivables',
  claim:
    'A balance is unallocated money, less what invoices are due and what calls on no invoice cost; money waits only where no invoice is open or the client wants it so; allocations and payments are what invoices were settled by.',
  over: 'clients',
  async find(sql, { clientIds }) {
    return [...(await listUnevenBalances(sql, clientIds)), ...(await listUnevenSettlements(sql, clientIds))]
  },
}

/**
 * Unallocated money told from its causes: what entered and left by hand and by payments, less what settled invoices. What
 * an invoice was settled with beyond its rest, once credit notes lowered it, is unallocated again; so is what a negative
 * invoice has not given yet.
 */
async function listUnevenBalances(sql: Sql, clientIds: readonly string[]): Promise<Difference[]> {
  const rows = await sql`
    with documents as (
      select client_id, prepaid_amount + paid_amount as settled,
             total - prepaid_amount - paid_amount - credited_amount as rest,
             case when status = 'issued' or status = 'credited' and total < 0 and prepaid_amount = 0
                  then greatest(0, total - prepaid_amount - paid_amount - credited_amount) else 0 end as due
      from invoices
      where client_id = any(${clientIds}::uuid[]) and kind = 'invoice' and status <> 'draft'
    ), sums as (
      select client_id, sum(settled) as settled, sum(due) as due, sum(due - rest) as beyond
      from documents
      group by client_id
    ), books as (
      select a.client_id, a.balance, c.auto_allocate, coalesce(s.due, 0) as due, coalesce(r.amount, 0) as unbilled,
             coalesce(m.amount, 0) - coalesce(s.settled, 0) + coalesce(s.beyond, 0) as unallocated
      from accounts a
      join clients c on c.id = a.client_id
      left join sums s on s.client_id = a.client_id
      left join (
        select client_id, sum(amount) as amount
        from movements
        where client_id = any(${clientIds}::uuid[]) and kind in ('top-up', 'adjustment', 'payment')
        group by client_id
      ) m on m.client_id = a.client_id
      left join (
        select client_id, sum(amount) as amount
        from (
          select client_id, amount
          from call_rollups
          where client_id = any(${clientIds}::uuid[]) and invoice_id is null
          union all
          select client_id, fee
          from allowance_periods
          where client_id = any(${clientIds}::uuid[]) and fee_by = 'movement' and status = 'active' and invoice_id is null
        ) on_no_invoice
        group by client_id
      ) r on r.client_id = a.client_id
      where a.client_id = any(${clientIds}::uuid[])
    )
    select client_id, trim_scale(balance)::text as balance, trim_scale(due)::text as due,
           trim_scale(unbilled)::text as unbilled, trim_scale(unallocated)::text as unallocated,
           trim_scale(unallocated - due - unbilled)::text as expected
    from books
    where balance <> unallocated - due - unbilled
      or auto_allocate and unallocated > 0 and due > 0
    limit ${maxDifferences}`
  return rows.map((row) => ({
    where: { clientId: row.client_id },
    detail:
      row.balance === row.expected
        ? `client ${row.client_id} has ${row.unallocated} unallocated and owes ${row.due} on invoices: one settles the other`
        : `the balance of client ${row.client_id} is ${row.balance}, it should be ${row.expected}: ${row.unallocated} unallocated, less ${row.due} due and ${row.unbilled} on no invoice`,
  }))
}

/** Each invoice was settled by its payments and allocations, and is paid when nothing is due. */
async function listUnevenSettlements(sql: Sql, clientIds: readonly string[]): Promise<Difference[]> {
  const rows = await sql`
    select i.client_id, i.id, i.number, i.status, trim_scale(i.paid_amount)::text as paid,
           trim_scale(p.amount + t.amount - f.amount)::text as settled,
           trim_scale(i.total - i.prepaid_amount - i.paid_amount - i.credited_amount)::text as rest
    from invoices i
    cross join lateral (
      select coalesce(sum(coalesce(settled_amount, amount)), 0) as amount from invoice_payments where invoice_id = i.id
    ) p
    cross join lateral (
      select coalesce(sum(amount), 0) as amount
      from invoice_allocations
      where to_invoice_id = i.id and client_id = i.client_id
    ) t
    cross join lateral (
      select coalesce(sum(amount), 0) as amount
      from invoice_allocations
      where from_invoice_id = i.id and client_id = i.client_id
    ) f
    where i.client_id = any(${clientIds}::uuid[])
      and i.kind = 'invoice'
      and i.status <> 'draft'
      and (i.paid_amount <> p.amount + t.amount - f.amount
        or i.status = 'paid' and i.total >= 0 and i.total - i.prepaid_amount - i.paid_amount - i.credited_amount > 0
        or i.status = 'issued' and i.total > 0 and i.total - i.prepaid_amount - i.paid_amount - i.credited_amount <= 0
        or i.total < 0 and i.prepaid_amount = 0 and i.status <> 'credited'
          and (i.status = 'paid') <> (i.total - i.paid_amount - i.credited_amount = 0))
    limit ${maxDifferences}`
  return rows.map((row) => ({
    where: { clientId: row.client_id, invoiceId: row.id },
    detail:
      row.paid === row.settled
        ? `invoice ${row.number} is ${row.status}, and ${row.rest} of it is not settled`
        : `what settled invoice ${row.number} is ${row.paid}, its payments and allocations add up to ${row.settled}`,
  }))
}
