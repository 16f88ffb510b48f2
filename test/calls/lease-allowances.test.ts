/**
 * Leases that hold seconds of allowances, on one replica and on three: each second is on one call alone, and money pays
 * nothing that a second set aside anywhere would pay.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDueAllowancePeriods } from '../../src/calls/allowances/open-allowance-periods.ts'
import { meterCalls } from '../../src/calls/running/meter-calls.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { listPeriodsOfDay } from '../../src/db/clients/allowances.ts'
import { allowances as allowanceCheck } from '../../src/verify/allowances.ts'
import { leases as leaseCheck } from '../../src/verify/leases.ts'
import { anEvent, type CallDesk, type ClientSettings } from './a-call-desk.ts'
import { countOf, openReplicas, type ReplicaSet } from './a-set-of-replicas.ts'
import { type Bundle, subscribe } from './a-subscription.ts'

const test = suite('leases of allowances')

let desk: CallDesk
let set: ReplicaSet

test.before(async () => {
  set = await openReplicas(3)
  desk = set.desk
})
test.before.each(() => set.beginAnew())
test.after(() => set.close())

/** A client with a bundle. A second costs 0.001, and its first legs hold a minute each. */
async function aSubscriber(amount: number, settings: ClientSettings = {}, bundle: Bundle = {}) {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', ...settings })
  const id = await subscribe(desk, clientId, { items: [{ amount }], ...bundle })
  return { clientId, id }
}

const warmCalls = 10

/** The client asks enough at each of the replicas for them to lease something. Answers the legs it was granted. */
async function leaseAt(numbers: readonly number[], clientId: string): Promise<string[]> {
  const granted: string[] = []
  for (const number of numbers) {
    const callIds = Array.from({ length: warmCalls }, (_, i) => `warm ${number}.${i}`)
    const answers = await Promise.all(callIds.map((callId) => set.authorize(number, clientId, callId)))
    assert.equal(countOf(answers), { granted: warmCalls })
    await set.at(number).leases.size([clientId])
    granted.push(...callIds)
  }
  return granted
}

/** Seconds that each replica holds, in the order of the replicas; 0: none. */
async function leasedSeconds(clientId: string): Promise<number[]> {
  const rows = await desk.sql`select replica, allowances from leases where client_id = ${clientId}`
  return set.replicas.map(({ leases }) => {
    const row = rows.find(({ replica }) => replica === leases.replica)
    return Number(row?.allowances[0]?.amount ?? 0)
  })
}

/** As it stands, whatever is leased. */
async function readItem(id: string) {
  const [row] = await desk.sql`
    select used::float, reserved::float, leased::float from allowance_items where allowance_id = ${id}
    order by from_day limit 1`
  return { ...row }
}

async function endCalls(
  replica: number,
  client: string,
  callIds: readonly string[],
  seconds: number,
): Promise<void> {
  const endedAt = desk.now()
  const startedAt = endedAt - seconds * 1000
  const times = { startedAt, answeredAt: startedAt, endedAt }
  await settleCalls(set.at(replica).context, {
    events: callIds.map((callId) => anEvent({ kind: 'end', client, callId, ...times })),
    undeliverable: [],
  })
}

/** Leases are back, nothing is held twice, and each second that was used is on one call. */
async function checkBooks(clientId: string) {
  await set.writeAll()
  assert.equal(await listDifferences(clientId), [], 'with leases')
  await set.checkBooks(clientId)
  assert.equal(await listDifferences(clientId), [])
}

async function listDifferences(clientId: string): Promise<string[]> {
  const asked = { clientIds: [clientId], from: null, before: null, pricesPerClient: null }
  const found = await Promise.all([leaseCheck, allowanceCheck].map((check) => check.find(desk.sql, asked)))
  // The clock of these calls stands in the past: to the database they are long over.
  return found.flat().flatMap(({ detail }) => (detail.includes('over, and still holds') ? [] : [detail]))
}

test('a busy client with a bundle is granted from a lease of its seconds, and settled as any other', async () => {
  const { clientId, id } = await aSubscriber(60_000)
  const first = await set.authorize(0, clientId, 'first')
  await leaseAt([0], clientId)
  // Ten seconds of eleven asks.
  assert.equal(await leasedSeconds(clientId), [6600, 0, 0])
  assert.equal(await readItem(id), { used: 0, reserved: 660, leased: 6600 })
  const before = await desk.counted('authorizations_total{outcome="granted",reason="",path="lease"}')
  const answer = await set.authorize(0, clientId, 'leased')
  const counted = await desk.counted('authorizations_total{outcome="granted",reason="",path="lease"}')
  assert.is(counted - before, 1)
  assert.ok(answer.allowed && first.allowed)
  assert.equal(Object.keys(answer), Object.keys(first))
  assert.is(answer.maxDurationSeconds, 10_800)
  await set.writeAll()
  assert.is(await desk.sql`select from calls where call_id = 'leased'`.then(({ length }) => length), 0)
  const periods = await desk.context.db.transaction((tx) => listPeriodsOfDay(tx, [id], '2026-01-14'))
  const [shown] = periods.get(id) ?? []
  assert.is(shown?.items[0]?.reserved.toNumber(), 720, 'who looks sees what the leg holds')

  await endCalls(1, clientId, ['leased'], 90)
  const [call] = await desk.sql`
    select trim_scale(price)::text as price, covered_seconds from calls where call_id = 'leased'`
  assert.equal({ ...call }, { price: '0', covered_seconds: 90 })
  assert.equal(await readItem(id), { used: 90, reserved: 660, leased: 6540 })
  await checkBooks(clientId)
  assert.equal(await readItem(id), { used: 90, reserved: 660, leased: 0 })
})

test('what a leg may last counts what is left of the bundle, with the money behind it', async () => {
  const { clientId } = await aSubscriber(6000, { balance: '0.6' })
  await leaseAt([0], clientId)
  const answer = await set.authorize(0, clientId, 'leased')
  assert.ok(set.at(0).leases.findUnwritten({ clientId, callId: 'leased' }))
  // Ten minutes are held by other legs, and 0.6 buys ten more.
  assert.is(answer.allowed && answer.maxDurationSeconds, 6000)
  await set.writeAll()
  const other = await set.authorize(1, clientId, 'other')
  assert.is(other.allowed && other.maxDurationSeconds, 5940)
  await checkBooks(clientId)
})

/** LEASE_ROUNDS=1000 takes an hour. */
const rounds = Number(process.env.LEASE_ROUNDS ?? 2)

for (const count of [1, 3]) {
  test(`seconds for 73 more calls grant exactly 73 of 200 asks, leased by ${count} replica${count === 1 ? '' : 's'}`, async () => {
    for (let round = 0; round < rounds; round++) {
      const { clientId, id } = await aSubscriber(6180)
      const numbers = Array.from({ length: count }, (_, i) => i)
      const warm = await leaseAt(numbers, clientId)
      for (let i = warm.length; i < 30; i++) {
        assert.ok((await set.authorize(0, clientId, `more ${i}`)).allowed)
      }
      assert.is((await leasedSeconds(clientId)).filter((seconds) => seconds > 0).length, count)
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => set.authorize(i % count, clientId, `race ${i}`)),
      )
      assert.equal(countOf(answers), { granted: 73, insufficient_balance: 127 })
      await checkBooks(clientId)
      assert.equal(await readItem(id), { used: 0, reserved: 6180, leased: 0 })
      await set.passMinute()
    }
  })
}

test('ten minutes grant ten of 25 parallel holds of a minute, asked of three replicas', async () => {
  const { clientId, id } = await aSubscriber(600)
  const answers = await Promise.all(
    Array.from({ length: 25 }, async (_, i) => {
      const answer = await set.authorize(i, clientId, `parallel ${i}`)
      await set.at(i).leases.size([clientId])
      return answer
    }),
  )
  assert.equal(countOf(answers), { granted: 10, insufficient_balance: 15 })
  await checkBooks(clientId)
  assert.equal(await readItem(id), { used: 0, reserved: 600, leased: 0 })
})

test('seconds and money for 93 more calls grant 93, and all seconds are used before money pays', async () => {
  for (let round = 0; round < rounds; round++) {
    const { clientId, id } = await aSubscriber(6180, { balance: '1.2' })
    const warm = await leaseAt([0, 1, 2], clientId)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => set.authorize(i, clientId, `race ${i}`)),
    )
    assert.equal(countOf(answers), { granted: 93, insufficient_balance: 107 })
    const granted = [...warm, ...answers.flatMap(({ allowed }, i) => (allowed ? [`race ${i}`] : []))]
    for (const [i, callId] of granted.entries()) await endCalls(i, clientId, [callId], 60)
    assert.equal(await readItem(id), { used: 6180, reserved: 0, leased: 0 })
    assert.is((await desk.account(clientId)).balance, '0')
    await checkBooks(clientId)
    await set.passMinute()
  }
})

test('a call that ends calls back the seconds that another replica holds before money pays', async () => {
  const { clientId, id } = await aSubscriber(3000, { balance: '10' })
  await leaseAt([0], clientId)
  const [leased = 0] = await leasedSeconds(clientId)
  assert.ok(leased > 0)
  // More than is free, and less than is left.
  await endCalls(1, clientId, ['warm 0.0'], 2400)
  const [call] = await desk.sql`
    select trim_scale(price)::text as price, covered_seconds from calls
    where client_id = ${clientId} and settled_at is not null`
  assert.equal({ ...call }, { price: '0', covered_seconds: 2400 })
  assert.equal(await leasedSeconds(clientId), [0, 0, 0])
  assert.equal(await readItem(id), { used: 2400, reserved: 540, leased: 0 })
  await checkBooks(clientId)
})

test('a call that ends waits for the seconds of a replica that is gone, until its lease is void', async () => {
  const { clientId, id } = await aSubscriber(3000, { balance: '10' })
  await leaseAt([0], clientId)
  set.silent.add(set.at(0).leases.replica)
  await set.at(1).leases.sweep()
  set.elapse(11_000)
  const ended = endCalls(1, clientId, ['warm 0.0'], 2400)
  await desk.sql`update leases set renewed_at = now() - interval '11 s' where client_id = ${clientId}`
  await ended
  assert.equal(await readItem(id), { used: 2400, reserved: 540, leased: 0 })
  set.silent.clear()
  await checkBooks(clientId)
})

test('a grant written after its lease was freed holds what nobody has drawn meanwhile', async () => {
  const { clientId, id } = await aSubscriber(3000)
  await leaseAt([0], clientId)
  assert.ok((await set.authorize(0, clientId, 'late')).allowed)
  set.silent.add(set.at(0).leases.replica)
  await set.at(1).leases.sweep()
  set.elapse(11_000)
  await desk.sql`update leases set renewed_at = now() - interval '11 s' where client_id = ${clientId}`
  await set.at(1).leases.sweep()
  assert.equal(await readItem(id), { used: 0, reserved: 600, leased: 0 })
  await endCalls(1, clientId, ['warm 0.0'], 2430)
  set.silent.clear()
  await checkBooks(clientId)
  assert.equal(await readItem(id), { used: 2430, reserved: 570, leased: 0 })
  assert.is((await desk.call(clientId, 'late'))?.status, 'authorized')
})

test('a running call takes seconds that another replica holds before money, and is not hung up', async () => {
  const { clientId, id } = await aSubscriber(4000, { balance: '0.06' })
  await leaseAt([0, 1], clientId)
  assert.equal((await leasedSeconds(clientId)).slice(2), [0])
  const at = desk.now()
  const callId = 'warm 0.0'
  await settleCalls(set.at(2).context, {
    events: [anEvent({ kind: 'start', client: clientId, callId, startedAt: at, answeredAt: at })],
    undeliverable: [],
  })
  // Only what other replicas hold is left.
  const free = 4000 - 1200 - (await leasedSeconds(clientId)).reduce((sum, one) => sum + one)
  await endCalls(2, clientId, ['warm 1.0'], 60 + free)
  desk.moveClock(56)
  const { context, changed } = set.at(2)
  await meterCalls(context, changed)
  desk.moveClock(1)
  await meterCalls(context, changed)
  const [call] = await desk.sql`
    select reserved_seconds, trim_scale(reserved)::text as reserved, held_allowances, hangup_reason
    from calls where client_id = ${clientId} and call_id = ${callId}`
  assert.is(call?.hangup_reason, null)
  assert.is(call?.reserved, '0')
  assert.is(call?.held_allowances[0].amount, call?.reserved_seconds)
  assert.ok(call?.reserved_seconds > 60)
  desk.moveClock(-57)
  await checkBooks(clientId)
  assert.is((await readItem(id)).used, 60 + free)
})

test('grants that never begin, that are released and that are repeated hold their seconds once, or not at all', async () => {
  const { clientId, id } = await aSubscriber(60_000)
  await leaseAt([0], clientId)
  assert.ok((await set.authorize(0, clientId, 'released')).allowed)
  await set.at(1).authorizer.releaseGrant(clientId, 'released', { brandId: null })
  assert.ok((await set.authorize(0, clientId, 'repeated')).allowed)
  assert.ok((await set.authorize(1, clientId, 'repeated')).allowed)
  assert.ok((await set.authorize(0, clientId, 'expires')).allowed)
  await checkBooks(clientId)
  assert.equal(await readItem(id), { used: 0, reserved: 720, leased: 0 })
  desk.moveClock(181)
  await expireCalls(set.at(1).context)
  await expireCalls(set.at(1).context)
  desk.moveClock(-181)
  assert.is((await readItem(id)).reserved, 0)
  await checkBooks(clientId)
})

test('a leg is paid by the item that comes first, and by the next one where that is at its end', async () => {
  const { clientId, id } = await aSubscriber(
    0,
    {},
    {
      items: [
        { name: 'first', amount: 1000, weight: 20 },
        { name: 'second', amount: 60_000 },
      ],
    },
  )
  await leaseAt([0], clientId)
  const granted = await Promise.all(
    Array.from({ length: 30 }, (_, i) => set.authorize(0, clientId, `more ${i}`)),
  )
  assert.equal(countOf(granted), { granted: 30 })
  await set.at(0).leases.size([clientId])
  assert.ok((await set.authorize(0, clientId, 'leased')).allowed)
  assert.ok(set.at(0).leases.findUnwritten({ clientId, callId: 'leased' }))
  await checkBooks(clientId)
  const items = await desk.sql`
    select name, reserved::float from allowance_items where allowance_id = ${id} order by name`
  // 41 minutes: the first gives 16 and 40 s of the next.
  assert.equal(
    items.map((item) => ({ ...item })),
    [
      { name: 'first', reserved: 1000 },
      { name: 'second', reserved: 41 * 60 - 1000 },
    ],
  )
})

test('calls and money of a bundle are leased, too', async () => {
  const { clientId, id } = await aSubscriber(
    0,
    {},
    {
      items: [
        { name: 'calls', unit: 'calls', amount: 400, prefixes: ['346'] },
        { name: 'money', unit: 'money', amount: '100', prefixes: ['44'] },
      ],
    },
  )
  for (let i = 0; i < warmCalls; i++) {
    assert.ok((await set.authorize(0, clientId, `call ${i}`)).allowed)
    assert.ok((await set.authorize(0, clientId, `money ${i}`, '+447700900123')).allowed)
  }
  await set.at(0).leases.size([clientId])
  for (const [callId, to] of [
    ['leased call', '+34600111222'],
    ['leased money', '+447700900123'],
  ] as const) {
    assert.ok((await set.authorize(0, clientId, callId, to)).allowed)
    assert.ok(set.at(0).leases.findUnwritten({ clientId, callId }))
  }
  await checkBooks(clientId)
  const items = await desk.sql`
    select trim_scale(reserved)::text as reserved from allowance_items where allowance_id = ${id} order by name`
  // Of a minute at 0.12, with the fee of 0.05.
  assert.equal(
    items.map(({ reserved }) => reserved),
    ['11', '1.87'],
  )
})

test('a lease ends with its period, and what it held is handed on', async () => {
  const { clientId, id } = await aSubscriber(
    0,
    {},
    {
      items: [{ amount: 6000, rollover: true }],
      ...{ period: 'day', from: '2026-01-14' },
    },
  )
  await leaseAt([0], clientId)
  assert.ok((await set.authorize(0, clientId, 'leased')).allowed)
  await set.writeAll()
  const [leased = 0] = await leasedSeconds(clientId)
  desk.moveClock(14 * 3600)
  await openDueAllowancePeriods(set.at(1).context)
  assert.equal(await listDifferences(clientId), [])
  const handedOn = async () => {
    const [row] = await desk.sql`
      select rolled_over::float from allowance_items where allowance_id = ${id} and from_day = '2026-01-15'`
    return row?.rolled_over
  }
  assert.is(await handedOn(), 6000 - 600 - leased)
  assert.ok((await set.authorize(0, clientId, 'tomorrow')).allowed)
  assert.is(set.at(0).leases.findUnwritten({ clientId, callId: 'tomorrow' }), undefined)
  await endCalls(1, clientId, ['leased'], 60)
  await set.at(0).leases.turn()
  await set.at(0).leases.tick()
  const days = await desk.sql`select day from leases where client_id = ${clientId}`
  assert.not(days.some(({ day }) => day === '2026-01-14'))
  // The call was answered before midnight: it has used what it held.
  assert.is(await handedOn(), 6000 - 660)
  desk.moveClock(-14 * 3600)
  await checkBooks(clientId)
})

test('legs that are granted, begun, ended and released at once on three replicas share no second', async () => {
  for (let round = 0; round < rounds; round++) {
    const { clientId, id } = await aSubscriber(9000, { balance: '2' })
    await leaseAt([0, 1, 2], clientId)
    const one = async (i: number) => {
      const callId = `call ${i}`
      const { allowed } = await set.authorize(i, clientId, callId)
      if (i % 5 === 0) await set.at(i).leases.size([clientId])
      if (!allowed) return
      if (i % 7 === 0) await set.at(i + 1).authorizer.releaseGrant(clientId, callId, { brandId: null })
      else await endCalls(i + 1, clientId, [callId], 20 + ((i * 37) % 150))
    }
    // As many at once as an engine has.
    for (let from = 0; from < 120; from += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => one(from + i)))
    }
    await checkBooks(clientId)
    const [taken] = await desk.sql`
      select sum(covered_seconds)::integer as covered, sum(billed_seconds)::integer as billed,
             trim_scale(sum(price))::text as price
      from calls where client_id = ${clientId} and status = 'priced'`
    const { used } = await readItem(id)
    assert.is(used, taken?.covered)
    assert.is(Number(taken?.price).toFixed(3), ((taken?.billed - taken?.covered) / 1000).toFixed(3))
    await set.passMinute()
  }
})

test('verification finds a lease that holds less than it has granted, and an item that knows of no lease', async () => {
  const { clientId, id } = await aSubscriber(60_000)
  await leaseAt([0], clientId)
  assert.ok((await set.authorize(0, clientId, 'one')).allowed)
  await set.writeAll()
  assert.equal(await listDifferences(clientId), [])
  await desk.sql`
    update leases set allowances = jsonb_set(allowances, '{0,amount}', '30') where client_id = ${clientId}`
  const [short = '', ...others] = await listDifferences(clientId)
  assert.match(short, /holds 30 of item minutes .*, its grants have taken 60/)
  assert.is(others.length, 1)
  assert.match(others[0] ?? '', /660 held|600 held and 6\d+ leased, .* leases hold 30/)
  await desk.sql`
    update leases set allowances = jsonb_set(allowances, '{0,amount}', (
      select leased::text::jsonb from allowance_items where allowance_id = ${id}
    )) where client_id = ${clientId}`
  await checkBooks(clientId)
})

test.run()
