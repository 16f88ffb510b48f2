import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
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

test.run()
