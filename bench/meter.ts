/**
 * How far behind is the meter with 20,000 running calls, each of which needs its next slice once a minute? And is a
 * client with 500 running calls slower than 500 clients with one?
 *
 * The lag is read from the database as an operator would: by how much the longest due look is late. The second question
 * is asked of the meter's own story, 500 calls due at once, rounds interleaved; the many are the floor of the one.
 */
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { leadMs } from '../src/calls/running/next-check.ts'
import { anEvent, type CallDesk, openCallDesk } from '../test/calls/a-call-desk.ts'
import { type BenchServers, openBenchServers } from './bench-servers.ts'
import { type Figure, median, percentile } from './figures.ts'

const clients = 1000
const atOnce = 500
const sampledSeconds = 60

export async function benchMeter({ calls, rounds }: { calls: number; rounds: number }): Promise<Figure[]> {
  const servers = await openBenchServers({ clients, deckSize: 20_000 })
  const sql = postgres(servers.databaseUrl, { max: 1, onnotice: () => {} })
  try {
    const crowds = await meterCrowds(servers, rounds)
    return [...(await measureLag(servers, sql, calls)), crowds]
  } finally {
    await sql.end()
    await servers.close()
  }
}

async function measureLag(servers: BenchServers, sql: postgres.Sql, calls: number): Promise<Figure[]> {
  const firstLookAt = Date.now() + 10_000
  await seedRunningCalls(sql, servers, { calls, firstLookAt })
  const service = await servers.startService()
  await pause(Math.max(0, firstLookAt + 2000 - Date.now()))
  const cpuBefore = await service.cpuSeconds()
  const startedAt = performance.now()
  const lags: number[] = []
  while (performance.now() - startedAt < sampledSeconds * 1000) {
    const [row] = await sql`
      select coalesce(extract(epoch from now() - min(meter_at)), 0)::float8 as lag from calls where meter_at < now()`
    lags.push(row?.lag ?? 0)
    await pause(250)
  }
  const cpu = (await service.cpuSeconds()) - cpuBefore
  const [looked] = await sql`select count(*)::int from calls where reserved_seconds > 60`
  const seconds = (performance.now() - startedAt) / 1000
  const name = `${calls} running calls`
  return [
    { name: `lag of the meter, ${name}, median`, value: median(lags), unit: 's' },
    {
      name: `lag of the meter, ${name}, p99`,
      value: percentile(lags, 0.99),
      unit: 's',
      target: { atMost: 1 },
    },
    { name: 'slices bought', value: (looked?.count ?? 0) / (seconds + 2), unit: '/s' },
    { name: 'of one core', value: cpu / seconds, unit: 'cores', target: { atMost: 1 } },
  ]
}

/** Answered calls of prepaid clients, one slice bought, to be looked at in even steps over a minute. */
async function seedRunningCalls(
  sql: postgres.Sql,
  { books }: BenchServers,
  { calls, firstLookAt }: { calls: number; firstLookAt: number },
): Promise<void> {
  const digits = books.numbers.map((number) => number.slice(1))
  await sql`
    insert into calls (client_id, call_id, brand_id, status, direction, from_number, to_number, to_normalized, engine,
                       authorized_at, started_at, answered_at, alive_at, start_digest, answer_digest,
                       max_duration_seconds, reserved, reserved_day, reserved_seconds, meter_at, created_at)
    select client.id, 'metered ' || i, client.brand_id, 'started', 'outbound', '+34911000111', '+' || number, number, 'sbc1',
           answered_at, answered_at, answered_at, answered_at, 'bench', 'bench', 10800, 0.5,
           (answered_at at time zone 'Europe/Madrid')::date, 60, look_at, answered_at
    from generate_series(0, ${calls - 1}::int) as i
    cross join lateral (
      select to_timestamp(${firstLookAt}::float8 / 1000 + i * 60.0 / ${calls}::int) as look_at
    ) as due
    cross join lateral (select look_at - make_interval(secs => ${60 - leadMs / 1000}::int) as answered_at) as began
    cross join lateral (select (${digits}::text[])[1 + i % ${digits.length}::int] as number) as dialled
    join (select id, brand_id, row_number() over (order by sip_domain) - 1 as n from clients
          where billing_method = 'prepaid' and sip_domain like 'prepaid%') as client on client.n = i % ${clients}::int`
  await sql`
    update accounts set reserved = held.amount
    from (select client_id, sum(reserved) as amount from calls where call_id like 'metered %' group by client_id) held
    where held.client_id = accounts.client_id`
  await sql`
    insert into daily_usage (client_id, brand_id, day, reserved)
    select client_id, brand_id, reserved_day, sum(reserved) from calls where call_id like 'metered %' group by 1, 2, 3`
}

/** 500 calls due at once: of one client, and of 500 clients. */
async function meterCrowds(servers: BenchServers, rounds: number): Promise<Figure> {
  const desk = await openCallDesk(
    new Date(Math.floor(Date.now() / 1000) * 1000).toISOString(),
    servers.databaseUrl,
  )
  try {
    const brandId = await desk.aBrand()
    const ratingPlanId = await desk.aPlan(brandId)
    const settings = { ratingPlanId, billingMethod: 'prepaid', balance: '1000000' } as const
    const one = await desk.aClient(brandId, settings)
    const many: string[] = []
    for (let i = 0; i < atOnce; i++) many.push(await desk.aClient(brandId, settings))
    await desk.refresh()
    const crowds = { one: many.map(() => one), many }
    const times: Record<keyof typeof crowds, number[]> = { one: [], many: [] }
    for (let round = 0; round <= rounds; round++) {
      for (const name of ['many', 'one'] as const) {
        const ms = await timeCrowd(desk, crowds[name], `${name} ${round}`)
        if (round > 0) times[name].push(ms)
      }
    }
    const value = (atOnce / median(times.one)) * 1000
    const floor = (atOnce / median(times.many)) * 1000
    const what = `slices of ${atOnce} calls of one client, beside ${atOnce} clients with one`
    return { name: what, value, unit: '/s', floor, ratio: value / floor, target: { atLeast: 1 } }
  } finally {
    await desk.close()
  }
}

/** Milliseconds in which all of them get their next slice; they are ended then. */
async function timeCrowd(desk: CallDesk, crowd: readonly string[], run: string): Promise<number> {
  const legs = crowd.map((client, i) => ({ client, callId: `${run} ${i}` }))
  await Promise.all(legs.map((leg) => desk.authorize(leg)))
  const times = { startedAt: desk.now(), answeredAt: desk.now() }
  await desk.settle(...legs.map((leg) => anEvent({ kind: 'start', ...leg, ...times })))
  desk.moveClock(60 - leadMs / 1000)
  const startedAt = performance.now()
  while ((await desk.meter()) > 0);
  const ms = performance.now() - startedAt
  const ends = legs.map((leg) => anEvent({ kind: 'end', ...leg, ...times, endedAt: desk.now() }))
  await desk.settle(...ends)
  return ms
}
