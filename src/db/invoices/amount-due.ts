/**
 * What is still due on an invoice, as SQL: the same as `amountDue` of the ledger says. `i` is the name of the invoice's row;
 * without one the columns stand alone.
 */
import type { Fragment } from 'postgres'
import type { Sql } from '../connection.ts'

/** With its sign: below 0 on a negative invoice that is not used up. */
export function amountDueSql(sql: Sql, i = ''): Fragment {
  const at = i === '' ? '' : `${i}.`
  const left = `${at}total - ${at}prepaid_amount - ${at}paid_amount - ${at}credited_amount`
  return sql.unsafe(`
    (case when ${at}kind = 'credit-note' then 0
          when ${at}total >= 0 then case when ${at}status = 'credited' then 0 else greatest(0, ${left}) end
          when ${at}prepaid_amount <> 0 then 0
          when ${at}status = 'credited' then greatest(0, ${left})
          else ${left} end)`) as unknown as Fragment
}

/** Money may still settle it, or it has money to give: what the index `open_invoices` holds. */
export function isOpenInvoice(sql: Sql, i = ''): Fragment {
  const at = i === '' ? '' : `${i}.`
  return sql.unsafe(
    `${at}kind = 'invoice' and (${at}status = 'issued' or (${at}status = 'credited' and ${at}total < 0))`,
  ) as unknown as Fragment
}
