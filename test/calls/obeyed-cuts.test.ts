import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { hangUpCall } from '../../src/calls/running/hang-up-call.ts'
import { anEvent, type CallDesk, type ClientSettings, openCallDesk } from './a-call-desk.ts'

const test = suite('cuts that were obeyed')

/** Spain at 0.60 a started minute. */
const minute = [{ fromSecond: 0, rate: '0.60', perSeconds: 60, incrementSeconds: 60 }]

async function atDesk(work: (desk: CallDesk) => Promise<void>): Promise<void> {
  const desk = await openCallDesk('2026-01-14T10:00:00Z')
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

async function aCaller(
  desk: CallDesk,
  settings: ClientSettings & { maxCallSeconds?: number; maximumPrice?: string } = {},
): Promise<string> {
  const brandId = await desk.aBrand()
  const { maxCallSeconds = 10_800, maximumPrice } = settings
  const ratingPlanId = await desk.aPlan(brandId, { steps: minute, ...(maximumPrice && { maximumPrice }) })
  const client = await desk.aClient(brandId, { ...settings, ratingPlanId })
  await desk.sql`update clients set max_call_seconds = ${maxCallSeconds} where id = ${client}`
  await desk.refresh()
  return client
}

async function answered(desk: CallDesk, client: string, callId = 'a'): Promise<number> {
  const at = desk.now()
  await desk.settle(anEvent({ kind: 'start', client, callId, startedAt: at, answeredAt: at }))
  return at
}

async function ended(desk: CallDesk, client: string, answeredAt: number, afterMs: number): Promise<void> {
  const endedAt = answeredAt + afterMs
  if (desk.now() < endedAt) desk.moveClock((endedAt - desk.now()) / 1000)
  await desk.settle(anEvent({ kind: 'end', client, callId: 'a', startedAt: answeredAt, answeredAt, endedAt }))
}

/** Price, seconds from the answer to the instant that it is timed to, and to its end as sent. */
async function priced(desk: CallDesk, client: string) {
  const [row] = await desk.sql`
    select trim_scale(price)::text as price, duration_seconds,
           (extract(epoch from cut_at - answered_at) * 1000)::int as cut_ms,
           (extract(epoch from ended_at - answered_at) * 1000)::int as ended_ms
    from calls where client_id = ${client} and call_id = 'a'`
  return [row?.price, row?.duration_seconds, row?.cut_ms, row?.ended_ms]
}

const payers = {
  prepaid: { billingMethod: 'prepaid', balance: '0.60' },
  pseudoprepaid: { billingMethod: 'pseudoprepaid', balance: '0.60' },
  'postpaid with a credit limit': { creditLimit: '0.60' },
  'postpaid with a daily limit': { maxDailyUsage: '0.60' },
  'postpaid, at its longest call': { maxCallSeconds: 60 },
  'postpaid, at its longest call, with a slot': { maxCallSeconds: 60, maxCalls: 1 },
  'postpaid, at the maximum price of its rate': { maximumPrice: '0.60' },
} as const
for (const [who, settings] of Object.entries(payers)) {
  test(`${who}: the timer of the granted duration costs no further increment when it is a little late`, () =>
    atDesk(async (desk) => {
      const client = await aCaller(desk, settings)
      const grant = await desk.authorize({ client, callId: 'a' })
      assert.is(grant.allowed && grant.maxDurationSeconds, 60)
      const answeredAt = await answered(desk, client)
      await ended(desk, client, answeredAt, 60_001)
      assert.equal(await priced(desk, client), ['0.6', 60, 60_000, 60_001])
      const before = 'balance' in settings ? '0' : '-0.6'
      assert.equal(await desk.account(client), { balance: before, reserved: '0', running_calls: 0 })
    }))
}

for (const [afterMs, price, cutMs] of [
  [59_999, '0.6', null],
  [60_000, '0.6', null],
  [61_000, '0.6', 60_000],
  [61_001, '1.2', null],
] as const) {
  test(`a leg granted 60 s that ends after ${afterMs} ms costs ${price}`, () =>
    atDesk(async (desk) => {
      const client = await aCaller(desk, { billingMethod: 'prepaid', balance: '0.60' })
      await desk.authorize({ client, callId: 'a' })
      const answeredAt = await answered(desk, client)
      await ended(desk, client, answeredAt, afterMs)
      assert.equal(await priced(desk, client), [price, Math.ceil((cutMs ?? afterMs) / 1000), cutMs, afterMs])
    }))
}

test('an end alone, without a start, is cut by its grant too', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, { billingMethod: 'prepaid', balance: '0.60' })
    await desk.authorize({ client, callId: 'a' })
    await ended(desk, client, desk.now(), 60_500)
    assert.equal(await priced(desk, client), ['0.6', 60, 60_000, 60_500])
  }))

test('a prepaid leg that was granted nothing is not cut by its balance', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, { billingMethod: 'prepaid', balance: '0.60' })
    await ended(desk, client, desk.now() - 60_001, 60_001)
    assert.equal(await priced(desk, client), ['1.2', 61, null, 60_001])
  }))

test("the meter's hang-up is obeyed at its endBy, although money has come since", () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, { billingMethod: 'prepaid', balance: '0.60' })
    await desk.authorize({ client, callId: 'a' })
    const answeredAt = await answered(desk, client)
    // The timer of the grant is 60 s: only the command names 120.
    await desk.sql`update accounts set balance = balance + 0.60 where client_id = ${client}`
    for (const seconds of [53, 60]) {
      desk.moveClock(seconds)
      await desk.meter()
    }
    const [hangup] = (await desk.facts(client)).filter(({ type }) => type === 'billing.calls.hangup')
    assert.is(hangup?.data.endBy, new Date(answeredAt + 120_000).toISOString())
    // The top-up takes the command back: an engine that has armed it hangs up all the same.
    await desk.sql`update accounts set balance = balance + 5 where client_id = ${client}`
    desk.moveClock(1)
    await desk.meter()
    await ended(desk, client, answeredAt, 120_400)
    assert.equal(await priced(desk, client), ['1.2', 120, 120_000, 120_400])
  }))

test("a granted duration that the meter has lengthened since is still the engine's timer", () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, { billingMethod: 'prepaid', balance: '0.60' })
    await desk.authorize({ client, callId: 'a' })
    const answeredAt = await answered(desk, client)
    await desk.sql`update accounts set balance = balance + 6 where client_id = ${client}`
    desk.moveClock(55)
    await desk.meter()
    await ended(desk, client, answeredAt, 60_200)
    assert.equal(await priced(desk, client), ['0.6', 60, 60_000, 60_200])
  }))

test('a repeat of the authorization tells the longer duration, and its timer is obeyed', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, { billingMethod: 'prepaid', balance: '0.60' })
    await desk.authorize({ client, callId: 'a' })
    const answeredAt = await answered(desk, client)
    await desk.sql`update accounts set balance = balance + 0.60 where client_id = ${client}`
    desk.moveClock(55)
    await desk.meter()
    const again = await desk.authorize({ client, callId: 'a' })
    assert.is(again.allowed && again.maxDurationSeconds, 120)
    await ended(desk, client, answeredAt, 120_700)
    assert.equal(await priced(desk, client), ['1.2', 120, 120_000, 120_700])
  }))

test("an operator's hang-up is obeyed at its endBy, an inbound leg is timed to it", () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, { maxCalls: 3 })
    const answeredAt = await answered(desk, client)
    desk.moveClock(55)
    await hangUpCall(desk.context, { clientId: client, callId: 'a' })
    await ended(desk, client, answeredAt, 60_900)
    assert.equal(await priced(desk, client), ['0.6', 60, 60_000, 60_900])
    const inbound = { client, callId: 'in', direction: 'inbound' as const, startedAt: desk.now() }
    await desk.settle(anEvent({ kind: 'start', ...inbound, answeredAt: desk.now() }))
    await hangUpCall(desk.context, { clientId: client, callId: 'in' })
    const times = { answeredAt: desk.now(), endedAt: desk.now() + 5100 }
    await desk.settle(anEvent({ kind: 'end', ...inbound, ...times }))
    const call = await desk.call(client, 'in')
    assert.equal([call?.status, call?.duration_seconds], ['unpriced', 5])
  }))

test('a leg that was told to be down while it rang and was answered after that costs nothing within the second', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk)
    const startedAt = desk.now()
    await desk.settle(anEvent({ kind: 'start', client, callId: 'a', startedAt }))
    await hangUpCall(desk.context, { clientId: client, callId: 'a' })
    const times = { startedAt, answeredAt: startedAt + 5200, endedAt: startedAt + 5900 }
    await desk.settle(anEvent({ kind: 'end', client, callId: 'a', ...times }))
    assert.equal(await priced(desk, client), ['0', 0, 0, 700])
  }))

test('an offline grant is cut at its 600 s', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk)
    const at = desk.now()
    await desk.settle(anEvent({ kind: 'blind', client, callId: 'a', to: '+34600111222', at }))
    await answered(desk, client)
    desk.moveClock(601)
    await ended(desk, client, at, 600_300)
    assert.equal(await priced(desk, client), ['6', 600, 600_000, 600_300])
  }))

test('an answer that comes after its end is cut like one that came before', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, { billingMethod: 'prepaid', balance: '0.60' })
    await desk.authorize({ client, callId: 'a' })
    const startedAt = desk.now()
    desk.moveClock(61)
    await desk.settle(
      anEvent({ kind: 'end', client, callId: 'a', startedAt, endedAt: startedAt + 60_300 }),
      anEvent({ kind: 'answer', client, callId: 'a', answeredAt: startedAt }),
    )
    assert.equal(await priced(desk, client), ['0.6', 60, 60_000, 60_300])
  }))

test.run()
