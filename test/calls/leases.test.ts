/**
 * Grants from leases, on one replica and on three: the same answers as under the lock, and the same books.
 */
import { randomUUID } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { connect } from 'nats'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { postMovement } from '../../src/accounts/post-movement.ts'
import type { Api } from '../../src/api/api.ts'
import { authorizationRoutes } from '../../src/api/calls/authorizations.ts'
import type { ApiContext } from '../../src/api/context.ts'
import type { AuthorizationAnswer } from '../../src/calls/authorize/authorization-answer.ts'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import { resolveLegs } from '../../src/calls/authorize/resolve-client.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import { bookLeasedLeg, bookLeasedLegs } from '../../src/calls/leases/book-leased-legs.ts'
import { Leases } from '../../src/calls/leases/leases.ts'
import { meterCalls } from '../../src/calls/running/meter-calls.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { findBalance } from '../../src/db/accounts/read-accounts.ts'
import { parseInstant } from '../../src/db/columns.ts'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { startAuthorizationResponder } from '../../src/events/authorization-responder.ts'
import { type Broker, openBroker } from '../../src/events/broker.ts'
import type { Identity } from '../../src/identities/identity.ts'
import { LeasesInTheWay, whenLeasesAreBack } from '../../src/ledger/leases-in-the-way.ts'
import { balances } from '../../src/verify/balances.ts'
import { leases as leaseCheck } from '../../src/verify/leases.ts'
import { reservations } from '../../src/verify/reservations.ts'
import { openBrokerDoor, until } from '../events/broker-door.ts'
import { anEvent, type CallDesk, type ClientSettings, noLegFacts } from './a-call-desk.ts'
import { countOf, openReplicas, type Replica, type ReplicaSet } from './a-set-of-replicas.ts'

const test = suite('leases')

let desk: CallDesk
let set: ReplicaSet

test.before(async () => {
  set = await openReplicas(3)
  desk = set.desk
})
test.before.each(() => set.beginAnew())
test.after(() => set.close())

const replicaAt = (number: number) => set.at(number)
const authorize: ReplicaSet['authorize'] = (...asked) => set.authorize(...asked)
const writeAll = () => set.writeAll()
const passMinute = () => set.passMinute()

/** One increment of a call costs 0.06. */
async function aCaller(settings: ClientSettings & { brandMaxCalls?: number } = {}) {
  const brandId = await desk.aBrand({ maxCalls: settings.brandMaxCalls ?? 0 })
  const steps = [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: 60 }]
  const ratingPlanId = await desk.aPlan(brandId, { steps })
  const clientId = await desk.aClient(brandId, { ratingPlanId, ...settings })
  if (settings.brandMaxCalls)
    await desk.sql`insert into brand_counters (brand_id) values (${brandId}) on conflict do nothing`
  await desk.refresh()
  return { brandId, clientId }
}

const warmCalls = 10

/** By so many calls that hold one increment each. */
function held(calls: number): number {
  return (calls * 6) / 100
}

/** The route of the API over a replica, for an engine whose key was good. */
function openHttpDoor({ context, authorizer }: Replica) {
  const app = Fastify().withTypeProvider<TypeBoxTypeProvider>() as Api
  app.decorateRequest('identity', null)
  app.addHook('onRequest', (request, _reply, done) => {
    request.identity = { role: 'engine', brandId: null } as Identity
    done()
  })
  authorizationRoutes(app, { calls: context, authorizer } as Partial<ApiContext> as ApiContext)
  return app
}

/** The client asks enough at each of the replicas for them to lease something. Answers how many legs it was granted. */
async function leaseAt(numbers: readonly number[], clientId: string): Promise<number> {
  for (const number of numbers) {
    const asked = Array.from({ length: warmCalls }, (_, i) =>
      authorize(number, clientId, `warm ${number}.${i}`),
    )
    for (const answer of await Promise.all(asked)) assert.ok(answer.allowed)
    await replicaAt(number).leases.size([clientId])
  }
  return numbers.length * warmCalls
}

async function listLeases(clientId: string) {
  return desk.sql`
    select replica, trim_scale(money)::text as money, client_slots, brand_slots, marked
    from leases where client_id = ${clientId}`
}

async function balanceOf(clientId: string) {
  const found = await findBalance(desk.sql, clientId)
  return { balance: Number(found?.balance), reserved: Number(found?.reserved), leased: Number(found?.leased) }
}

const checkBooks = (clientId: string) => set.checkBooks(clientId)

test('a busy client is granted from a lease, written behind, and settled as any other', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60', maxCalls: 400 })
  const first = await authorize(0, clientId, 'first')
  await leaseAt([0], clientId)
  const [lease] = await listLeases(clientId)
  // For a quarter of the slots that are left.
  assert.equal(
    { ...lease },
    { replica: replicaAt(0).leases.replica, money: '5.82', client_slots: 97, brand_slots: 0, marked: false },
  )
  const before = await desk.counted('authorizations_total{outcome="granted",reason="",path="lease"}')
  const answer = await authorize(0, clientId, 'leased')
  const counted = await desk.counted('authorizations_total{outcome="granted",reason="",path="lease"}')
  assert.is(counted - before, 1)
  assert.ok(answer.allowed && first.allowed)
  assert.equal(Object.keys(answer), Object.keys(first))
  // 60 less 12 first slices of 0.06 pays 988 minutes: more than the longest call.
  assert.is(answer.maxDurationSeconds, 10_800)
  assert.ok(replicaAt(0).leases.findUnwritten({ clientId, callId: 'leased' }))
  await writeAll()
  assert.equal(await balanceOf(clientId), { balance: 60, reserved: 0.72, leased: 5.76 })
  assert.is(await desk.call(clientId, 'leased'), undefined)

  const startedAt = desk.now()
  const times = { startedAt, answeredAt: startedAt, endedAt: startedAt + 90_000 }
  desk.moveClock(90)
  const leg = { client: clientId, callId: 'leased' }
  await settleCalls(replicaAt(1).context, {
    events: [anEvent({ kind: 'start', ...leg, startedAt }), anEvent({ kind: 'end', ...leg, ...times })],
    undeliverable: [],
  })
  const call = await desk.call(clientId, 'leased')
  assert.is(call?.status, 'priced')
  assert.is(call?.price, '0.12')
  assert.equal(await balanceOf(clientId), { balance: 59.88, reserved: 0.66, leased: 5.76 })
  await checkBooks(clientId)
})

test('what a leased leg says is kept, whatever characters it has', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  await leaseAt([0], clientId)
  const callId = 'a,"b"\\{c};d NULL'
  const said = {
    from: 'Ana "A", {1}\\2\u001e\n\u00e9',
    sipCallId: '"quoted", \\ and {braced}\u001e@pbx',
    forwardedFrom: null,
    engine: 'sbc1',
    engineRef: 'null',
    labels: { 'trunk, "main"': 'a\\b\u001ec', empty: '' },
  }
  const asked = { client: clientId, callId, direction: 'outbound' as const, to: '+34600111222', ...said }
  const { authorizer, context } = replicaAt(0)
  const answer = await authorizer.authorize(
    { ...asked, sourceIp: null, toClient: null, fromClient: null, at: desk.now() },
    { brandId: null, deadlineAt: desk.now() + 60_000 },
  )
  assert.ok(answer.allowed)
  assert.ok(context.leases?.findUnwritten({ clientId, callId }))
  await writeAll()
  const isFound = await bookLeasedLeg(context, { clientId, callId })
  assert.ok(isFound)
  const [call] = await desk.sql`
    select from_number as from, sip_call_id, forwarded_from, engine, engine_ref, labels,
           max_duration_seconds, authorized_at, expires_at - authorized_at as lasts
    from calls where client_id = ${clientId} and call_id = ${callId}`
  assert.equal(call?.from, said.from)
  assert.equal(
    [call?.sip_call_id, call?.forwarded_from, call?.engine, call?.engine_ref],
    [said.sipCallId, null, said.engine, said.engineRef],
  )
  assert.equal(typeof call?.labels === 'string' ? JSON.parse(call.labels) : call?.labels, said.labels)
  assert.is(call?.max_duration_seconds, answer.maxDurationSeconds)
  assert.is(parseInstant(call?.authorized_at), desk.now())
  assert.is(call?.lasts, '00:03:00')
  await checkBooks(clientId)
})

test('an inbound leg that holds a slot of a lease is priced by its own profiles', async () => {
  const { brandId, clientId } = await aCaller({
    billingMethod: 'postpaid',
    maxCalls: 400,
    ratingPlanId: null,
  })
  const ratingPlanId = await desk.aPlan(brandId)
  await desk.sql`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at, direction)
    values (${randomUUID()}, ${clientId}, ${ratingPlanId}, '2000-01-01T00:00:00Z', 'inbound')`
  await desk.refresh()
  const { authorizer, leases } = replicaAt(0)
  const ask = async (callId: string) =>
    authorizer.authorize(
      {
        ...{ client: clientId, callId, direction: 'inbound', from: '+4915112345678', to: '+34600111222' },
        ...{ ...noLegFacts, sourceIp: null, toClient: null, fromClient: null, at: desk.now() },
      },
      { brandId: null, deadlineAt: desk.now() + 60_000 },
    )
  for (let i = 0; i < warmCalls; i++) assert.ok((await ask(`warm ${i}`)).allowed)
  await leases.size([clientId])
  const answer = await ask('leased')
  assert.ok(answer.allowed)
  assert.is(answer.rate?.prefix, '346')
  assert.ok(leases.findUnwritten({ clientId, callId: 'leased' }))
  await writeAll()
  await checkBooks(clientId)
})

/** Of each limit, with one replica and with three. LEASE_ROUNDS=1000 takes an hour. */
const rounds = Number(process.env.LEASE_ROUNDS ?? 2)

for (const { limit, settings, reason } of [
  { limit: 'money', settings: { billingMethod: 'prepaid', balance: '6.18' }, reason: 'insufficient_balance' },
  {
    limit: 'credit',
    settings: { billingMethod: 'postpaid', creditLimit: '6.18' },
    reason: 'insufficient_balance',
  },
  { limit: 'Max calls of the client', settings: { maxCalls: 103 }, reason: 'max_calls_reached' },
  { limit: 'Max calls of the brand', settings: { brandMaxCalls: 103 }, reason: 'max_calls_reached' },
  { limit: 'the daily limit', settings: { maxDailyUsage: '6.18' }, reason: 'daily_limit_reached' },
] as const) {
  for (const count of [1, 3]) {
    test(`${limit} for 73 more calls grants exactly 73 of 200 asks, leased by ${count} replica${count === 1 ? '' : 's'}`, async () => {
      for (let round = 0; round < rounds; round++) {
        const { clientId } = await aCaller(settings)
        const numbers = Array.from({ length: count }, (_, i) => i)
        const warm = await leaseAt(numbers, clientId)
        for (let i = warm; i < 30; i++) assert.ok((await authorize(0, clientId, `more ${i}`)).allowed)
        assert.is((await listLeases(clientId)).length, count)
        const answers = await Promise.all(
          Array.from({ length: 200 }, (_, i) => authorize(i % count, clientId, `race ${i}`)),
        )
        assert.equal(countOf(answers), { granted: 73, [reason]: 127 })
        await writeAll()
        await checkBooks(clientId)
        await passMinute()
      }
    })
  }
}

test('money for 73 more calls grants exactly 73 of 200 asks, over HTTP and NATS, of three replicas', async () => {
  const door = await openBrokerDoor()
  const brokers = await Promise.all(set.replicas.map(() => openBroker({ url: door.url })))
  const responders = set.replicas.map(({ authorizer }, i) =>
    startAuthorizationResponder({ broker: brokers[i] as Broker, authorizer }),
  )
  const doors = set.replicas.map(openHttpDoor)
  const engine = await connect({ servers: door.url })
  const message = (client: string, callId: string) => ({
    ...{ client, callId, from: '+34911000111', to: '+34600111222' },
    at: new Date(desk.now()).toISOString(),
  })
  const askOverNats = async (client: string, callId: string) =>
    (
      await engine.request('billing.authorize', JSON.stringify(message(client, callId)), { timeout: 20_000 })
    ).json<AuthorizationAnswer>()
  const askOverHttp = async (client: string, callId: string, i: number) => {
    const request = { method: 'POST' as const, url: '/v1/authorizations', body: message(client, callId) }
    return (await doors[i % doors.length]?.inject(request))?.json<AuthorizationAnswer>()
  }
  for (let round = 0; round < rounds; round++) {
    const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '6.18' })
    await leaseAt([0, 1, 2], clientId)
    await until('somebody answers', () =>
      askOverNats(clientId, 'warm 0.0').then(
        ({ allowed }) => allowed,
        () => false,
      ),
    )
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        i % 2 === 0 ? askOverNats(clientId, `race ${i}`) : askOverHttp(clientId, `race ${i}`, i),
      ),
    )
    assert.equal(countOf(answers.filter((answer) => answer !== undefined)), {
      granted: 73,
      insufficient_balance: 127,
    })
    await writeAll()
    await checkBooks(clientId)
    await passMinute()
  }
  await engine.close()
  for (const one of [...responders, ...doors, ...brokers, door]) await one.close()
})

test('the same call asked of three replicas at once is one reservation', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const warm = await leaseAt([0, 1, 2], clientId)
  const answers = await Promise.all([0, 1, 2, 0, 1, 2].map((replica) => authorize(replica, clientId, 'one')))
  assert.equal(countOf(answers), { granted: 6 })
  await writeAll()
  assert.is((await balanceOf(clientId)).reserved, held(warm + 1))
  await checkBooks(clientId)
  assert.is((await desk.account(clientId)).reserved, String(held(warm + 1)))
})

test('a repeat with the money of all leases gone is granted again, never denied', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '3' })
  await leaseAt([0], clientId)
  const leased = await authorize(0, clientId, 'leased')
  assert.ok(leased.allowed)
  // All the rest is held by replica 1.
  const rest = await Promise.all(Array.from({ length: 60 }, (_, i) => authorize(1, clientId, `rest ${i}`)))
  assert.equal(countOf(rest), { granted: 39, insufficient_balance: 21 })
  assert.ok((await authorize(2, clientId, 'leased')).allowed)
  assert.ok((await authorize(0, clientId, 'leased')).allowed)
  await checkBooks(clientId)
})

test('the same callId to another number or in another direction is refused while its grant is not written', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  await leaseAt([0], clientId)
  assert.ok((await authorize(0, clientId, 'one')).allowed)
  const other = await authorize(0, clientId, 'one', '+34600111333').catch((error) => error.code)
  assert.is(other, 'call_id_reused')
  await writeAll()
  const later = await authorize(1, clientId, 'one', '+34600111333').catch((error) => error.code)
  assert.is(later, 'call_id_reused')
})

for (const where of [0, 1]) {
  const place = where === 0 ? 'the same replica' : 'another replica'
  test(`a release at ${place} behind a grant that is not written leaves nothing held`, async () => {
    const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
    const warm = await leaseAt([0], clientId)
    const { money: before } = (await listLeases(clientId))[0] ?? {}
    assert.ok((await authorize(0, clientId, 'one')).allowed)
    await replicaAt(where).authorizer.releaseGrant(clientId, 'one', { brandId: null })
    await writeAll()
    assert.is((await balanceOf(clientId)).reserved, held(warm))
    // Where the grant is known it is written first, and its part of the lease is the account's again.
    const inLease = where === 0 ? Number(before) - held(1) : Number(before)
    assert.is(Number((await listLeases(clientId))[0]?.money), inLease)
    assert.is((await desk.call(clientId, 'one'))?.status, where === 0 ? 'expired' : undefined)
    // What was released may be asked for again.
    assert.ok((await authorize(where, clientId, 'one')).allowed)
    await writeAll()
    assert.is((await balanceOf(clientId)).reserved, held(warm + 1))
    await checkBooks(clientId)
    assert.is((await desk.account(clientId)).reserved, String(held(warm + 1)))
  })

  for (const kind of ['start', 'end'] as const) {
    test(`${kind === 'start' ? 'a start' : 'an end'} at ${place} that overtakes its grant is one call with one reservation`, async () => {
      const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '3' })
      const warm = await leaseAt([0], clientId)
      assert.ok((await authorize(0, clientId, 'one')).allowed)
      const startedAt = desk.now()
      const leg = { client: clientId, callId: 'one', startedAt }
      const event =
        kind === 'start'
          ? anEvent({ kind, ...leg })
          : anEvent({ kind, ...leg, answeredAt: startedAt, endedAt: startedAt + 1000 })
      await settleCalls(replicaAt(where).context, { events: [event], undeliverable: [] })
      await writeAll()
      const call = await desk.call(clientId, 'one')
      assert.is(call?.status, kind === 'start' ? 'started' : 'priced')
      assert.equal(call?.flags, kind === 'start' ? [] : ['no_start'])
      assert.is((await balanceOf(clientId)).reserved, held(warm + (kind === 'start' ? 1 : 0)))
      await checkBooks(clientId)
    })
  }
}

test('a start without a grant is not hung up for money that replicas have leased', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '3' })
  await leaseAt([0], clientId)
  const rest = await Promise.all(Array.from({ length: 31 }, (_, i) => authorize(1, clientId, `rest ${i}`)))
  assert.equal(countOf(rest), { granted: 31 })
  const one = anEvent({ kind: 'start', client: clientId, callId: 'unasked', startedAt: desk.now() })
  await settleCalls(replicaAt(2).context, { events: [one], undeliverable: [] })
  assert.equal((await desk.call(clientId, 'unasked'))?.flags, [])
  await checkBooks(clientId)
})

test('a running call is not hung up for money that replicas have leased', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '3' })
  assert.ok((await authorize(1, clientId, 'runs')).allowed)
  const startedAt = desk.now()
  const start = anEvent({ kind: 'start', client: clientId, callId: 'runs', startedAt, answeredAt: startedAt })
  await settleCalls(replicaAt(1).context, { events: [start], undeliverable: [] })
  await leaseAt([0], clientId)
  const [lease] = await listLeases(clientId)
  const free = Math.round((3 - 11 * 0.06 - Number(lease?.money)) / 0.06)
  for (let i = 0; i < free; i++) assert.ok((await authorize(1, clientId, `rest ${i}`)).allowed)
  desk.moveClock(55)
  const { context, changed } = replicaAt(2)
  await meterCalls(context, changed)
  desk.moveClock(1)
  await meterCalls(context, changed)
  const [call] = await desk.sql`
    select reserved_seconds, hangup_reason from calls where client_id = ${clientId} and call_id = 'runs'`
  assert.equal({ ...call }, { reserved_seconds: 120, hangup_reason: null })
  await checkBooks(clientId)
})

test('a replica that does not answer makes it unavailable, not denied, until its lease is void', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '3', failurePolicy: 'allow' })
  await leaseAt([0], clientId)
  set.silent.add(replicaAt(0).leases.replica)
  const [lease] = await listLeases(clientId)
  const free = Math.round((3 - 10 * 0.06 - Number(lease?.money)) / 0.06)
  for (let i = 0; i < free; i++) assert.ok((await authorize(1, clientId, `rest ${i}`)).allowed)
  assert.equal(countOf([await authorize(1, clientId, 'more')]), { service_unavailable: 1 })
  assert.is((await listLeases(clientId))[0]?.marked, true)

  await desk.sql`update leases set renewed_at = now() - interval '11 s' where client_id = ${clientId}`
  const { leases } = replicaAt(1)
  // A server that has just been seen for the first time lets late grants in first.
  await leases.sweep()
  assert.is((await listLeases(clientId)).length, 1)
  set.elapse(11_000)
  await leases.sweep()
  assert.is((await listLeases(clientId)).length, 0)
  assert.ok((await authorize(1, clientId, 'more')).allowed)
  set.silent.clear()
  await checkBooks(clientId)
})

test('a holder that is asked and never answers is waited for 250 ms', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '3', failurePolicy: 'allow' })
  await leaseAt([0], clientId)
  const [lease] = await listLeases(clientId)
  const asked: string[] = []
  const context = { ...replicaAt(1).context }
  // With the wait of the service itself.
  context.leases = new Leases(context, {
    mode: 'on',
    ticks: 'when-told',
    monotonic: set.monotonic,
    askReplica(replica) {
      asked.push(replica)
      return new Promise(() => {})
    },
  })
  const authorizer = new Authorizer(context)
  const waits: unknown[] = []
  const { setTimeout } = globalThis
  try {
    const free = Math.round((3 - 10 * 0.06 - Number(lease?.money)) / 0.06)
    for (let i = 0; i < free; i++) assert.ok((await authorize({ authorizer }, clientId, `rest ${i}`)).allowed)
    globalThis.setTimeout = Object.assign(
      (...given: Parameters<typeof setTimeout>) => {
        waits.push(given[1])
        return setTimeout(...given)
      },
      { __promisify__: setTimeout.__promisify__ },
    ) as typeof setTimeout
    assert.equal(countOf([await authorize({ authorizer }, clientId, 'more')]), { service_unavailable: 1 })
  } finally {
    globalThis.setTimeout = setTimeout
    await authorizer.close()
    await context.leases.close()
  }
  assert.equal(asked, [replicaAt(0).leases.replica])
  assert.ok(waits.includes(250), String(waits))
  await checkBooks(clientId)
})

test('a holder that could not renew for 8 s grants nothing from its lease', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  await leaseAt([0], clientId)
  set.elapse(7999)
  assert.ok((await authorize(0, clientId, 'in time')).allowed)
  assert.ok(replicaAt(0).leases.findUnwritten({ clientId, callId: 'in time' }))
  set.elapse(1)
  assert.ok((await authorize(0, clientId, 'late')).allowed)
  assert.is(replicaAt(0).leases.findUnwritten({ clientId, callId: 'late' }), undefined)
  await checkBooks(clientId)
})

test('a grant written after its lease was freed is held by its account at once', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  await leaseAt([0], clientId)
  assert.ok((await authorize(0, clientId, 'late')).allowed)
  await desk.sql`delete from leases where client_id = ${clientId}`
  set.elapse(9000)
  await writeAll()
  assert.is((await desk.account(clientId)).reserved, '0.66')
  await checkBooks(clientId)
})

test('leases are renewed each second, marked ones are given back, idle ones too', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  await leaseAt([0, 1], clientId)
  const [holder, other] = [replicaAt(0), replicaAt(1)]
  await desk.sql`update leases set renewed_at = now() - interval '5 s' where client_id = ${clientId}`
  await desk.sql`update leases set marked = true where replica = ${other.leases.replica}`
  set.elapse(1000)
  await holder.leases.tick()
  await other.leases.tick()
  const [lease, ...none] = await desk.sql`
    select replica, renewed_at > now() - interval '4 s' as renewed from leases where client_id = ${clientId}`
  assert.equal({ ...lease }, { replica: holder.leases.replica, renewed: true })
  assert.equal(none, [])
  for (let second = 0; second < 8; second++) {
    set.elapse(1000)
    await holder.leases.tick()
  }
  assert.equal(await balanceOf(clientId), { balance: 60, reserved: 1.2, leased: 0 })
  await checkBooks(clientId)
})

test('a lease shrinks when its client asks less, and what is left of it is granted on', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60', maxCalls: 400 })
  const asked = Array.from({ length: 40 }, (_, i) => authorize(0, clientId, `warm ${i}`))
  assert.equal(countOf(await Promise.all(asked)), { granted: 40 })
  const { leases } = replicaAt(0)
  await leases.size([clientId])
  // A quarter of the slots that are left.
  assert.equal(
    (await listLeases(clientId)).map((lease) => ({ money: lease.money, slots: lease.client_slots })),
    [{ money: '5.4', slots: 90 }],
  )
  for (let second = 0; second < 4; second++) {
    set.elapse(1000)
    await leases.tick()
  }
  // The pace was halved each second, and what was more than twice as much for 10 seconds went back: at 2.5 a second, once.
  const [lease, ...others] = await listLeases(clientId)
  assert.equal(others, [])
  assert.equal({ money: lease?.money, slots: lease?.client_slots }, { money: '1.5', slots: 25 })
  const rest = await Promise.all(Array.from({ length: 10 }, (_, i) => authorize(0, clientId, `more ${i}`)))
  assert.equal(countOf(rest), { granted: 10 })
  await writeAll()
  assert.equal(await balanceOf(clientId), { balance: 60, reserved: held(50), leased: 0.9 })
  await checkBooks(clientId)
})

test('money is taken by hand only when the leases of the account are back', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const warm = await leaseAt([0, 1], clientId)
  const post = (amount: string) =>
    replicaAt(2).context.db.transaction((tx) =>
      postMovement(tx, {
        ...{ clientId, amount, reference: null, actor: 'test', idempotencyKey: null, now: desk.now() },
        kind: 'adjustment',
      }),
    )
  await post('1')
  assert.is((await listLeases(clientId)).length, 2)
  const taken = await post('-50').catch((error) => error)
  assert.instance(taken, LeasesInTheWay)
  const { leases } = replicaAt(2)
  await whenLeasesAreBack(
    (owners) => leases.callBack(owners),
    () => post('-50'),
  )
  assert.equal(await balanceOf(clientId), { balance: 11, reserved: held(warm), leased: 0 })
  const left = Math.floor((11 - warm * 0.06) / 0.06)
  const answers = await Promise.all(
    Array.from({ length: left + 5 }, (_, i) => authorize(i, clientId, `after ${i}`)),
  )
  assert.equal(countOf(answers), { granted: left, insufficient_balance: 5 })
  await checkBooks(clientId)
})

test('what was leased by a limit before it was lowered is called back', async () => {
  const { clientId } = await aCaller({ maxCalls: 200 })
  await leaseAt([0, 1], clientId)
  await desk.sql`update clients set max_calls = 25 where id = ${clientId}`
  await desk.sql`update configuration_version set version = version + 1`
  await desk.refresh()
  await replicaAt(2).leases.callBackAll({ clientIds: [clientId], brandIds: [] })
  assert.is((await listLeases(clientId)).length, 0)
  const answers = await Promise.all(Array.from({ length: 9 }, (_, i) => authorize(i, clientId, `after ${i}`)))
  assert.equal(countOf(answers), { granted: 5, max_calls_reached: 4 })
})

test('a leg that was granted from a lease and never begun expires, as any other', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const warm = await leaseAt([0], clientId)
  desk.moveClock(100)
  assert.ok((await authorize(0, clientId, 'one')).allowed)
  await writeAll()
  desk.moveClock(100)
  while ((await expireCalls(replicaAt(1).context)) > 0) {}
  assert.is((await balanceOf(clientId)).reserved, 0.06)
  desk.moveClock(100)
  while ((await expireCalls(replicaAt(1).context)) > 0) {}
  assert.is((await desk.call(clientId, 'one'))?.status, 'expired')
  const [expired] = await desk.sql`
    select count(*)::integer as calls from calls where client_id = ${clientId} and status = 'expired'`
  assert.is(expired?.calls, warm + 1)
  assert.is((await balanceOf(clientId)).reserved, 0)
  await checkBooks(clientId)
})

test('a callId that was used up long ago and is granted from a lease is hung up', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const startedAt = desk.now()
  desk.moveClock(3600)
  const times = { startedAt, answeredAt: startedAt, endedAt: startedAt + 60_000 }
  // On a replica of which the others know nothing.
  await desk.settle(anEvent({ kind: 'end', client: clientId, callId: 'used', ...times }))
  desk.moveClock(3600)
  const warm = await leaseAt([0], clientId)
  assert.ok((await authorize(0, clientId, 'used')).allowed)
  await writeAll()
  assert.is((await balanceOf(clientId)).reserved, held(warm))
  const commands = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.calls.hangup')
  assert.is(commands.length, 1)
  assert.is(commands[0].data.callId, 'used')
  assert.is(commands[0].data.reason, 'call_id_reused')
  await checkBooks(clientId)
})

test('a leg that was granted from a lease is a call as soon as somebody looks for it', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const warm = await leaseAt([0], clientId)
  for (const callId of ['one', 'two', 'three']) assert.ok((await authorize(0, clientId, callId)).allowed)
  await bookLeasedLeg(replicaAt(0).context, { clientId, callId: 'one' })
  assert.is((await desk.call(clientId, 'one'))?.status, 'authorized')
  assert.is(await desk.call(clientId, 'two'), undefined)
  await bookLeasedLegs(replicaAt(1).context, clientId, 500)
  assert.is((await desk.call(clientId, 'three'))?.status, 'authorized')
  assert.is((await desk.account(clientId)).reserved, String(held(warm + 3)))
  await checkBooks(clientId)
})

test('a leg is found under the name that its client had, before its grant is written', async () => {
  const name = 'passed.example.com'
  const passedAt = '2026-01-14T09:30:00Z'
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60', sipDomain: name })
  await desk.rename(clientId, 'gone.example.com', passedAt)
  const takerId = await desk.aTaker(await desk.aBrand(), { sipDomain: name }, passedAt)
  await leaseAt([0], clientId)
  await authorize(0, clientId, 'leased')
  assert.ok(replicaAt(0).leases.findUnwritten({ clientId, callId: 'leased' }))
  const find = async (callId: string) => {
    const leg = { client: name, callId, at: desk.now() }
    const [found] = await resolveLegs(replicaAt(0).context, [{ leg, brandId: null }], desk.now())
    return found?.id
  }
  assert.equal([await find('leased'), await find('of nobody')], [clientId, takerId])
  await writeAll()
  assert.is(await find('leased'), clientId)
  await checkBooks(clientId)
})

test('a replica that stops writes what it has answered and gives all back', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const { context } = replicaAt(0)
  const leases = new Leases(context, {
    mode: 'on',
    ticks: 'when-told',
    monotonic: set.monotonic,
    askReplica: async () => {},
  })
  const stopping: CallsContext = { ...context, leases }
  const authorizer = new Authorizer(stopping)
  const ask = (callId: string) => authorize({ authorizer }, clientId, callId)
  await Promise.all(Array.from({ length: 10 }, (_, i) => ask(`warm ${i}`)))
  await leases.size([clientId])
  assert.ok((await ask('last')).allowed)
  assert.ok(leases.findUnwritten({ clientId, callId: 'last' }))
  await authorizer.close()
  await leases.close()
  assert.equal(await balanceOf(clientId), { balance: 60, reserved: 0.66, leased: 0 })
  assert.is((await desk.call(clientId, 'last'))?.status, 'authorized')
})

test('while PostgreSQL is away legs that a lease covers are granted as ever, for 8 s', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const authorizations = openDatabase(desk.databaseUrl, { role: 'tollgate_worker', connections: 2 })
  const context: CallsContext = { ...replicaAt(0).context, authorizationSql: authorizations.$client }
  const leases = new Leases(context, {
    ...{ mode: 'on', ticks: 'when-told', monotonic: set.monotonic },
    askReplica: async () => {},
  })
  context.leases = leases
  const authorizer = new Authorizer(context)
  const ask = (callId: string) => authorize({ authorizer }, clientId, callId)
  await Promise.all(Array.from({ length: 10 }, (_, i) => ask(`warm ${i}`)))
  await leases.size([clientId])
  await closeDatabase(authorizations)
  set.elapse(5000)
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(`leg ${i}`)))
  assert.equal(countOf(answers), { granted: 50 })
  assert.equal(await ask('leg 1'), answers[1])
  set.elapse(3000)
  assert.equal(countOf([await ask('late')]), { service_unavailable: 1 })
  await authorizer.close()
  // PostgreSQL is there again: what was answered is written, and all is given back.
  context.authorizationSql = replicaAt(0).context.authorizationSql
  await leases.close()
  assert.equal(await balanceOf(clientId), { balance: 60, reserved: held(60), leased: 0 })
  await checkBooks(clientId)
})

test('without PostgreSQL 95 of 100 asks are answered as ever for 5 s, of clients that asked once a second or oftener', async () => {
  const callers = await Promise.all(
    [1, 1, 1, 2, 2, 2, 4, 4, 8, 8].map(async (perSecond) => ({
      perSecond,
      ...(await aCaller({ billingMethod: 'prepaid', balance: '60' })),
    })),
  )
  const authorizations = openDatabase(desk.databaseUrl, { role: 'tollgate_worker', connections: 2 })
  const context: CallsContext = { ...replicaAt(0).context, authorizationSql: authorizations.$client }
  const leases = new Leases(context, {
    ...{ mode: 'on', ticks: 'when-told', monotonic: set.monotonic },
    askReplica: async () => {},
  })
  context.leases = leases
  const authorizer = new Authorizer(context)
  let asked = 0
  const answers: Promise<AuthorizationAnswer>[] = []
  const pass = async (seconds: number) => {
    answers.length = 0
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      set.elapse(100)
      callers.forEach(({ clientId, perSecond }, i) => {
        // Each at a moment of its own.
        const turns = (at: number) => Math.floor((at * perSecond) / 10 + i / 7)
        for (let turn = turns(tenth); turn < turns(tenth + 1); turn++)
          answers.push(authorize({ authorizer }, clientId, `leg ${asked++}`))
      })
      await leases.tick()
    }
    return countOf(await Promise.all(answers))
  }
  await pass(9)
  await closeDatabase(authorizations)
  const { granted = 0, ...others } = await pass(5)
  assert.ok(granted / answers.length >= 0.95, `${granted} of ${answers.length}, ${JSON.stringify(others)}`)
  await authorizer.close()
  // PostgreSQL is there again: what was answered is written, and all is given back.
  context.authorizationSql = replicaAt(0).context.authorizationSql
  await leases.close()
  for (const { clientId } of callers) await checkBooks(clientId)
})

test('a lease of which the books may hold more than was answered is given back whole', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const warm = await leaseAt([0], clientId)
  const [lease] = await listLeases(clientId)
  // Its making was committed, and the line broke before that was known.
  await desk.sql`
    insert into leases (client_id, epoch, replica, brand_id, day, money, client_slots, brand_slots)
    select client_id, gen_random_uuid(), replica, brand_id, day, 6, 0, 0 from leases where client_id = ${clientId}`
  set.elapse(1000)
  await replicaAt(0).leases.tick()
  assert.equal(
    (await listLeases(clientId)).map(({ money }) => money),
    [lease?.money],
  )
  assert.is((await balanceOf(clientId)).reserved, held(warm))
  await checkBooks(clientId)
})

test('a leg that was granted from a lease is hung up when its client is suspended', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60' })
  const { context, changed } = replicaAt(1)
  await meterCalls(context, changed)
  await leaseAt([0], clientId)
  assert.ok((await authorize(0, clientId, 'one')).allowed)
  await writeAll()
  await desk.sql`update clients set suspended = true where id = ${clientId}`
  await desk.sql`update configuration_version set version = version + 1`
  await desk.refresh()
  await meterCalls(context, changed)
  const commands = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.calls.hangup')
  assert.ok(commands.some(({ data }) => data.callId === 'one' && data.reason === 'client_suspended'))
  await checkBooks(clientId)
})

test('verification adds up leases, and finds one that holds less than it has granted', async () => {
  const { clientId } = await aCaller({ billingMethod: 'prepaid', balance: '60', maxCalls: 400 })
  await leaseAt([0, 1], clientId)
  assert.ok((await authorize(0, clientId, 'one')).allowed)
  await writeAll()
  const differences = async () => {
    const asked = { clientIds: [clientId], from: null, before: null, pricesPerClient: null }
    const found = await Promise.all(
      [leaseCheck, reservations, balances].map((check) => check.find(desk.sql, asked)),
    )
    // The clock of these calls stands in the past: to the database they are long over.
    return found.flat().filter(({ detail }) => !detail.includes('over, and still holds'))
  }
  assert.equal(await differences(), [])
  await desk.sql`update leases set money = 0.03 where client_id = ${clientId}`
  const [found, ...others] = await differences()
  assert.match(found?.detail ?? '', /holds 0\.03, \d+ and 0 slots, its grants have taken 0\.06, 1 and 0/)
  assert.equal(others, [])
  await checkBooks(clientId)
})

test.run()
