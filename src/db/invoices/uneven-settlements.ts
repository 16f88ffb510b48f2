/**
 * Invoices whose row says something else than their payments and allocations, and clients whose money waits beside an
 * invoice that it should have settled.
 */
import { Decimal } from '../../money.ts'
import type { Sql } from '../connection.ts'
import { amountDueSql } from './amount-due.ts'

/** By payments and by allocations, to it and from it. */
const settledSql = (sql: Sql) => sql`
  (select coalesce(sum(coalesce(settled_amount, amount)), 0) from invoice_payments where invoice_id = i.id)
  + (select coalesce(sum(amount), 0) from invoice_allocations where to_invoice_id = i.id)
  - (select coalesce(sum(amount), 0) from invoice_allocations where from_invoice_id = i.id)`

export async function listUnevenClients(sql: Sql): Promise<string[]> {
  const rows = await sql`
    select i.client_id
    from invoices i
    where i.kind = 'invoice' and i.status <> 'draft' and i.paid_amount <> ${settledSql(sql)}
    union
    select owed.client_id
    from (
      select i.client_id, sum(${amountDueSql(sql, 'i')}) as due
      from invoices i
      where i.kind = 'invoice' and i.status = 'issued' and i.total > 0
      group by i.client_id
    ) as owed
    join clients c on c.id = owed.client_id
    join accounts a on a.client_id = owed.client_id
    where c.auto_allocate
      and owed.due > 0
      and a.balance + owed.due + (
        select coalesce(sum(amount), 0)
        from call_rollups
        where client_id = owed.client_id and invoice_id is null
      ) > 0
    order by 1`
  return rows.map((row) => row.client_id)
}

/** Read behind the lock of the account. */
export async function listUnevenInvoices(
  tx: Sql,
  clientId: string,
): Promise<{ id: string; settled: Decimal }[]> {
  const rows = await tx`
    select id, settled
    from (
      select i.id, i.paid_amount, ${settledSql(tx)} as settled
      from invoices i
      where i.client_id = ${clientId} and i.kind = 'invoice' and i.status <> 'draft'
    ) as known
    where paid_amount <> settled
    order by id`
  return rows.map((row) => ({ id: row.id, settled: new Decimal(row.settled) }))
}
