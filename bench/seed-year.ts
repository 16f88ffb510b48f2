/**
 * A year of ended calls, written straight into the tables with the rollup rows they sum up to: 7 of 10 answered. What a
 * client calls of a destination in a day goes over one of five carriers.
 *
 * What a call is follows from its number alone, and so does the id of its rollup row: calls and sums are written by one
 * statement each, and nothing is looked up.
 */
import type { Db } from '../src/db/connection.ts'

/** Answers the brand they belong to. */
export async function seedYear(
  db: Db,
  { calls, clientIds }: { calls: number; clientIds: readonly string[] },
): Promise<string> {
  const sql = db.$client
  const [brand] = await sql`select brand_id from clients where id = ${clientIds[0] ?? ''}`
  const ofYear = sql`
    select s.*, md5(s.client_id || s.day::text || s.destination)::uuid as rollup_id,
           (s.day + time '12:00') at time zone 'UTC' + (s.i % 36000) * interval '1 second' as at
    from (
      select i, (${[...clientIds]}::text[])[1 + i % ${clientIds.length}]::uuid as client_id, i % 10 < 7 as answered,
             '2025-01-01'::date + (i::bigint * 365 / ${calls})::integer as day,
             'Destination ' || (i / 50 % 20) as destination
      from generate_series(0, ${calls}::integer - 1) i
    ) s`
  await sql`
    insert into call_rollups (id, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds,
      amount)
    select rollup_id, client_id, ${brand?.brand_id}::uuid, day, destination, count(*), 60 * count(*), 60 * count(*),
           0.0125 * count(*)
    from (${ofYear}) s
    where answered
    group by 1, 2, 4, 5`
  await sql`
    insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
      engine, authorized_at, started_at, answered_at, ended_at, cause, duration_seconds, billed_seconds, price,
      currency, destination, prefix, usage_day, rollup_id, labels, created_at, settled_at)
    select client_id, 'call-' || i || ';1928301774;out', ${brand?.brand_id},
           case when answered then 'priced' else 'unanswered' end, 'outbound', '+34911000111',
           '+34' || (600000000 + i), '34' || (600000000 + i), 'kamailio-1',
           at - interval '1 second', at, case when answered then at + interval '5 seconds' end,
           at + interval '65 seconds', 16, case when answered then 60 else 0 end,
           case when answered then 60 else 0 end, case when answered then 0.012500 else 0 end, 'EUR',
           case when answered then destination end, case when answered then '346' end, day,
           case when answered then rollup_id end, '{"trunk":"blue"}', at + interval '66 seconds',
           at + interval '66 seconds'
    from (${ofYear}) s`
  await sql`
    insert into carrier_rollups (client_id, brand_id, day, destination, carrier_id, calls, duration_seconds, price, margin,
      calls_without_cost)
    select client_id, brand_id, day, destination, md5('carrier ' || ascii(right(destination, 1)) % 5)::uuid, calls,
           duration_seconds, amount, 0.2 * amount, 0
    from call_rollups`
  await sql`analyze carrier_rollups`
  return brand?.brand_id
}
