/**
 * A year of ended calls, written straight into the tables with the rollup rows they sum up to: 7 of 10 answered.
 */
import type { Db } from '../src/db/connection.ts'

/** Answers the brand they belong to. */
export async function seedYear(
  db: Db,
  { calls, clientIds }: { calls: number; clientIds: readonly string[] },
): Promise<string> {
  const sql = db.$client
  const [brand] = await sql`select brand_id from clients where id = ${clientIds[0] ?? ''}`
  await sql`
    insert into call_rollups (id, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds,
      amount)
    select gen_random_uuid(), c.id::uuid, ${brand?.brand_id}::uuid, '2025-01-01'::date + d, 'Destination ' || n, 1, 1, 1, 1
    from unnest(${[...clientIds]}::text[]) c (id), generate_series(0, 364) d, generate_series(0, 19) n`
  await sql`
    insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized,
      engine, authorized_at, started_at, answered_at, ended_at, cause, duration_seconds, billed_seconds, price,
      currency, destination, prefix, usage_day, rollup_id, labels, created_at, settled_at)
    select s.client_id, 'call-' || i || ';1928301774;out', ${brand?.brand_id},
           case when s.answered then 'priced' else 'unanswered' end, 'outbound', '+34911000111',
           '+34' || (600000000 + i), '34' || (600000000 + i), 'kamailio-1',
           s.at - interval '1 second', s.at, case when s.answered then s.at + interval '5 seconds' end,
           s.at + interval '65 seconds', 16, case when s.answered then 60 else 0 end,
           case when s.answered then 60 else 0 end, case when s.answered then 0.012500 else 0 end, 'EUR',
           case when s.answered then r.destination end, case when s.answered then '346' end, s.day,
           case when s.answered then r.id end, '{"trunk":"blue"}', s.at + interval '66 seconds',
           s.at + interval '66 seconds'
    from (
      select i, (${[...clientIds]}::text[])[1 + i % ${clientIds.length}]::uuid as client_id, i % 10 < 7 as answered,
             '2025-01-01'::date + (i::bigint * 365 / ${calls})::integer as day,
             ('2025-01-01'::date + (i::bigint * 365 / ${calls})::integer + time '12:00') at time zone 'UTC'
               + (i % 36000) * interval '1 second' as at
      from generate_series(0, ${calls}::integer - 1) i
    ) s
    left join call_rollups r on r.client_id = s.client_id and r.day = s.day
      and r.destination = 'Destination ' || (s.i / 50 % 20)`
  await sql`
    update call_rollups r
    set calls = s.calls, duration_seconds = s.seconds, billed_seconds = s.seconds, amount = s.amount
    from (select rollup_id, count(*) as calls, sum(duration_seconds) as seconds, sum(price) as amount
          from calls where status = 'priced' group by rollup_id) s
    where s.rollup_id = r.id`
  return brand?.brand_id
}
