import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeLostCalls } from '../../src/calls/running/close-lost-calls.ts'
import { hangUpCall } from '../../src/calls/running/hang-up-call.ts'
import { reconcileActiveCalls } from '../../src/calls/running/reconcile-active-calls.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { Conflict, NotFound } from '../../src/errors.ts'
import { anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('calls whose end never comes')

async function atDesk(work: (desk: CallDesk) => Promise<void>): Promise<void> {
  const desk = await openCallDesk('2026-01-14T10:00:00Z')
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

/** A client of a brand with this policy, whose calls last 100 s at most. */
async function aCaller(desk: CallDesk, lostEndPolicy: string, settings: object = {}) {
  const caller = await desk.aCaller({ billingMethod: 'prepaid', balance: '1', maxCalls: 5, ...settings })
  await desk.sql`
    update brands set lost_end_policy = ${lostEndPolicy}, max_ring_seconds = 120 where id = ${caller.brandId}`
  await desk.sql`update clients set max_call_seconds = 100 where id = ${caller.clientId}`
  await desk.refresh()
  return caller.clientId
}

async function answer(desk: CallDesk, client: string, callId: string, engine: string | null = 'sbc1') {
  await desk.authorize({ client, callId, engine })
  const now = desk.now()
  await desk.settle(anEvent({ kind: 'start', client, callId, startedAt: now, answeredAt: now, engine }))
  return now
}

const policies: [string, string, string][] = [
  ['zero', '0', '1'],
  ['last-known', '0.04', '0.96'],
  ['cap', '0.1', '0.9'],
]
for (const [policy, price, balance] of policies) {
  test(`policy ${policy}: closed after its longest duration at ${price}, and a late end corrects it`, () =>
    atDesk(async (desk) => {
      const client = await aCaller(desk, policy)
      const answeredAt = await answer(desk, client, 'lost')
      await desk.settle(anEvent({ kind: 'alive', client, callId: 'lost', at: answeredAt + 40_000 }))
      desk.moveClock(109)
      await desk.meter()
      assert.is((await desk.call(client, 'lost'))?.status, 'started')
      desk.moveClock(2)
      await desk.meter()
      const call = await desk.call(client, 'lost')
      assert.equal([call?.status, call?.price], ['lost-end', price])
      assert.equal(call?.flags, ['lost_end'])
      assert.equal(await desk.account(client), { balance, reserved: '0', running_calls: 0 })
      const times = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + 70_000 }
      const end = anEvent({ kind: 'end', client, callId: 'lost', engine: 'sbc1', ...times })
      await desk.settle(end, end)
      const corrected = await desk.call(client, 'lost')
      assert.equal([corrected?.status, corrected?.price], ['priced', '0.07'])
      assert.equal(corrected?.flags, ['late_end'])
      assert.equal(await desk.account(client), { balance: '0.93', reserved: '0', running_calls: 0 })
      const kinds = (await desk.movements(client)).map(({ kind }) => kind)
      assert.equal(kinds, policy === 'zero' ? ['charge'] : ['charge', 'correction'])
      assert.equal(await desk.usage(client), [
        { day: '2026-01-14', amount: '0.07', reserved: '0', reached: false },
      ])
      const [rollup] = await desk.sql`
        select sum(calls)::int as calls, trim_scale(sum(amount))::text as amount
        from call_rollups where client_id = ${client}`
      assert.equal({ ...rollup }, { calls: 1, amount: '0.07' })
    }))
}

/** 0.06 a minute for up to three hours: 10.80 where nothing but the cap ends the leg. */
async function aLongCaller(desk: CallDesk, settings: object = {}) {
  const { clientId, brandId } = await desk.aCaller(settings)
  await desk.sql`update brands set lost_end_policy = 'cap' where id = ${brandId}`
  await desk.refresh()
  return { clientId, brandId }
}

const lostEnd = async (desk: CallDesk, client: string, callId = 'lost') => {
  const [row] = await desk.sql`
    select status, trim_scale(price)::text as price, ended_at from calls
    where client_id = ${client} and call_id = ${callId}`
  return { status: row?.status, price: row?.price, endedAt: Date.parse(row?.ended_at) }
}

const longCallers = {
  prepaid: { billingMethod: 'prepaid', balance: '20' },
  'postpaid with a daily limit': { maxDailyUsage: '15' },
  'postpaid, nothing held': {},
  'held as a slot alone': { maxCalls: 3 },
} as const
for (const [who, settings] of Object.entries(longCallers)) {
  test(`policy cap, ${who}: a leg that the engine's list no longer names ended then`, () =>
    atDesk(async (desk) => {
      const { clientId: client, brandId } = await aLongCaller(desk, settings)
      const answeredAt = await answer(desk, client, 'lost')
      desk.moveClock(22)
      const at = answeredAt + 20_000
      const stated = { engine: 'sbc1', brandId, at, calls: [] }
      assert.equal(await reconcileActiveCalls(desk.context, stated), { active: 0, closed: 1 })
      assert.equal(await lostEnd(desk, client), { status: 'lost-end', price: '0.02', endedAt: at })
      assert.equal(await desk.usage(client), [
        { day: '2026-01-14', amount: '0.02', reserved: '0', reached: false },
      ])
      const balance = 'balance' in settings ? '19.98' : '-0.02'
      assert.equal(await desk.account(client), { balance, reserved: '0', running_calls: 0 })
    }))
}

test('policy cap: a leg that began to ring before the list and was answered after it costs nothing', () =>
  atDesk(async (desk) => {
    const { clientId: client, brandId } = await aLongCaller(desk)
    const startedAt = desk.now()
    const answeredAt = startedAt + 10_000
    desk.moveClock(12)
    await desk.settle(
      anEvent({ kind: 'start', client, callId: 'lost', startedAt, answeredAt, engine: 'sbc1' }),
    )
    const stated = { engine: 'sbc1', brandId, at: startedAt + 5000, calls: [] }
    await reconcileActiveCalls(desk.context, stated)
    assert.equal(await lostEnd(desk, client), { status: 'lost-end', price: '0', endedAt: answeredAt })
  }))

test('policy cap: the list says when a leg was gone, its silence before that too where its engine sends signs', () =>
  atDesk(async (desk) => {
    const { clientId: client, brandId } = await aLongCaller(desk)
    const answeredAt = await answer(desk, client, 'lost')
    await answer(desk, client, 'of a silent engine', 'sbc2')
    await desk.settle(anEvent({ kind: 'alive', client, callId: 'lost', at: answeredAt + 60_000 }))
    desk.moveClock(1000)
    const at = answeredAt + 990_000
    await reconcileActiveCalls(desk.context, { engine: 'sbc1', brandId, at, calls: [] })
    await reconcileActiveCalls(desk.context, { engine: 'sbc2', brandId, at, calls: [] })
    assert.equal(await lostEnd(desk, client), {
      status: 'lost-end',
      price: '0.24',
      endedAt: answeredAt + 240_000,
    })
    assert.equal(await lostEnd(desk, client, 'of a silent engine'), {
      status: 'lost-end',
      price: '0.99',
      endedAt: at,
    })
  }))

for (const engine of ['sbc1', null]) {
  for (const closer of ['the silent sweep', 'the meter after an outage'] as const) {
    test(`policy cap: signs of ${engine ?? 'a nameless engine'} that stop end the leg, closed by ${closer}`, () =>
      atDesk(async (desk) => {
        const { clientId: client } = await aLongCaller(desk)
        const answeredAt = await answer(desk, client, 'lost', engine)
        await desk.settle(anEvent({ kind: 'alive', client, callId: 'lost', at: answeredAt + 60_000 }))
        await desk.context.engineHeartbeats.flush(desk.sql)
        if (closer === 'the silent sweep') {
          desk.moveClock(300)
          assert.is(await closeLostCalls(desk.context), 1)
        } else {
          desk.moveClock(10_811)
          await desk.meter()
        }
        assert.equal(await lostEnd(desk, client), {
          status: 'lost-end',
          price: '0.24',
          endedAt: answeredAt + 240_000,
        })
      }))
  }
}

test('policy cap: a leg without a sign of its own is silent since its answer where its engine sends signs', () =>
  atDesk(async (desk) => {
    const { clientId: client } = await aLongCaller(desk)
    const answeredAt = await answer(desk, client, 'lost')
    await answer(desk, client, 'heard')
    await desk.settle(anEvent({ kind: 'alive', client, callId: 'heard', at: answeredAt + 60_000 }))
    await desk.context.engineHeartbeats.flush(desk.sql)
    desk.moveClock(10_811)
    await desk.meter()
    assert.is((await lostEnd(desk, client)).price, '0.18')
  }))

test('policy cap without list or signs: the longest duration, and never later than now', () =>
  atDesk(async (desk) => {
    const { clientId: client } = await aLongCaller(desk)
    await answer(desk, client, 'lost', 'never tells')
    desk.moveClock(10_811)
    await desk.meter()
    assert.is((await lostEnd(desk, client)).price, '10.8')
    const now = desk.now()
    const early = { startedAt: now, answeredAt: now + 50_000, engine: 'sbc1' }
    await desk.settle(anEvent({ kind: 'start', client, callId: 'early', ...early }))
    await reconcileActiveCalls(desk.context, { engine: 'sbc1', brandId: null, at: now + 55_000, calls: [] })
    assert.equal(await lostEnd(desk, client, 'early'), {
      status: 'lost-end',
      price: '0',
      endedAt: now + 50_000,
    })
  }))

test('a late end without an answer takes the whole charge of a lost call back', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, 'cap')
    const startedAt = await answer(desk, client, 'lost')
    desk.moveClock(111)
    await desk.meter()
    assert.is((await desk.account(client)).balance, '0.9')
    await desk.settle(
      anEvent({
        kind: 'end',
        client,
        callId: 'lost',
        startedAt,
        answeredAt: null,
        endedAt: startedAt + 5000,
      }),
    )
    assert.is((await desk.call(client, 'lost'))?.status, 'unanswered')
    assert.is((await desk.account(client)).balance, '1')
  }))

test('a lost call that costs more than is left of the money is counted as an overrun', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, 'cap', { billingMethod: 'pseudoprepaid', balance: '0.1' })
    for (const callId of ['one', 'two']) await answer(desk, client, callId)
    desk.moveClock(111)
    await desk.meter()
    assert.equal(await desk.account(client), { balance: '-0.04', reserved: '0', running_calls: 0 })
    assert.is(await desk.counted('call_overruns_total'), 1)
  }))

test('a leg rings up to the time of its brand, and an answer after that takes slot and money again', () =>
  atDesk(async (desk) => {
    const client = await aCaller(desk, 'zero')
    await desk.authorize({ client, callId: 'rings' })
    const startedAt = desk.now()
    await desk.settle(anEvent({ kind: 'start', client, callId: 'rings', startedAt }))
    desk.moveClock(119)
    await desk.meter()
    await expireCalls(desk.context)
    assert.equal(await desk.account(client), { balance: '1', reserved: '0.06', running_calls: 1 })
    desk.moveClock(1)
    await desk.meter()
    assert.is((await desk.call(client, 'rings'))?.status, 'lost-end')
    assert.equal(await desk.account(client), { balance: '1', reserved: '0', running_calls: 0 })
    const answeredAt = desk.now()
    await desk.settle(anEvent({ kind: 'answer', client, callId: 'rings', answeredAt }))
    assert.is((await desk.call(client, 'rings'))?.status, 'started')
    assert.equal(await desk.account(client), { balance: '1', reserved: '0.06', running_calls: 1 })
    await desk.settle(
      anEvent({ kind: 'end', client, callId: 'rings', startedAt, answeredAt, endedAt: answeredAt + 30_000 }),
    )
    assert.equal(await desk.account(client), { balance: '0.97', reserved: '0', running_calls: 0 })
  }))

test('a silent leg is closed after three missed intervals, only where its engine tells which legs stand', () =>
  atDesk(async (desk) => {
    const { clientId: client } = await desk.aCaller({ maxCalls: 9 })
    await answer(desk, client, 'silent', 'tells')
    await answer(desk, client, 'heard', 'tells')
    await answer(desk, client, 'untold', 'never tells')
    await answer(desk, client, 'nameless', null)
    await answer(desk, client, 'nameless and silent', null)
    desk.moveClock(60)
    await desk.settle(anEvent({ kind: 'alive', client, callId: 'heard', at: desk.now() }))
    await desk.settle(anEvent({ kind: 'alive', client, callId: 'nameless and silent', at: desk.now() }))
    await desk.context.engineHeartbeats.flush(desk.sql)
    desk.moveClock(120)
    assert.is(await closeLostCalls(desk.context), 0)
    await desk.settle(anEvent({ kind: 'alive', client, callId: 'heard', at: desk.now() }))
    desk.moveClock(1)
    assert.is(await closeLostCalls(desk.context), 1)
    assert.is((await desk.call(client, 'silent'))?.status, 'lost-end')
    desk.moveClock(60)
    assert.is(await closeLostCalls(desk.context), 1)
    assert.is((await desk.call(client, 'nameless and silent'))?.status, 'lost-end')
    for (const callId of ['heard', 'untold', 'nameless']) {
      assert.is((await desk.call(client, callId))?.status, 'started', callId)
    }
    assert.is((await desk.account(client)).running_calls, 3)
  }))

test('an engine states its legs: those not named are closed, an empty list closes all that began before', () =>
  atDesk(async (desk) => {
    const { clientId: client, brandId } = await desk.aCaller({ maxCalls: 9 })
    const other = await desk.aCaller()
    await answer(desk, client, 'stands')
    await answer(desk, client, 'gone')
    await answer(desk, client, 'elsewhere', 'sbc2')
    await answer(desk, other.clientId, 'of another brand')
    desk.moveClock(10)
    await answer(desk, client, 'begun since')
    const at = desk.now() - 5000
    const named = [
      { client: `${client}.example.com`, callId: 'stands' },
      { client, callId: 'never heard of' },
    ]
    const stated = { engine: 'sbc1', brandId, at, calls: named }
    assert.equal(await reconcileActiveCalls(desk.context, stated), { active: 1, closed: 1 })
    assert.is((await desk.call(client, 'gone'))?.status, 'lost-end')
    desk.moveClock(10)
    const empty = { engine: 'sbc1', brandId, at: desk.now(), calls: [] }
    assert.equal(await reconcileActiveCalls(desk.context, empty), { active: 0, closed: 2 })
    assert.is((await desk.call(client, 'elsewhere'))?.status, 'started')
    assert.is((await desk.call(other.clientId, 'of another brand'))?.status, 'started')
    assert.equal(await reconcileActiveCalls(desk.context, { ...empty, brandId: null }), {
      active: 0,
      closed: 1,
    })
    const error = await reconcileActiveCalls(desk.context, { ...empty, at: desk.now() + 61_000 }).catch(
      (e) => e,
    )
    assert.is(error.code, 'invalid_request')
  }))

test('an operator hangs a running call up; what has ended or never was cannot be', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    const answeredAt = await answer(desk, clientId, 'a')
    const hangup = await hangUpCall(desk.context, { clientId, callId: 'a' })
    assert.equal([hangup.reason, hangup.engine], ['by_operator', 'sbc1'])
    assert.is(hangup.endBy, new Date(answeredAt + 5000).toISOString())
    desk.moveClock(2)
    await desk.meter()
    const facts = await desk.facts(clientId)
    assert.is(facts.filter(({ type }) => type === 'billing.calls.hangup').length, 2)
    const times = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + 4000 }
    await desk.settle(anEvent({ kind: 'end', client: clientId, callId: 'a', ...times }))
    const ended = await hangUpCall(desk.context, { clientId, callId: 'a' }).catch((error) => error)
    assert.ok(ended instanceof Conflict)
    const unknown = await hangUpCall(desk.context, { clientId, callId: 'b' }).catch((error) => error)
    assert.ok(unknown instanceof NotFound)
  }))

test('another destination than the one authorized is flagged, and the end prices the call', () =>
  atDesk(async (desk) => {
    const { clientId: client } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1' })
    await desk.authorize({ client, callId: 'changed' })
    await desk.authorize({ client, callId: 'same group' })
    const startedAt = desk.now() - 60_000
    const times = { startedAt, answeredAt: startedAt, endedAt: startedAt + 60_000 }
    await desk.settle(
      anEvent({ kind: 'end', client, callId: 'changed', to: '+447700900123', ...times }),
      anEvent({ kind: 'end', client, callId: 'same group', to: '+34699999999', ...times }),
    )
    const changed = await desk.call(client, 'changed')
    assert.equal([changed?.price, changed?.flags], ['0.17', ['destination_changed', 'no_start']])
    assert.equal((await desk.call(client, 'same group'))?.flags, ['no_start'])
  }))

test('lowering Max calls cuts nothing, and a new limit counts from then on', () =>
  atDesk(async (desk) => {
    const { clientId: client } = await desk.aCaller({ maxCalls: 3 })
    for (const callId of ['a', 'b', 'c']) await answer(desk, client, callId)
    await desk.sql`update clients set max_calls = 1 where id = ${client}`
    await desk.refresh()
    desk.moveClock(1)
    await desk.meter()
    assert.is((await desk.account(client)).running_calls, 3)
    assert.is((await desk.authorize({ client, callId: 'd' })).allowed, false)
    const unlimited = (await desk.aCaller()).clientId
    await answer(desk, unlimited, 'before')
    await desk.sql`update clients set max_calls = 1 where id = ${unlimited}`
    await desk.refresh()
    assert.is((await desk.authorize({ client: unlimited, callId: 'first' })).allowed, true)
    assert.is((await desk.authorize({ client: unlimited, callId: 'second' })).allowed, false)
  }))

test.run()
