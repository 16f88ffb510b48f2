/**
 * Is every balance the sum of its movements?
 */
import { type Check, maxDifferences } from './check.ts'

export const balances: Check = {
  id: 'I3',
  name: 'balances',
  claim: "A client's balance is the sum of all its movements, in its currency.",
  over: 'clients',
  async find(sql, { clientIds }) {
    const rows = await sql`
      select a.client_id, trim_scale(a.balance)::text as balance, a.currency, m.currencies,
             trim_scale(coalesce(m.sum, 0))::text as sum
      from accounts a
      left join (
        select client_id, sum(amount) as sum, array_agg(distinct currency) as currencies
        from movements
        where client_id = any(${clientIds}::uuid[])
        group by client_id
      ) m on m.client_id = a.client_id
      where a.client_id = any(${clientIds}::uuid[])
        and (a.balance <> coalesce(m.sum, 0) or m.currencies <> array[a.currency])
      limit ${maxDifferences}`
    return rows.map((row) => ({
      where: { clientId: row.client_id },
      detail: `the balance of client ${row.client_id} is ${row.balance} ${row.currency}, its movements add up to ${row.sum} ${(row.currencies ?? []).join(' and ')}`,
    }))
  },
}
