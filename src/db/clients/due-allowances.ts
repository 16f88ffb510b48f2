/**
 * Clients whose allowances have a period to be opened, or one that waits for money which is there now.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export async function listClientsWithDuePeriods(sql: Sql, now: number, max: number): Promise<string[]> {
  const rows = await sql`
    select client_id
    from client_allowances
    where next_period_at <= ${instantText(now)}
    union
    select p.client_id
    from allowance_periods p
    join accounts a on a.client_id = p.client_id
    join clients c on c.id = p.client_id
    where p.status = 'unpaid'
      and (a.balance - a.reserved + coalesce(c.credit_limit, 0) >= p.fee
        or p.to_day < (${instantText(now)}::timestamptz at time zone 'UTC')::date)
    limit ${max}`
  return rows.map((row) => row.client_id)
}
