import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, type CallDesk, openCallDesk } from '../calls/a-call-desk.ts'

const test = suite('facts that should be there')
let desk: CallDesk
let clientId: string

/** Today: facts are kept for days by the database's clock. A priced call, a rejected one, and a limit reached. */
test.before(async () => {
  const now = Date.now()
  desk = await openCallDesk(new Date(now).toISOString())
  clientId = (await desk.aCaller({ maxDailyUsage: '0.01' })).clientId
  const startedAt = new Date(now - 600_000).toISOString()
  await desk.settle(aCallOf(clientId, 'priced', { startedAt }).end)
  await desk.settle(aCallOf(clientId, 'rejected', { startedAt, to: '+99123456' }).end)
})
test.after(() => desk.close())

async function missing(before: string | null): Promise<string[]> {
  const found: string[] = []
  const asked = { from: null, before, pricesPerClient: null, only: ['I10'] }
  for await (const { differences } of verifyBooks(desk.context.db, asked)) {
    found.push(
      ...differences.map(({ detail }) => detail.replace(clientId, 'X').replace(/\d{4}-\d\d-\d\d/, 'DAY')),
    )
  }
  return found.sort()
}

test('what the service has told is found, published or not', async () => {
  assert.equal(await missing(null), [])
  await desk.sql`update outbox set published_at = now()`
  assert.equal(await missing(null), [])
})

test('each fact that is gone is named', async () => {
  const kept = await desk.sql`select * from outbox`
  assert.is(kept.length, 3)
  await desk.sql`delete from outbox`
  assert.equal(await missing(null), [
    'call priced of client X has no fact in the outbox',
    'call rejected of client X has no fact in the outbox',
    'the limit reached on DAY of client X has no fact in the outbox',
  ])
  // What is older than facts are kept is not asked for.
  await desk.sql`update calls set settled_at = now() - interval '3 days'`
  await desk.sql`update daily_usage set limit_told_at = now() - interval '8 days'`
  assert.is((await missing(null)).length, 2)
  assert.equal(await missing('2026-01-01'), [])
})

test.run()
