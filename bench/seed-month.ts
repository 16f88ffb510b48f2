/**
 * A month of priced calls: summed up for all of them, and `listed` of them as rows, spread over the same sums.
 */
import type { Sql } from '../src/db/connection.ts'

/** Answers the brand they belong to. */
export async function seedMonth(
  sql: Sql,
  { clientIds, calls, listed }: { clientIds: readonly string[]; calls: number; listed: number },
): Promise<string> {
  const days = 31
  const destinations = 20
  const sums = clientIds.length * days * destinations
  const [brand] = await sql`
    update clients
    set features = array['billing', 'invoices']
    where id = any(${[...clientIds]}::uuid[])
    returning brand_id`
  await sql`
    insert into call_rollups (id, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds,
      amount)
    select gen_random_uuid(), client_id, ${brand?.brand_id}::uuid, '2025-10-01'::date + day, 'Destination ' || destination, counted, counted * 60,
           counted * 60, counted * 0.012500
    from (
      select client_id, day, destination,
             ${calls}::bigint * (number + 1) / ${sums} - ${calls}::bigint * number / ${sums} as counted
      from (
        select c.id as client_id, day, destination,
               ((c.place - 1) * ${days} + day) * ${destinations} + destination as number
        from unnest(${[...clientIds]}::uuid[]) with ordinality c (id, place),
             generate_series(0, ${days - 1}) day, generate_series(0, ${destinations - 1}) destination
      ) numbered
    ) counted_rows
    where counted > 0`
  await sql`
    insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
      authorized_at, started_at, answered_at, ended_at, cause, duration_seconds, billed_seconds, price, currency,
      destination, prefix, usage_day, rollup_id, created_at, settled_at)
    select client_id, 'month-' || id || '-' || n, ${brand?.brand_id}, 'priced', 'outbound', '+34911000111',
           '+34' || (600000000 + n * 37), '34' || (600000000 + n * 37), at, at, at, at + interval '60 seconds', 16, 60,
           60, 0.012500, 'EUR', destination, '346', day, id, at, at + interval '60 seconds'
    from (
      select id, client_id, destination, day, n,
             (day + time '08:00') at time zone 'UTC' + n * interval '30 seconds' as at
      from call_rollups, generate_series(1, greatest(1, round(calls * ${listed}::numeric / ${calls})::integer)) n
      where client_id = any(${[...clientIds]}::uuid[])
    ) made`
  return brand?.brand_id
}
