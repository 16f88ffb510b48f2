import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { alertDeniedLimits } from '../../src/calls/authorize/alert-denied-limits.ts'
import type { Denial } from '../../src/calls/authorize/authorization-answer.ts'
import { aCallOf, anEvent, type CallDesk, type ClientSettings, openCallDesk } from './a-call-desk.ts'

const test = suite('daily limits')

async function atDesk(work: (desk: CallDesk) => Promise<void>, at = '2026-01-14T10:00:00Z'): Promise<void> {
  const desk = await openCallDesk(at)
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

const told = { maxDailyUsageEmail: 'noc@acme.example' }
const payers: Record<string, ClientSettings> = {
  postpaid: told,
  prepaid: { ...told, billingMethod: 'prepaid', balance: '100' },
  pseudoprepaid: { ...told, billingMethod: 'pseudoprepaid', balance: '100' },
}

async function reasonOf(desk: CallDesk, request: Parameters<CallDesk['authorize']>[0]): Promise<string> {
  const answer = await desk.authorize(request)
  return answer.allowed ? 'granted' : (answer as Denial).reason
}

/** What has been told of reached limits: facts and mails. */
async function toldOf(desk: CallDesk, client: string): Promise<{ facts: number; mails: number }> {
  await alertDeniedLimits(desk.context)
  const facts = (await desk.facts(client)).filter(({ type }) => type === 'billing.usage.limit-reached')
  const [mails] = await desk.sql`select count(*)::int from mails where client_id = ${client}`
  return { facts: facts.length, mails: mails?.count }
}

const nothing = { facts: 0, mails: 0 }
const once = { facts: 1, mails: 1 }

async function answered(desk: CallDesk, client: string, callId: string): Promise<void> {
  const at = desk.now()
  await desk.settle(anEvent({ kind: 'start', client, callId, startedAt: at, answeredAt: at }))
}

for (const [who, settings] of Object.entries(payers)) {
  test(`${who}: what ringing legs hold denies, but reaches no limit until they are answered`, () =>
    atDesk(async (desk) => {
      const { clientId: client } = await desk.aCaller({ ...settings, maxDailyUsage: '0.06' })
      assert.is(await reasonOf(desk, { client, callId: 'rings' }), 'granted')
      assert.is(await reasonOf(desk, { client, callId: 'denied' }), 'daily_limit_reached')
      assert.equal(await desk.usage(client), [
        { day: '2026-01-14', amount: '0', reserved: '0.06', reached: false },
      ])
      assert.equal(await toldOf(desk, client), nothing)
      await answered(desk, client, 'rings')
      assert.is(await reasonOf(desk, { client, callId: 'denied again' }), 'daily_limit_reached')
      assert.equal(await toldOf(desk, client), once)
      assert.is((await desk.usage(client))[0]?.reached, true)
    }))

  test(`${who}: a ringing leg that goes away leaves the day open, and one that is answered in part does too`, () =>
    atDesk(async (desk) => {
      const { clientId: client } = await desk.aCaller({ ...settings, maxDailyUsage: '0.12' })
      await desk.authorize({ client, callId: 'answered' })
      await answered(desk, client, 'answered')
      await desk.authorize({ client, callId: 'rings' })
      assert.is(await reasonOf(desk, { client, callId: 'denied' }), 'daily_limit_reached')
      assert.equal(await toldOf(desk, client), nothing)
      await desk.authorizer.releaseGrant(client, 'rings', { brandId: null })
      assert.is(await reasonOf(desk, { client, callId: 'after' }), 'granted')
    }))

  test(`${who}: an authorization beyond midnight is asked of the day that it names, and held on it`, () =>
    atDesk(async (desk) => {
      const timeZone = 'Europe/Madrid'
      const { clientId: client } = await desk.aCaller({ ...settings, timeZone, maxDailyUsage: '0.06' })
      await desk.settle(aCallOf(client, 'spends', { seconds: 60 }).end)
      assert.is(await reasonOf(desk, { client, callId: 'today' }), 'daily_limit_reached')
      const at = Date.parse('2026-01-14T23:00:00Z')
      assert.is(await reasonOf(desk, { client, callId: 'last second', at: at - 1000 }), 'daily_limit_reached')
      const grant = await desk.authorize({ client, callId: 'tomorrow', at })
      assert.is(grant.allowed && grant.maxDurationSeconds, 60)
      assert.is(await reasonOf(desk, { client, callId: 'too', at: at + 1000 }), 'daily_limit_reached')
      assert.equal(await desk.usage(client), [
        { day: '2026-01-14', amount: '0.06', reserved: '0', reached: true },
        { day: '2026-01-15', amount: '0', reserved: '0.06', reached: false },
      ])
      assert.equal(await toldOf(desk, client), once)
    }))

  test(`${who}: the day before is asked where the authorization names it, and nobody is told of it`, () =>
    atDesk(async (desk) => {
      const { clientId: client } = await desk.aCaller({ ...settings, maxDailyUsage: '0' })
      const at = Date.parse('2026-01-13T23:59:59Z')
      assert.is(await reasonOf(desk, { client, callId: 'yesterday', at }), 'daily_limit_reached')
      assert.equal(await desk.usage(client), [
        { day: '2026-01-13', amount: '0', reserved: '0', reached: true },
      ])
      assert.equal(await toldOf(desk, client), nothing)
      assert.is(await reasonOf(desk, { client, callId: 'today' }), 'daily_limit_reached')
      assert.equal(await toldOf(desk, client), once)
    }))

  test(`${who}: late events that reach the limit of a day that is over tell nobody, those of today do`, () =>
    atDesk(async (desk) => {
      const { clientId: client } = await desk.aCaller({ ...settings, maxDailyUsage: '0.06' })
      const startedAt = '2026-01-13T12:00:00Z'
      await desk.settle(aCallOf(client, 'late', { startedAt, seconds: 60 }).end)
      await desk.settle(aCallOf(client, 'later', { startedAt, seconds: 60 }).end)
      assert.equal(await desk.usage(client), [
        { day: '2026-01-13', amount: '0.12', reserved: '0', reached: true },
      ])
      assert.equal(await toldOf(desk, client), nothing)
      await desk.settle(aCallOf(client, 'today', { seconds: 60 }).end)
      assert.equal(await toldOf(desk, client), once)
    }))
}

test('a grant of tomorrow leaves the longest call to the limit of its own day', () =>
  atDesk(async (desk) => {
    const { clientId: client } = await desk.aCaller({ maxDailyUsage: '0.06' })
    // 30 s before the midnight that ends its day: from then on a whole new day may be spent.
    const at = Date.parse('2026-01-14T23:59:30Z')
    const grant = await desk.authorize({ client, callId: 'a', at })
    assert.is(grant.allowed && grant.maxDurationSeconds, 60)
    assert.equal(await desk.usage(client), [
      { day: '2026-01-14', amount: '0', reserved: '0.06', reached: false },
    ])
  }))

test('a leg held on tomorrow that is answered today is held on today when its next slice is bought', () =>
  atDesk(async (desk) => {
    const { clientId: client } = await desk.aCaller({ maxDailyUsage: '1' })
    await desk.authorize({ client, callId: 'a', at: Date.parse('2026-01-15T00:00:00Z') })
    await answered(desk, client, 'a')
    desk.moveClock(53)
    await desk.meter()
    assert.equal(await desk.usage(client), [
      { day: '2026-01-14', amount: '0', reserved: '0.12', reached: false },
      { day: '2026-01-15', amount: '0', reserved: '0', reached: false },
    ])
  }))

test.run()
