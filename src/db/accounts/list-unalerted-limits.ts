/**
 * Days whose limit was reached, for whoever tells it.
 */
import type { ClientDay } from '../../ledger/daily-usage.ts'
import type { Sql } from '../connection.ts'

/** Days whose limit was reached by a denial and not told yet. */
export async function listUnalertedLimits(sql: Sql, max: number): Promise<ClientDay[]> {
  const rows = await sql`
    select client_id, day
    from daily_usage
    where limit_reached_at is not null
      and limit_told_at is null
    order by client_id, day
    limit ${max}`
  return rows.map((row) => ({ clientId: row.client_id, day: row.day }))
}
