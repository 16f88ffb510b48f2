import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { alertDeniedLimits } from '../../src/calls/authorize/alert-denied-limits.ts'
import type { Denial, Grant } from '../../src/calls/authorize/authorization-answer.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { CallIdReused, InvalidRequest } from '../../src/errors.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('authorize')
let desk: CallDesk

test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

async function granted(request: Parameters<CallDesk['authorize']>[0]): Promise<Grant> {
  const answer = await desk.authorize(request)
  assert.is(answer.allowed, true, JSON.stringify(answer))
  return answer as Grant
}

async function deniedReason(request: Parameters<CallDesk['authorize']>[0]): Promise<string> {
  const answer = await desk.authorize(request)
  assert.is(answer.allowed, false, JSON.stringify(answer))
  return (answer as Denial).reason
}

test('a grant names the rate, the plan, the profile and how long the leg may last', async () => {
  const { clientId, ratingPlanId } = await desk.aCaller()
  const grant = await granted({ client: clientId, callId: 'a' })
  assert.is(grant.toNormalized, '34600111222')
  assert.is(grant.maxDurationSeconds, 10800)
  assert.is(grant.expiresAt, '2026-01-14T10:03:00.000Z')
  assert.is(grant.rate?.destination, 'Spain mobile')
  assert.is(grant.rate?.prefix, '346')
  assert.is(grant.rate?.currency, 'EUR')
  assert.is(grant.rate?.ratingPlanId, ratingPlanId)
  assert.equal(grant.rate?.steps, [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 1 }])
  assert.equal(grant.routing, {
    outgoingDdi: null,
    mediaRelaySet: null,
    applicationServer: null,
    recording: { onDemand: 'off', serviceCode: null, clientMayRemove: true },
  })
})

test('a grant that holds nothing writes nothing', async () => {
  const { clientId } = await desk.aCaller()
  await granted({ client: clientId, callId: 'unlimited' })
  assert.is(await desk.call(clientId, 'unlimited'), undefined)
})

test('the reasons of the closed list, each with its codes', async () => {
  const brandId = await desk.aBrand()
  const ratingPlanId = await desk.aPlan(brandId)
  const client = await desk.aClient(brandId, { ratingPlanId })
  const suspended = await desk.aClient(brandId, { ratingPlanId, suspended: true })
  const unprofiled = await desk.aClient(brandId)
  const filtered = await desk.aClient(brandId, { ratingPlanId, filterByIp: true })
  const empty = await desk.aClient(brandId, { ratingPlanId, billingMethod: 'prepaid' })
  const spent = await desk.aClient(brandId, { ratingPlanId, maxDailyUsage: '0' })
  await desk.refresh()
  const cases: [string, Record<string, string>, number, number][] = [
    ['invalid_number', { client, to: 'bob' }, 484, 28],
    ['invalid_number', { client, to: '' }, 484, 28],
    ['unknown_client', { client: 'nobody.example.com' }, 403, 21],
    ['client_suspended', { client: suspended }, 403, 21],
    ['ip_not_allowed', { client: filtered, sourceIp: '203.0.113.7' }, 403, 21],
    ['no_rating_profile', { client: unprofiled }, 403, 21],
    ['destination_not_priced', { client, to: '+81312345678' }, 404, 3],
    ['destination_blocked', { client, to: '+99123' }, 403, 21],
    ['daily_limit_reached', { client: spent }, 403, 21],
    ['insufficient_balance', { client: empty }, 402, 21],
  ]
  for (const [reason, request, sip, q850] of cases) {
    const answer = (await desk.authorize({ client, callId: 'refused', ...request })) as Denial
    assert.is(answer.reason, reason)
    assert.equal([answer.sip.code, answer.q850], [sip, q850], reason)
    assert.is(answer.clientId, reason === 'unknown_client' ? null : request.client, reason)
    assert.is('announcement' in answer, false, 'voiceNotifications is off')
  }
})

test('emergency numbers are granted over suspension, filter, Max calls and an empty balance', async () => {
  const brandId = await desk.aBrand({ maxCalls: 1, specialNumbers: ['34016', '+34061'] })
  const client = await desk.aClient(brandId, { suspended: true, filterByIp: true, billingMethod: 'prepaid' })
  await desk.refresh()
  for (const to of ['112', '+112', '34016', '+34016', '34061', '+34061']) {
    const grant = await granted({ client, callId: `emergency ${to}`, to })
    assert.is(grant.special, true)
    assert.is(grant.rate, null)
  }
  assert.is(await deniedReason({ client, callId: 'other', to: '1120' }), 'client_suspended')
})

test('a call within the corporation is free, needs no profile and takes no slot', async () => {
  const brandId = await desk.aBrand()
  const [row] = await desk.sql`
    insert into corporations (id, brand_id, name) values (gen_random_uuid(), ${brandId}, 'Group') returning id`
  const corporationId = String(row?.id)
  const one = await desk.aClient(brandId, { corporationId, maxCalls: 1 })
  const other = await desk.aClient(brandId, { corporationId })
  await desk.refresh()
  for (const toClient of [other, one]) {
    const grant = await granted({ client: one, callId: `to ${toClient}`, toClient })
    assert.equal([grant.internal, grant.rate], [true, null])
  }
  assert.is((await desk.account(one)).running_calls, 0)
})

test('Max calls counts inbound and outbound from authorization on, and an end frees the slot', async () => {
  const { clientId: client } = await desk.aCaller({ maxCalls: 2 })
  await granted({ client, callId: 'out' })
  await granted({ client, callId: 'in', direction: 'inbound' })
  const outbound = (await desk.authorize({ client, callId: 'third' })) as Denial
  assert.equal([outbound.reason, outbound.sip.code, outbound.q850], ['max_calls_reached', 403, 21])
  const inbound = (await desk.authorize({ client, callId: 'third', direction: 'inbound' })) as Denial
  assert.equal([inbound.reason, inbound.sip.code, inbound.q850], ['max_calls_reached', 486, 17])
  await desk.settle(aCallOf(client, 'out').end)
  await granted({ client, callId: 'third' })
})

test("the brand's Max calls holds over all its clients", async () => {
  const brandId = await desk.aBrand({ maxCalls: 1 })
  const ratingPlanId = await desk.aPlan(brandId)
  const one = await desk.aClient(brandId, { ratingPlanId })
  const other = await desk.aClient(brandId, { ratingPlanId })
  await desk.refresh()
  await granted({ client: one, callId: 'first' })
  assert.is(await deniedReason({ client: other, callId: 'second' }), 'max_calls_reached')
  await desk.settle(aCallOf(one, 'first').end)
  await granted({ client: other, callId: 'second' })
})

test('prepaid reserves the first slice, shortened to the increments that the money buys', async () => {
  const { clientId: client } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.1005' })
  const first = await granted({ client, callId: 'first' })
  assert.is(first.maxDurationSeconds, 100)
  assert.is((await desk.account(client)).reserved, '0.06')
  const second = await granted({ client, callId: 'second' })
  assert.is(second.maxDurationSeconds, 40)
  assert.is((await desk.account(client)).reserved, '0.1')
  assert.is(await deniedReason({ client, callId: 'third' }), 'insufficient_balance')
})

test('parallel authorizations on money for exactly 73 first increments grant exactly 73', async () => {
  const brandId = await desk.aBrand()
  const steps = [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 }]
  const ratingPlanId = await desk.aPlan(brandId, { steps })
  const client = await desk.aClient(brandId, { ratingPlanId, billingMethod: 'prepaid', balance: '4.38' })
  await desk.refresh()
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => desk.authorize({ client, callId: `race ${i}` })),
  )
  assert.is(answers.filter((answer) => answer.allowed).length, 73)
  assert.equal(await desk.account(client), { balance: '4.38', reserved: '4.38', running_calls: 0 })
})

test('pseudoprepaid is granted what the free balance buys', async () => {
  const { clientId: client } = await desk.aCaller({ billingMethod: 'pseudoprepaid', balance: '0.30' })
  assert.is((await granted({ client, callId: 'a' })).maxDurationSeconds, 300)
  assert.is((await granted({ client, callId: 'b' })).maxDurationSeconds, 240)
})

test('a postpaid client with a credit limit is held to it', async () => {
  const { clientId: client } = await desk.aCaller({ creditLimit: '0.06' })
  assert.is((await granted({ client, callId: 'a' })).maxDurationSeconds, 60)
  assert.is(await deniedReason({ client, callId: 'b' }), 'insufficient_balance')
})

test('a repeat of a grant reserves nothing twice and answers the same', async () => {
  const { clientId: client } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1' })
  const first = await granted({ client, callId: 'again' })
  desk.moveClock(2)
  const again = await granted({ client, callId: 'again' })
  desk.moveClock(-2)
  assert.equal(again, first)
  assert.is((await desk.account(client)).reserved, '0.06')
  const [one, two] = await Promise.all([
    granted({ client, callId: 'both' }),
    granted({ client, callId: 'both' }),
  ])
  assert.equal(one, two)
  assert.is((await desk.account(client)).reserved, '0.12')
})

for (const settings of [{}, { maxCalls: 5 }]) {
  const what = 'maxCalls' in settings ? 'that holds a slot' : 'that holds nothing'
  test(`the callId of a grant ${what} is refused for another number, direction or after its end`, async () => {
    const { clientId: client } = await desk.aCaller(settings)
    const isReused = (error: unknown) => error instanceof CallIdReused && error.status === 409
    await granted({ client, callId: 'used' })
    // Another spelling of the number is the same leg.
    await granted({ client, callId: 'used', to: '0034600111222' })
    for (const other of [{ to: '+447700900123' }, { direction: 'inbound' as const }]) {
      const answer = await desk.authorize({ client, callId: 'used', ...other }).catch((error) => error)
      assert.ok(isReused(answer), JSON.stringify(other))
    }
    await desk.settle(aCallOf(client, 'used').end)
    assert.ok(isReused(await desk.authorize({ client, callId: 'used' }).catch((error) => error)))
  })
}

test('the callId of a lasting grant is refused for the other direction where one of the two holds nothing', async () => {
  const own = await openCallDesk()
  try {
    const { clientId: client } = await own.aCaller({ billingMethod: 'prepaid', balance: '5' })
    for (const [callId, first, second] of [
      ['out then in', 'outbound', 'inbound'],
      ['in then out', 'inbound', 'outbound'],
    ] as const) {
      await own.authorize({ client, callId, direction: first })
      const answer = await own.authorize({ client, callId, direction: second }).catch((error) => error)
      assert.instance(answer, CallIdReused, callId)
      own.moveClock(181)
      assert.ok((await own.authorize({ client, callId, direction: second })).allowed, callId)
    }
  } finally {
    await own.close()
  }
})

test('a grant handed back gives back what it held, and is decided anew', async () => {
  const { clientId: client } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.06', maxCalls: 1 })
  await granted({ client, callId: 'given up' })
  await desk.authorizer.releaseGrant(client, 'given up', { brandId: null })
  await desk.authorizer.releaseGrant(client, 'never asked', { brandId: null })
  assert.equal(await desk.account(client), { balance: '0.06', reserved: '0', running_calls: 0 })
  await granted({ client, callId: 'given up', to: '+34611000000' })
})

test('a grant that no start follows ends after 180 s and frees slot and money', async () => {
  const own = await openCallDesk()
  try {
    const { clientId: client } = await own.aCaller({ billingMethod: 'prepaid', balance: '1', maxCalls: 1 })
    await own.authorize({ client, callId: 'never started' })
    own.moveClock(179)
    assert.is(await expireCalls(own.context), 0)
    own.moveClock(1)
    assert.is(await expireCalls(own.context), 1)
    assert.equal(await own.account(client), { balance: '1', reserved: '0', running_calls: 0 })
    assert.is((await own.call(client, 'never started'))?.status, 'expired')
    assert.is((await own.authorize({ client, callId: 'never started' })).allowed, true)
  } finally {
    await own.close()
  }
})

test('a start after the grant has ended takes slot and money again', async () => {
  const own = await openCallDesk()
  try {
    const { clientId: client } = await own.aCaller({ billingMethod: 'prepaid', balance: '1', maxCalls: 1 })
    await own.authorize({ client, callId: 'late' })
    own.moveClock(200)
    await expireCalls(own.context)
    await own.settle(anEvent({ kind: 'start', client, callId: 'late', startedAt: own.now() }))
    assert.equal(await own.account(client), { balance: '1', reserved: '0.06', running_calls: 1 })
  } finally {
    await own.close()
  }
})

test('an end without an answer is unanswered after 60 s, and an answer that comes later charges it', async () => {
  const own = await openCallDesk('2026-01-14T10:00:00Z')
  try {
    const { clientId: client } = await own.aCaller()
    const { answer, end } = aCallOf(client, 'slow answer')
    await own.settle({ ...end, answeredAt: undefined })
    assert.is((await own.call(client, 'slow answer'))?.status, 'started')
    own.moveClock(61)
    assert.is(await expireCalls(own.context), 1)
    assert.is((await own.call(client, 'slow answer'))?.status, 'unanswered')
    await own.settle(answer)
    assert.equal(
      [(await own.call(client, 'slow answer'))?.status, await own.movements(client)],
      ['priced', [{ kind: 'charge', amount: '-0.06', balance_after: '-0.06', call_id: 'slow answer' }]],
    )
  } finally {
    await own.close()
  }
})

test('the daily limit denies what does not fit, lets free calls pass and is told within its own transaction', async () => {
  const { clientId: client } = await desk.aCaller({
    maxDailyUsage: '0.05',
    maxDailyUsageEmail: 'noc@acme.example',
  })
  const grant = await granted({ client, callId: 'fits' })
  assert.is(grant.maxDurationSeconds, 50)
  const at = desk.now()
  await desk.settle(anEvent({ kind: 'start', client, callId: 'fits', startedAt: at, answeredAt: at }))
  assert.is(await deniedReason({ client, callId: 'does not' }), 'daily_limit_reached')
  assert.equal(await desk.facts(client), [])
  await alertDeniedLimits(desk.context)
  await alertDeniedLimits(desk.context)
  assert.equal(
    (await desk.facts(client)).map((fact) => fact.type),
    ['billing.usage.limit-reached'],
  )
  const [mail] = await desk.sql`select count(*)::int from mails where client_id = ${client}`
  assert.is(mail?.count, 1)
})

test('the charge of a call takes the place of its reservation', async () => {
  const { clientId: client } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1' })
  await granted({ client, callId: 'whole' })
  const { start, end } = aCallOf(client, 'whole', { seconds: 30 })
  await desk.settle(start)
  assert.equal(await desk.account(client), { balance: '1', reserved: '0.06', running_calls: 0 })
  await desk.settle(end)
  assert.equal(await desk.account(client), { balance: '0.97', reserved: '0', running_calls: 0 })
  assert.equal(await desk.usage(client), [
    { day: '2026-01-14', amount: '0.03', reserved: '0', reached: false },
  ])
})

test('another brand cannot see a client', async () => {
  const { clientId: client } = await desk.aCaller()
  const brandId = await desk.aBrand()
  const answer = (await desk.authorize({ client, callId: 'foreign' }, { brandId })) as Denial
  assert.equal([answer.reason, answer.clientId], ['unknown_client', null])
})

test('at more than 48 hours away is refused with its place', async () => {
  const { clientId: client } = await desk.aCaller()
  const at = desk.now() + 48 * 3_600_000 + 1
  const error = await desk.authorize({ client, callId: 'far', at }).catch((fault) => fault)
  assert.ok(error instanceof InvalidRequest)
  assert.is(error.errors[0]?.pointer, '/at')
})

test('a client made on another replica is found before anybody is refused for it', async () => {
  const brandId = await desk.aBrand()
  const ratingPlanId = await desk.aPlan(brandId)
  const client = await desk.aClient(brandId, { ratingPlanId, maxCalls: 3 })
  await granted({ client, callId: 'just made' })
})

test.run()
