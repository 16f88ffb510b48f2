/** Allowances in the books: held by parallel calls, drawn by ended ones, paid for by the period, handed on and corrected. */
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  openAllowancePeriods,
  openDueAllowancePeriods,
} from '../../src/calls/allowances/open-allowance-periods.ts'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import { Leases } from '../../src/calls/leases/leases.ts'
import { rerateNextCalls } from '../../src/calls/re-rate/rerate-calls.ts'
import { waiveCall } from '../../src/calls/settle/waive-call.ts'
import { insertReRating, type RerateFilter, takeFilteredCalls } from '../../src/db/calls/re-ratings.ts'
import { newId } from '../../src/uuid.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, anEvent, type CallDesk, noLegFacts, openCallDesk } from './a-call-desk.ts'
import { findItem as item, subscribe } from './a-subscription.ts'

const test = suite<{ desk: CallDesk }>('allowances of calls')
/** What only an administrator may change. */
let owner: postgres.Sql

test.before(async (context) => {
  context.desk = await openCallDesk('2026-01-14T10:00:00Z')
  owner = postgres(context.desk.databaseUrl, { max: 1 })
})
test.after(async ({ desk }) => {
  await owner.end()
  await desk.close()
})

async function verified(desk: CallDesk): Promise<string[]> {
  const differences: string[] = []
  const days = { from: null, before: null, pricesPerClient: null }
  const only = [
    'allowances',
    'reservations',
    'balances',
    'receivables',
    'call-movements',
    'daily-usage',
    'prices',
  ]
  for await (const { differences: found } of verifyBooks(desk.context.db, { ...days, only })) {
    differences.push(...found.map(({ detail }) => detail))
  }
  return differences
}

test('ten minutes grant ten of 25 parallel holds of a minute, to a client without money', async ({
  desk,
}) => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid' })
  const id = await subscribe(desk, clientId, { items: [{ amount: 600 }] })
  const answers = await Promise.all(
    Array.from({ length: 25 }, (_, i) => desk.authorize({ client: clientId, callId: `parallel ${i}` })),
  )
  assert.is(answers.filter(({ allowed }) => allowed).length, 10)
  const reasons = new Set(answers.map((answer) => (answer.allowed ? 'granted' : answer.reason)))
  assert.equal([...reasons].sort(), ['granted', 'insufficient_balance'])
  assert.equal(await item(desk, id), { amount: 600, rolled_over: 0, used: 0, reserved: 600 })
  assert.equal(await desk.account(clientId), { balance: '0', reserved: '0', running_calls: 0 })

  const granted = answers.flatMap((answer, i) => (answer.allowed ? [`parallel ${i}`] : []))
  for (const [i, callId] of granted.entries()) {
    const { start, end } = aCallOf(clientId, callId, {
      seconds: i === 0 ? 20 : 60,
      startedAt: '2026-01-14T09:58:00Z',
    })
    await desk.settle(start, end)
  }
  assert.equal(await item(desk, id), { amount: 600, rolled_over: 0, used: 560, reserved: 0 })
  assert.equal(await desk.movements(clientId), [], 'covered calls move no money')
  assert.equal(await verified(desk), [])
})

test('a granted leg may last what allowances and money buy together, and the meter extends both', async ({
  desk,
}) => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '0.06' })
  const id = await subscribe(desk, clientId, { items: [{ amount: 90 }] })
  const answer = await desk.authorize({ client: clientId, callId: 'both' })
  assert.is(answer.allowed && answer.maxDurationSeconds, 150, '90 s of the bundle and a minute of money')
  assert.equal(await item(desk, id), { amount: 90, rolled_over: 0, used: 0, reserved: 60 })
  const at = desk.now()
  await desk.settle(
    anEvent({ kind: 'start', client: clientId, callId: 'both', startedAt: at, answeredAt: at }),
  )
  desk.moveClock(56)
  await desk.meter()
  assert.is((await item(desk, id))?.reserved, 90)
  assert.is((await desk.account(clientId)).reserved, '0.03', '30 s beyond the bundle')
  desk.moveClock(64)
  await desk.settle(
    anEvent({
      kind: 'end',
      client: clientId,
      callId: 'both',
      startedAt: at,
      answeredAt: at,
      endedAt: at + 120_000,
    }),
  )
  assert.equal(await item(desk, id), { amount: 90, rolled_over: 0, used: 90, reserved: 0 })
  const [call] = await desk.sql`
    select trim_scale(price)::text as price, billed_seconds, covered_seconds, allowances, held_allowances
    from calls where client_id = ${clientId}`
  assert.is(call?.price, '0.03')
  assert.is(call?.billed_seconds, 120)
  assert.is(call?.covered_seconds, 90)
  assert.equal(call?.allowances, [
    { allowanceId: id, from: '2026-01-01', item: 'minutes', unit: 'seconds', amount: 90 },
  ])
  assert.is(call?.held_allowances, null)
  assert.equal(await desk.account(clientId), { balance: '0.03', reserved: '0', running_calls: 0 })
  desk.moveClock(-120)
})

test('repeats and late facts draw once, and a corrected call gives back and takes anew', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const id = await subscribe(desk, clientId, { items: [{ amount: 100 }] })
  const { start, end } = aCallOf(clientId, 'corrected', { seconds: 60 })
  await desk.settle(start, end, end, start)
  await desk.settle(end)
  assert.is((await item(desk, id))?.used, 60)
  const other = aCallOf(clientId, 'beyond', { seconds: 60, startedAt: '2026-01-14T09:10:00Z' })
  await desk.settle(other.end)
  assert.is((await item(desk, id))?.used, 100)
  assert.is((await desk.call(clientId, 'beyond'))?.price, '0.02')
  // The answer was told to be later than the end had it: nothing was said.
  const unanswered = anEvent({
    kind: 'end',
    client: clientId,
    callId: 'waits',
    startedAt: start.startedAt,
    endedAt: end.endedAt,
  })
  await desk.settle(unanswered)
  assert.is((await item(desk, id))?.used, 100)
  assert.equal(await verified(desk), [])
})

test('facts and mails tell 80 and 100 % used, once each, and a jump the higher alone', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  await subscribe(desk, clientId, { items: [{ amount: 100 }] })
  for (const [i, seconds] of [79, 1, 5, 60].entries()) {
    const at = `2026-01-14T09:0${i}:00Z`
    await desk.settle(aCallOf(clientId, `told ${i}`, { seconds, startedAt: at }).end)
  }
  const low = async (id: string) =>
    (await desk.facts(id))
      .filter(({ type }) => type === 'billing.allowances.low')
      .map(({ data }) => data.percent)
  const mails = async (id: string) => {
    const rows = await desk.sql`
      select source, recipient from mails where kind = 'allowance-low' and client_id = ${id} order by id`
    return rows.map(({ source, recipient }) => [Number(source.split(':').at(-1)), recipient])
  }
  assert.equal(await low(clientId), [80, 100])
  assert.equal(await mails(clientId), [
    [80, 'ana@example.com'],
    [100, 'ana@example.com'],
  ])
  await rerate(desk, { clientId }, 'dry-run')
  await rerate(desk, { clientId })
  assert.equal(await low(clientId), [80, 100], 'a re-rating that takes the same tells nothing')
  const jump = await desk.aCaller()
  await subscribe(desk, jump.clientId, { items: [{ amount: 60 }] })
  await desk.settle(aCallOf(jump.clientId, 'jump', { seconds: 60 }).end)
  assert.equal(await low(jump.clientId), [100])
  assert.equal(await mails(jump.clientId), [[100, 'ana@example.com']])
})

test('a prepaid fee is taken once, waits for money, and counts for calls answered after it', async ({
  desk,
}) => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '5' })
  const id = await subscribe(desk, clientId, {
    fee: '9.50',
    items: [{ amount: 600 }],
    from: '2026-01-14',
    period: 'week',
  })
  const status = async () => {
    const rows = await desk.sql`
      select status from allowance_periods where allowance_id = ${id} order by from_day`
    return rows.map((row) => row.status)
  }
  assert.equal(await status(), ['unpaid'])
  assert.equal(await desk.movements(clientId), [])
  const early = aCallOf(clientId, 'early', { seconds: 60, startedAt: '2026-01-14T09:59:00Z' })
  await desk.settle(early.end)
  assert.is((await desk.call(clientId, 'early'))?.price, '0.06', 'nothing is given before it is paid')
  await topUp(desk, clientId, 20)
  assert.is(await openDueAllowancePeriods(desk.context), 1)
  assert.is(await openDueAllowancePeriods(desk.context), 0)
  assert.equal(await status(), ['active'])
  const fees = (await desk.movements(clientId)).filter(({ kind }) => kind === 'fee')
  // Wednesday to Sunday: 5 of 7 days of 9.50.
  assert.equal(
    fees.map(({ amount }) => amount),
    ['-6.79'],
  )
  assert.is((await item(desk, id, '2026-01-14'))?.amount, 428, '5 of 7 days of 600 s')
  const after = desk.now()
  await desk.settle(
    anEvent({
      kind: 'end',
      client: clientId,
      callId: 'paid',
      startedAt: after,
      answeredAt: after,
      endedAt: after + 60_000,
    }),
  )
  assert.is((await desk.call(clientId, 'paid'))?.price, '0')
  assert.equal(await verified(desk), [])
})

test('what is left is handed on, and late calls of the old period draw from that rest', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const id = await subscribe(desk, clientId, {
    period: 'day',
    from: '2026-01-13',
    items: [{ amount: 100, rollover: true }],
  })
  const yesterday = '2026-01-13T20:00:00Z'
  assert.equal(await item(desk, id, '2026-01-13'), { amount: 100, rolled_over: 0, used: 0, reserved: 0 })
  assert.equal(await item(desk, id, '2026-01-14'), { amount: 100, rolled_over: 100, used: 0, reserved: 0 })
  await desk.settle(aCallOf(clientId, 'late', { seconds: 30, startedAt: yesterday }).end)
  assert.is((await item(desk, id, '2026-01-14'))?.rolled_over, 70)
  await desk.settle(aCallOf(clientId, 'today', { seconds: 60 }).end)
  await desk.settle(aCallOf(clientId, 'later', { seconds: 30, startedAt: '2026-01-13T21:00:00Z' }).end)
  assert.equal(await item(desk, id, '2026-01-13'), { amount: 100, rolled_over: 0, used: 40, reserved: 0 })
  assert.equal(await item(desk, id, '2026-01-14'), { amount: 100, rolled_over: 60, used: 60, reserved: 0 })
  assert.is((await desk.call(clientId, 'later'))?.price, '0.02', '20 s found nothing left of the rest')
  assert.equal(await verified(desk), [])
})

test('a call that comes before its period is open opens it', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const id = await subscribe(desk, clientId, { period: 'day', from: '2026-01-14', items: [{ amount: 100 }] })
  desk.moveClock(86_400)
  await desk.settle(aCallOf(clientId, 'tomorrow', { seconds: 60, startedAt: '2026-01-15T09:00:00Z' }).end)
  assert.equal(await item(desk, id, '2026-01-15'), { amount: 100, rolled_over: 0, used: 60, reserved: 0 })
  desk.moveClock(-86_400)
})

/** Does all of a re-rating; answers each call's price before and after. */
async function rerate(desk: CallDesk, filter: RerateFilter, mode: 'dry-run' | 'for-real' = 'for-real') {
  const id = newId()
  await desk.context.db.transaction(async (tx) => {
    const order = { id, brandId: null, request: { filter }, actor: 'a clerk', createdAt: desk.now() }
    await insertReRating(tx, { ...order, dryRun: mode === 'dry-run' })
    await takeFilteredCalls(tx, { id, filter })
  })
  while ((await rerateNextCalls(desk.context, id)) > 0);
  const rows = await desk.sql`
    select call_id, outcome, trim_scale(price_before)::text as before, trim_scale(price_after)::text as after
    from re_rating_calls where re_rating_id = ${id} order by number`
  return rows.map(({ call_id, outcome, before, after }) => [call_id, outcome, before, after])
}

/** What calls took, by callId. */
async function taken(desk: CallDesk, clientId: string) {
  const rows = await desk.sql`
    select call_id, covered_seconds, (allowances -> 0 ->> 'amount') as amount
    from calls where client_id = ${clientId} order by answered_at, call_id`
  return rows.map(({ call_id, covered_seconds, amount }) => [call_id, covered_seconds, amount])
}

/** A plan whose Spain mobile runs in increments of so many seconds becomes the client's from the 1st on. */
async function giveIncrements(desk: CallDesk, of: { brandId: string; clientId: string }, seconds: number) {
  const steps = [{ fromSecond: 0, rate: '0.06', perSeconds: 60, incrementSeconds: seconds }]
  const ratingPlanId = await desk.aPlan(of.brandId, { steps })
  await desk.sql`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
    values (${randomUUID()}, ${of.clientId}, ${ratingPlanId}, '2026-01-01T00:00:00Z')`
  await desk.refresh()
}

async function topUp(desk: CallDesk, clientId: string, amount: number) {
  await desk.sql`
    with account as (
      update accounts set balance = balance + ${amount}, seq = seq + 1 where client_id = ${clientId} returning *
    )
    insert into movements (client_id, seq, id, kind, source, amount, balance_after, currency, actor, created_at)
    select client_id, seq, ${randomUUID()}, 'top-up', 'more', ${amount}, balance, currency, 'test', now() from account`
}

test('a re-rating draws anew, its dry run tells the same and moves nothing', async ({ desk }) => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  for (const [i, callId] of ['first', 'second'].entries())
    await desk.settle(aCallOf(clientId, callId, { seconds: 60, startedAt: `2026-01-14T09:0${i}:00Z` }).end)
  const id = await subscribe(desk, clientId, { items: [{ amount: 100 }] })
  const anew = [
    ['first', 'changed', '0.06', '0'],
    ['second', 'changed', '0.06', '0.02'],
  ]
  assert.equal(await rerate(desk, { clientId }, 'dry-run'), anew)
  assert.is((await item(desk, id))?.used, 0)
  assert.equal(await rerate(desk, { clientId }), anew)
  assert.is((await item(desk, id))?.used, 100)
  assert.equal(await taken(desk, clientId), [
    ['first', 60, '60'],
    ['second', 40, '40'],
  ])
  assert.is((await desk.account(clientId)).balance, '-0.02')
  assert.equal(await rerate(desk, { clientId }), [
    ['first', 'unchanged', '0', '0'],
    ['second', 'unchanged', '0.02', '0.02'],
  ])
  // By the half minute the second one finds room for one increment of two; the first keeps what it has.
  await giveIncrements(desk, caller, 30)
  const second = { clientId, from: Date.parse('2026-01-14T09:01:00Z') }
  assert.equal(await rerate(desk, second, 'dry-run'), [['second', 'changed', '0.02', '0.03']])
  assert.equal(await rerate(desk, second), [['second', 'changed', '0.02', '0.03']])
  assert.equal(await taken(desk, clientId), [
    ['first', 60, '60'],
    ['second', 30, '30'],
  ])
  assert.equal(await verified(desk), [])
})

test('a dry run of more calls than fit into one transaction tells what the run for real does', async ({
  desk,
}) => {
  const { clientId } = await desk.aCaller()
  const ends = Array.from({ length: 510 }, (_, i) => {
    const startedAt = new Date(Date.parse(`2026-01-${i < 100 ? 13 : 14}T01:00:00Z`) + i * 1000).toISOString()
    return aCallOf(clientId, `call ${String(i).padStart(3, '0')}`, { seconds: 60, startedAt }).end
  })
  await desk.settle(...ends.slice(0, 300))
  await desk.settle(...ends.slice(300))
  // 6,000 seconds of the 13th leave 2,000 to the 14th; with 8,000 of its own and the month's it has 24,430 for 24,600.
  const days = { items: [{ amount: 8_000, rollover: true }], from: '2026-01-13', period: 'day' }
  await subscribe(desk, clientId, days)
  const month = await subscribe(desk, clientId, { items: [{ amount: 14_430 }] })
  const supposed = await rerate(desk, { clientId }, 'dry-run')
  assert.is((await item(desk, month))?.used, 0)
  assert.is((await desk.sql`select from re_rating_draws`).length, 0)
  assert.equal(supposed.slice(-4), [
    ['call 506', 'changed', '0.06', '0'],
    ['call 507', 'changed', '0.06', '0.05'],
    ['call 508', 'changed', '0.06', '0.06'],
    ['call 509', 'changed', '0.06', '0.06'],
  ])
  assert.equal(supposed, await rerate(desk, { clientId }))
  assert.equal(await verified(desk), [])
})

test('a call that drew and is priced anew beside new calls never shares a second with them', async ({
  desk,
}) => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  const id = await subscribe(desk, clientId, { items: [{ amount: 120 }] })
  await desk.settle(aCallOf(clientId, 'old', { seconds: 45, startedAt: '2026-01-14T08:00:00Z' }).end)
  await giveIncrements(desk, caller, 60)
  const old = { clientId, to: Date.parse('2026-01-14T08:30:00Z') }
  await Promise.all([
    rerate(desk, old),
    rerate(desk, old, 'dry-run'),
    ...[1, 2, 3].map((i) =>
      desk.settle(aCallOf(clientId, `new ${i}`, { seconds: 20, startedAt: `2026-01-14T09:0${i}:00Z` }).end),
    ),
  ])
  const used = (await item(desk, id))?.used ?? 0
  const drawn = (await taken(desk, clientId)).reduce((sum, [, , amount]) => sum + Number(amount ?? 0), 0)
  assert.is(used, drawn)
  assert.ok(used > 0 && used <= 120)
  assert.equal(await verified(desk), [])
})

test('a leg that runs over the end of its period draws from it when it ends', async ({ desk }) => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid' })
  const id = await subscribe(desk, clientId, {
    items: [{ amount: 100, rollover: true }],
    from: '2026-01-14',
    period: 'day',
  })
  const toMidnight = (Date.parse('2026-01-15T00:00:00Z') - desk.now()) / 1000
  desk.moveClock(toMidnight - 30)
  const at = desk.now()
  assert.ok((await desk.authorize({ client: clientId, callId: 'late' })).allowed)
  await desk.settle(
    anEvent({ kind: 'start', client: clientId, callId: 'late', startedAt: at, answeredAt: at }),
  )
  desk.moveClock(60)
  await openDueAllowancePeriods(desk.context)
  assert.equal(await item(desk, id, '2026-01-15'), { amount: 100, rolled_over: 40, used: 0, reserved: 0 })
  await desk.meter()
  const ended = anEvent({
    kind: 'end',
    client: clientId,
    callId: 'late',
    startedAt: at,
    answeredAt: at,
    endedAt: at + 50_000,
  })
  await desk.settle(ended, ended)
  await desk.settle(ended)
  assert.equal(await item(desk, id, '2026-01-14'), { amount: 100, rolled_over: 0, used: 50, reserved: 0 })
  assert.equal(await item(desk, id, '2026-01-15'), { amount: 100, rolled_over: 50, used: 0, reserved: 0 })
  assert.equal(await verified(desk), [])
  desk.moveClock(-30 - toMidnight)
})

test('a fee that waits is paid once by any number of replicas, and lapses with its period', async ({
  desk,
}) => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '5' })
  const id = await subscribe(desk, clientId, { fee: '9', items: [], from: '2026-01-14', period: 'day' })
  const other = await openCallDesk('2026-01-14T10:00:00Z', desk.databaseUrl)
  await topUp(desk, clientId, 6)
  const opened = await Promise.all(
    [desk, other, desk, other].map(({ context }) =>
      openAllowancePeriods(context, { clientId, at: desk.now() }),
    ),
  )
  assert.is(
    opened.reduce((sum, one) => sum + one, 0),
    1,
  )
  for (const one of [desk, other]) one.moveClock(86_400)
  // The next day costs 9 of the 2 that are left.
  await Promise.all([openDueAllowancePeriods(desk.context), openDueAllowancePeriods(other.context)])
  const periods = await desk.sql`
    select status from allowance_periods where allowance_id = ${id} order by from_day`
  assert.equal(
    periods.map(({ status }) => status),
    ['active', 'unpaid'],
  )
  assert.equal(
    (await desk.movements(clientId)).map(({ kind, amount }) => [kind, amount]),
    [
      ['top-up', '6'],
      ['fee', '-9'],
    ],
  )
  for (const one of [desk, other]) one.moveClock(86_400)
  await openDueAllowancePeriods(desk.context)
  const later = await desk.sql`
    select status from allowance_periods where allowance_id = ${id} order by from_day`
  assert.equal(
    later.map(({ status }) => status),
    ['active', 'lapsed', 'unpaid'],
  )
  desk.moveClock(-172_800)
  assert.equal(await verified(desk), [])
  await other.close()
})

test('a fee is not taken before its period begins, though a leg of then is authorized now', async ({
  desk,
}) => {
  const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '20' })
  const bundle = { fee: '5', items: [{ amount: 100 }], from: '2026-01-14', period: 'day' }
  const id = await subscribe(desk, clientId, bundle)
  const fees = async () => (await desk.movements(clientId)).filter(({ kind }) => kind === 'fee').length
  const tomorrow = desk.now() + 86_400_000
  assert.ok((await desk.authorize({ client: clientId, callId: 'tomorrow', at: tomorrow })).allowed)
  await openDueAllowancePeriods(desk.context)
  assert.is(await fees(), 1)
  desk.moveClock(86_400)
  await openDueAllowancePeriods(desk.context)
  await openDueAllowancePeriods(desk.context)
  assert.is(await fees(), 2)
  const periods = await desk.sql`
    select status from allowance_periods where allowance_id = ${id} order by from_day`
  assert.equal(
    periods.map(({ status }) => status),
    ['active', 'active'],
  )
  const startedAt = desk.now()
  await desk.settle(
    anEvent({
      kind: 'end',
      client: clientId,
      callId: 'tomorrow',
      startedAt,
      answeredAt: null,
      endedAt: startedAt,
    }),
  )
  desk.moveClock(-86_400)
})

test('a fee counts what leases have granted, and calls them back', async ({ desk }) => {
  for (const [fee, status, balance] of [
    ['9.34', 'active', '0.66'],
    ['9.35', 'unpaid', '10'],
  ] as const) {
    const { clientId } = await desk.aCaller({ billingMethod: 'prepaid', balance: '10' })
    const leases = new Leases(desk.context, { mode: 'on', ticks: 'when-told', askReplica: async () => {} })
    const context = { ...desk.context, leases }
    const authorizer = new Authorizer(context)
    const ask = (callId: string) => {
      const leg = { client: clientId, callId, direction: 'outbound' as const, from: null, to: '+34600111222' }
      const nobody = { sourceIp: null, toClient: null, fromClient: null }
      return authorizer.authorize(
        { ...leg, ...nobody, ...noLegFacts, at: desk.now() },
        { brandId: null, deadlineAt: desk.now() + 60_000 },
      )
    }
    await Promise.all(Array.from({ length: 10 }, (_, i) => ask(`warm ${i}`)))
    await leases.size([clientId])
    assert.ok((await ask('leased')).allowed)
    assert.ok(leases.findUnwritten({ clientId, callId: 'leased' }), 'it is not in the books yet')
    const id = await subscribe(desk, clientId, {
      ...{ fee, items: [], context },
      from: '2026-01-14',
      period: 'day',
    })
    const [period] = await desk.sql`select status from allowance_periods where allowance_id = ${id}`
    assert.is(period?.status, status)
    assert.equal(await desk.account(clientId), { balance, reserved: '0.66', running_calls: 0 })
    const [startedAt, endedAt] = [desk.now() - 1000, desk.now()]
    const ends = ['leased', ...Array.from({ length: 10 }, (_, i) => `warm ${i}`)].map((callId) =>
      anEvent({ kind: 'end', client: clientId, callId, startedAt, answeredAt: null, endedAt }),
    )
    await desk.settle(...ends)
    await authorizer.close()
    await leases.close()
  }
})

test('a waived call draws nothing', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const id = await subscribe(desk, clientId, { items: [{ amount: 100, prefixes: ['*'] }] })
  await desk.settle(aCallOf(clientId, 'blocked', { to: '+991234567' }).end)
  await waiveCall(desk.context, { clientId, callId: 'blocked', reason: 'ours', actor: 'a clerk' })
  assert.is((await desk.call(clientId, 'blocked'))?.price, '0')
  await rerate(desk, { clientId })
  assert.is((await item(desk, id))?.used, 0)
  assert.equal(await verified(desk), [])
})

test('an answer that comes after the end draws, on the day of the answer', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const id = await subscribe(desk, clientId, { items: [{ amount: 100 }], from: '2026-01-13', period: 'day' })
  const { start, answer, end } = aCallOf(clientId, 'late answer', {
    ...{ seconds: 80, startedAt: '2026-01-13T23:59:50Z' },
  })
  await desk.settle({ ...end, answeredAt: undefined })
  await desk.settle(start)
  assert.is((await item(desk, id, '2026-01-13'))?.used, 0)
  await desk.settle(answer, answer)
  assert.is((await item(desk, id, '2026-01-13'))?.used, 80, 'over the end of its period, too')
  assert.is((await item(desk, id, '2026-01-14'))?.used, 0)
  assert.equal(await verified(desk), [])
})

test('the end of a call that was taken for lost gives back what it took, and draws what it lasted', async ({
  desk,
}) => {
  const { brandId, clientId } = await desk.aCaller()
  await owner`update brands set lost_end_policy = 'cap' where id = ${brandId}`
  const id = await subscribe(desk, clientId, { items: [{ amount: 9000 }] })
  const { start, answer, end } = aCallOf(clientId, 'lost', { seconds: 70, startedAt: '2026-01-14T09:59:00Z' })
  await desk.settle(start, answer)
  desk.moveClock(20_000)
  await desk.meter()
  assert.is((await desk.call(clientId, 'lost'))?.status, 'lost-end')
  assert.is((await item(desk, id))?.used, 9000, 'as much as it may have lasted')
  await desk.settle(end)
  desk.moveClock(-20_000)
  assert.is((await item(desk, id))?.used, 70)
  assert.equal(await taken(desk, clientId), [['lost', 70, '70']])
  assert.is((await desk.account(clientId)).balance, '0')
  assert.equal(await verified(desk), [])
})

test('calls received draw nothing and count on no day', async ({ desk }) => {
  const { clientId, ratingPlanId } = await desk.aCaller()
  await desk.sql`
    insert into rating_profiles (id, client_id, rating_plan_id, direction, activates_at)
    values (${randomUUID()}, ${clientId}, ${ratingPlanId}, 'inbound', '2026-01-01T00:00:00Z')`
  const id = await subscribe(desk, clientId, { items: [{ amount: 100, prefixes: ['*'] }] })
  const { end } = aCallOf(clientId, 'received', { seconds: 60 })
  await desk.settle({ ...end, direction: 'inbound' })
  assert.is((await desk.call(clientId, 'received'))?.price, '0.06')
  await rerate(desk, { clientId })
  assert.is((await item(desk, id))?.used, 0)
  assert.equal(await desk.usage(clientId), [])
  assert.equal(await verified(desk), [])
})

test('a client whose periods cannot be opened holds up no other', async ({ desk }) => {
  const bundle = { period: 'day', from: '2026-01-14', items: [{ amount: 100 }] }
  const ids: string[] = []
  for (let i = 0; i < 4; i += 1) ids.push(await subscribe(desk, (await desk.aCaller()).clientId, bundle))
  const clients =
    await desk.sql`select id, client_id from client_allowances where id = any(${ids}) order by client_id`
  const last = clients.at(-1)?.id
  const spoil = (from: string, to: string) => owner`
    update allowance_plan_versions v set items = replace(v.items::text, ${from}, ${to})::jsonb
    from client_allowances a
    where a.allowance_plan_id = v.allowance_plan_id and a.id = any(${ids}) and a.id <> ${last}`
  await spoil('100', '"many"')
  desk.moveClock(86_400)
  let failure: unknown
  await openDueAllowancePeriods(desk.context).catch((error) => {
    failure = error
  })
  assert.match(String(failure), /many/)
  assert.is((await item(desk, last, '2026-01-15'))?.amount, 100)
  await spoil('"many"', '100')
  assert.ok((await openDueAllowancePeriods(desk.context)) >= 3)
  desk.moveClock(-86_400)
})

test('the check of the books follows calls and money, with the connect fee and without', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const calls = { name: 'talk', unit: 'calls', amount: 1, prefixes: ['44'], weight: 20 }
  const money = { name: 'credit', unit: 'money', amount: '0.1', prefixes: ['*'] }
  await subscribe(desk, clientId, { items: [{ ...calls, coversConnectFee: false }, money] })
  const to = '+442071234567'
  await desk.settle(aCallOf(clientId, 'talk', { seconds: 90, to }).end)
  await desk.settle(aCallOf(clientId, 'credit', { seconds: 60, to, startedAt: '2026-01-14T09:10:00Z' }).end)
  const prices = ['talk', 'credit'].map(async (callId) => (await desk.call(clientId, callId))?.price)
  // The fee of the first; 0.05 and 25 s at 0.002 of the second are within the 0.10, 35 s are not.
  assert.equal(await Promise.all(prices), ['0.05', '0.07'])
  assert.equal(await verified(desk), [])
})

test('the check of the books holds prices of calls that drew to the rules, and their draws to their explanation', async ({
  desk,
}) => {
  const { clientId } = await desk.aCaller()
  await subscribe(desk, clientId, { items: [{ amount: 100 }] })
  await desk.settle(aCallOf(clientId, 'partly', { seconds: 150 }).end)
  assert.is((await desk.call(clientId, 'partly'))?.price, '0.05')
  await owner`update rating_profiles set created_at = activates_at where client_id = ${clientId}`
  const wrong = async (change: postgres.PendingQuery<postgres.Row[]>) => {
    await change
    return (await verified(desk)).find((detail) => detail.includes('the rules make it'))
  }
  assert.match(
    String(await wrong(desk.sql`update calls set price = 0.04 where client_id = ${clientId}`)),
    /was priced 0.04, the rules make it 0.05/,
  )
  assert.is(await wrong(desk.sql`update calls set price = 0.05 where client_id = ${clientId}`), undefined)
  const amount = (to: number) => desk.sql`
    update calls set allowances = jsonb_set(allowances, '{0,amount}', ${String(to)}::text::jsonb)
    where client_id = ${clientId}`
  assert.match(String(await wrong(amount(90))), /with other draws: .* minutes seconds 100/)
  assert.is(await wrong(amount(100)), undefined)
})

test('the check of the books names an item whose use is not what its calls took', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const id = await subscribe(desk, clientId, { items: [{ amount: 100 }] })
  await desk.settle(aCallOf(clientId, 'taken', { seconds: 60 }).end)
  await desk.sql`update allowance_items set used = 61 where allowance_id = ${id}`
  const [difference = ''] = await verified(desk)
  assert.match(difference, /has 61 used .* its calls took 60/)
})

test.run()
