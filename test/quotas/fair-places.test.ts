/**
 * Places over tenants. Everything here is settled within the turn of the event loop that frees a place, so that the
 * order of entering can be compared whole.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { PlacesTaken, QuotaReached } from '../../src/errors.ts'
import { type FairLimits, FairPlaces, type LeavePlace } from '../../src/quotas/fair-places.ts'

const test = suite('FairPlaces')
const names = { code: 'too_many_reports', what: 'reports', retryAfterSeconds: 10 }

function places(limits: Partial<FairLimits>) {
  return new FairPlaces(
    { running: 1, runningPerTenant: 1, waiting: 100, waitingPerTenant: 50, timeoutMs: null, ...limits },
    names,
  )
}

const brand = (brandId: string, clientId: string | null = null) => ({ brandId, clientId })
const settled = () => new Promise((resolve) => setImmediate(resolve))

async function refusal(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => undefined,
    (error) => error,
  )
}

/** Asks for all of `askers` at once and answers who entered, in order, one place after another. */
async function orderOf(all: FairPlaces, first: LeavePlace, askers: [string, string | null][]) {
  const entered: string[] = []
  const asked = askers.map(async ([brandId, clientId]) => {
    const leave = await all.take(brand(brandId, clientId))
    entered.push(clientId === null ? brandId : `${brandId}/${clientId}`)
    leave()
  })
  first()
  await Promise.all(asked)
  return entered
}

test('the queue of one tenant does not stand in front of another', async () => {
  const all = places({})
  const first = await all.take(brand('a'))
  const order = await orderOf(all, first, [
    ['a', null],
    ['a', null],
    ['a', null],
    ['b', null],
    ['b', null],
    ['c', null],
  ])
  assert.equal(order, ['b', 'c', 'a', 'b', 'a', 'a'])
})

test('within a brand the queue of one client does not stand in front of another', async () => {
  const all = places({})
  const first = await all.take(brand('a', 'x'))
  const order = await orderOf(all, first, [
    ['a', 'x'],
    ['a', 'x'],
    ['a', 'y'],
    ['a', null],
  ])
  assert.equal(order, ['a/y', 'a', 'a/x', 'a/x'])
})

test('many clients of a brand are one tenant beside another brand', async () => {
  const all = places({})
  const first = await all.take(brand('a', 'x1'))
  const order = await orderOf(all, first, [
    ['a', 'x2'],
    ['a', 'x3'],
    ['a', 'x4'],
    ['b', null],
  ])
  assert.equal(order[0], 'b')
})

test('a tenant at its own limit leaves the last place to others', async () => {
  const all = places({ running: 3, runningPerTenant: 2 })
  const leaves = [await all.take(brand('a')), await all.take(brand('a'))]
  const third = all.take(brand('a'))
  await settled()
  assert.equal([all.running, all.waiting], [2, 1])
  const other = await all.take(brand('b'))
  assert.equal([all.running, all.waiting], [3, 1])
  other()
  await settled()
  assert.equal([all.running, all.waiting], [2, 1], 'a place of b is not for a')
  leaves[0]?.()
  await third
  assert.equal([all.running, all.waiting], [2, 0])
})

test('a full queue of its own is 429, a full queue of all 503, each with the code and Retry-After', async () => {
  const all = places({ waiting: 3, waitingPerTenant: 2 })
  const leave = await all.take(brand('a'))
  const waiting = [all.take(brand('a')), all.take(brand('a'))]
  const own = await refusal(all.take(brand('a')))
  assert.instance(own, QuotaReached)
  const { status, code, retryAfterSeconds } = own as QuotaReached
  assert.equal([status, code, retryAfterSeconds], [429, 'too_many_reports', 10])
  waiting.push(all.take(brand('b')))
  const whole = await refusal(all.take(brand('c')))
  assert.instance(whole, PlacesTaken)
  assert.is((whole as PlacesTaken).status, 503)
  leave()
  await Promise.all(waiting.map(async (one) => (await one)()))
  assert.equal([all.running, all.waiting], [0, 0])
})

test('a place is given back once, however often its holder says so', async () => {
  const all = places({ running: 2, runningPerTenant: 2 })
  const leave = await all.take(brand('a'))
  await all.take(brand('a'))
  leave()
  leave()
  assert.is(all.running, 1)
})

test('who leaves the queue frees its place in it', async () => {
  const all = places({ waitingPerTenant: 1 })
  const leave = await all.take(brand('a'))
  const gone = new AbortController()
  const left = refusal(all.take(brand('a'), gone.signal))
  await settled()
  gone.abort('hung up')
  assert.is(await left, 'hung up')
  const next = all.take(brand('a'))
  leave()
  ;(await next)()
  assert.equal([all.running, all.waiting], [0, 0])
})

test('a wait that was in vain is 429 where the tenant itself holds the places, 503 where others do', async () => {
  const all = places({ timeoutMs: 1 })
  const leave = await all.take(brand('a'))
  const [own, other] = await Promise.all([refusal(all.take(brand('a'))), refusal(all.take(brand('b')))])
  assert.instance(own, QuotaReached)
  assert.instance(other, PlacesTaken)
  leave()
  assert.equal([all.running, all.waiting], [0, 0])
})

test('closing refuses all that wait and all that come', async () => {
  const all = places({})
  await all.take(brand('a'))
  const waiting = refusal(all.take(brand('b')))
  await settled()
  all.close()
  assert.instance(await waiting, PlacesTaken)
  assert.instance(await refusal(all.take(brand('c'))), PlacesTaken)
})

test.run()
