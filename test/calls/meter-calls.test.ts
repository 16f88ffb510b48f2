import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ChangedClients } from '../../src/calls/running/changed-clients.ts'
import { hangUpCall } from '../../src/calls/running/hang-up-call.ts'
import { meterCalls } from '../../src/calls/running/meter-calls.ts'
import { deriveId } from '../../src/uuid.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('meterCalls')

/** A desk of its own: the clock is moved. */
async function atDesk(work: (desk: CallDesk) => Promise<void>, at = '2026-01-14T10:00:00Z'): Promise<void> {
  const desk = await openCallDesk(at)
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

/** Authorizes and answers a call now. */
async function answer(desk: CallDesk, client: string, callId: string, to = '+34600111222'): Promise<void> {
  const answer = await desk.authorize({ client, callId, to, engine: 'sbc1', engineRef: 'dialog 7' })
  assert.is(answer.allowed, true, JSON.stringify(answer))
  await start(desk, client, callId, to)
}

async function start(desk: CallDesk, client: string, callId: string, to = '+34600111222'): Promise<void> {
  const now = desk.now()
  await desk.settle(
    anEvent({ kind: 'start', client, callId, to, startedAt: now, answeredAt: now, engine: 'sbc1' }),
  )
}

async function hangups(desk: CallDesk, clientId: string) {
  const facts = await desk.facts(clientId)
  return facts.filter(({ type }) => type === 'billing.calls.hangup').map(({ data }) => data)
}

/** Moves the clock second by second and lets the meter look each time. */
async function run(desk: CallDesk, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    desk.moveClock(1)
    await desk.meter()
  }
}

const instant = (at: number) => new Date(at).toISOString()

test('a slice is extended before it ends, by whole slices and what is left of the money', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.1305' })
    await answer(desk, clientId, 'a')
    assert.is((await desk.account(clientId)).reserved, '0.06')
    await run(desk, 51)
    assert.is((await desk.account(clientId)).reserved, '0.06')
    await run(desk, 1)
    assert.is((await desk.account(clientId)).reserved, '0.12')
    await run(desk, 60)
    assert.is((await desk.account(clientId)).reserved, '0.13')
    assert.equal(await hangups(desk, clientId), [])
  }))

test('where not even the next increment fits, the engine is told to hang up at the end of the last one bought', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.09' })
    const answeredAt = desk.now()
    await answer(desk, clientId, 'a')
    await run(desk, 81)
    assert.equal(await hangups(desk, clientId), [])
    await run(desk, 1)
    const [first] = await hangups(desk, clientId)
    assert.equal(first, {
      callId: 'a',
      clientId,
      engine: 'sbc1',
      engineRef: 'dialog 7',
      reason: 'insufficient_balance',
      sip: { code: 402, phrase: 'Payment Required' },
      q850: 21,
      announcement: null,
      at: instant(answeredAt + 82_000),
      endBy: instant(answeredAt + 90_000),
    })
    await run(desk, 3)
    const repeats = await hangups(desk, clientId)
    assert.is(repeats.length, 4, 'one more each second')
    assert.ok(repeats.every(({ endBy }) => endBy === first.endBy))
    const rows = await desk.sql`
      select distinct also_to, subject from outbox where subject like ${`billing.calls.hangup.${clientId}`}`
    assert.equal(
      { ...rows[0] },
      { also_to: 'engines.sbc1.hangup', subject: `billing.calls.hangup.${clientId}` },
    )
    await desk.settle(aCallOf(clientId, 'a', { startedAt: '2026-01-14T09:59:55Z', seconds: 90 }).end)
    await run(desk, 3)
    assert.is((await hangups(desk, clientId)).length, 4, 'silent after the end')
    assert.equal(await desk.account(clientId), { balance: '0', reserved: '0', running_calls: 0 })
  }))

test('a top-up extends a running call by itself and takes the hang-up back', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.06' })
    await answer(desk, clientId, 'a')
    await run(desk, 53)
    assert.is((await hangups(desk, clientId)).length, 2)
    await desk.sql`update accounts set balance = balance + 1 where client_id = ${clientId}`
    await run(desk, 60)
    assert.is((await hangups(desk, clientId)).length, 2)
    assert.is((await desk.account(clientId)).reserved, '0.18')
  }))

test('parallel calls share one balance and never reserve more than it holds', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.2' })
    for (const callId of ['a', 'b', 'c']) await answer(desk, clientId, callId)
    for (let i = 0; i < 75; i++) {
      await run(desk, 1)
      const { balance, reserved } = await desk.account(clientId)
      assert.ok(Number(reserved) <= Number(balance), `${reserved} of ${balance}`)
    }
    const told = new Set((await hangups(desk, clientId)).map(({ callId }) => callId))
    assert.equal([...told].sort(), ['a', 'b', 'c'])
  }))

test('slices follow the steps: the first 60 s dear, then cheap, each started increment whole', () =>
  atDesk(async (desk) => {
    const brandId = await desk.aBrand()
    const steps = [
      { fromSecond: 0, rate: '0.60', perSeconds: 60, incrementSeconds: 30 },
      { fromSecond: 60, rate: '0.06', perSeconds: 60, incrementSeconds: 7 },
    ]
    const ratingPlanId = await desk.aPlan(brandId, { steps, connectFee: '0.05' })
    const clientId = await desk.aClient(brandId, { ratingPlanId, billingMethod: 'prepaid', balance: '0.66' })
    await desk.refresh()
    const answeredAt = desk.now()
    await answer(desk, clientId, 'a')
    assert.is((await desk.account(clientId)).reserved, '0.65')
    await run(desk, 60)
    // 0.01 buys one increment of 7 s at 0.001 a second; the next would cost 0.007 more.
    assert.is((await desk.account(clientId)).reserved, '0.657')
    assert.is((await hangups(desk, clientId))[0]?.endBy, instant(answeredAt + 67_000))
  }))

test('postpaid with a credit limit is held to it, without one it runs on', () =>
  atDesk(async (desk) => {
    const limited = await desk.aCaller({ creditLimit: '0.06' })
    const unlimited = await desk.aCaller()
    await answer(desk, limited.clientId, 'a')
    await answer(desk, unlimited.clientId, 'a')
    await run(desk, 60)
    assert.is((await hangups(desk, limited.clientId))[0]?.reason, 'insufficient_balance')
    assert.equal(await hangups(desk, unlimited.clientId), [])
  }))

test('pseudoprepaid is not metered, and ends with what the balance bought at set-up', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'pseudoprepaid', balance: '0.1' })
    const answeredAt = desk.now()
    await answer(desk, clientId, 'a')
    await answer(desk, clientId, 'b')
    await run(desk, 45)
    assert.is((await desk.account(clientId)).reserved, '0.1', 'the first slices alone')
    await run(desk, 50)
    const ends = (await hangups(desk, clientId)).map(({ callId, reason, endBy }) => [callId, reason, endBy])
    assert.equal(ends[0], ['b', 'maximum_duration_reached', instant(answeredAt + 40_000)])
    assert.ok(
      ends.some(([callId, , endBy]) => callId === 'a' && endBy === instant(answeredAt + 100_000)),
      JSON.stringify(ends),
    )
  }))

test('a running call that reaches the daily limit is hung up, which marks and tells the day', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ maxDailyUsage: '0.09', maxDailyUsageEmail: 'noc@acme.example' })
    const answeredAt = desk.now()
    await answer(desk, clientId, 'a')
    await run(desk, 82)
    const [hangup] = await hangups(desk, clientId)
    assert.equal([hangup?.reason, hangup?.endBy], ['daily_limit_reached', instant(answeredAt + 90_000)])
    assert.is((await desk.usage(clientId))[0]?.reached, true)
    const facts = (await desk.facts(clientId)).map(({ type }) => type)
    assert.is(facts.filter((type) => type === 'billing.usage.limit-reached').length, 1)
    const [mails] = await desk.sql`select count(*)::int from mails where client_id = ${clientId}`
    assert.is(mails?.count, 1)
    await run(desk, 3)
    assert.is((await desk.sql`select 1 from mails where client_id = ${clientId}`).length, 1)
  }))

test('raising the daily limit lets the call run on at once and sends no second mail', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ maxDailyUsage: '0.06', maxDailyUsageEmail: 'noc@acme.example' })
    await answer(desk, clientId, 'a')
    await run(desk, 53)
    assert.is((await hangups(desk, clientId)).length, 2)
    await desk.sql`update clients set max_daily_usage = 5 where id = ${clientId}`
    await desk.refresh()
    await run(desk, 30)
    assert.is((await hangups(desk, clientId)).length, 2)
    assert.is((await desk.usage(clientId))[0]?.reserved, '0.12')
  }))

test('a limit that is set while a call runs holds the call from then on', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    await answer(desk, clientId, 'a')
    await run(desk, 100)
    assert.is((await desk.account(clientId)).reserved, '0')
    await desk.sql`update clients set max_daily_usage = 0.13 where id = ${clientId}`
    await desk.refresh()
    await run(desk, 1)
    assert.is((await desk.account(clientId)).reserved, '0.13')
    await run(desk, 25)
    assert.is((await hangups(desk, clientId))[0]?.reason, 'daily_limit_reached')
  }))

test('the longest duration and a maximum price that hangs up end a leg', () =>
  atDesk(async (desk) => {
    const { clientId, brandId } = await desk.aCaller()
    await desk.sql`update clients set max_call_seconds = 100 where id = ${clientId}`
    const ratingPlanId = await desk.aPlan(brandId)
    await desk.sql`
      update rates set terms = jsonb_set(jsonb_set(terms::jsonb, '{maximumPrice}', '"0.05"'),
        '{maximumPriceAction}', '"hang-up"')
      where prefix = '346' and rate_deck_id = (select (entries -> 0 ->> 'rateDeckId')::uuid
        from rating_plan_versions where rating_plan_id = ${ratingPlanId})`
    const capped = await desk.aClient(brandId, { ratingPlanId })
    await desk.refresh()
    const answeredAt = desk.now()
    await answer(desk, clientId, 'a')
    await answer(desk, capped, 'a')
    await run(desk, 92)
    const [long] = await hangups(desk, clientId)
    assert.equal([long?.reason, long?.endBy], ['maximum_duration_reached', instant(answeredAt + 100_000)])
    const [dear] = await hangups(desk, capped)
    assert.equal([dear?.reason, dear?.endBy], ['maximum_price_reached', instant(answeredAt + 50_000)])
  }))

test('suspending a client hangs its running legs up, inbound too, but no emergency call', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    await answer(desk, clientId, 'out')
    await answer(desk, clientId, 'emergency', '112')
    const now = desk.now()
    await desk.settle(
      anEvent({
        kind: 'start',
        client: clientId,
        callId: 'in',
        direction: 'inbound',
        startedAt: now,
        answeredAt: now,
      }),
    )
    await run(desk, 1)
    await desk.sql`update clients set suspended = true where id = ${clientId}`
    await desk.refresh()
    await run(desk, 1)
    const told = await hangups(desk, clientId)
    assert.equal(told.map(({ callId, reason }) => [callId, reason]).sort(), [
      ['in', 'client_suspended'],
      ['out', 'client_suspended'],
    ])
    assert.ok(told.every(({ endBy }) => Date.parse(endBy) >= desk.now() + 5000))
    await desk.sql`update clients set suspended = false where id = ${clientId}`
    await desk.refresh()
    await run(desk, 3)
    assert.is((await hangups(desk, clientId)).length, 2, 'nothing more once it may call again')
  }))

test('each turn of a command is one message, named by call and count', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.09' })
    const createdAt = desk.now()
    await answer(desk, clientId, 'a')
    await run(desk, 84)
    const ids = (await desk.facts(clientId)).map(({ id }) => id)
    assert.equal(
      ids,
      [1, 2, 3].map((order) => deriveId({ at: createdAt, order }, 'hangup', clientId, 'a')),
    )
    assert.match(ids[0] ?? '', /^019bb[0-9a-f]{3}-[0-9a-f]{4}-7001-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }))

test('a suspension behind an operator’s command keeps it, and its end does not take it back', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    await answer(desk, clientId, 'a')
    const told = await hangUpCall(desk.context, { clientId, callId: 'a' })
    for (const suspended of [true, false]) {
      await desk.sql`update clients set suspended = ${suspended} where id = ${clientId}`
      await desk.refresh()
      await run(desk, 2)
    }
    const commands = await hangups(desk, clientId)
    assert.is(commands.length, 5)
    assert.ok(commands.every(({ reason, endBy }) => reason === 'by_operator' && endBy === told.endBy))
  }))

test('an operator’s command behind a suspension keeps the earlier end, and outlives the suspension', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller()
    await answer(desk, clientId, 'a')
    await desk.sql`update clients set suspended = true where id = ${clientId}`
    await desk.refresh()
    await run(desk, 1)
    const [first] = await hangups(desk, clientId)
    desk.moveClock(2)
    const told = await hangUpCall(desk.context, { clientId, callId: 'a' })
    assert.equal([told.reason, told.endBy], ['by_operator', first?.endBy])
    await desk.sql`update clients set suspended = false where id = ${clientId}`
    await desk.refresh()
    await run(desk, 2)
    assert.equal(
      (await hangups(desk, clientId)).map(({ reason }) => reason),
      ['client_suspended', 'by_operator', 'by_operator', 'by_operator'],
    )
  }))

test('a start over the limit runs, is flagged and gets a hang-up', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ maxCalls: 1 })
    await answer(desk, clientId, 'granted')
    await start(desk, clientId, 'unasked')
    const call = await desk.call(clientId, 'unasked')
    assert.equal([call?.status, call?.flags], ['started', ['max_calls_reached']])
    assert.equal(
      (await hangups(desk, clientId)).map(({ callId, reason }) => [callId, reason]),
      [['unasked', 'max_calls_reached']],
    )
    assert.is((await desk.account(clientId)).running_calls, 1)
  }))

test('a second meter finds nothing to do', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.09' })
    await answer(desk, clientId, 'a')
    desk.moveClock(55)
    const replicas = [1, 2, 3].map(() => new ChangedClients(desk.configuration))
    await Promise.all(replicas.map((changed) => meterCalls(desk.context, changed)))
    assert.is((await desk.account(clientId)).reserved, '0.09')
    desk.moveClock(30)
    await Promise.all(replicas.map((changed) => meterCalls(desk.context, changed)))
    assert.is((await hangups(desk, clientId)).length, 1)
  }))

test('a call that outlives its money is charged in full: to the balance as charge, beyond it as overrun', () =>
  atDesk(async (desk) => {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.09' })
    const answeredAt = desk.now()
    await answer(desk, clientId, 'deaf')
    await run(desk, 95)
    const end = { startedAt: answeredAt, answeredAt, endedAt: answeredAt + 95_000 }
    await desk.settle(anEvent({ kind: 'end', client: clientId, callId: 'deaf', ...end }))
    assert.equal(
      (await desk.movements(clientId)).map(({ kind, amount }) => [kind, amount]),
      [
        ['charge', '-0.09'],
        ['overrun', '-0.005'],
      ],
    )
  }))

test.run()
