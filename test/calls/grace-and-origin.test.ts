/** What a rate's grace and a plan's entries for some callers do to grants, running calls, charges and re-ratings. */
import { randomUUID } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rerateNextCalls } from '../../src/calls/re-rate/rerate-calls.ts'
import { insertReRating, takeFilteredCalls } from '../../src/db/calls/re-ratings.ts'
import { newId } from '../../src/uuid.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('grace and origin')

/** A desk of its own: the clock is moved. */
async function atDesk(work: (desk: CallDesk) => Promise<void>): Promise<void> {
  const desk = await openCallDesk()
  try {
    await work(desk)
  } finally {
    await desk.close()
  }
}

interface Entry {
  rate: string
  incrementSeconds?: number
  graceSeconds?: number
  connectFee?: string
  destination?: string
  originPrefixes?: string[]
}

/** A deck per entry, with one rate for 34. */
async function aPlan(desk: CallDesk, brandId: string, entries: Entry[]): Promise<string> {
  const { sql } = desk
  const ratingPlanId = randomUUID()
  const stored = []
  for (const entry of entries) {
    const { rate, incrementSeconds = 1, graceSeconds, connectFee = '0', originPrefixes } = entry
    const rateDeckId = randomUUID()
    const terms = {
      connectFee,
      steps: [{ fromSecond: 0, rate, perSeconds: 60, incrementSeconds }],
      minimumPrice: null,
      maximumPrice: null,
      maximumPriceAction: 'free',
      blocked: false,
      ...(graceSeconds && { graceSeconds }),
    }
    await sql`
      insert into rate_decks (id, brand_id, name, currency, rounding_mode, rounding_decimals)
      values (${rateDeckId}, ${brandId}, ${rateDeckId}, 'EUR', 'up', 4)`
    await sql`
      insert into rates (rate_deck_id, prefix, from_version, destination, terms)
      values (${rateDeckId}, '34', 1, ${entry.destination ?? 'Spain'}, ${JSON.stringify(terms)})`
    await sql`
      insert into rate_deck_versions (rate_deck_id, version, effective_at, rounding_mode, rounding_decimals, rates)
      values (${rateDeckId}, 1, '2020-01-01T00:00:00Z', 'up', 4, 1)`
    stored.push({ rateDeckId, weight: 10, ...(originPrefixes && { originPrefixes }) })
  }
  await sql`
    insert into rating_plans (id, brand_id, name, currency)
    values (${ratingPlanId}, ${brandId}, ${ratingPlanId}, 'EUR')`
  await sql`
    insert into rating_plan_versions (rating_plan_id, version, effective_at, entries)
    values (${ratingPlanId}, 1, '2020-01-01T00:00:00Z', ${JSON.stringify(stored)})`
  return ratingPlanId
}

async function aCaller(
  desk: CallDesk,
  entries: Entry[],
  settings: Parameters<CallDesk['aClient']>[1] = {},
): Promise<{ brandId: string; clientId: string }> {
  const brandId = await desk.aBrand()
  const ratingPlanId = await aPlan(desk, brandId, entries)
  const clientId = await desk.aClient(brandId, { ...settings, ratingPlanId })
  await desk.refresh()
  return { brandId, clientId }
}

const to = '+34600111222'
const graced = [{ rate: '0.06', incrementSeconds: 60, connectFee: '0.02', graceSeconds: 5 }]

/** Price, billed seconds and movements of a call of so many seconds. */
async function chargeOf(desk: CallDesk, clientId: string, callId: string, seconds: number) {
  await desk.settle(aCallOf(clientId, callId, { seconds, to }).end)
  const call = await desk.call(clientId, callId)
  const moved = (await desk.movements(clientId)).filter((one) => one.call_id === callId)
  return [call?.status, call?.price, call?.billed_seconds, moved.map(({ amount }) => amount)]
}

test('a call shorter than the grace is priced 0 without billed seconds and moves no money', () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, graced, { billingMethod: 'prepaid', balance: '1' })
    assert.equal(await chargeOf(desk, clientId, 'short', 4), ['priced', '0', 0, []])
    // 0.02 + 0.06
    assert.equal(await chargeOf(desk, clientId, 'as long', 5), ['priced', '0.08', 60, ['-0.08']])
    assert.equal(await differences(desk), [])
  }))

test('whoever cannot pay the first increment with fee is denied, though a short call would be free', () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, graced, { billingMethod: 'prepaid', balance: '0.0799' })
    const answer = await desk.authorize({ client: clientId, callId: 'a', to })
    assert.equal([answer.allowed, 'reason' in answer && answer.reason], [false, 'insufficient_balance'])
  }))

test('and so is whoever has nothing left of the day', () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, graced, { maxDailyUsage: '0.07' })
    const answer = await desk.authorize({ client: clientId, callId: 'a', to })
    assert.equal([answer.allowed, 'reason' in answer && answer.reason], [false, 'daily_limit_reached'])
  }))

test('a grant holds the first slice, which a call within the grace gives back whole', () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, graced, { billingMethod: 'prepaid', balance: '0.08' })
    const answer = await desk.authorize({ client: clientId, callId: 'a', to })
    assert.equal([answer.allowed, answer.allowed && answer.maxDurationSeconds], [true, 60])
    assert.equal(await desk.account(clientId), { balance: '0.08', reserved: '0.08', running_calls: 0 })
    await desk.settle(aCallOf(clientId, 'a', { startedAt: '2026-01-14T10:00:00Z', seconds: 4, to }).end)
    assert.equal(await desk.account(clientId), { balance: '0.08', reserved: '0', running_calls: 0 })
  }))

test('a grace longer than a slice: the leg ends before it costs what nobody can pay', () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, [{ rate: '0.06', graceSeconds: 90 }], {
      billingMethod: 'prepaid',
      balance: '0.05',
    })
    const answeredAt = desk.now()
    const answer = await desk.authorize({ client: clientId, callId: 'a', to })
    assert.equal([answer.allowed, answer.allowed && answer.maxDurationSeconds], [true, 89])
    await desk.settle(
      anEvent({ kind: 'start', client: clientId, callId: 'a', to, startedAt: answeredAt, answeredAt }),
    )
    for (let second = 1; second <= 84; second++) {
      desk.moveClock(1)
      await desk.meter()
    }
    const [hangup] = (await desk.facts(clientId)).filter(({ type }) => type === 'billing.calls.hangup')
    assert.is(hangup?.data.endBy, new Date(answeredAt + 89_000).toISOString())
    await desk.settle(aCallOf(clientId, 'a', { startedAt: '2026-01-14T09:59:55Z', seconds: 89, to }).end)
    assert.equal(await desk.account(clientId), { balance: '0.05', reserved: '0', running_calls: 0 })
  }))

const byCaller = [
  { rate: '0.60', destination: 'Spain from abroad' },
  { rate: '0.06', destination: 'Spain from Spain', originPrefixes: ['34'] },
]

test("a grant tells the caller's rate, and holds its price", () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, byCaller, { billingMethod: 'prepaid', balance: '10' })
    const ask = async (callId: string, from: string | null) => {
      const answer = await desk.authorize({ client: clientId, callId, to, from })
      const { reserved } = await desk.account(clientId)
      await desk.authorizer.releaseGrant(clientId, callId, { brandId: null })
      return [answer.allowed && answer.rate?.destination, reserved]
    }
    assert.equal(await ask('a', '+34911000111'), ['Spain from Spain', '0.06'])
    assert.equal(await ask('b', '+12125550100'), ['Spain from abroad', '0.6'])
    assert.equal(await ask('c', 'anonymous'), ['Spain from abroad', '0.6'])
    assert.equal(await ask('d', null), ['Spain from abroad', '0.6'])
  }))

test('a running call is extended at the rate of its caller', () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, byCaller, { billingMethod: 'prepaid', balance: '10' })
    const from = '+34911000111'
    await desk.authorize({ client: clientId, callId: 'a', to, from })
    const now = desk.now()
    const start = { kind: 'start', client: clientId, callId: 'a', to, from, startedAt: now } as const
    await desk.settle(anEvent({ ...start, answeredAt: now }))
    desk.moveClock(52)
    await desk.meter()
    assert.is((await desk.account(clientId)).reserved, '0.12')
  }))

test("the end's caller prices a call, and the rules make it the same once more", () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, byCaller)
    await desk.sql`
      update client_terms set numbering = ${JSON.stringify({
        countryCode: '34',
        internationalPrefixes: ['00'],
        nationalPrefix: '',
        nationalLengths: [9],
      })} where client_id = ${clientId}`
    await desk.refresh()
    const priced = async (callId: string, from: string | null, seconds = 60) => {
      const { start, end } = aCallOf(clientId, callId, { seconds, to })
      await desk.settle({ ...start, from: '+12125550100' }, { ...end, from })
      const { price, destination } = (await desk.call(clientId, callId)) ?? {}
      return [price, destination]
    }
    assert.equal(await priced('a', '+34911000111'), ['0.06', 'Spain from Spain'])
    assert.equal(await priced('b', '0034911000111'), ['0.06', 'Spain from Spain'])
    assert.equal(await priced('national', '911000111'), ['0.06', 'Spain from Spain'])
    assert.equal(await priced('c', '+442071234567'), ['0.6', 'Spain from abroad'])
    assert.equal(await priced('d', 'Anonymous'), ['0.6', 'Spain from abroad'])
    assert.equal(await differences(desk), [])
  }))

test('an unanswered call counts for what its caller would have been charged for', () =>
  atDesk(async (desk) => {
    const { clientId } = await aCaller(desk, byCaller)
    const { end } = aCallOf(clientId, 'a', { to })
    await desk.settle({ ...end, answeredAt: null })
    assert.is((await desk.call(clientId, 'a'))?.destination, 'Spain from Spain')
  }))

test('a re-rating asks for the caller and the grace again', () =>
  atDesk(async (desk) => {
    const { brandId, clientId } = await aCaller(desk, [{ rate: '0.60' }])
    for (const [callId, seconds] of [
      ['long', 60],
      ['short', 4],
    ] as const) {
      const { end } = aCallOf(clientId, callId, { seconds, to })
      await desk.settle(end)
    }
    const ratingPlanId = await aPlan(desk, brandId, [
      { rate: '0.60' },
      { rate: '0.06', graceSeconds: 5, originPrefixes: ['34'] },
    ])
    await desk.sql`
      insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
      values (${randomUUID()}, ${clientId}, ${ratingPlanId}, '2026-01-01T00:00:00Z')`
    await desk.refresh()
    const id = newId()
    const filter = { clientId }
    await desk.context.db.transaction(async (tx) => {
      const order = { id, brandId: null, request: { filter }, dryRun: false, actor: 'a tariff clerk' }
      await insertReRating(tx, { ...order, createdAt: desk.now() })
      await takeFilteredCalls(tx, { id, filter })
    })
    while ((await rerateNextCalls(desk.context, id)) > 0);
    assert.is((await desk.call(clientId, 'long'))?.price, '0.06')
    assert.is((await desk.call(clientId, 'short'))?.price, '0')
    assert.is((await desk.account(clientId)).balance, '-0.06')
    assert.equal(await differences(desk), [])
  }))

async function differences(desk: CallDesk): Promise<string[]> {
  const found: string[] = []
  for await (const { differences } of verifyBooks(desk.context.db, {
    from: null,
    before: null,
    pricesPerClient: null,
  })) {
    found.push(...differences.map(({ detail }) => detail))
  }
  return found
}

test.run()
