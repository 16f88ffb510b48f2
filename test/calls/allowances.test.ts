/** Allowances in the books: held by parallel calls, drawn by ended ones, paid for by the period, handed on and corrected. */
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  openAllowancePeriods,
  openDueAllowancePeriods,
} from '../../src/calls/allowances/open-allowance-periods.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite<{ desk: CallDesk }>('allowances of calls')
/** Plans are the API's to write. */
let owner: postgres.Sql

test.before(async (context) => {
  context.desk = await openCallDesk('2026-01-14T10:00:00Z')
  owner = postgres(context.desk.databaseUrl, { max: 1 })
})
test.after(async ({ desk }) => {
  await owner.end()
  await desk.close()
})

interface Bundle {
  items?: { name?: string; unit?: string; amount: number | string; prefixes?: string[]; rollover?: boolean }[]
  fee?: string
  period?: string
  from?: string
}

/** The client has a plan from a day on; its periods are opened as the API does. Answers the allowance's id. */
async function subscribe(desk: CallDesk, clientId: string, bundle: Bundle): Promise<string> {
  const [planId, id] = [randomUUID(), randomUUID()]
  const items = (bundle.items ?? []).map((item) => ({
    ...{
      name: 'minutes',
      unit: 'seconds',
      prefixes: ['34'],
      coversConnectFee: true,
      rollover: false,
      weight: 10,
    },
    ...item,
  }))
  const fee = bundle.fee ?? '0'
  await owner`
    insert into allowance_plans (id, brand_id, name, currency, period, fee, items)
    select ${planId}, brand_id, ${planId}, currency, ${bundle.period ?? 'month'}, ${fee}::text::numeric, ${JSON.stringify(items)}::text::jsonb
    from clients where id = ${clientId}`
  await owner`
    insert into allowance_plan_versions (allowance_plan_id, version, effective_at, fee, items)
    values (${planId}, 1, '2020-01-01T00:00:00Z', ${fee}::text::numeric, ${JSON.stringify(items)}::text::jsonb)`
  await owner`
    insert into client_allowances (id, client_id, allowance_plan_id, from_day, email, next_period_at)
    values (${id}, ${clientId}, ${planId}, ${bundle.from ?? '2026-01-01'}, 'ana@example.com', now())`
  await desk.refresh()
  await openAllowancePeriods(desk.context, { clientId, at: desk.now() })
  return id
}

async function item(desk: CallDesk, allowanceId: string, from = '2026-01-01') {
  const [row] = await desk.sql`
    select amount::float, rolled_over::float, used::float, reserved::float
    from allowance_items where allowance_id = ${allowanceId} and from_day = ${from}`
  return row ? { ...row } : undefined
}

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

test('facts tell 80 and 100 % used, once each, and a jump the higher alone', async ({ desk }) => {
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
  assert.equal(await low(clientId), [80, 100])
  const jump = await desk.aCaller()
  await subscribe(desk, jump.clientId, { items: [{ amount: 60 }] })
  await desk.settle(aCallOf(jump.clientId, 'jump', { seconds: 60 }).end)
  assert.equal(await low(jump.clientId), [100])
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
  await desk.sql`
    with account as (
      update accounts set balance = balance + 20, seq = seq + 1 where client_id = ${clientId} returning *
    )
    insert into movements (client_id, seq, id, kind, source, amount, balance_after, currency, actor, created_at)
    select client_id, seq, ${randomUUID()}, 'top-up', 'more', 20, balance, currency, 'test', now() from account`
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

test('the check of the books names an item whose use is not what its calls took', async ({ desk }) => {
  const { clientId } = await desk.aCaller()
  const id = await subscribe(desk, clientId, { items: [{ amount: 100 }] })
  await desk.settle(aCallOf(clientId, 'taken', { seconds: 60 }).end)
  await desk.sql`update allowance_items set used = 61 where allowance_id = ${id}`
  const [difference = ''] = await verified(desk)
  assert.match(difference, /has 61 used .* its calls took 60/)
})

test.run()
