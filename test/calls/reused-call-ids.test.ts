import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { reconcileActiveCalls } from '../../src/calls/running/reconcile-active-calls.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { CallIdReused } from '../../src/errors.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('callIds that are used again')

async function atDesk(work: (desk: CallDesk) => Promise<void>): Promise<void> {
  const desk = await openCallDesk('2026-01-15T10:00:00Z')
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

const yesterday = '2026-01-14T09:00:00Z'
const today = '2026-01-15T09:00:00Z'

async function booksOf(desk: CallDesk, client: string) {
  const [conflicts] = await desk.sql`
    select count(*)::int as count from call_conflicts where client_id = ${client}`
  return {
    call: await desk.call(client, 'a'),
    movements: await desk.movements(client),
    conflicts: conflicts?.count,
  }
}

/** Calls of yesterday by how they ended. */
const ends: Record<string, (desk: CallDesk, client: string) => Promise<void>> = {
  'with start and end': async (desk, client) => {
    const { start, answer, end } = aCallOf(client, 'a', { startedAt: yesterday })
    await desk.settle(start, answer, end)
  },
  'by its end alone': async (desk, client) => desk.settle(aCallOf(client, 'a', { startedAt: yesterday }).end),
  unanswered: async (desk, client) =>
    desk.settle({ ...aCallOf(client, 'a', { startedAt: yesterday }).end, answeredAt: null }),
  'without an answer time': async (desk, client) => {
    await desk.settle({ ...aCallOf(client, 'a', { startedAt: yesterday }).end, answeredAt: undefined })
    await expireCalls(desk.context)
  },
}
for (const [how, end] of Object.entries(ends)) {
  for (const shape of ['start, answer and end', 'an end alone', 'an answered start'] as const) {
    test(`a call that ended ${how}: another leg a day later as ${shape} is a dead letter, and the first stays`, () =>
      atDesk(async (desk) => {
        const { clientId: client } = await desk.aCaller()
        await end(desk, client)
        const before = await booksOf(desk, client)
        const second = aCallOf(client, 'a', { startedAt: today, seconds: 600, to: '+447700900123' })
        const start = { ...second.start, answeredAt: second.end.answeredAt }
        const events = {
          'start, answer and end': [second.start, second.answer, second.end],
          'an end alone': [second.end],
          'an answered start': [start],
        }[shape]
        await desk.settle(...events)
        assert.equal(await booksOf(desk, client), before)
        const letters = await desk.deadLetters()
        assert.equal(
          letters.map(({ reason }) => reason),
          events.map(() => 'call_id_reused'),
        )
        // Told again they are known.
        await desk.settle(...events)
        assert.equal(await booksOf(desk, client), before)
      }))
  }
}

test('a leg that was closed as lost is not changed by another one that begins after that', () =>
  atDesk(async (desk) => {
    const { clientId: client, brandId } = await desk.aCaller()
    const startedAt = desk.now()
    const first = { kind: 'start' as const, client, callId: 'a', startedAt, answeredAt: startedAt }
    await desk.settle(anEvent({ ...first, engine: 'sbc1' }))
    desk.moveClock(10)
    await reconcileActiveCalls(desk.context, { engine: 'sbc1', brandId, at: desk.now(), calls: [] })
    const before = await booksOf(desk, client)
    assert.is(before.call?.status, 'lost-end')
    const reused = await desk.authorize({ client, callId: 'a' }).catch((error) => error)
    assert.ok(reused instanceof CallIdReused)
    desk.moveClock(100)
    const begun = desk.now() - 60_000
    const times = { startedAt: begun, answeredAt: begun, endedAt: begun + 60_000 }
    await desk.settle(anEvent({ kind: 'end', client, callId: 'a', ...times }))
    assert.equal(await booksOf(desk, client), before)
    assert.equal(
      (await desk.deadLetters()).map(({ reason }) => reason),
      ['call_id_reused'],
    )
    // Its own end still corrects it.
    const own = { startedAt, answeredAt: startedAt, endedAt: startedAt + 20_000 }
    await desk.settle(anEvent({ kind: 'end', client, callId: 'a', ...own }))
    assert.equal((await desk.call(client, 'a'))?.price, '0.02')
  }))

test('what contradicts within the call is a conflict, and the log names client, call and half', () =>
  atDesk(async (desk) => {
    const told: object[] = []
    desk.context.log.warn = (fields: object) => told.push(fields)
    const { clientId: client } = await desk.aCaller()
    await desk.settle(aCallOf(client, 'a', { startedAt: yesterday, seconds: 60 }).end)
    await desk.settle(aCallOf(client, 'a', { startedAt: yesterday, seconds: 50 }).end)
    assert.is((await booksOf(desk, client)).conflicts, 1)
    assert.equal(await desk.deadLetters(), [])
    assert.equal(told, [
      { event: 'call_conflicts', count: 1, calls: [{ clientId: client, callId: 'a', half: 'end' }] },
    ])
  }))

test.run()
