import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seededRandom } from '../../demo/seeded-random.ts'
import type { CallEvent } from '../../src/calls/call-messages.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('laws of call events')
let desk: CallDesk

test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

interface Story {
  isAuthorized: boolean
  seconds: number
  /** Which events tell the answer. */
  startTells: boolean
  answerTells: boolean
  endTells: boolean
  setUpFirst: boolean
  signs: number
}

const story: fc.Arbitrary<Story> = fc.record({
  isAuthorized: fc.boolean(),
  seconds: fc.integer({ min: 0, max: 400 }),
  startTells: fc.boolean(),
  answerTells: fc.boolean(),
  endTells: fc.boolean(),
  setUpFirst: fc.boolean(),
  signs: fc.nat(2),
})

const startedAt = Date.parse('2026-01-14T09:00:00Z')
const answeredAt = startedAt + 7000

/** All events of one call; whoever does not tell the answer leaves the field out. */
function eventsOf(client: string, callId: string, told: Story): CallEvent[] {
  const endedAt = answeredAt + told.seconds * 1000
  const leg = { client, callId }
  const events = [
    anEvent({ kind: 'start', ...leg, startedAt, ...(told.startTells && { answeredAt }) }),
    anEvent({ kind: 'end', ...leg, startedAt, endedAt, cause: 16, ...(told.endTells && { answeredAt }) }),
  ]
  if (told.setUpFirst) events.push(anEvent({ kind: 'start', ...leg, startedAt }))
  if (told.answerTells) events.push(anEvent({ kind: 'answer', ...leg, answeredAt, at: answeredAt }))
  for (let i = 0; i < told.signs; i++) {
    events.push(anEvent({ kind: 'alive', ...leg, at: answeredAt + i * 1000 }))
  }
  return events
}

async function booksOf(clientId: string, callId: string) {
  const { clientId: _, ...rest } = { clientId, ...(await desk.account(clientId)) }
  return {
    account: rest,
    call: await desk.call(clientId, callId),
    movements: await desk.movements(clientId),
    usage: await desk.usage(clientId),
    conflicts: (await desk.sql`select half from call_conflicts where client_id = ${clientId}`).length,
  }
}

/** Settles in batches of these sizes, taken in turn. */
async function settleAll(events: readonly CallEvent[], sizes: readonly number[]): Promise<void> {
  let from = 0
  for (let turn = 0; from < events.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    await settleCalls(desk.context, { events: events.slice(from, from + size), undeliverable: [] })
    from += size
  }
}

test('any order, any repeats, any batches: one call, one charge, the same books', async () => {
  const property = fc.asyncProperty(
    story,
    fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    async (told, dice, sizes) => {
      const books: object[] = []
      for (const order of ['as told', 'shuffled'] as const) {
        const settings = { billingMethod: 'prepaid', balance: '0.1', maxCalls: 2 } as const
        const { clientId } = await desk.aCaller(settings)
        if (told.isAuthorized) await desk.authorize({ client: clientId, callId: 'a' })
        const events = eventsOf(clientId, 'a', told)
        if (order === 'as told') await settleAll(events, [1])
        else {
          const repeated = events.flatMap((event, i) =>
            Array<CallEvent>(1 + ((dice[i] ?? 0) % 3)).fill(event),
          )
          const shuffled = repeated
            .map((event, i) => ({ event, at: dice[i + 10] ?? 0 }))
            .sort((one, other) => one.at - other.at)
            .map(({ event }) => event)
          await settleAll(shuffled, sizes)
        }
        books.push(await booksOf(clientId, 'a'))
      }
      assert.equal(books[1], books[0])
    },
  )
  await fc.assert(property, { numRuns: 60, seed: 20260114 })
})

/** Each client's calls, what each of them moved, and its days: as text, without ids and instants of processing. */
async function dumpBooks(clientIds: readonly string[]): Promise<string> {
  const dump = []
  for (const clientId of clientIds) {
    const calls = await desk.sql`
      select call_id, status, price::text, duration_seconds, billed_seconds, usage_day::text, destination, prefix,
             start_digest, end_digest, answered_at::text, ended_at::text
      from calls where client_id = ${clientId} order by call_id`
    const moved = await desk.sql`
      select call_id, sum(amount)::text as amount from movements
      where client_id = ${clientId} and call_id is not null group by call_id order by call_id`
    const days = await desk.sql`
      select day::text, amount::text, reserved::text from daily_usage where client_id = ${clientId} order by day`
    const [account] = await desk.sql`
      select balance::text, reserved::text, running_calls from accounts where client_id = ${clientId}`
    dump.push({ calls: [...calls], moved: [...moved], days: [...days], account })
  }
  return JSON.stringify(dump, null, 1)
}

test('the events of many calls give byte-equal books in any order, doubled, in batches of 1, 7 and 100, by several at once', async () => {
  const random = seededRandom(20260117)
  const zones = ['Europe/Madrid', 'Asia/Kathmandu', 'Pacific/Apia']
  const calls = Array.from({ length: 60 }, (_, number) => {
    const seconds = random.between(0, 400)
    const lastDayOfMonth = Date.parse('2026-01-31T00:00:00Z')
    const answeredAt = lastDayOfMonth + random.between(0, 2 * 86_400) * 1000
    const times = { startedAt: answeredAt - 3000, answeredAt }
    return { zone: number % zones.length, callId: `replayed-${number}`, seconds, times }
  })
  desk.moveClock((Date.parse('2026-02-03T00:00:00Z') - desk.now()) / 1000)
  const dumps: string[] = []
  for (const { size, copies, atOnce } of [
    { size: 100, copies: 1, atOnce: 1 },
    { size: 1, copies: 2, atOnce: 3 },
    { size: 7, copies: 2, atOnce: 1 },
    { size: 100, copies: 3, atOnce: 2 },
  ]) {
    const clientIds: string[] = []
    for (const timeZone of zones) {
      const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '5', timeZone })
      clientIds.push(clientId)
    }
    let events = calls.flatMap(({ zone, callId, seconds, times }) => {
      const leg = { client: clientIds[zone] ?? '', callId, ...times }
      const endedAt = times.answeredAt + seconds * 1000
      const both = [anEvent({ kind: 'start', ...leg }), anEvent({ kind: 'end', ...leg, endedAt, cause: 16 })]
      return Array.from({ length: copies }, () => both).flat()
    })
    if (copies > 1) {
      events = events
        .map((event) => ({ event, at: random.share() }))
        .sort((one, other) => one.at - other.at)
        .map(({ event }) => event)
    }
    const workers = Array.from({ length: atOnce }, (_, worker) =>
      settleAll(
        events.filter((__, index) => index % atOnce === worker),
        [size],
      ),
    )
    await Promise.all(workers)
    dumps.push(await dumpBooks(clientIds))
  }
  assert.match(dumps[0] ?? '', '"status": "priced"')
  for (const dump of dumps.slice(1)) assert.is(dump, dumps[0])
})

test.run()
