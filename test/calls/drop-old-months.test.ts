/**
 * Retention of calls that lie in months: one by one, or with their month.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dropOldMonths } from '../../src/calls/retention/drop-old-months.ts'
import { moveOldCalls } from '../../src/calls/retention/move-old-calls.ts'
import { removeOldCalls } from '../../src/calls/retention/remove-old-calls.ts'
import { waiveCall } from '../../src/calls/settle/waive-call.ts'
import { countRemovedCalls } from '../../src/verify/count-removed-calls.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, type CallDesk, openCallDesk } from './a-call-desk.ts'
import { anOffice, type Office, spain, twoDays, usageOfJanuary } from './a-paid-month.ts'

const test = suite('dropping months of old calls')
let desk: CallDesk
test.before.each(async () => {
  desk = await openCallDesk('2026-01-14T10:00:00Z')
})
test.after.each(() => desk.close())

function goTo(instant: string): void {
  desk.moveClock((Date.parse(instant) - desk.now()) / 1000)
}

async function differences() {
  const found: string[] = []
  const scope = { from: null, before: null, pricesPerClient: null }
  for await (const { check, differences } of verifyBooks(desk.context.db, scope)) {
    found.push(...differences.map(({ detail }) => `${check.id} ${check.name}: ${detail}`))
  }
  return found
}

const monthsLeft = async () =>
  (await desk.sql`select month from old_call_months where dropped_at is null`).map(({ month }) => month)
const partitions = async () =>
  (
    await desk.sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'old_calls'::regclass`
  ).map(({ name }) => name)

/** The four calls of January of `twoDays` among the old ones in March, on invoices that are paid or not. */
async function aJanuary({ isPaid = true, retentionDays = 30 as number | null } = {}): Promise<{
  office: Office
  invoiceId: string
}> {
  goTo('2026-01-14T10:00:00Z')
  const office = await anOffice(desk, retentionDays)
  await twoDays(desk, office)
  const invoice = await office.issue('2026-01-01', '2026-01-14')
  goTo('2026-03-10T10:00:00Z')
  assert.is(await moveOldCalls(desk.context, { hotMonths: 1 }), 4)
  // 0.06 + 0.11 + 0.03, and 21 % of it.
  if (isPaid) await office.pay(invoice.id, '0.24')
  return { office, invoiceId: invoice.id }
}

test('a month whose calls are all paid and past their retention goes at once; sums, annex and keys stay', async () => {
  const { office, invoiceId } = await aJanuary()
  const byDestination = await usageOfJanuary(desk, office, [{ by: 'destination' }])
  const before = {
    account: await desk.account(office.clientId),
    movements: await desk.movements(office.clientId),
  }
  assert.equal(await dropOldMonths(desk.context), ['2026-01-01'])
  assert.is(await desk.counted('removed_calls_total'), 4)
  assert.equal(await partitions(), [])
  assert.equal(await office.remaining(), [])
  assert.equal(await usageOfJanuary(desk, office, [{ by: 'destination' }]), byDestination)
  assert.equal((await office.csv(invoiceId)).slice(1), [
    'spain,,,,Spain mobile,60,60,0.06,EUR,UTC',
    'uk,,,,United Kingdom,30,30,0.11,EUR,UTC',
    'late,,,,Spain mobile,30,30,0.03,EUR,UTC',
  ])
  assert.is(await countRemovedCalls(desk.context.db, { from: null, before: null }), 4)
  assert.equal(await differences(), [])

  // No event charges one again, as after a removal.
  const again = aCallOf(office.clientId, 'spain', spain)
  await desk.settle(again.start, again.end, aCallOf(office.clientId, 'uk', spain).end)
  assert.equal(await desk.account(office.clientId), before.account)
  assert.equal(await desk.movements(office.clientId), before.movements)
  const conflicts =
    await desk.sql`select call_id, half from call_conflicts where client_id = ${office.clientId}`
  assert.equal([...conflicts], [{ call_id: 'uk', half: 'end' }])
  assert.equal(await dropOldMonths(desk.context), [])
})

test('it stays while one of its calls is unpaid, and the others go one by one', async () => {
  const { office } = await aJanuary({ isPaid: false })
  assert.equal(await dropOldMonths(desk.context), [])
  assert.is(await removeOldCalls(desk.context), 1)
  assert.equal(await office.remaining(), ['late', 'spain', 'uk'])
  assert.equal(await differences(), [])
  assert.equal(await monthsLeft(), ['2026-01-01'])
})

test('it stays while a brand that forgets nothing, or later, has a call in it; it goes when that is gone', async () => {
  const { office } = await aJanuary()
  const keeping = await aJanuary({ retentionDays: 90 })
  assert.equal(await dropOldMonths(desk.context), [])
  assert.is(await removeOldCalls(desk.context), 4)
  assert.equal(await office.remaining(), [])
  assert.equal(await keeping.office.remaining(), ['late', 'nobody', 'spain', 'uk'])
  assert.equal(await differences(), [])
  goTo('2026-04-15T10:00:00Z')
  assert.equal(await dropOldMonths(desk.context), ['2026-01-01'])
  assert.equal(await keeping.office.remaining(), [])
  assert.equal(await differences(), [])
})

test('a call that comes back to a month that was dropped stays where it is until it is removed', async () => {
  const { office } = await aJanuary()
  await desk.sql`delete from rating_profiles where client_id = ${office.clientId}`
  goTo('2026-01-14T10:00:00Z')
  await desk.refresh()
  await desk.settle(aCallOf(office.clientId, 'rejected', spain).end)
  goTo('2026-03-10T10:00:00Z')
  assert.equal(await dropOldMonths(desk.context), ['2026-01-01'])
  await waiveCall(desk.context, {
    clientId: office.clientId,
    callId: 'rejected',
    reason: 'courtesy',
    actor: 'test',
  })
  assert.is(await moveOldCalls(desk.context, { hotMonths: 1 }), 0)
  assert.equal(await office.remaining(), ['rejected'])
  assert.equal(await differences(), [])
})

test('two replicas drop a month once', async () => {
  await aJanuary()
  const dropped = await Promise.all([dropOldMonths(desk.context), dropOldMonths(desk.context)])
  assert.equal(dropped.flat(), ['2026-01-01'])
  const [row] = await desk.sql`select sum(calls)::integer as calls from unanswered_rollups`
  assert.is(row?.calls, 1)
})

test('where somebody reads the month for long it stays for this time', async () => {
  await aJanuary()
  const reader = await desk.sql.reserve()
  await reader`begin`
  await reader`select count(*) from old_calls`
  assert.equal(await dropOldMonths(desk.context), [])
  assert.equal(await monthsLeft(), ['2026-01-01'])
  await reader`commit`
  reader.release()
  assert.equal(await dropOldMonths(desk.context), ['2026-01-01'])
  assert.equal(await differences(), [])
})

test.run()
