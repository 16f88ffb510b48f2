import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { grantSeconds } from '../../src/calls/call.ts'
import { expireCalls } from '../../src/calls/settle/expire-calls.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('a start whose grant has run out, before the sweeper comes by')
let desk: CallDesk

test.before.each(async () => {
  desk = await openCallDesk('2026-01-14T10:00:00Z')
})
test.after.each(() => desk.close())

/** A prepaid client of a brand, each with its Max calls. */
async function aCaller({ maxCalls, brandMaxCalls = 0 }: { maxCalls: number; brandMaxCalls?: number }) {
  const brandId = await desk.aBrand({ maxCalls: brandMaxCalls })
  const clientId = await desk.aClient(brandId, {
    ratingPlanId: await desk.aPlan(brandId),
    billingMethod: 'prepaid',
    balance: '50',
    maxCalls,
  })
  await desk.refresh()
  return { brandId, clientId }
}

async function brandRunningCalls(brandId: string): Promise<number> {
  const [row] = await desk.sql`select running_calls from brand_counters where brand_id = ${brandId}`
  return row?.running_calls ?? 0
}

async function wrongCounters(): Promise<string[]> {
  const found: string[] = []
  const asked = { from: null, before: null, pricesPerClient: 0, only: ['I7'] }
  for await (const { differences } of verifyBooks(desk.context.db, asked)) {
    // The desk's clock stands: what is over by the database's clock is none of our business.
    found.push(...differences.map(({ detail }) => detail).filter((detail) => !detail.includes('and over')))
  }
  return found
}

test('a client that does so more often than its Max calls still calls', async () => {
  const { brandId, clientId } = await aCaller({ maxCalls: 2, brandMaxCalls: 2 })
  for (const n of [1, 2, 3, 4, 5]) {
    const callId = `call ${n}`
    const { allowed } = await desk.authorize({ client: clientId, callId })
    assert.is(allowed, true, callId)
    desk.moveClock(grantSeconds + 1)
    const startedAt = new Date(desk.now()).toISOString()
    const { start, end } = aCallOf(clientId, callId, { startedAt })
    await desk.settle(start)
    assert.is((await desk.account(clientId)).running_calls, 1)
    assert.is(await brandRunningCalls(brandId), 1)
    assert.equal(await wrongCounters(), [])
    desk.moveClock(120)
    await desk.settle(end)
    assert.equal(await wrongCounters(), [])
  }
  await expireCalls(desk.context)
  const { reserved, running_calls } = await desk.account(clientId)
  assert.equal([reserved, running_calls, await brandRunningCalls(brandId)], ['0', 0, 0])
})

test('its own slot does not stand in its way, and is free where it is refused all the same', async () => {
  const { clientId } = await aCaller({ maxCalls: 1 })
  await desk.authorize({ client: clientId, callId: 'one' })
  desk.moveClock(grantSeconds + 1)
  await desk.settle(anEvent({ kind: 'start', client: clientId, callId: 'one', startedAt: desk.now() }))
  assert.equal((await desk.call(clientId, 'one'))?.flags, [])
  assert.is((await desk.account(clientId)).running_calls, 1)

  const suspended = await aCaller({ maxCalls: 1 })
  await desk.authorize({ client: suspended.clientId, callId: 'two' })
  await desk.sql`update clients set suspended = true where id = ${suspended.clientId}`
  await desk.refresh()
  desk.moveClock(grantSeconds + 1)
  await desk.settle(
    anEvent({ kind: 'start', client: suspended.clientId, callId: 'two', startedAt: desk.now() }),
  )
  assert.is((await desk.call(suspended.clientId, 'two'))?.flags?.length, 1)
  assert.is((await desk.account(suspended.clientId)).running_calls, 0)
  assert.equal(await wrongCounters(), [])
})

test('every order of authorization, start, answer, heartbeat, sweep and end leaves nothing held', async () => {
  const kinds = ['start', 'answer', 'alive', 'blind', 'sweep', 'authorize'] as const
  const orders = kinds.flatMap((one) => kinds.map((other) => [one, other] as const))
  const { brandId, clientId } = await aCaller({ maxCalls: 3, brandMaxCalls: 3 })
  for (const [n, order] of orders.entries()) {
    const callId = `order ${n}`
    assert.is((await desk.authorize({ client: clientId, callId })).allowed, true, order.join(', '))
    desk.moveClock(grantSeconds + 1)
    const now = desk.now()
    for (const kind of order) {
      if (kind === 'sweep') await expireCalls(desk.context)
      else if (kind === 'authorize') await desk.authorize({ client: clientId, callId })
      else if (kind === 'answer') {
        await desk.settle(anEvent({ kind, client: clientId, callId, answeredAt: now, at: now }))
      } else if (kind === 'start')
        await desk.settle(anEvent({ kind, client: clientId, callId, startedAt: now }))
      else await desk.settle(anEvent({ kind, client: clientId, callId, at: now, to: '+34600111222' }))
      assert.equal(await wrongCounters(), [], order.join(', '))
    }
    await desk.settle(
      anEvent({
        kind: 'end',
        client: clientId,
        callId,
        startedAt: now,
        answeredAt: now,
        endedAt: now + 1000,
      }),
    )
    const { reserved, running_calls } = await desk.account(clientId)
    assert.equal([reserved, running_calls, await brandRunningCalls(brandId)], ['0', 0, 0], order.join(', '))
  }
})

test.run()
