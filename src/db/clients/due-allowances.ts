/**
 * Clients whose allowances have a period to be opened, or one that waits for money which is there now.
 */
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export async function listClientsWithDuePeriods(sql: Sql, now: number, max: number): Promise<string[]> {
  // The client's own day is looked at where the period is closed: by any zone's, one that ended before this day is over.
  const today = instantText(now).slice(0, 10)
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
        or p.to_day < ${today}::date)
    limit ${max}`
  return rows.map((row) => row.client_id)
}
