/**
 * Calls that have moved to the partition of their month: whatever comes of them comes as if they had stayed.
 */
import { randomUUID } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rerateNextCalls } from '../../src/calls/re-rate/rerate-calls.ts'
import { moveOldCalls } from '../../src/calls/retention/move-old-calls.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { waiveCall } from '../../src/calls/settle/waive-call.ts'
import { insertReRating, takeFilteredCalls, takeNamedCalls } from '../../src/db/calls/re-ratings.ts'
import { newId } from '../../src/uuid.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('old calls')
let desk: CallDesk
test.before.each(async () => {
  desk = await openCallDesk('2026-01-14T10:00:00Z')
})
test.after.each(() => desk.close())

const move = () => moveOldCalls(desk.context, { hotMonths: 1 })

function goTo(instant: string): void {
  desk.moveClock((Date.parse(instant) - desk.now()) / 1000)
}

async function placesOf(clientId: string) {
  const rows = await desk.sql`
    select call_id, 'calls' as place from calls where client_id = ${clientId}
    union all
    select call_id, 'old' from old_calls where client_id = ${clientId}
    union all
    select call_id, case when details_at is null then 'removed' else 'key' end
    from removed_calls where client_id = ${clientId}
    order by 1, 2`
  return rows.map(({ call_id, place }) => `${call_id} ${place}`)
}

async function books(clientId: string) {
  return {
    account: await desk.account(clientId),
    movements: await desk.movements(clientId),
    usage: await desk.usage(clientId),
    rollups: [...(await desk.sql`select * from call_rollups where client_id = ${clientId} order by id`)],
  }
}

async function differences() {
  const found: string[] = []
  const scope = { from: null, before: null, pricesPerClient: null }
  for await (const { check, differences } of verifyBooks(desk.context.db, scope)) {
    found.push(...differences.map(({ detail }) => `${check.id} ${check.name}: ${detail}`))
  }
  return found
}

const conflictsOf = async (clientId: string) =>
  (
    await desk.sql`select call_id, half from call_conflicts where client_id = ${clientId} order by call_id, half`
  ).map(({ call_id, half }) => `${call_id} ${half}`)

/** A call of 0.06, settled in January, among the old ones in March. */
async function anOldCall() {
  const caller = await desk.aCaller()
  const { clientId } = caller
  const events = aCallOf(clientId, 'a')
  await desk.settle(events.start, events.end)
  goTo('2026-03-10T10:00:00Z')
  assert.is(await move(), 1)
  assert.equal(await placesOf(clientId), ['a key', 'a old'])
  return { ...caller, ...events }
}

test('a call that is over moves with all it has, three days after the month behind its own is over', async () => {
  const { clientId } = await desk.aCaller()
  const rowOf = async (table: string) =>
    (
      await desk.sql`select to_jsonb(k)::text as row from ${desk.sql(table)} k where client_id = ${clientId}`
    )[0]?.row
  await desk.settle(aCallOf(clientId, 'a').end)
  const before = JSON.parse(await rowOf('calls'))
  goTo('2026-03-03T23:59:59Z')
  assert.is(await move(), 0)
  goTo('2026-03-04T00:00:00Z')
  assert.is(await moveOldCalls(desk.context, { hotMonths: 2 }), 0)
  assert.is(await move(), 1)
  assert.is(await desk.counted('moved_calls_total'), 1)
  assert.is(await rowOf('calls'), undefined)
  assert.equal(JSON.parse(await rowOf('old_calls')), before)
  assert.equal(JSON.parse(await rowOf('all_calls')), before)
  assert.equal(await differences(), [])
  assert.is(await move(), 0)
})

test('what runs, waits for its answer or is rejected stays', async () => {
  const { clientId } = await desk.aCaller({ ratingPlanId: null })
  const running = aCallOf(clientId, 'running')
  const awaiting = aCallOf(clientId, 'awaiting')
  await desk.settle(
    running.start,
    running.answer,
    awaiting.start,
    { ...awaiting.end, answeredAt: undefined },
    aCallOf(clientId, 'rejected').end,
  )
  goTo('2026-06-10T10:00:00Z')
  assert.is(await move(), 0)
  assert.equal(await placesOf(clientId), ['awaiting calls', 'rejected calls', 'running calls'])
})

test('a rejected call moves once it is waived', async () => {
  const { clientId } = await desk.aCaller({ ratingPlanId: null })
  await desk.settle(aCallOf(clientId, 'a').end)
  goTo('2026-03-10T10:00:00Z')
  await waiveCall(desk.context, { clientId, callId: 'a', reason: 'courtesy', actor: 'test' })
  assert.is(await move(), 1)
  await waiveCall(desk.context, { clientId, callId: 'a', reason: 'again', actor: 'test' })
  assert.equal(await placesOf(clientId), ['a key', 'a old'])
  assert.equal(await differences(), [])
})

test('repeats of its events charge nothing and contradict nothing; it moves again', async () => {
  const { clientId, start, answer, end } = await anOldCall()
  const before = await books(clientId)
  for (const events of [[end], [start], [answer], [start, end, end]]) await desk.settle(...events)
  await desk.settle(anEvent({ kind: 'alive', client: clientId, callId: 'a', at: desk.now() }))
  assert.equal(await books(clientId), before)
  assert.equal(await conflictsOf(clientId), [])
  assert.equal(await desk.deadLetters(), [])
  assert.equal(await placesOf(clientId), ['a calls'])
  assert.is(await move(), 1)
  assert.equal(await placesOf(clientId), ['a key', 'a old'])
  assert.equal(await differences(), [])
})

test('an end that contradicts is a conflict, as of any call', async () => {
  const { clientId } = await anOldCall()
  const before = await books(clientId)
  const longer = aCallOf(clientId, 'a', { seconds: 600 }).end
  await desk.settle(longer, longer)
  assert.equal(await conflictsOf(clientId), ['a end'])
  assert.equal(await books(clientId), before)
  assert.is((await desk.call(clientId, 'a'))?.duration_seconds, 60)
})

test('its conflicts stay with it', async () => {
  const { clientId } = await anOldCall()
  await desk.settle(aCallOf(clientId, 'a', { seconds: 600 }).end)
  await move()
  let refusal = ''
  await desk.sql`delete from call_conflicts where client_id = ${clientId}`.catch((error) => {
    refusal = error.code
  })
  assert.is(refusal, '23001')
})

test('another leg by its callId is a dead letter, as of any call', async () => {
  const { clientId } = await anOldCall()
  const before = await books(clientId)
  await desk.settle(aCallOf(clientId, 'a', { startedAt: '2026-03-09T09:00:00Z' }).end)
  const letters = (await desk.deadLetters()) as { reason: string; body: string }[]
  assert.equal(
    letters.filter(({ body }) => body.includes(clientId)).map(({ reason }) => reason),
    ['call_id_reused'],
  )
  assert.equal(await books(clientId), before)
})

test('its callId is not granted again, neither by the books nor from a lease', async () => {
  const { clientId } = await anOldCall()
  const ask = async () => {
    let refusal = ''
    await desk.authorize({ client: clientId, callId: 'a' }).catch((error) => {
      refusal = String(error)
    })
    return refusal
  }
  await desk.sql`update clients set max_calls = 4 where id = ${clientId}`
  await desk.refresh()
  assert.match(await ask(), /that call has ended/)
  for (let i = 0; i < 5; i++) await desk.authorize({ client: clientId, callId: `warm ${i}` })
  await ask()
  await desk.context.leases?.callBack({ clientIds: [clientId], brandIds: [] })
  assert.is((await desk.call(clientId, 'a'))?.status, 'priced')
  assert.is((await placesOf(clientId)).filter((place) => place.startsWith('a ')).length, 2)
  assert.equal(
    (await differences()).filter((line) => line.startsWith('I2')),
    [],
  )
})

test('an answer that comes late charges it once', async () => {
  const { clientId } = await desk.aCaller()
  const { start, answer, end } = aCallOf(clientId, 'a')
  await desk.settle(start, { ...end, answeredAt: undefined })
  desk.moveClock(61)
  await expireCalls(desk.context)
  goTo('2026-03-10T10:00:00Z')
  assert.is(await move(), 1)
  await desk.settle(answer)
  await desk.settle(answer, end)
  assert.equal(
    (await desk.movements(clientId)).map(({ kind, amount }) => [kind, amount]),
    [['charge', '-0.06']],
  )
  assert.is((await desk.call(clientId, 'a'))?.status, 'priced')
  assert.is(await move(), 1)
  assert.equal(await differences(), [])
})

test('the end of one that was closed as lost corrects it, once', async () => {
  const { clientId } = await desk.aCaller()
  await desk.sql`update clients set max_call_seconds = 100 where id = ${clientId}`
  await desk.refresh()
  const answeredAt = desk.now()
  const leg = { client: clientId, callId: 'a', startedAt: answeredAt, answeredAt }
  await desk.settle(anEvent({ kind: 'start', ...leg }))
  desk.moveClock(111)
  await desk.meter()
  goTo('2026-03-10T10:00:00Z')
  assert.is(await move(), 1)
  const end = anEvent({ kind: 'end', ...leg, endedAt: answeredAt + 60_000 })
  await desk.settle(end, end)
  await desk.settle(end)
  assert.is((await desk.call(clientId, 'a'))?.price, '0.06')
  assert.is((await desk.account(clientId)).balance, '-0.06')
  assert.equal(await differences(), [])
})

test('a grant that had run out may be used again: its row comes back', async () => {
  const { clientId } = await desk.aCaller({ maxCalls: 4 })
  await desk.authorize({ client: clientId, callId: 'a' })
  await desk.account(clientId)
  desk.moveClock(181)
  await expireCalls(desk.context)
  goTo('2026-03-10T10:00:00Z')
  assert.is(await move(), 1)
  const answer = await desk.authorize({ client: clientId, callId: 'a' })
  assert.ok(answer.allowed)
  await desk.account(clientId)
  assert.equal(await placesOf(clientId), ['a calls'])
  desk.moveClock(120)
  await desk.settle(aCallOf(clientId, 'a', { startedAt: '2026-03-10T10:00:05Z' }).end)
  assert.equal((await desk.movements(clientId)).length, 1)
  assert.equal(await differences(), [])
})

/** Spain mobile costs 0.09 a minute; answers what a re-rating made of the client's calls. */
async function rerate(
  of: { brandId: string; clientId: string },
  mode: 'dry run' | 'for real',
  named = false,
) {
  const ratingPlanId = await desk.aPlan(of.brandId, {
    steps: [{ fromSecond: 0, rate: '0.09', perSeconds: 60, incrementSeconds: 1 }],
  })
  await desk.sql`delete from rating_profiles where client_id = ${of.clientId}`
  await desk.sql`
    insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
    values (${randomUUID()}, ${of.clientId}, ${ratingPlanId}, '2026-01-01')`
  await desk.refresh()
  const id = newId()
  await desk.context.db.transaction(async (tx) => {
    const order = {
      id,
      brandId: null,
      request: {},
      dryRun: mode === 'dry run',
      actor: 'test',
      createdAt: desk.now(),
    }
    await insertReRating(tx, order)
    if (named) await takeNamedCalls(tx, { id, named: [{ clientId: of.clientId, callId: 'a' }] })
    else await takeFilteredCalls(tx, { id, filter: { clientId: of.clientId } })
  })
  while ((await rerateNextCalls(desk.context, id)) > 0);
  const [row] = await desk.sql`select status, counts from re_ratings where id = ${id}`
  return { ...row }
}

test('a re-rating corrects it once, by a filter or by name; a dry run finds it where it is', async () => {
  for (const named of [false, true]) {
    const caller = await anOldCall()
    const { clientId } = caller
    const changed = { status: 'done', counts: { changed: 1 } }
    assert.equal(await rerate(caller, 'dry run', named), changed)
    assert.equal(await placesOf(clientId), ['a key', 'a old'])
    assert.equal(await rerate(caller, 'for real', named), changed)
    assert.is((await desk.call(clientId, 'a'))?.price, '0.09')
    assert.equal(
      (await desk.movements(clientId)).map(({ kind, amount }) => [kind, amount]),
      [
        ['charge', '-0.06'],
        ['correction', '-0.03'],
      ],
    )
    assert.is(await move(), 1)
    assert.equal(await placesOf(clientId), ['a key', 'a old'])
    goTo('2026-01-14T10:00:00Z')
  }
  assert.equal(await differences(), [])
})

test('two replicas move each call once, beside events that take calls back', async () => {
  const { clientId } = await desk.aCaller()
  const names = Array.from({ length: 600 }, (_, i) => `c${i}`)
  const ends = names.map((callId) => aCallOf(clientId, callId).end)
  await desk.settle(...ends)
  goTo('2026-03-10T10:00:00Z')
  const before = await books(clientId)
  const repeat = async () => {
    for (let from = 0; from < ends.length; from += 50) await desk.settle(...ends.slice(from, from + 50))
  }
  const [one, other] = await Promise.all([move(), move(), repeat()])
  assert.ok(one + other > 0)
  await move()
  assert.equal(await books(clientId), before)
  const places = await placesOf(clientId)
  assert.is(places.filter((place) => place.endsWith(' old')).length, 600)
  assert.is(places.filter((place) => place.endsWith(' key')).length, 600)
  assert.is(places.length, 1200)
  assert.equal(await differences(), [])
})

test('a batch that fails leaves its calls where they were, and is moved by the next run', async () => {
  const { clientId } = await desk.aCaller()
  await desk.settle(aCallOf(clientId, 'a').end, aCallOf(clientId, 'b').end)
  goTo('2026-03-10T10:00:00Z')
  await desk.sql`
    insert into removed_calls (client_id, call_id, removed_at, details_at)
    values (${clientId}, 'b', now(), '2026-01-14T10:00:00Z')`
  let failure = ''
  await move().catch((error) => {
    failure = error.code
  })
  assert.is(failure, '23505')
  assert.equal(await placesOf(clientId), ['a calls', 'b calls', 'b key'])
  assert.equal([...(await desk.sql`select month from old_call_months`)], [])
  await desk.sql`delete from removed_calls where client_id = ${clientId}`
  assert.is(await move(), 2)
  assert.equal(await differences(), [])
})

test('verify tells of an old call that nothing guards, and of one without details', async () => {
  const { clientId } = await anOldCall()
  const [key] =
    await desk.sql`select to_jsonb(r)::text as row from removed_calls r where client_id = ${clientId}`
  await desk.sql`delete from removed_calls where client_id = ${clientId}`
  assert.match((await differences()).join('\n'), /I2 call-keys: nothing guards old call a of client/)
  await desk.sql`insert into removed_calls select * from jsonb_populate_record(null::removed_calls, ${key?.row}::text::jsonb)`
  assert.equal(await differences(), [])
  await desk.sql`delete from old_calls where client_id = ${clientId}`
  assert.match((await differences()).join('\n'), /I2 call-keys: old call a of client .* has no details/)
})

test('the key of a call whose details are gone is never deleted, and nobody changes an old call where it lies', async () => {
  const { clientId } = await anOldCall()
  const refusals: string[] = []
  const refused = (query: PromiseLike<unknown>) =>
    query.then(
      () => refusals.push('none'),
      (error) => refusals.push(error.code),
    )
  await refused(desk.sql`update old_calls set price = 7 where client_id = ${clientId}`)
  await refused(desk.sql`update removed_calls set price = 7, details_at = null where client_id = ${clientId}`)
  await desk.sql`update removed_calls set details_at = null where client_id = ${clientId}`
  await refused(desk.sql`delete from removed_calls where client_id = ${clientId}`)
  await refused(desk.sql`select drop_month_of_old_calls('2026-01-01')`)
  assert.equal(refusals, ['42501', '42501', '23001', 'P0001'])
})

test.run()
