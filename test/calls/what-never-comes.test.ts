import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('what never comes')

/** A desk of its own: the clock is moved, and the counters begin at 0. */
async function atDesk(work: (desk: CallDesk) => Promise<void>): Promise<void> {
  const desk = await openCallDesk('2026-01-14T10:00:00Z')
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

const status = async (desk: CallDesk, client: string, callId: string) =>
  (await desk.call(client, callId))?.status

test('authorized and never started: expired after 180 s, and counted', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1', maxCalls: 1 })
    await desk.authorize({ client: clientId, callId: 'a' })
    desk.moveClock(179)
    await expireCalls(desk.context)
    assert.is(await status(desk, clientId, 'a'), 'authorized')
    desk.moveClock(1)
    await expireCalls(desk.context)
    assert.is(await status(desk, clientId, 'a'), 'expired')
    assert.is(await desk.counted('calls_total{status="expired"}'), 1)
    assert.is(await desk.counted('reservations_total{action="expired"}'), 1)
    assert.equal(await desk.account(clientId), { balance: '1', reserved: '0', running_calls: 0 })
  }))

test('started and never ended: lost-end after its longest duration; a late end corrects it, both counted', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    await desk.sql`update clients set max_call_seconds = 100 where id = ${clientId}`
    await desk.refresh()
    const answeredAt = desk.now()
    const leg = { client: clientId, callId: 'a', startedAt: answeredAt, answeredAt }
    await desk.settle(anEvent({ kind: 'start', ...leg }))
    desk.moveClock(111)
    await desk.meter()
    assert.is(await status(desk, clientId, 'a'), 'lost-end')
    assert.is(await desk.counted('calls_total{status="lost-end"}'), 1)
    assert.is(await desk.counted('calls_completed_late_total{fact="end"}'), 0)
    const end = anEvent({ kind: 'end', ...leg, endedAt: answeredAt + 60_000 })
    await desk.settle(end, end)
    assert.is(await status(desk, clientId, 'a'), 'priced')
    assert.is(await desk.counted('calls_completed_late_total{fact="end"}'), 1)
  }))

test('an end without an answer: unanswered after 60 s; an answer that comes later charges it, both counted', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    const { start, answer, end } = aCallOf(clientId, 'a')
    await desk.settle(start, { ...end, answeredAt: undefined })
    desk.moveClock(60)
    await expireCalls(desk.context)
    const unanswered = await desk.call(clientId, 'a')
    assert.equal([unanswered?.status, unanswered?.price], ['unanswered', '0'])
    assert.is(await desk.counted('calls_provisionally_unanswered_total'), 1)
    await desk.settle(answer, answer)
    const priced = await desk.call(clientId, 'a')
    assert.equal([priced?.status, priced?.price], ['priced', '0.06'])
    assert.is(await desk.counted('calls_completed_late_total{fact="answer"}'), 1)
    assert.equal(
      (await desk.movements(clientId)).map(({ kind, amount }) => [kind, amount]),
      [['charge', '-0.06']],
    )
  }))

const ends = {
  'with its answer time': (clientId: string) => aCallOf(clientId, 'a'),
  'without one': (clientId: string) => {
    const { start, end } = aCallOf(clientId, 'a')
    return { start, end: { ...end, answeredAt: undefined } }
  },
}

for (const [how, legOf] of Object.entries(ends)) {
  for (const [kind, settings] of [
    ['a grant that holds nothing', {}],
    ['a grant that holds a slot', { maxCalls: 2 }],
  ] as const) {
    test(`an end ${how} uses its callId up, also after it expired: ${kind}`, () =>
      atDesk(async (desk) => {
        const { clientId } = await desk.aCaller(settings)
        const isReused = (error: unknown) => (error as { code?: string }).code === 'call_id_reused'
        const again = () =>
          desk.authorize({ client: clientId, callId: 'a' }).then(
            () => assert.unreachable('the callId was granted again'),
            (error) => assert.ok(isReused(error), String(error)),
          )
        await desk.authorize({ client: clientId, callId: 'a' })
        const { start, end } = legOf(clientId)
        await desk.settle(start, end)
        await again()
        desk.moveClock(60)
        await expireCalls(desk.context)
        await again()
        desk.moveClock(180)
        await again()
      }))
  }
}

test('a grant that ran out may be authorized again', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ maxCalls: 1 })
    await desk.authorize({ client: clientId, callId: 'a' })
    desk.moveClock(180)
    await expireCalls(desk.context)
    assert.is((await desk.authorize({ client: clientId, callId: 'a' })).allowed, true)
  }))

test('an end for an unknown client: a dead letter with its reason, counted', () =>
  atDesk(async (desk) => {
    await desk.settle(aCallOf('nobody.example.com', 'a').end)
    assert.equal(
      (await desk.deadLetters()).map(({ reason }) => reason),
      ['unknown_client'],
    )
    assert.is(await desk.counted('dead_letters_total{reason="unknown_client"}'), 1)
  }))

test('an end without its start: priced by itself, with a flag that shows it', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    await desk.settle(aCallOf(clientId, 'a').end)
    const call = await desk.call(clientId, 'a')
    assert.equal([call?.status, call?.price, call?.flags], ['priced', '0.06', ['no_start']])
    assert.is(await desk.counted('calls_total{status="priced"}'), 1)
  }))

test.run()
