/**
 * Toll fraud as it comes: what guards let pass, what they end, and what it has cost.
 */
import { randomUUID } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { CallGuards } from '../../src/calls/guards/call-guards.ts'
import { GuardedCallEnder } from '../../src/calls/guards/hang-up-guarded-calls.ts'
import { loadAllGuardHistory, loadMissingGuardHistory } from '../../src/calls/guards/load-guard-history.ts'
import { tellTrippedGuards } from '../../src/calls/guards/tell-tripped-guards.ts'
import { testGuard } from '../../src/calls/guards/test-guard.ts'
import { parseInstant } from '../../src/db/columns.ts'
import type { SpendGuard } from '../../src/limits/spend-guard.ts'
import { Decimal } from '../../src/money.ts'
import { premiumPrefixes } from '../../src/rating/high-risk-prefixes.ts'
import { anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('spend guards')

let desk: CallDesk
test.before(async () => {
  desk = await openCallDesk('2026-01-14T03:00:00Z')
})
test.after(() => desk.close())

interface GuardSettings {
  clientId?: string
  limits: Record<string, string | number>
  action?: 'alert' | 'deny' | 'deny-and-hang-up'
  highRisk?: true
  prefixes?: string[]
}

async function aGuard(
  brandId: string,
  { clientId, limits, action = 'deny', highRisk, prefixes }: GuardSettings,
) {
  const id = randomUUID()
  await desk.sql`
    insert into spend_guards (id, brand_id, client_id, name, enabled, prefixes, high_risk, limits, action, created_at)
    values (${id}, ${brandId}, ${clientId ?? null}, 'The guard', true, ${prefixes ?? null}::text[],
            ${highRisk ?? null}::boolean, ${JSON.stringify(limits)}, ${action}, ${new Date(desk.now()).toISOString()})`
  await desk.refresh()
  return id
}

/** 40 premium numbers of 20 countries, at 1.50 to 3.75 a minute by whole minutes. */
const premium = [...new Set(Object.values(premiumPrefixes).flatMap((texts) => texts.split(' ').slice(0, 2)))]
  .filter((prefix) => !prefix.startsWith('1'))
  .slice(0, 40)
const perMinute = (place: number) => new Decimal('1.5').plus(new Decimal('0.25').times(place % 10)).toFixed()

/** A client whose deck has those numbers, and the mobiles of the call desk. */
async function aVictim(
  settings: Parameters<CallDesk['aCaller']>[0] = {},
  prefixes: readonly string[] = premium,
) {
  const { brandId, clientId, ratingPlanId } = await desk.aCaller(settings)
  const [plan] = await desk.sql`
    select entries -> 0 ->> 'rateDeckId' as deck from rating_plan_versions where rating_plan_id = ${ratingPlanId}`
  for (const [place, prefix] of prefixes.entries()) {
    const steps = [{ fromSecond: 0, rate: perMinute(place), perSeconds: 60, incrementSeconds: 60 }]
    const rate = {
      connectFee: '0',
      steps,
      minimumPrice: null,
      maximumPrice: null,
      maximumPriceAction: 'free',
    }
    await desk.sql`
      insert into rates (rate_deck_id, prefix, from_version, destination, terms)
      values (${plan?.deck}, ${prefix}, 2, ${`Premium ${prefix}`}, ${JSON.stringify({ ...rate, blocked: false })})`
  }
  await desk.sql`
    insert into rate_deck_versions (rate_deck_id, version, effective_at, rounding_mode, rounding_decimals, rates)
    values (${plan?.deck}, 2, '2020-01-02T00:00:00Z', 'up', 4, ${prefixes.length + 3})`
  await desk.refresh()
  return { brandId, clientId }
}

let legs = 0
/** Parallel legs to the premium numbers, one after another in the same moment. */
async function aWave(clientId: string, size: number, prefixes: readonly string[] = premium) {
  const asked = Array.from({ length: size }, (_, place) => {
    legs++
    const to = `+${prefixes[place % prefixes.length]}55512`
    return { callId: `wave-${legs}`, to }
  })
  const answers = await Promise.all(asked.map((leg) => desk.authorize({ client: clientId, ...leg })))
  return asked.filter((_, place) => answers[place]?.allowed)
}

async function answerLegs(clientId: string, granted: readonly { callId: string; to: string }[]) {
  const now = desk.now()
  const leg = { client: clientId, startedAt: now, answeredAt: now }
  await desk.settle(...granted.map((one) => anEvent({ kind: 'start', ...leg, ...one })))
}

/** Each leg ends when it is told to, else after three hours. Answers what they have cost. */
async function endLegs(
  clientId: string,
  granted: readonly { callId: string; to: string }[],
): Promise<string> {
  const told = await desk.sql`
    select call_id, hangup_end_by from calls where client_id = ${clientId} and hangup_reason = 'spend_guard'`
  const endsBy = new Map(told.map((row) => [row.call_id, parseInstant(row.hangup_end_by)]))
  const answeredAt = desk.now()
  desk.moveClock(10_800)
  await desk.settle(
    ...granted.map(({ callId, to }) => {
      const endedAt = endsBy.get(callId) ?? answeredAt + 10_800_000
      const times = { startedAt: answeredAt, answeredAt, endedAt: Math.max(endedAt, answeredAt + 1000) }
      return anEvent({ kind: 'end', client: clientId, callId, to, ...times, cause: 16 })
    }),
  )
  const [sum] = await desk.sql`
    select coalesce(trim_scale(sum(price)), 0)::text as price from calls where client_id = ${clientId}`
  return String(sum?.price)
}

const told: string[] = []
const tell = (line: string) => told.push(line)

test('the wave with deny-and-hang-up: 200 parallel calls end at 10 EUR and one slice a leg', async () => {
  const { brandId, clientId } = await aVictim()
  await aGuard(brandId, { highRisk: true, limits: { spendPerHour: '10' }, action: 'deny-and-hang-up' })
  const granted = await aWave(clientId, 200)
  // 1.50 + 1.75 + 2.00 + 2.25 + 2.50 = 10.00: the sixth first minute of 2.75 does not fit, nor does any other.
  assert.is(granted.length, 5)
  await answerLegs(clientId, granted)
  const ender = new GuardedCallEnder(desk.context)
  assert.is(await ender.endCalls(), 5)
  const hangups = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.calls.hangup')
  assert.equal([...new Set(hangups.map(({ data }) => data.reason))], ['spend_guard'])
  assert.equal(hangups.length, 5)
  const loss = await endLegs(clientId, granted)
  tell(`wave, deny-and-hang-up: ${loss} EUR`)
  assert.is(loss, '10')
})

test('the wave with deny: what was granted before the limit goes on for three hours', async () => {
  const { brandId, clientId } = await aVictim()
  await aGuard(brandId, { highRisk: true, limits: { spendPerHour: '10' } })
  const granted = await aWave(clientId, 200)
  assert.is(granted.length, 5)
  await answerLegs(clientId, granted)
  assert.is(await new GuardedCallEnder(desk.context).endCalls(), 0)
  const loss = await endLegs(clientId, granted)
  tell(`wave, deny: ${loss} EUR`)
  // Five legs of 10 EUR a minute together, 180 minutes.
  assert.is(loss, '1800')
})

test('the wave without a guard costs what it costs', async () => {
  const { clientId } = await aVictim()
  const granted = await aWave(clientId, 200)
  assert.is(granted.length, 200)
  await answerLegs(clientId, granted)
  const loss = await endLegs(clientId, granted)
  tell(`wave, no guard: ${loss} EUR`)
  // 200 legs of 2.625 a minute on average, 180 minutes.
  assert.is(loss, '94500')
})

test('without high-risk numbers in the deck a guard on spendPerHour alone does the same', async () => {
  const { brandId, clientId } = await aVictim({}, ['5355', '371255', '23276'])
  await aGuard(brandId, { limits: { spendPerHour: '10' }, action: 'deny-and-hang-up' })
  const granted = await aWave(clientId, 200, ['5355', '371255', '23276'])
  // 1.50, 1.75, 2.00, 1.50, 1.75 are 8.50; then 1.50 fits where 2.00 does not: 10.00.
  assert.is(granted.length, 6)
  await answerLegs(clientId, granted)
  assert.is(await new GuardedCallEnder(desk.context).endCalls(), 6)
  const loss = await endLegs(clientId, granted)
  tell(`wave to numbers of no risk, spendPerHour: ${loss} EUR`)
  assert.is(loss, '10')
})

test('a leg that was granted before the limit is hung up when its start comes after it', async () => {
  const { brandId, clientId } = await aVictim()
  await aGuard(brandId, { highRisk: true, limits: { spendPerHour: '10' }, action: 'deny-and-hang-up' })
  const granted = await aWave(clientId, 200)
  const ender = new GuardedCallEnder(desk.context)
  // Grants that hold nothing have no row yet.
  assert.is(await ender.endCalls(), 0)
  await answerLegs(clientId, granted)
  assert.is(await ender.endCalls(), 0)
  desk.moveClock(1)
  assert.is(await ender.endCalls(), 5)
})

/** Cuba, Somalia, Latvia, Lebanon: at 1.50, 1.75, 2.00 and 2.25 a minute. */
const dripped = ['5355', '25290', '37190', '96170']

/** One channel that calls each 12 hours a country more, for three hours. Answers how many were granted, and what they cost. */
async function aDrip(guardLimits: Record<string, string | number> | null) {
  const { brandId, clientId } = await aVictim({}, dripped)
  if (guardLimits) await aGuard(brandId, { limits: guardLimits, action: 'alert' })
  const home = { callId: 'home', to: '+34600111222' }
  assert.is((await desk.authorize({ client: clientId, ...home })).allowed, true)
  await answerLegs(clientId, [home])
  const before = await endLegs(clientId, [home])
  let granted = 0
  let cost = before
  for (const prefix of dripped) {
    desk.moveClock(9 * 3600)
    const leg = { callId: `drip-${prefix}`, to: `+${prefix}512345` }
    const answer = await desk.authorize({ client: clientId, ...leg })
    if (!answer.allowed) {
      assert.is(answer.reason, 'spend_guard')
      continue
    }
    granted++
    await answerLegs(clientId, [leg])
    cost = await endLegs(clientId, [leg])
  }
  assert.is((await desk.authorize({ client: clientId, ...home, callId: 'again' })).allowed, true)
  return { granted, loss: new Decimal(cost).minus(before).toFixed() }
}

test('a slow drip: calls to new countries are refused, however long after each other they come', async () => {
  assert.equal(await aDrip(null), { granted: 4, loss: '1350' })
  // An hour and a minute see one call at a time.
  assert.equal(await aDrip({ callsPerMinute: 5, runningCalls: 1 }), { granted: 4, loss: '1350' })
  assert.equal(await aDrip({ newCountries: 'deny' }), { granted: 0, loss: '0' })
  tell('slow drip to four new countries, 12 h apart: 1350 EUR without a guard, newCountries deny: 0 EUR')
})

test('call pumping: 3,000 calls of three seconds in ten minutes come to what the guard lets pass', async () => {
  const { brandId, clientId } = await aVictim({}, ['5355'])
  await aGuard(brandId, { limits: { callsPerMinute: 10 } })
  let passed = 0
  for (let i = 0; i < 3000; i++) {
    const leg = { callId: `pump-${i}`, to: '+5355512345' }
    if ((await desk.authorize({ client: clientId, ...leg })).allowed) passed++
    if (i % 5 === 4) desk.moveClock(1)
  }
  // Ten a minute, of the ten minutes.
  assert.is(passed, 100)
  tell(`call pumping of 3,000 calls, callsPerMinute 10: ${passed} calls, ${1.5 * passed} EUR`)
})

test('pseudoprepaid: parallel calls overdraw by no more than the guard lets run', async () => {
  const settings = { billingMethod: 'pseudoprepaid', balance: '10' } as const
  const free = await aVictim(settings, ['5355'])
  const unguarded = await aWave(free.clientId, 50, ['5355'])
  const { brandId, clientId } = await aVictim(settings, ['5355'])
  await aGuard(brandId, { limits: { spendPerHour: '3' }, action: 'deny-and-hang-up' })
  const granted = await aWave(clientId, 50, ['5355'])
  // 1.50 each: the first two. Each was granted six minutes of the 10.
  assert.is(granted.length, 2)
  await answerLegs(clientId, granted)
  assert.is(await new GuardedCallEnder(desk.context).endCalls(), 2)
  const loss = await endLegs(clientId, granted)
  assert.is(loss, '3')
  tell(`pseudoprepaid with 10 EUR: ${unguarded.length} parallel grants without a guard, ${loss} EUR with one`)
})

test('emergency, free and internal numbers are never touched, and no inbound leg', async () => {
  const brandId = await desk.aBrand({ freeNumbers: ['34900100200'] })
  const plan = await desk.aPlan(brandId)
  const clientId = await desk.aClient(brandId, { ratingPlanId: plan })
  await aGuard(brandId, {
    limits: { runningCalls: 0, callsPerMinute: 0, spendPerHour: '0' },
    action: 'deny-and-hang-up',
  })
  const ask = async (callId: string, leg: object) =>
    (await desk.authorize({ client: clientId, callId, ...leg })).allowed
  assert.is(await ask('emergency', { to: '112' }), true)
  assert.is(await ask('free', { to: '+34900100200' }), true)
  assert.is(await ask('internal', { toClient: clientId }), true)
  assert.is(await ask('inbound', { direction: 'inbound' }), true)
  assert.is(await ask('paid', {}), false)
})

test('a guard comes after what blocks the number, and before calls, day and balance', async () => {
  const { brandId, clientId } = await desk.aCaller({ maxCalls: 1, billingMethod: 'prepaid', balance: '0' })
  const reason = async (leg: object) => {
    const answer = await desk.authorize({ client: clientId, callId: randomUUID(), ...leg })
    return 'reason' in answer ? answer.reason : 'granted'
  }
  assert.is(await reason({}), 'insufficient_balance')
  const id = await aGuard(brandId, { limits: { callsPerMinute: 0 } })
  assert.is(await reason({ to: '+995551234' }), 'destination_blocked')
  assert.is(await reason({}), 'spend_guard')
  const denied = await desk.authorize({ client: clientId, callId: randomUUID() })
  assert.equal('guard' in denied && denied.guard, { id, name: 'The guard' })
  assert.equal('sip' in denied && [denied.sip.code, denied.q850], [403, 21])
})

test('a leg that money refuses never counted', async () => {
  const { brandId, clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0' })
  await aGuard(brandId, { limits: { callsPerMinute: 1 } })
  for (let i = 0; i < 3; i++) {
    const answer = await desk.authorize({ client: clientId, callId: `poor-${i}` })
    assert.is('reason' in answer && answer.reason, 'insufficient_balance')
  }
})

test('a leg that runs without having been asked for is flagged and hung up', async () => {
  const { brandId, clientId } = await desk.aCaller()
  await aGuard(brandId, { limits: { callsPerMinute: 0 } })
  await answerLegs(clientId, [{ callId: 'unasked', to: '+34600111222' }])
  assert.equal((await desk.call(clientId, 'unasked'))?.flags, ['spend_guard'])
  const [fact] = await desk.facts(clientId)
  assert.is(fact.data.reason, 'spend_guard')
})

test('what a leg costs that only its end tells counts when it is settled', async () => {
  const { brandId, clientId } = await aVictim({}, ['5355'])
  await aGuard(brandId, { limits: { spendPerHour: '10' } })
  const now = desk.now()
  const times = { startedAt: now - 600_000, answeredAt: now - 600_000, endedAt: now }
  await desk.settle(
    anEvent({ kind: 'end', client: clientId, callId: 'late', to: '+5355512345', ...times, cause: 16 }),
  )
  // Ten minutes of 1.50.
  const answer = await desk.authorize({ client: clientId, callId: 'next', to: '+5355512345' })
  assert.is('reason' in answer && answer.reason, 'spend_guard')
})

test('one fact and one mail per guard, client and hour, with how many legs were refused', async () => {
  const { brandId, clientId } = await aVictim({ maxDailyUsageEmail: 'noc@acme.example' })
  const id = await aGuard(brandId, { highRisk: true, limits: { spendPerHour: '10' } })
  await tellTrippedGuards(desk.context)
  await aWave(clientId, 100)
  assert.is(await tellTrippedGuards(desk.context), 1)
  await aWave(clientId, 50)
  assert.is(await tellTrippedGuards(desk.context), 0)
  const [event] = await desk.sql`
    select limit_name, limit_value, trim_scale(spent)::text as spent, refused from guard_events
    where client_id = ${clientId}`
  assert.equal({ ...event }, { limit_name: 'spendPerHour', limit_value: '10', spent: '10', refused: 145 })
  const facts = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.guards.tripped')
  assert.is(facts.length, 1)
  assert.equal(facts[0].data.guard, { id, name: 'The guard' })
  assert.equal(facts[0].data.limit, { name: 'spendPerHour', value: '10' })
  const mails = await desk.sql`select kind, recipient from mails where client_id = ${clientId}`
  assert.equal(
    [...mails].map((row) => ({ ...row })),
    [{ kind: 'spend-guard', recipient: 'noc@acme.example' }],
  )
  desk.moveClock(3600)
  await aWave(clientId, 100)
  assert.is(await tellTrippedGuards(desk.context), 1)
})

test('a new replica counts what is running and what the last hours have cost', async () => {
  const { brandId, clientId } = await aVictim()
  await aGuard(brandId, { highRisk: true, limits: { spendPerHour: '10', runningCalls: 5 } })
  const granted = await aWave(clientId, 200)
  await answerLegs(clientId, granted.slice(0, 2))
  await desk.settle(
    ...granted.slice(2).map(({ callId, to }) => {
      const times = { startedAt: desk.now(), answeredAt: desk.now(), endedAt: desk.now() + 30_000 }
      return anEvent({ kind: 'end', client: clientId, callId, to, ...times, cause: 16 })
    }),
  )
  const { guards } = desk.context
  desk.context.guards = new CallGuards({ configuration: desk.configuration, clock: desk.now })
  try {
    await loadAllGuardHistory(desk.context)
    assert.is((await aWave(clientId, 40)).length, 0)
    // The hour is over for all but the running legs, whose minutes go on counting.
    desk.moveClock(3600)
    desk.context.guards.advance()
    assert.is((await aWave(clientId, 40)).length, 0)
  } finally {
    desk.context.guards = guards
  }
})

test('a guard that is made while calls run knows them', async () => {
  const { brandId, clientId } = await aVictim({}, ['5355'])
  const granted = await aWave(clientId, 8, ['5355'])
  await answerLegs(clientId, granted)
  await aGuard(brandId, { limits: { spendPerHour: '12' } })
  await loadMissingGuardHistory(desk.context)
  // Its first leg tells that what was before is not known yet.
  const first = await desk.authorize({ client: clientId, callId: 'first', to: '+5355512345' })
  assert.is(first.allowed, true)
  assert.is(await loadMissingGuardHistory(desk.context), 1)
  assert.is(await loadMissingGuardHistory(desk.context), 0)
  const second = await desk.authorize({ client: clientId, callId: 'second', to: '+5355512345' })
  assert.is('reason' in second && second.reason, 'spend_guard')
})

test('replicas count the legs of each other', async () => {
  const { brandId, clientId } = await aVictim()
  await aGuard(brandId, { highRisk: true, limits: { spendPerHour: '10' } })
  const here = desk.context.guards
  const other = new CallGuards({ configuration: desk.configuration, clock: desk.now })
  here.startTelling()
  const granted = await aWave(clientId, 200)
  other.hear(JSON.parse(JSON.stringify(here.takeNews(1000))))
  desk.context.guards = other
  try {
    assert.is((await aWave(clientId, 40)).length, 0)
    // All are over unanswered: told by whoever settles them.
    desk.context.guards = here
    const times = { startedAt: desk.now(), answeredAt: null, endedAt: desk.now() }
    await desk.settle(
      ...granted.map((leg) => anEvent({ kind: 'end', client: clientId, ...leg, ...times, cause: 19 })),
    )
    other.hear(JSON.parse(JSON.stringify(here.takeNews(1000))))
    desk.context.guards = other
    assert.is((await aWave(clientId, 200)).length, 5)
  } finally {
    desk.context.guards = here
  }
})

test('a replica that appears is told of the legs that stand, also of those without a row', async () => {
  const { brandId, clientId } = await aVictim({ billingMethod: 'postpaid' })
  await aGuard(brandId, { limits: { runningCalls: 6, spendPerHour: '1000' } })
  const here = desk.context.guards
  here.stopTelling()
  const [placed, ...ringing] = await aWave(clientId, 6)
  assert.is(ringing.length, 5)
  await answerLegs(clientId, placed ? [placed] : [])
  assert.is((await desk.sql`select call_id from calls where client_id = ${clientId}`).length, 1)
  const other = new CallGuards({ configuration: desk.configuration, clock: desk.now })
  here.startTelling()
  const context = { ...desk.context, guards: other }
  const news = JSON.parse(JSON.stringify(here.takeNews(1000)))
  // Whether it is told before or after it has read what the database knows.
  other.hear(news)
  await loadAllGuardHistory(context)
  other.hear(news)
  desk.context.guards = other
  try {
    assert.is((await aWave(clientId, 1)).length, 0)
    other.release(clientId, ringing[0]?.callId ?? '')
    assert.is((await aWave(clientId, 2)).length, 1)
  } finally {
    desk.context.guards = here
    here.stopTelling()
  }
})

test('a test on past calls tells what a guard would have stopped, and changes nothing', async () => {
  const { brandId, clientId } = await aVictim()
  const granted = await aWave(clientId, 200)
  await answerLegs(clientId, granted)
  await endLegs(clientId, granted)
  desk.moveClock(86_400)
  const client = desk.configuration.getClient(clientId)
  const guard: Omit<SpendGuard, 'action'> = {
    ...{ id: randomUUID(), name: 'Tried', when: null, prefixes: null, currency: 'EUR' },
    highRisk: true,
    ...{ email: null, createdAt: 0, limits: { spendPerHour: new Decimal('10') } },
  }
  const ofDeny = await testGuard(desk.context, {
    guard: { ...guard, action: 'deny' },
    clients: [client],
    days: 30,
  })
  assert.equal([ofDeny.calls, ofDeny.spent.toFixed()], [200, '94500'])
  // In the order of their callIds other legs come first than in the wave: at most 10 EUR a minute still run.
  assert.is(ofDeny.stoppedCalls, 195)
  assert.ok(ofDeny.stoppedSpend.gte(new Decimal('94500').minus('1800')), ofDeny.stoppedSpend.toFixed())
  const ofBoth = await testGuard(desk.context, {
    guard: { ...guard, action: 'deny-and-hang-up' },
    clients: [client],
    days: 30,
  })
  assert.is(ofBoth.stoppedCalls, 200)
  assert.ok(ofBoth.stoppedSpend.gt('94400'), ofBoth.stoppedSpend.toFixed())
  assert.is((await desk.sql`select id from guard_events where brand_id = ${brandId}`).length, 0)
})

test('what it cost', () => {
  for (const line of told) console.log(line)
  assert.is(told.length, 7)
})

test.run()
