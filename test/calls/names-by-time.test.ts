import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Grant } from '../../src/calls/authorize/authorization-answer.ts'
import type { CallEvent } from '../../src/calls/call-messages.ts'
import { reconcileActiveCalls } from '../../src/calls/running/reconcile-active-calls.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('names by time')
let desk: CallDesk
let made = 0

test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

const before = '2026-01-14T09:00:00Z'
const passedAt = '2026-01-14T09:30:00Z'
const after = '2026-01-14T09:40:00Z'

/** `giver` had `name` until it passed to `taker`; of two brands, or of one. */
async function aPassedName(of: 'two brands' | 'one brand' = 'two brands') {
  const name = `passed${++made}.example.com`
  const giver = await desk.aCaller({ sipDomain: name })
  await desk.rename(giver.clientId, `gone${made}.example.com`, passedAt)
  const brandId = of === 'one brand' ? giver.brandId : await desk.aBrand()
  const ratingPlanId = await desk.aPlan(brandId)
  const taker = { brandId, clientId: await desk.aTaker(brandId, { sipDomain: name, ratingPlanId }, passedAt) }
  return { name, giver, taker }
}

const within = (event: CallEvent, brandId: string | null): CallEvent => ({
  ...event,
  delivery: { ...event.delivery, brandId },
})
const under = (event: CallEvent, subjectClient: string): CallEvent => ({
  ...event,
  delivery: { ...event.delivery, subject: `calls.${event.kind}.${subjectClient}`, subjectClient },
})
const statusOf = async (clientId: string, callId: string) => (await desk.call(clientId, callId))?.status
const lastLetter = async () => {
  const [letter] = await desk.sql`
    select reason, detail, brand_id, client_id from dead_letters order by received_at desc, id desc limit 1`
  return { ...letter }
}

test("an end is its client's at the start, and never another brand's", async () => {
  const { name, giver, taker } = await aPassedName()
  await desk.settle(aCallOf(name, 'any brand', { startedAt: before }).end)
  await desk.settle(within(aCallOf(name, 'of the giver', { startedAt: before }).end, giver.brandId))
  await desk.settle(within(aCallOf(name, 'of the taker', { startedAt: before }).end, taker.brandId))
  await desk.settle(aCallOf(name, 'later', { startedAt: after }).end)
  assert.is(await statusOf(giver.clientId, 'any brand'), 'priced')
  assert.is(await statusOf(giver.clientId, 'of the giver'), 'priced')
  assert.is(await statusOf(taker.clientId, 'of the taker'), 'priced')
  assert.is(await statusOf(taker.clientId, 'later'), 'priced')
  assert.is((await desk.movements(giver.clientId)).length, 2)
  assert.is((await desk.movements(taker.clientId)).length, 2)
})

test('an id of another brand is nobody, by whatever event', async () => {
  const one = await desk.aCaller()
  const other = await desk.aCaller()
  const { start, answer, end } = aCallOf(other.clientId, 'foreign')
  const alive = anEvent({ kind: 'alive', client: other.clientId, callId: 'foreign', at: desk.now() })
  for (const event of [start, answer, alive, end]) {
    await desk.settle(within(event, one.brandId))
    const letter = await lastLetter()
    assert.equal([letter.reason, letter.brand_id, letter.client_id], ['unknown_client', one.brandId, null])
    assert.not.match(String(letter.detail), other.brandId)
  }
  assert.is(await desk.call(other.clientId, 'foreign'), undefined)
})

test('an end under the new name finds the leg that started under the old one', async () => {
  const { clientId } = await desk.aCaller({ sipDomain: 'old-one.example.com' })
  await desk.settle(aCallOf('old-one.example.com', 'renamed', { startedAt: before }).start)
  await desk.rename(clientId, 'new-one.example.com', passedAt)
  await desk.settle(aCallOf('NEW-one.example.com', 'renamed', { startedAt: before }).end)
  assert.is(await statusOf(clientId, 'renamed'), 'priced')
  assert.equal((await desk.call(clientId, 'renamed'))?.flags, [])
})

test('an end under the old name finds its leg, too, though the client has another name by now', async () => {
  const { clientId, brandId } = await desk.aCaller({ sipDomain: 'old-two.example.com' })
  await desk.rename(clientId, 'new-two.example.com', passedAt)
  await desk.settle(within(aCallOf('old-two.example.com', 'late', { startedAt: before }).end, brandId))
  assert.is(await statusOf(clientId, 'late'), 'priced')
})

for (const kind of ['answer', 'alive'] as const) {
  for (const of of ['one brand', 'two brands'] as const) {
    test(`an ${kind} under a name that passed on within ${of} finds the running leg`, async () => {
      const { name, giver, taker } = await aPassedName(of)
      const at = Date.parse(after) + 60_000
      const told = (callId: string) =>
        kind === 'answer'
          ? anEvent({ kind, client: name, callId, answeredAt: at, at })
          : anEvent({ kind, client: name, callId, at })
      const startOf = (client: string, callId: string, startedAt = before) =>
        aCallOf(client, callId, { startedAt }).start
      await desk.settle(startOf(giver.clientId, "giver's"), startOf(taker.clientId, "taker's", after))
      await desk.settle(told("giver's"), told("taker's"), told('unheard of'))
      const aliveAt = async (clientId: string, callId: string) => {
        const [row] = await desk.sql`
          select alive_at from calls where client_id = ${clientId} and call_id = ${callId}`
        return row && Date.parse(row.alive_at)
      }
      assert.is(await aliveAt(giver.clientId, "giver's"), at)
      assert.is(await aliveAt(taker.clientId, "taker's"), at)
      // Without such a leg: its owner at that instant.
      assert.is(await aliveAt(taker.clientId, 'unheard of'), at)
      assert.is(await desk.call(taker.clientId, "giver's"), undefined)
      assert.is(await desk.call(giver.clientId, 'unheard of'), undefined)
      // In one batch with its start, which is in no table yet.
      await desk.settle(told('at once'), startOf(name, 'at once'))
      assert.is(await aliveAt(giver.clientId, 'at once'), at)
      assert.is(await desk.call(taker.clientId, 'at once'), undefined)
    })
  }
}

test("where both have such a leg, the owner at that instant is meant; an ended leg is nobody's", async () => {
  const { name, giver, taker } = await aPassedName('one brand')
  const at = Date.parse(after) + 60_000
  const alive = (callId: string) => anEvent({ kind: 'alive', client: name, callId, at })
  await desk.settle(
    aCallOf(giver.clientId, 'both', { startedAt: before }).start,
    aCallOf(taker.clientId, 'both', { startedAt: after }).start,
    aCallOf(giver.clientId, 'over', { startedAt: before }).end,
  )
  await desk.settle(alive('both'), alive('over'))
  const [row] = await desk.sql`
    select alive_at from calls where client_id = ${taker.clientId} and call_id = 'both'`
  assert.is(Date.parse(row?.alive_at), at)
  // A sign without a leg leaves a row and no running call.
  assert.is(await statusOf(taker.clientId, 'over'), 'expired')
})

test('an answer within a brand never reaches a leg of another brand, whoever had the name', async () => {
  const { name, giver, taker } = await aPassedName()
  await desk.settle(aCallOf(giver.clientId, 'theirs', { startedAt: before }).start)
  const alive = anEvent({ kind: 'alive', client: name, callId: 'theirs', at: Date.parse(after) })
  await desk.settle(within(alive, taker.brandId))
  assert.is(await statusOf(taker.clientId, 'theirs'), 'expired')
  const [row] = await desk.sql`select alive_at from calls where client_id = ${giver.clientId}`
  assert.is(Date.parse(row?.alive_at), Date.parse(before))
})

test('a name owned more than 31 days ago means nobody any more', async () => {
  const { clientId } = await desk.aCaller({ sipDomain: 'ages-ago.example.com' })
  await desk.rename(clientId, 'since-then.example.com', '2025-12-01T00:00:00Z')
  await desk.settle(aCallOf(clientId, 'endless', { startedAt: before }).start)
  await desk.settle(
    anEvent({ kind: 'alive', client: 'ages-ago.example.com', callId: 'endless', at: desk.now() }),
  )
  const letter = await lastLetter()
  assert.is(letter.reason, 'unknown_client')
  assert.match(String(letter.detail), 'was last owned until 2025-12-01T00:00:00.000Z')
})

test('a client token in the subject is compared with the client that the name meant', async () => {
  const { name, giver, taker } = await aPassedName()
  const early = aCallOf(name, 'token', { startedAt: before })
  await desk.settle(under(early.end, giver.clientId))
  assert.is(await statusOf(giver.clientId, 'token'), 'priced')
  await desk.settle(under(aCallOf(name, 'wrong token', { startedAt: before }).end, taker.clientId))
  assert.equal((await lastLetter()).reason, 'wrong_subject')
  // The name is owned since later only: the letter says so.
  const { clientId } = await desk.aCaller({ sipDomain: 'token-old.example.com' })
  await desk.rename(clientId, 'token-new.example.com', passedAt)
  const renamed = aCallOf('token-new.example.com', 'renamed token', { startedAt: before })
  await desk.settle(under(renamed.end, taker.clientId))
  const letter = await lastLetter()
  assert.is(letter.reason, 'wrong_subject')
  assert.match(String(letter.detail), 'has this SIP domain since 2026-01-14T09:30:00.000Z')
  await desk.settle(under(renamed.end, clientId))
  assert.is(await statusOf(clientId, 'renamed token'), 'priced')
})

test('a dead letter of a name that nobody owned or owns says until when it was owned', async () => {
  const { clientId } = await desk.aCaller({ sipDomain: 'given-up.example.com' })
  await desk.rename(clientId, 'kept.example.com', passedAt)
  await desk.settle(aCallOf('given-up.example.com', 'too late', { startedAt: after }).end)
  const letter = await lastLetter()
  assert.is(letter.reason, 'unknown_client')
  assert.match(String(letter.detail), 'was last owned until 2026-01-14T09:30:00.000Z')
})

test("an authorization is of the name's owner at its instant, else of now, within the brand of the key", async () => {
  const { name, giver, taker } = await aPassedName()
  const ask = async (client: string, at: string, brandId: string | null) => {
    const answer = await desk.authorize({ client, callId: `a${++made}`, at: Date.parse(at) }, { brandId })
    return answer.clientId
  }
  assert.is(await ask(name, before, null), giver.clientId)
  assert.is(await ask(name, after, null), taker.clientId)
  assert.is(await ask(name, before, giver.brandId), giver.clientId)
  assert.is(await ask(name, after, giver.brandId), null)
  assert.is(await ask(name, before, taker.brandId), taker.clientId)
  assert.is(await ask(`gone${name.slice(6)}`, before, null), giver.clientId)
  assert.is(await ask(giver.clientId, after, taker.brandId), null)
})

test('the called and the calling client are looked up within the brand, and told of no other', async () => {
  const { name, giver, taker } = await aPassedName()
  const other = await desk.aClient(giver.brandId, { maxCalls: 9 })
  await desk.refresh()
  const idsOf = async (clientId: string, callId: string) => {
    const [row] = await desk.sql`
      select to_client_id, from_client_id from calls where client_id = ${clientId} and call_id = ${callId}`
    return [row?.to_client_id, row?.from_client_id]
  }
  for (const [i, foreign] of [taker.clientId, name].entries()) {
    const parties = { toClient: foreign, fromClient: foreign }
    await desk.authorize({ client: other, callId: `asked ${i}`, direction: 'inbound', ...parties })
    assert.equal(await idsOf(other, `asked ${i}`), [null, null])
    const { start, end } = aCallOf(other, `told ${i}`, { startedAt: after })
    await desk.settle({ ...start, ...parties })
    await desk.settle({ ...end, ...parties })
    assert.equal(await idsOf(other, `told ${i}`), [null, null])
  }
  // In the brand, by the name at the call's start.
  const parties = { toClient: name, fromClient: name }
  await desk.settle({ ...aCallOf(other, 'early', { startedAt: before }).end, ...parties })
  assert.equal(await idsOf(other, 'early'), [giver.clientId, giver.clientId])
  const asked = { toClient: giver.clientId, fromClient: giver.clientId }
  await desk.authorize({ client: other, callId: 'asked by id', direction: 'inbound', ...asked })
  assert.equal(await idsOf(other, 'asked by id'), [giver.clientId, giver.clientId])
})

test('an inbound leg is internal by who calls, and not by who is called', async () => {
  const brandId = await desk.aBrand()
  const corporationId = '01946000-0000-7000-8000-0000000000aa'
  await desk.sql`insert into corporations (id, brand_id, name) values (${corporationId}, ${brandId}, 'Group')`
  const client = await desk.aClient(brandId, { maxCalls: 9, corporationId })
  const sister = await desk.aClient(brandId, { corporationId })
  const stranger = await desk.aClient(brandId)
  await desk.refresh()
  const cases: [Partial<CallEvent>, boolean][] = [
    [{ toClient: client }, false],
    [{ toClient: sister }, false],
    [{ fromClient: client }, true],
    [{ fromClient: sister }, true],
    [{ fromClient: `${sister}.example.com` }, true],
    [{ fromClient: stranger }, false],
    [{ fromClient: sister, toClient: stranger }, true],
  ]
  for (const [i, [{ toClient = null, fromClient = null }, internal]] of cases.entries()) {
    const parties = { direction: 'inbound' as const, toClient, fromClient }
    const slots = async () => (await desk.account(client)).running_calls
    const heldBefore = await slots()
    const grant = (await desk.authorize({ client, callId: `asked ${i}`, ...parties })) as Grant
    assert.is(grant.internal, internal, `asked ${i}`)
    assert.is((await slots()) - heldBefore, internal ? 0 : 1, `slots of asked ${i}`)
    const { start, end } = aCallOf(client, `in ${i}`)
    await desk.settle({ ...start, ...parties })
    assert.is((await slots()) - heldBefore, internal ? 0 : 2, `slots of in ${i}`)
    // Told at the start alone: kept.
    await desk.settle({ ...end, direction: 'inbound' })
    const [row] = await desk.sql`
      select status, internal from calls where client_id = ${client} and call_id = ${`in ${i}`}`
    assert.equal([row?.status, row?.internal], ['unpriced', internal], `in ${i}`)
    await desk.authorizer.releaseGrant(client, `asked ${i}`, { brandId: null })
  }
  // Outbound as ever: by who is called.
  const out = (await desk.authorize({ client, callId: 'out', fromClient: client, to: '112' })) as Grant
  assert.is(out.internal, false)
  const self = (await desk.authorize({ client, callId: 'self', toClient: sister })) as Grant
  assert.is(self.internal, true)
})

test('halves with a calling client are repeats and conflicts as others are', async () => {
  const { clientId, brandId } = await desk.aCaller()
  const other = await desk.aClient(brandId)
  await desk.refresh()
  const { start } = aCallOf(clientId, 'twice')
  const conflicts = async () =>
    (await desk.sql`select from call_conflicts where client_id = ${clientId}`).length
  await desk.settle({ ...start, fromClient: other })
  await desk.settle({ ...start, fromClient: `${other}.example.com` })
  assert.is(await conflicts(), 0)
  await desk.settle({ ...start, fromClient: null })
  assert.is(await conflicts(), 1)
})

test("an engine's list by names that passed on keeps the legs that it names, and closes the others", async () => {
  for (const of of ['one brand', 'two brands'] as const) {
    const { name, giver, taker } = await aPassedName(of)
    const engine = `sbc-${made}`
    const startOf = (client: string, callId: string, startedAt: string) =>
      desk.settle({ ...aCallOf(client, callId, { startedAt }).start, engine })
    await startOf(giver.clientId, "giver's", before)
    await startOf(giver.clientId, "giver's lost", before)
    await startOf(taker.clientId, "taker's", after)
    await startOf(taker.clientId, "taker's lost", after)
    const calls = ["giver's", "taker's", 'unheard of'].map((callId) => ({ client: name, callId }))
    const stated = { engine, brandId: null, at: desk.now(), calls }
    assert.equal(await reconcileActiveCalls(desk.context, stated), { active: 2, closed: 2 }, of)
    assert.is(await statusOf(giver.clientId, "giver's"), 'started')
    assert.is(await statusOf(taker.clientId, "taker's"), 'started')
    assert.is(await statusOf(giver.clientId, "giver's lost"), 'lost-end')
  }
})

test("an engine's list within a brand does not keep a leg by an owner of another brand", async () => {
  const { name, giver, taker } = await aPassedName()
  await desk.settle({ ...aCallOf(giver.clientId, 'x', { startedAt: before }).start, engine: 'edge' })
  await desk.settle({ ...aCallOf(taker.clientId, 'x', { startedAt: after }).start, engine: 'edge' })
  const stated = { engine: 'edge', at: desk.now(), calls: [{ client: name, callId: 'x' }] }
  const ofGiver = await reconcileActiveCalls(desk.context, { ...stated, brandId: giver.brandId })
  assert.equal(ofGiver, { active: 1, closed: 0 })
  const foreign = [{ client: giver.clientId, callId: 'x' }]
  const ofTaker = await reconcileActiveCalls(desk.context, {
    ...stated,
    brandId: taker.brandId,
    calls: foreign,
  })
  assert.equal(ofTaker, { active: 0, closed: 1 })
  // Whose engine gives signs is said for the brand of the key alone.
  const third = await desk.aCaller()
  const named = [{ client: third.clientId, callId: 'x' }]
  await reconcileActiveCalls(desk.context, { ...stated, brandId: taker.brandId, calls: named })
  await desk.context.engineHeartbeats.flush(desk.sql)
  const signs = await desk.sql`select brand_id from engines where engine = 'edge'`
  assert.equal(signs.map((row) => row.brand_id).sort(), [giver.brandId, taker.brandId].sort())
})

test.run()
