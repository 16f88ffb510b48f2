import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CallEvent } from '../../src/calls/call-messages.ts'
import { GrantedLegFacts } from '../../src/calls/granted-leg-facts.ts'
import { hangUpCall } from '../../src/calls/running/hang-up-call.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { aCallOf, anEvent, type CallDesk, noLegFacts, openCallDesk } from './a-call-desk.ts'

const test = suite('settleCalls')
let desk: CallDesk

test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

test('an end alone prices, charges, counts and tells the call once', async () => {
  const { clientId } = await desk.aCaller()
  const { end } = aCallOf(clientId, 'one', { seconds: 90 })
  await desk.settle(end)
  const call = await desk.call(clientId, 'one')
  assert.is(call?.status, 'priced')
  assert.is(call?.price, '0.09')
  assert.is(call?.destination, 'Spain mobile')
  assert.equal(call?.flags, ['no_start'])
  assert.equal(await desk.movements(clientId), [
    { kind: 'charge', amount: '-0.09', balance_after: '-0.09', call_id: 'one' },
  ])
  assert.equal(await desk.usage(clientId), [
    { day: '2026-01-14', amount: '0.09', reserved: '0', reached: false },
  ])
  const facts = await desk.facts(clientId)
  assert.is(facts.length, 1)
  assert.is(facts[0].type, 'billing.calls.priced')
  assert.is(facts[0].data.price, '0.09')
  const rollups = await desk.sql`
    select calls, billed_seconds::int, trim_scale(amount)::text as amount from call_rollups where client_id = ${clientId}`
  assert.equal({ ...rollups[0] }, { calls: 1, billed_seconds: 90, amount: '0.09' })
})

/** Every order of the three events, each also with every event twice, in one batch and in batches of one. */
const orders = [
  ['start', 'answer', 'end'],
  ['start', 'end', 'answer'],
  ['answer', 'start', 'end'],
  ['answer', 'end', 'start'],
  ['end', 'start', 'answer'],
  ['end', 'answer', 'start'],
] as const

for (const order of orders) {
  for (const repeats of [1, 2]) {
    for (const batching of ['one batch', 'batches of one'] as const) {
      test(`${order.join(', ')}, each ${repeats} times, in ${batching}: the same call and one charge`, async () => {
        const { clientId } = await desk.aCaller()
        const events = aCallOf(clientId, 'any order', { seconds: 61 })
        // The end says nothing of the answer: it must come from the other events.
        const told = { ...events, end: { ...events.end, answeredAt: undefined } }
        const sent = Array.from({ length: repeats }, () => order.map((kind) => told[kind])).flat()
        if (batching === 'one batch') await desk.settle(...sent)
        else for (const event of sent) await desk.settle(event)
        assert.equal(await desk.call(clientId, 'any order'), {
          status: 'priced',
          reason: null,
          price: '0.061',
          billed_seconds: 61,
          duration_seconds: 61,
          destination: 'Spain mobile',
          usage_day: '2026-01-14',
          flags: [],
        })
        assert.equal(await desk.movements(clientId), [
          { kind: 'charge', amount: '-0.061', balance_after: '-0.061', call_id: 'any order' },
        ])
        const [conflicts] =
          await desk.sql`select count(*)::int from call_conflicts where client_id = ${clientId}`
        assert.is(conflicts?.count, 0)
      })
    }
  }
}

test('an end of the same call with other facts is kept as a conflict and moves nothing', async () => {
  const { clientId } = await desk.aCaller()
  const { end } = aCallOf(clientId, 'twice', { seconds: 60 })
  const other = aCallOf(clientId, 'twice', { seconds: 600 }).end
  await desk.settle(end)
  await desk.settle(other, other)
  assert.is((await desk.call(clientId, 'twice'))?.price, '0.06')
  assert.is((await desk.movements(clientId)).length, 1)
  const conflicts = await desk.sql`select half from call_conflicts where client_id = ${clientId}`
  assert.equal([...conflicts], [{ half: 'end' }])
})

test('two clients may use one callId: each is charged for its own leg', async () => {
  const one = await desk.aCaller()
  const other = await desk.aCaller()
  await desk.settle(
    aCallOf(one.clientId, 'shared', { seconds: 60 }).end,
    aCallOf(other.clientId, 'shared', { seconds: 120 }).end,
  )
  assert.is((await desk.call(one.clientId, 'shared'))?.price, '0.06')
  assert.is((await desk.call(other.clientId, 'shared'))?.price, '0.12')
})

test('the forwarder pays: a forwarded call is an outbound leg of its own', async () => {
  const caller = await desk.aCaller()
  const forwarder = await desk.aCaller()
  const inbound = anEvent({ ...aCallOf(forwarder.clientId, 'b;in').end, direction: 'inbound' })
  const forwarded = {
    ...aCallOf(forwarder.clientId, 'b;out', { to: '+447700900123' }).end,
    forwardedFrom: 'b;in',
  }
  await desk.settle(aCallOf(caller.clientId, 'a;out').end, inbound, forwarded)
  assert.is((await desk.call(caller.clientId, 'a;out'))?.price, '0.06')
  assert.is((await desk.call(forwarder.clientId, 'b;in'))?.status, 'unpriced')
  assert.is((await desk.call(forwarder.clientId, 'b;out'))?.price, '0.17')
})

test('a call that no active profile can price is rejected and kept, never priced 0', async () => {
  const none = await desk.aCaller({ ratingPlanId: null })
  const { clientId } = await desk.aCaller()
  await desk.settle(
    aCallOf(none.clientId, 'no profile').end,
    aCallOf(clientId, 'no rate', { to: '+819012345678' }).end,
    aCallOf(clientId, 'blocked', { to: '+99123' }).end,
  )
  const rejected = { status: 'rejected', price: null }
  for (const [owner, callId, reason] of [
    [none.clientId, 'no profile', 'no_rating_profile'],
    [clientId, 'no rate', 'destination_not_priced'],
    [clientId, 'blocked', 'destination_blocked'],
  ] as const) {
    const call = await desk.call(owner, callId)
    assert.equal({ status: call?.status, price: call?.price }, rejected)
    assert.is(call?.reason, reason)
  }
  assert.equal(await desk.movements(clientId), [])
  const facts = await desk.facts(clientId)
  assert.equal(
    facts.map((fact) => fact.type),
    ['billing.calls.rejected', 'billing.calls.rejected'],
  )
})

test('a poison among a hundred becomes a dead letter and holds nobody up', async () => {
  const { clientId } = await desk.aCaller()
  const events: CallEvent[] = Array.from({ length: 100 }, (_, i) => aCallOf(clientId, `good ${i}`).end)
  const start = Date.parse('2026-01-14T09:00:00Z')
  events[37] = anEvent({
    kind: 'end',
    client: clientId,
    callId: 'poison',
    startedAt: start,
    answeredAt: start + 9000,
    endedAt: start + 1000,
  })
  await desk.settle(...events)
  assert.is((await desk.movements(clientId)).length, 99)
  assert.is(await desk.call(clientId, 'poison'), undefined)
  const [letter] = await desk.sql`select reason from dead_letters where client_id = ${clientId}`
  assert.is(letter?.reason, 'bad_duration')
})

const faults: [string, Partial<CallEvent>, string][] = [
  ['an unknown client', { client: 'nobody.example.com' }, 'unknown_client'],
  [
    'an end before its answer',
    { answeredAt: Date.parse('2026-01-14T09:59:00Z'), endedAt: Date.parse('2026-01-14T09:58:00Z') },
    'bad_duration',
  ],
  ['an answer before its start', { answeredAt: Date.parse('2026-01-14T08:59:59Z') }, 'bad_duration'],
  [
    'a call of more than 31 days',
    { startedAt: Date.parse('2025-12-01T00:00:00Z'), answeredAt: Date.parse('2025-12-01T00:00:00Z') },
    'bad_duration',
  ],
  ['an end more than 60 s ahead', { endedAt: Date.parse('2026-01-14T10:01:01Z') }, 'future_time'],
  ['what is no number', { to: 'sip:bob' }, 'invalid_number'],
  ['an empty number', { to: '' }, 'invalid_number'],
  ['a number without end', { to: '6'.repeat(1000) }, 'invalid_number'],
]
for (const [what, fault, reason] of faults) {
  test(`${what} is a dead letter ${reason} and moves no money`, async () => {
    const { clientId } = await desk.aCaller()
    const before = (await desk.deadLetters()).length
    await desk.settle({ ...aCallOf(clientId, 'bad').end, ...fault })
    const letters = await desk.deadLetters()
    assert.is(letters.length, before + 1)
    assert.is(letters.at(-1)?.reason, reason)
    assert.is(await desk.call(clientId, 'bad'), undefined)
    assert.equal(await desk.movements(clientId), [])
  })
}

test('a subject that names another client than the event is refused', async () => {
  const { clientId } = await desk.aCaller()
  const { end } = aCallOf(clientId, 'forged')
  await desk.settle({
    ...end,
    delivery: { ...end.delivery, subjectClient: '00000000-0000-7000-8000-000000000000' },
  })
  assert.is((await desk.deadLetters()).at(-1)?.reason, 'wrong_subject')
  assert.is(await desk.call(clientId, 'forged'), undefined)
})

test('the other direction under a used callId is a dead letter', async () => {
  const { clientId } = await desk.aCaller()
  const { start, end } = aCallOf(clientId, 'turned')
  await desk.settle(start)
  await desk.settle({ ...end, direction: 'inbound' })
  assert.is((await desk.deadLetters()).at(-1)?.reason, 'call_id_reused')
  assert.is((await desk.call(clientId, 'turned'))?.status, 'started')
})

test('inbound, internal, emergency, free and unbilled calls are kept unpriced, without a movement', async () => {
  const brandId = await desk.aBrand({ specialNumbers: ['34016'], freeNumbers: ['900100200'] })
  const ratingPlanId = await desk.aPlan(brandId)
  const clientId = await desk.aClient(brandId, { ratingPlanId })
  const unbilled = await desk.aClient(brandId, { billingMethod: 'none' })
  await desk.refresh()
  await desk.settle(
    { ...aCallOf(clientId, 'in').end, direction: 'inbound' },
    { ...aCallOf(clientId, 'self').end, toClient: clientId },
    aCallOf(clientId, 'emergency', { to: '112' }).end,
    aCallOf(clientId, 'special', { to: '+34016' }).end,
    aCallOf(clientId, 'free', { to: '900100200' }).end,
    aCallOf(unbilled, 'unbilled').end,
  )
  for (const callId of ['in', 'self', 'emergency', 'special', 'free']) {
    const call = await desk.call(clientId, callId)
    assert.equal([call?.status, call?.price], ['unpriced', null], callId)
  }
  assert.is((await desk.call(unbilled, 'unbilled'))?.status, 'unpriced')
  assert.equal(await desk.movements(clientId), [])
  assert.equal(await desk.facts(clientId), [])
})

test('an unanswered call costs 0, whatever its cause says', async () => {
  const { clientId } = await desk.aCaller()
  const { end } = aCallOf(clientId, 'no answer')
  await desk.settle({ ...end, answeredAt: null, cause: 16 })
  const call = await desk.call(clientId, 'no answer')
  assert.equal([call?.status, call?.price], ['unanswered', '0'])
  assert.equal(await desk.movements(clientId), [])
})

test('an answered call of 0 seconds is priced 0 without fee, even where the number has no rate', async () => {
  const { clientId } = await desk.aCaller()
  await desk.settle(
    aCallOf(clientId, 'zero', { seconds: 0, to: '+447700900123' }).end,
    aCallOf(clientId, 'zero nowhere', { seconds: 0, to: '+819012345678' }).end,
  )
  for (const callId of ['zero', 'zero nowhere']) {
    const call = await desk.call(clientId, callId)
    assert.equal([call?.status, call?.price], ['priced', '0'])
  }
  assert.equal(await desk.movements(clientId), [])
})

test("usage belongs to the client's local day of the answer", async () => {
  const { clientId } = await desk.aCaller({ timeZone: 'America/Argentina/Buenos_Aires' })
  await desk.settle(aCallOf(clientId, 'late evening', { startedAt: '2026-01-14T02:59:00Z' }).end)
  assert.is((await desk.call(clientId, 'late evening'))?.usage_day, '2026-01-13')
})

test('what a call costs beyond the balance is an overrun, never hidden', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.05' })
  await desk.settle(aCallOf(clientId, 'long', { seconds: 120 }).end)
  assert.equal(await desk.movements(clientId), [
    { kind: 'charge', amount: '-0.05', balance_after: '0', call_id: 'long' },
    { kind: 'overrun', amount: '-0.07', balance_after: '-0.07', call_id: 'long' },
  ])
  assert.equal((await desk.call(clientId, 'long'))?.flags, ['no_start', 'overrun'])
})

test('the daily limit is told once per local day: one fact and one mail', async () => {
  const { clientId } = await desk.aCaller({ maxDailyUsage: '0.10', maxDailyUsageEmail: 'noc@acme.example' })
  for (const i of [1, 2, 3, 4]) await desk.settle(aCallOf(clientId, `call ${i}`, { seconds: 60 }).end)
  const facts = (await desk.facts(clientId))
    .map((fact) => fact.type)
    .filter((type) => type !== 'billing.calls.priced')
  assert.equal(facts, ['billing.usage.warning', 'billing.usage.limit-reached'])
  const mails = await desk.sql`select recipient, content from mails where client_id = ${clientId}`
  assert.is(mails.length, 1)
  assert.is(mails[0]?.recipient, 'noc@acme.example')
  assert.equal(await desk.usage(clientId), [
    { day: '2026-01-14', amount: '0.24', reserved: '0', reached: true },
  ])
})

test('a daily limit without an address is told as a fact alone', async () => {
  const { clientId } = await desk.aCaller({ maxDailyUsage: '0.06' })
  await desk.settle(aCallOf(clientId, 'a', { seconds: 60 }).end)
  const told = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.usage.limit-reached')
  assert.equal([told.length, told[0]?.data.amount], [1, '0.06'])
  assert.is((await desk.sql`select 1 from mails where client_id = ${clientId}`).length, 0)
})

test('a charge that takes the balance below an alert tells it once per crossing', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '1' })
  await desk.sql`
    insert into balance_alerts (id, client_id, threshold, email)
    values (gen_random_uuid(), ${clientId}, 0.9, 'noc@acme.example')`
  await desk.refresh()
  for (const i of [1, 2, 3]) await desk.settle(aCallOf(clientId, `call ${i}`, { seconds: 60 }).end)
  const low = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.balance.low')
  assert.equal(
    low.map(({ data }) => [data.threshold, data.balance]),
    [['0.9', '0.88']],
  )
  const mails = await desk.sql`select kind, recipient from mails where client_id = ${clientId}`
  assert.equal([...mails], [{ kind: 'low-balance', recipient: 'noc@acme.example' }])
})

const saidAtGrant = {
  sipCallId: 'a84b4c76e66710',
  forwardedFrom: 'one;leg',
  engine: 'sbc1',
  engineRef: 'dialog-1',
  labels: { trunk: 'north', extension: '12' },
}

async function legFactsOf(clientId: string, callId: string) {
  const [row] = await desk.sql`
    select sip_call_id as "sipCallId", forwarded_from as "forwardedFrom", engine, engine_ref as "engineRef", labels
    from calls where client_id = ${clientId} and call_id = ${callId}`
  return row && { ...row }
}

for (const [kind, at] of [
  ['start', { startedAt: Date.parse('2026-01-14T10:00:00Z') }],
  ['alive', { at: Date.parse('2026-01-14T10:00:00Z') }],
  [
    'end',
    {
      startedAt: Date.parse('2026-01-14T10:00:00Z'),
      answeredAt: Date.parse('2026-01-14T10:00:00Z'),
      endedAt: Date.parse('2026-01-14T10:00:10Z'),
    },
  ],
] as const) {
  test(`what was said of a leg at a grant that holds nothing is kept when its first event is of kind ${kind}`, async () => {
    const { clientId } = await desk.aCaller({ billingMethod: 'postpaid' })
    const callId = `said ${kind}`
    assert.ok((await desk.authorize({ client: clientId, callId, ...saidAtGrant })).allowed)
    assert.is(await legFactsOf(clientId, callId), undefined)
    await desk.settle(anEvent({ kind, client: clientId, callId, ...at }))
    assert.equal(await legFactsOf(clientId, callId), saidAtGrant)
  })
}

test('what an event says of a leg stands over what its grant has said, label by label', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'postpaid' })
  await desk.authorize({ client: clientId, callId: 'both', ...saidAtGrant })
  const labels = { trunk: 'south', team: 'sales' }
  const startedAt = desk.now()
  await desk.settle(
    anEvent({ kind: 'start', client: clientId, callId: 'both', startedAt, engineRef: 'dialog-2', labels }),
  )
  assert.equal(await legFactsOf(clientId, 'both'), {
    ...saidAtGrant,
    engineRef: 'dialog-2',
    labels: { trunk: 'south', extension: '12', team: 'sales' },
  })
})

test('what was said at a grant is known to other replicas, and to nobody when the grant is over', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'postpaid' })
  const startedAt = desk.now()
  const start = (callId: string) => anEvent({ kind: 'start', client: clientId, callId, startedAt })
  await desk.authorize({ client: clientId, callId: 'told', ...saidAtGrant })
  const other = new GrantedLegFacts(desk.now)
  // The other has appeared by now.
  desk.context.grantedLegFacts.startTelling()
  const news = desk.context.grantedLegFacts.takeNews(1000)
  other.hear(JSON.parse(JSON.stringify(news)))
  const elsewhere = { ...desk.context, grantedLegFacts: other }
  await settleCalls(elsewhere, { events: [start('told')], undeliverable: [] })
  assert.equal(await legFactsOf(clientId, 'told'), saidAtGrant)

  await desk.authorize({ client: clientId, callId: 'late', ...saidAtGrant })
  desk.moveClock(181)
  await desk.settle(start('late'))
  assert.equal(await legFactsOf(clientId, 'late'), noLegFacts)
})

test('a leg whose grant held nothing is hung up at the engine that its grant has named', async () => {
  const { clientId } = await desk.aCaller({ billingMethod: 'postpaid' })
  await desk.authorize({ client: clientId, callId: 'runs', engine: 'sbc1', engineRef: 'dialog-1' })
  const startedAt = desk.now()
  await desk.settle(
    anEvent({ kind: 'start', client: clientId, callId: 'runs', startedAt, answeredAt: startedAt }),
  )
  await hangUpCall(desk.context, { clientId, callId: 'runs' })
  const [command] = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.calls.hangup')
  assert.equal([command?.data.engine, command?.data.engineRef], ['sbc1', 'dialog-1'])
})

test('the size of a batch changes no result', async () => {
  const callers = await Promise.all(
    Array.from({ length: 4 }, () => desk.aCaller({ billingMethod: 'prepaid', balance: '1' })),
  )
  const totals: string[][] = []
  for (const size of [1, 7, 100]) {
    const events = callers.flatMap(({ clientId }, i) =>
      Array.from({ length: 10 }, (_, n) => {
        const { start, end } = aCallOf(clientId, `size ${size} call ${n}`, { seconds: 10 * (i + n) })
        return [start, end, end]
      }).flat(),
    )
    for (let i = 0; i < events.length; i += size) {
      await settleCalls(desk.context, { events: events.slice(i, i + size), undeliverable: [] })
    }
    totals.push(
      await Promise.all(
        callers.map(async ({ clientId }) => {
          const [row] = await desk.sql`
            select trim_scale(sum(price))::text as sum from calls
            where client_id = ${clientId} and call_id like ${`size ${size} %`}`
          return row?.sum
        }),
      ),
    )
  }
  assert.equal(totals, [
    ['0.45', '0.55', '0.65', '0.75'],
    ['0.45', '0.55', '0.65', '0.75'],
    ['0.45', '0.55', '0.65', '0.75'],
  ])
  for (const { clientId } of callers) {
    const [row] = await desk.sql`
      select balance = (select sum(amount) from movements m where m.client_id = a.client_id) as adds_up
      from accounts a where client_id = ${clientId}`
    assert.is(row?.adds_up, true)
  }
})

test.run()
