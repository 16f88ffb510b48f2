/**
 * Old calls of the twelve months of 2025, written straight into their partitions with the rows that guard their keys: as the
 * mover leaves them. CallIds are spread like those of engines, so that each look-up meets another page of the index.
 */
import { closeDatabase, openDatabase } from '../src/db/connection.ts'
import type { BenchServers } from './bench-servers.ts'
import { fillTables } from './fill-tables.ts'

const months = 12
/** Written by a statement. */
const slice = 500_000

/** Those numbered `from` to `to - 1`, of all clients in turn. */
export async function seedOldCalls(
  { databaseUrl, books }: BenchServers,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const db = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 3_600_000,
  })
  const sql = db.$client
  const clientIds = [...books.unlimitedIds, ...books.prepaidIds]
  try {
    await sql`
      with made as (
        insert into old_call_months (month)
        select ('2025-01-01'::date + i * interval '1 month')::date from generate_series(0, ${months - 1}::integer) i
        on conflict do nothing
        returning month
      )
      select make_month_of_old_calls(month) from made`
    await fillTables(db, async () => {
      for (let at = from; at < to; at += slice) {
        await sql`
          with made as (
            select (${clientIds}::text[])[1 + i % ${clientIds.length}]::uuid as client_id,
                   md5(i::text) || '@192.0.2.1' as call_id,
                   '2025-01-01T12:00:00Z'::timestamptz + (i % ${months}) * interval '1 month'
                     + (i % 2000000) * interval '1 second' as at,
                   '34' || (600000000 + i) as number
            from generate_series(${at}::integer, ${Math.min(at + slice, to) - 1}::integer) i
          ), details as (
            insert into old_calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
              engine, started_at, answered_at, ended_at, cause, duration_seconds, billed_seconds, price, currency,
              destination, prefix, usage_day, labels, created_at, settled_at, end_digest)
            select client_id, call_id, ${books.brandId}::uuid, 'priced', 'outbound', '+34911000111', '+' || number, number,
                   'kamailio-1', at, at, at + interval '60 seconds', 16, 60, 60, 0.0125, 'EUR', 'Spain mobile', '346',
                   at::date, '{"trunk":"blue"}', at, at + interval '60 seconds', md5(call_id)
            from made
          )
          insert into removed_calls (client_id, call_id, usage_day, duration_seconds, billed_seconds, price, end_digest,
            removed_at, country, details_at)
          select client_id, call_id, at::date, 60, 60, 0.0125, md5(call_id), now(), 'ES', at
          from made`
      }
      await sql`update accounts set has_removed_calls = true`
    })
  } finally {
    await closeDatabase(db)
  }
}
