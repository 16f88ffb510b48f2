/**
 * How long do 100,000 calls take to be priced anew and written, every one of them with another price?
 *
 *     node --import tsx bench/rerate-calls.ts [calls] [clients]
 *
 * Real PostgreSQL, the service's own story, one replica. Beside it the floor: the same rows (call, movement, fact,
 * outcome) by bare `unnest()` statements of 500, without reading, pricing or any rule.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { rerateNextCalls } from '../src/calls/re-rate/rerate-calls.ts'
import { inBatch } from '../src/db/batch.ts'
import { writeCallRatings } from '../src/db/calls/call-ratings.ts'
import { loadCalls } from '../src/db/calls/calls.ts'
import { writeRerateResults } from '../src/db/calls/re-rating-chunks.ts'
import { insertReRating, takeFilteredCalls } from '../src/db/calls/re-ratings.ts'
import { appendFacts } from '../src/ledger/store/append-facts.ts'
import { appendMovements } from '../src/ledger/store/append-movements.ts'
import { zero } from '../src/money.ts'
import { newId } from '../src/uuid.ts'
import { aCallOf, openCallDesk } from '../test/calls/a-call-desk.ts'

let last = { service: 0, database: 0 }
const calls = Number(process.argv[2] ?? 100_000)
const clients = Number(process.argv[3] ?? 100)
const desk = await openCallDesk()
const brandId = await desk.aBrand()
const ratingPlanId = await desk.aPlan(brandId)
const clientIds: string[] = []
for (let i = 0; i < clients; i++) clientIds.push(await desk.aClient(brandId, { ratingPlanId }))
await desk.refresh()

const monthStart = Date.parse('2025-12-01T00:00:00Z')
const settleStarted = performance.now()
for (let at = 0; at < calls; at += 500) {
  await desk.settle(
    ...Array.from({ length: Math.min(500, calls - at) }, (_, i) => {
      const number = at + i
      const startedAt = new Date(monthStart + ((number * 7919) % (30 * 86_400)) * 1000).toISOString()
      const client = clientIds[number % clients] ?? ''
      return aCallOf(client, `call ${number}`, { startedAt, seconds: 1 + (number % 300) }).end
    }),
  )
}
await report('settled', calls, settleStarted)

const newPlanId = await desk.aPlan(brandId, {
  steps: [{ fromSecond: 0, rate: '0.0731', perSeconds: 60, incrementSeconds: 1 }],
})
await desk.sql`
  insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
  select gen_random_uuid(), id, ${newPlanId}, '2025-11-01T00:00:00Z' from clients`
await desk.refresh()

const dry = await rerate(true)
const real = await rerate(false)
const again = await rerate(false)
console.log({ dry, real, again })
await writeFloor()
await desk.close()

async function rerate(dryRun: boolean) {
  const started = performance.now()
  const id = newId()
  await desk.context.db.transaction(async (tx) => {
    await insertReRating(tx, { id, brandId, request: {}, dryRun, actor: 'bench', createdAt: Date.now() })
    await takeFilteredCalls(tx, { id, filter: { brandId } })
  })
  await report('  taken', calls, started)
  while ((await rerateNextCalls(desk.context, id)) > 0);
  await report(dryRun ? 'dry run' : 're-rated', calls, started)
  const [row] = await desk.sql`select counts, totals from re_ratings where id = ${id}`
  return { ...row }
}

/** The same rows again, with nothing decided. */
async function writeFloor(): Promise<void> {
  const id = newId()
  await desk.context.db.transaction(async (tx) => {
    await insertReRating(tx, {
      id,
      brandId,
      request: {},
      dryRun: false,
      actor: 'floor',
      createdAt: Date.now(),
    })
    await takeFilteredCalls(tx, { id, filter: { brandId } })
  })
  const keys = await desk.sql`
    select client_id as "clientId", call_id as "callId", number from re_rating_calls where re_rating_id = ${id} order by number`
  const chunks = []
  for (let at = 0; at < keys.length; at += 500) {
    const some = keys
      .slice(at, at + 500)
      .map((key) => ({ ...key }) as { clientId: string; callId: string; number: number })
    chunks.push({ some, loaded: await loadCalls(desk.sql, some) })
  }
  const started = performance.now()
  let seq = 1_000_000
  for (const { some, loaded } of chunks) {
    await inBatch(desk.sql, ({ tx, commitAfter }) =>
      commitAfter([
        writeCallRatings(tx, loaded),
        appendMovements(
          tx,
          loaded.map(({ clientId, callId }) => ({
            id: randomUUID(),
            clientId,
            seq: ++seq,
            kind: 'correction' as const,
            source: `floor:${callId}`,
            amount: zero,
            balanceAfter: zero,
            currency: 'EUR',
            callId,
            invoiceId: null,
            reference: null,
            actor: 'floor',
            createdAt: desk.now(),
          })),
        ),
        appendFacts(
          tx,
          loaded.map(({ clientId }) => ({
            id: newId(),
            type: 'billing.calls.priced' as const,
            clientId,
            body: 'x'.repeat(1200),
            alsoTo: null,
            createdAt: desk.now(),
          })),
        ),
        writeRerateResults(
          tx,
          id,
          some.map(({ number }) => ({
            number,
            outcome: 'changed' as const,
            reason: null,
            currency: 'EUR',
            priceBefore: zero,
            priceAfter: zero,
            invoiceId: null,
          })),
        ),
      ]),
    )
  }
  await report('floor', calls, started)
}

/** Beside the clock the processors' time since the last line: what the work costs, however busy the machine is. */
async function report(what: string, count: number, started: number): Promise<void> {
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage()
  const service = (user + system) / 1e6
  const database = await databaseSeconds()
  const cpu = `service ${(service - last.service).toFixed(1)} s, database ${(database - last.database).toFixed(1)} s`
  console.log(
    `${what}: ${seconds.toFixed(2)} s, ${Math.round(count / seconds)} calls/s; of processors ${cpu}`,
  )
  last = { service, database }
}

/** Processor time of the sessions of this database, from Linux's own books; 0 where there are none. */
async function databaseSeconds(): Promise<number> {
  const sessions = await desk.sql`select pid from pg_stat_activity where datname = current_database()`
  let ticks = 0
  for (const { pid } of sessions) {
    const path = `/proc/${pid}/stat`
    const fields = existsSync(path) ? readFileSync(path, 'utf8').split(' ') : []
    ticks += Number(fields[13] ?? 0) + Number(fields[14] ?? 0)
  }
  return ticks / 100
}
