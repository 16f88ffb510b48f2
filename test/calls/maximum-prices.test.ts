import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Denial } from '../../src/calls/authorize/authorization-answer.ts'
import { aCallOf, anEvent, type CallDesk, type ClientSettings, openCallDesk } from './a-call-desk.ts'

const test = suite('maximum prices that hang up')
let desk: CallDesk

test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

/** Spain at 0.60 a started minute. */
const minute = [{ fromSecond: 0, rate: '0.60', perSeconds: 60, incrementSeconds: 60 }]

async function aCaller(plan: Parameters<CallDesk['aPlan']>[1], settings: ClientSettings = {}) {
  const brandId = await desk.aBrand()
  const ratingPlanId = await desk.aPlan(brandId, plan)
  const client = await desk.aClient(brandId, { ...settings, ratingPlanId })
  await desk.refresh()
  return client
}

const payers = {
  'postpaid, nothing held': {},
  'postpaid with a slot': { maxCalls: 2 },
  'postpaid with a daily limit': { maxDailyUsage: '10' },
  prepaid: { billingMethod: 'prepaid', balance: '5' },
  pseudoprepaid: { billingMethod: 'pseudoprepaid', balance: '5' },
} as const
for (const [who, settings] of Object.entries(payers)) {
  test(`${who}: nobody is granted a call of 0 seconds`, async () => {
    const plan = { steps: minute, connectFee: '0.05', maximumPrice: '0.64' }
    const client = await aCaller(plan, settings)
    const answer = (await desk.authorize({ client, callId: 'a' })) as Denial
    assert.equal([answer.allowed, answer.reason, answer.sip?.code], [false, 'destination_blocked', 403])
    assert.is((await desk.account(client)).reserved, '0')
  })

  test(`${who}: the first increment with fee at the maximum is granted`, async () => {
    const client = await aCaller({ steps: minute, connectFee: '0.05', maximumPrice: '0.65' }, settings)
    const answer = await desk.authorize({ client, callId: 'a' })
    assert.equal(answer.allowed && answer.maxDurationSeconds, 60)
  })

  test(`${who}: a call that comes anyway is hung up and priced in full`, async () => {
    const client = await aCaller({ steps: minute, maximumPrice: '0.59' }, settings)
    const { start, answer, end } = aCallOf(client, 'a', { startedAt: '2026-01-14T09:59:50Z', seconds: 61 })
    await desk.settle(start, answer)
    const [hangup] = (await desk.facts(client)).filter(({ type }) => type === 'billing.calls.hangup')
    assert.is(hangup?.data.reason, 'destination_blocked')
    await desk.settle(end)
    const call = await desk.call(client, 'a')
    assert.equal([call?.status, call?.price, call?.flags], ['priced', '1.2', ['destination_blocked']])
  })
}

test('free seconds make a call, and an emergency number is granted over every price', async () => {
  const steps = [{ fromSecond: 10, rate: '9', perSeconds: 60, incrementSeconds: 60 }]
  const client = await aCaller({ steps, maximumPrice: '0.5' })
  const answer = await desk.authorize({ client, callId: 'a' })
  assert.equal(answer.allowed && answer.maxDurationSeconds, 10)
  assert.is((await desk.authorize({ client, callId: 'b', to: '112' })).allowed, true)
})

test('an inbound leg has no price that could block it', async () => {
  const client = await aCaller({ steps: minute, maximumPrice: '0.1' })
  assert.is((await desk.authorize({ client, callId: 'in', direction: 'inbound' })).allowed, true)
  const at = desk.now()
  await desk.settle(
    anEvent({ kind: 'start', client, callId: 'b', direction: 'inbound', startedAt: at, answeredAt: at }),
  )
  assert.equal((await desk.call(client, 'b'))?.flags, [])
})

test.run()
