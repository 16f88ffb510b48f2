/**
 * Prices corrected after the fact: by movements, on the day and in the rollup of the call, once.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rerateNextCalls } from '../../src/calls/re-rate/rerate-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { waiveCall } from '../../src/calls/settle/waive-call.ts'
import { insertReRating, type RerateFilter, takeFilteredCalls } from '../../src/db/calls/re-ratings.ts'
import { newId } from '../../src/uuid.ts'
import { aCallOf, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('rerateCalls')
let desk: CallDesk

test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

/** Orders a re-rating and does all of it; answers what came of each call. */
async function rerate(filter: RerateFilter, mode: 'dry-run' | 'for-real' = 'for-real') {
  const id = await order(filter, mode)
  while ((await rerateNextCalls(desk.context, id)) > 0);
  return outcomeOf(id)
}

async function order(filter: RerateFilter, mode: 'dry-run' | 'for-real'): Promise<string> {
  const id = newId()
  await desk.context.db.transaction(async (tx) => {
    await insertReRating(tx, {
      id,
      brandId: null,
      request: { filter },
      dryRun: mode === 'dry-run',
      actor: 'a tariff clerk',
      createdAt: desk.now(),
    })
    await takeFilteredCalls(tx, { id, filter })
  })
  return id
}

async function outcomeOf(id: string) {
  const [row] =
    await desk.sql`select status, counts, totals, calls_done, last_error from re_ratings where id = ${id}`
  const calls = await desk.sql`
    select call_id, outcome, reason, trim_scale(price_before)::text as before, trim_scale(price_after)::text as after
    from re_rating_calls where re_rating_id = ${id} order by number`
  return {
    id,
    status: row?.status,
    error: row?.last_error,
    done: row?.calls_done,
    counts: row?.counts,
    totals: row?.totals,
    calls: calls.map((call) => ({ ...call })),
  }
}

/** A plan whose Spain mobile costs `rate` a minute becomes the client's from `activatesAt` on. */
async function giveProfile(
  of: { brandId: string; clientId: string },
  rate: string,
  activatesAt = '2026-01-01T00:00:00Z',
) {
  const steps = [{ fromSecond: 0, rate, perSeconds: 60, incrementSeconds: 1 }]
  const ratingPlanId = await desk.aPlan(of.brandId, { steps })
  await desk.sql`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
    values (${randomUUID()}, ${of.clientId}, ${ratingPlanId}, ${activatesAt})`
  await desk.refresh()
  return ratingPlanId
}

async function rollups(clientId: string) {
  const rows = await desk.sql`
    select day, destination, calls, billed_seconds::int as seconds, trim_scale(amount)::text as amount
    from call_rollups where client_id = ${clientId} and calls <> 0 order by day, destination`
  return rows.map((row) => ({ ...row }))
}

test('a dearer price is one correction on the call’s own day and rollup, and is told anew', async () => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  await desk.settle(aCallOf(clientId, 'a', { seconds: 60, startedAt: '2026-01-12T09:00:00Z' }).end)
  await giveProfile(caller, '0.09')
  const { id, ...done } = await rerate({ clientId })
  assert.equal(done, {
    status: 'done',
    error: null,
    done: 1,
    counts: { changed: 1 },
    totals: { EUR: { before: '0.06', after: '0.09' } },
    calls: [{ call_id: 'a', outcome: 'changed', reason: null, before: '0.06', after: '0.09' }],
  })
  assert.equal(await desk.movements(clientId), [
    { kind: 'charge', amount: '-0.06', balance_after: '-0.06', call_id: 'a' },
    { kind: 'correction', amount: '-0.03', balance_after: '-0.09', call_id: 'a' },
  ])
  const [correction] = await desk.sql`
    select source, actor, reference from movements where client_id = ${clientId} and kind = 'correction'`
  assert.equal(
    { ...correction },
    {
      source: `call:a:re-rating:${id}`,
      actor: 'a tariff clerk',
      reference: `re-rating ${id}`,
    },
  )
  assert.equal(await desk.usage(clientId), [
    { day: '2026-01-12', amount: '0.09', reserved: '0', reached: false },
  ])
  assert.equal(await rollups(clientId), [
    { day: '2026-01-12', destination: 'Spain mobile', calls: 1, seconds: 60, amount: '0.09' },
  ])
  assert.equal(
    (await desk.facts(clientId)).map((fact) => [fact.type, fact.data.price]),
    [
      ['billing.calls.priced', '0.06'],
      ['billing.calls.priced', '0.09'],
    ],
  )
})

test('a cheaper price gives money back', async () => {
  const caller = await desk.aCaller({ billingMethod: 'prepaid', balance: '10' })
  await desk.settle(aCallOf(caller.clientId, 'a', { seconds: 120 }).end)
  await giveProfile(caller, '0.01')
  await rerate({ clientId: caller.clientId })
  assert.equal(
    (await desk.movements(caller.clientId)).map(({ kind, amount, balance_after }) => [
      kind,
      amount,
      balance_after,
    ]),
    [
      ['charge', '-0.12', '9.88'],
      ['correction', '0.1', '9.98'],
    ],
  )
})

test('a dry run says the same and changes nothing', async () => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  await desk.settle(aCallOf(clientId, 'a', { seconds: 60 }).end, aCallOf(clientId, 'b', { seconds: 30 }).end)
  await giveProfile(caller, '0.10')
  const before = [
    await desk.call(clientId, 'a'),
    await desk.movements(clientId),
    await desk.usage(clientId),
    await rollups(clientId),
    (await desk.facts(clientId)).length,
  ]
  const dry = await rerate({ clientId }, 'dry-run')
  assert.equal(
    [
      await desk.call(clientId, 'a'),
      await desk.movements(clientId),
      await desk.usage(clientId),
      await rollups(clientId),
      (await desk.facts(clientId)).length,
    ],
    before,
  )
  const real = await rerate({ clientId })
  assert.equal({ ...dry, id: '' }, { ...real, id: '' })
  assert.equal(real.totals, { EUR: { before: '0.09', after: '0.15' } })
})

test('a rejected call that a late profile prices is charged for the first time', async () => {
  const caller = await desk.aCaller({ ratingPlanId: null })
  const { clientId } = caller
  await desk.settle(aCallOf(clientId, 'a', { seconds: 60 }).end)
  assert.is((await desk.call(clientId, 'a'))?.status, 'rejected')
  await giveProfile(caller, '0.06', '2026-01-14T00:00:00Z')
  const { calls } = await rerate({ clientId, status: 'rejected' })
  assert.equal(calls, [{ call_id: 'a', outcome: 'changed', reason: null, before: null, after: '0.06' }])
  assert.equal(await desk.movements(clientId), [
    { kind: 'charge', amount: '-0.06', balance_after: '-0.06', call_id: 'a' },
  ])
  const call = await desk.call(clientId, 'a')
  assert.equal([call?.status, call?.reason, call?.price, call?.billed_seconds], ['priced', null, '0.06', 60])
})

test('a call corrected to 0 and back is corrected again, not charged a second time', async () => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  await desk.settle(aCallOf(clientId, 'a', { seconds: 60 }).end)
  await giveProfile(caller, '0', '2026-01-02T00:00:00Z')
  await rerate({ clientId })
  await giveProfile(caller, '0.05', '2026-01-03T00:00:00Z')
  await rerate({ clientId })
  assert.equal(
    (await desk.movements(clientId)).map(({ kind, amount }) => [kind, amount]),
    [
      ['charge', '-0.06'],
      ['correction', '0.06'],
      ['correction', '-0.05'],
    ],
  )
})

test('a call charged once, rejected by a late end and priced again is corrected', async () => {
  const { clientId } = await desk.aCaller()
  await desk.settle(aCallOf(clientId, 'a', { seconds: 60 }).end)
  await desk.sql`
    update calls set status = 'rejected', reason = 'no_rating_profile', price = null, rollup_id = null
    where client_id = ${clientId}`
  await rerate({ clientId })
  assert.equal(
    (await desk.movements(clientId)).map(({ kind, amount }) => [kind, amount]),
    [
      ['charge', '-0.06'],
      ['correction', '-0.06'],
    ],
  )
})

test('a call that no profile prices any more keeps its price and is named', async () => {
  const caller = await desk.aCaller()
  const { clientId, brandId } = caller
  await desk.settle(aCallOf(clientId, 'a', { to: '+447700900123', seconds: 60 }).end)
  const planId = randomUUID()
  await desk.sql`insert into rating_plans (id, brand_id, name, currency) values (${planId}, ${brandId}, 'empty', 'EUR')`
  await desk.sql`
    insert into rating_plan_versions (rating_plan_id, version, effective_at, entries)
    values (${planId}, 1, '2020-01-01T00:00:00Z', '[]')`
  await desk.sql`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
    values (${randomUUID()}, ${clientId}, ${planId}, '2026-01-01T00:00:00Z')`
  await desk.refresh()
  const { calls, counts } = await rerate({ clientId })
  assert.equal(counts, { unpriceable: 1 })
  assert.equal(calls, [
    { call_id: 'a', outcome: 'unpriceable', reason: 'destination_not_priced', before: '0.17', after: '0.17' },
  ])
  assert.is((await desk.call(clientId, 'a'))?.price, '0.17')
  assert.is((await desk.movements(clientId)).length, 1)
})

test('a call on an issued invoice is refused by name and not touched', async () => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  await desk.settle(aCallOf(clientId, 'on an invoice', { startedAt: '2026-01-10T09:00:00Z' }).end)
  const invoiceId = randomUUID()
  await desk.sql`update call_rollups set invoice_id = ${invoiceId} where client_id = ${clientId}`
  await desk.settle(aCallOf(clientId, 'on none', { startedAt: '2026-01-11T09:00:00Z' }).end)
  await giveProfile(caller, '0.12')
  const { id, calls } = await rerate({ clientId })
  assert.equal(
    calls.map(({ call_id, outcome, before, after }) => [call_id, outcome, before, after]),
    [
      ['on an invoice', 'invoiced', '0.06', '0.06'],
      ['on none', 'changed', '0.06', '0.12'],
    ],
  )
  const [refused] = await desk.sql`
    select invoice_id from re_rating_calls where re_rating_id = ${id} and outcome = 'invoiced'`
  assert.is(refused?.invoice_id, invoiceId)
  assert.is((await desk.call(clientId, 'on an invoice'))?.price, '0.06')
})

test('a filter means the calls that match all of it', async () => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  await desk.settle(
    aCallOf(clientId, 'first', { startedAt: '2026-01-10T09:00:00Z' }).end,
    aCallOf(clientId, 'second', { startedAt: '2026-01-11T09:00:00Z' }).end,
    aCallOf(clientId, 'britain', { startedAt: '2026-01-11T10:00:00Z', to: '+447700900123' }).end,
    aCallOf(clientId, 'nowhere', { startedAt: '2026-01-11T11:00:00Z', to: '+99123' }).end,
  )
  const names = async (filter: RerateFilter) =>
    (await rerate({ clientId, ...filter }, 'dry-run')).calls.map(({ call_id }) => call_id)
  // The answer comes 5 s after the start.
  const answeredAt = Date.parse('2026-01-11T09:00:05Z')
  assert.equal(await names({ from: answeredAt, to: answeredAt + 1 }), ['second'])
  assert.equal(await names({ from: answeredAt + 1 }), ['britain', 'nowhere'])
  assert.equal(await names({ to: answeredAt }), ['first'])
  assert.equal(await names({ destination: 'United Kingdom' }), ['britain'])
  assert.equal(await names({ prefix: '3460' }), ['first', 'second'])
  assert.equal(await names({ status: 'rejected' }), ['nowhere'])
  assert.equal(await names({ status: 'rejected', reason: 'no_rating_profile' }), [])
  assert.equal(await names({ ratingPlanId: caller.ratingPlanId ?? '', prefix: '44' }), ['britain'])
  assert.equal(await names({ brandId: caller.brandId }), ['first', 'second', 'britain', 'nowhere'])
  assert.equal(await names({ rateDeckId: randomUUID() }), [])
})

test('a limit crossed by a correction is told for the day that runs, not for one that is over', async () => {
  const caller = await desk.aCaller({ maxDailyUsage: '1', maxDailyUsageEmail: 'noc@example.com' })
  const { clientId } = caller
  await desk.settle(
    aCallOf(clientId, 'today', { startedAt: '2026-01-14T09:00:00Z', seconds: 60 }).end,
    aCallOf(clientId, 'before', { startedAt: '2026-01-12T09:00:00Z', seconds: 60 }).end,
  )
  await giveProfile(caller, '1.5')
  await rerate({ clientId })
  const mails = await desk.sql`select source from mails where client_id = ${clientId}`
  assert.equal([...mails], [{ source: `${clientId}:2026-01-14` }])
})

test('a waived call is free, with who and why, and stays free', async () => {
  const caller = await desk.aCaller({ ratingPlanId: null })
  const { clientId } = caller
  await desk.settle(aCallOf(clientId, 'a', { seconds: 60 }).end)
  const waiver = { clientId, callId: 'a', reason: 'our mistake', actor: 'a clerk' }
  await waiveCall(desk.context, waiver)
  await waiveCall(desk.context, waiver)
  const call = await desk.call(clientId, 'a')
  assert.equal(
    [call?.status, call?.price, call?.reason, call?.flags],
    ['priced', '0', null, ['no_start', 'waived']],
  )
  const kept = await desk.sql`select reason, actor from call_waivers where client_id = ${clientId}`
  assert.equal(
    kept.map((row) => ({ ...row })),
    [{ reason: 'our mistake', actor: 'a clerk' }],
  )
  assert.equal(
    (await desk.facts(clientId)).map(({ type, data }) => [type, data.price]),
    [
      ['billing.calls.rejected', null],
      ['billing.calls.priced', '0'],
    ],
  )
  assert.equal(await desk.movements(clientId), [])
  await giveProfile(caller, '0.06')
  const { counts } = await rerate({ clientId })
  assert.equal(counts, { waived: 1 })
  assert.is((await desk.call(clientId, 'a'))?.price, '0')
})

test('only a rejected call can be waived', async () => {
  const { clientId } = await desk.aCaller()
  await desk.settle(aCallOf(clientId, 'a').end)
  for (const [callId, code] of [
    ['a', 'call_not_rejected'],
    ['b', 'not_found'],
  ] as const) {
    try {
      await waiveCall(desk.context, { clientId, callId, reason: 'x', actor: 'y' })
      assert.unreachable()
    } catch (error) {
      assert.is((error as { code?: string }).code, code)
    }
  }
})

test('two replicas at once, chunk by chunk: every call once', async () => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  const ends = Array.from(
    { length: 1203 },
    (_, i) => aCallOf(clientId, `call ${i}`, { seconds: 1 + (i % 90) }).end,
  )
  for (let i = 0; i < ends.length; i += 500) await desk.settle(...ends.slice(i, i + 500))
  await giveProfile(caller, '0.12')
  const id = await order({ clientId }, 'for-real')
  const work = async () => {
    while ((await rerateNextCalls(desk.context, null)) > 0);
  }
  await Promise.all([work(), work()])
  while ((await rerateNextCalls(desk.context, id)) > 0);
  const { status, done, counts } = await outcomeOf(id)
  assert.equal([status, done, counts], ['done', 1203, { changed: 1203 }])
  const [sums] = await desk.sql`
    select count(*)::int as corrections, (select sum(amount) from movements where client_id = ${clientId})::text as moved,
           (select -sum(price) from calls where client_id = ${clientId})::text as prices
    from movements where client_id = ${clientId} and kind = 'correction'`
  assert.is(sums?.corrections, 1203)
  assert.is(sums?.moved, sums?.prices)
  assert.is((await desk.account(clientId)).balance, String(sums?.moved).replace(/\.?0+$/, ''))
})

test('a failure that no repetition mends ends it as failed, with what was done kept', async () => {
  const caller = await desk.aCaller()
  const { clientId } = caller
  await desk.settle(aCallOf(clientId, 'a').end)
  const id = await order({ clientId }, 'for-real')
  await desk.sql`update re_rating_calls set call_id = 'never was' where re_rating_id = ${id}`
  assert.is(await rerateNextCalls(desk.context, id), 0)
  const { status, error } = await outcomeOf(id)
  assert.is(status, 'failed')
  assert.match(error, 'never was')
  assert.is((await desk.movements(clientId)).length, 1)
})

/** Calls of a month to three destinations, one of them without a price, over three local days. */
const month = fc.array(
  fc.record({
    day: fc.integer({ min: 10, max: 12 }),
    hour: fc.integer({ min: 0, max: 23 }),
    seconds: fc.integer({ min: 0, max: 400 }),
    to: fc.constantFrom('+34600111222', '+447700900123', '+99123'),
  }),
  { minLength: 1, maxLength: 40 },
)
const rates = fc.constantFrom('0.0599', '0.061', '0.1234567', '0', '2')

test('re-rated twice nothing changes; settled and re-rated in other batches, the money is the same', async () => {
  await fc.assert(
    fc.asyncProperty(month, rates, fc.integer({ min: 1, max: 7 }), async (calls, rate, size) => {
      const books: unknown[] = []
      for (const batch of [size, 100]) {
        const caller = await desk.aCaller({ timeZone: 'Europe/Madrid' })
        const { clientId } = caller
        const ends = calls.map(({ day, hour, seconds, to }, i) => {
          const startedAt = `2026-01-${day}T${String(hour).padStart(2, '0')}:00:00Z`
          return aCallOf(clientId, `call ${i}`, { startedAt, seconds, to }).end
        })
        for (let i = 0; i < ends.length; i += batch) {
          await settleCalls(desk.context, { events: ends.slice(i, i + batch), undeliverable: [] })
        }
        await giveProfile(caller, rate)
        await rerate({ clientId })
        const moved = (await desk.movements(clientId)).length
        const again = await rerate({ clientId })
        assert.equal(again.counts.changed, undefined)
        assert.is((await desk.movements(clientId)).length, moved)
        books.push({
          balance: (await desk.account(clientId)).balance,
          usage: (await desk.usage(clientId)).filter(({ amount }) => amount !== '0'),
          rollups: await rollups(clientId),
          prices: await Promise.all(calls.map((_, i) => desk.call(clientId, `call ${i}`))),
          perCall: (
            await desk.sql`
              select call_id, trim_scale(sum(amount))::text as sum from movements
              where client_id = ${clientId} group by call_id order by call_id`
          ).map((row) => ({ ...row })),
        })
      }
      assert.equal(books[0], books[1])
    }),
    { numRuns: 8 },
  )
})

test.run()
