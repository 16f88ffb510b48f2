/**
 * How long do 100,000 calls take to be priced anew and written, every one of them with another price?
 *
 *     node --import tsx bench/rerate-calls.ts [calls] [clients]
 *
 * Real PostgreSQL, the service's own story, one replica. Beside it the floor: the same rows (call, movement, fact,
 * outcome) by bare `unnest()` statements of 500, without reading, pricing or any rule.
 */
import { randomUUID } from 'node:crypto'
import { rerateNextCalls } from '../src/calls/rerate-calls.ts'
import { inBatch } from '../src/db/batch.ts'
import { writeCallRatings } from '../src/db/call-ratings.ts'
import { loadCalls } from '../src/db/calls.ts'
import { appendMovements } from '../src/db/movements.ts'
import { appendFacts } from '../src/db/outbox.ts'
import { writeRerateResults } from '../src/db/re-rating-chunks.ts'
import { insertReRating, takeFilteredCalls } from '../src/db/re-ratings.ts'
import { zero } from '../src/money.ts'
import { newId } from '../src/uuid.ts'
import { aCallOf, openCallDesk } from '../test/calls/a-call-desk.ts'

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
report('settled', calls, settleStarted)

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
  report('  taken', calls, started)
  while ((await rerateNextCalls(desk.context, id)) > 0);
  report(dryRun ? 'dry run' : 're-rated', calls, started)
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
          loaded.map(() => ({
            id: newId(),
            subject: 'x',
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
  report('floor', calls, started)
}

function report(what: string, count: number, started: number): void {
  const seconds = (performance.now() - started) / 1000
  console.log(`${what}: ${seconds.toFixed(2)} s, ${Math.round(count / seconds)} calls/s`)
}
