/**
 * Invoices whose calls have moved to the partition of their month: annexes, corrections and credit notes are those of hot calls.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { moveOldCalls } from '../../src/calls/retention/move-old-calls.ts'
import { creditInvoice } from '../../src/invoices/credit-invoice.ts'
import { verifyBooks } from '../../src/verify/verify-books.ts'
import { aCallOf, anEvent, type CallDesk, openCallDesk } from '../calls/a-call-desk.ts'
import { anOffice } from '../calls/a-paid-month.ts'

const test = suite('old calls on invoices')

/**
 * January has two calls and one that was closed as lost, at its cap; in March, when its invoice is out, the end of the lost one
 * comes, is corrected on the invoice of February, and January's is credited in full.
 */
async function correctedInMarch(desk: CallDesk, move: () => Promise<unknown>) {
  const office = await anOffice(desk, null)
  const { clientId } = office
  await desk.sql`
    update brands
    set lost_end_policy = 'cap', corrections = 'invoice', issuer = jsonb_set(issuer, '{country}', '"PT"')
    where id = ${office.brandId}`
  await desk.sql`update clients set max_call_seconds = 100 where id = ${clientId}`
  await desk.refresh()
  await desk.settle(aCallOf(clientId, 'a').end, aCallOf(clientId, 'b', { to: '+442071234567' }).end)
  const answeredAt = desk.now()
  const leg = { client: clientId, callId: 'lost', startedAt: answeredAt, answeredAt }
  await desk.settle(anEvent({ kind: 'start', ...leg }))
  desk.moveClock(111)
  await desk.meter()
  goTo(desk, '2026-03-10T10:00:00Z')
  await move()
  const january = await office.issue('2026-01-01', '2026-02-01')
  const annexBefore = await office.csv(january.id)
  await move()
  await desk.settle(anEvent({ kind: 'end', ...leg, endedAt: answeredAt + 60_000 }))
  await move()
  const february = await office.issue('2026-02-01', '2026-03-01')
  await move()
  const note = await creditInvoice(office.invoices, {
    ...office.request,
    id: january.id,
    lines: null,
    reason: null,
    numberSequenceId: null,
  })
  await move()
  const again = await office.issue('2026-01-01', '2026-02-01')
  const places = await desk.sql`select call_id from old_calls where client_id = ${clientId} order by call_id`
  return {
    old: places.map(({ call_id }) => call_id),
    seen: {
      annexBefore,
      annexes: await Promise.all([january, february, again].map(({ id }) => office.csv(id))),
      totals: [january, february, note, again].map(({ total }) => String(total)),
      movements: await desk.movements(clientId),
      usage: await desk.usage(clientId),
    },
  }
}

function goTo(desk: CallDesk, instant: string): void {
  desk.moveClock((Date.parse(instant) - desk.now()) / 1000)
}

async function atDesk<Result>(work: (desk: CallDesk) => Promise<Result>): Promise<Result> {
  const desk = await openCallDesk('2026-01-14T10:00:00Z')
  try {
    const result = await work(desk)
    const scope = { from: null, before: null, pricesPerClient: null }
    for await (const { check, differences } of verifyBooks(desk.context.db, scope)) {
      assert.equal(differences, [], check.name)
    }
    return result
  } finally {
    await desk.close()
  }
}

test('annexes, a correction on the next invoice and a credit note are the same, whether the calls have moved or not', async () => {
  const hot = await atDesk((desk) => correctedInMarch(desk, async () => {}))
  const moved = await atDesk((desk) =>
    correctedInMarch(desk, () => moveOldCalls(desk.context, { hotMonths: 1 })),
  )
  assert.equal(hot.old, [])
  assert.equal(moved.old, ['a', 'b', 'lost'])
  assert.equal(moved.seen, hot.seen)
  // The header and three calls; the lost one at 100 s of 0.06 a minute.
  assert.is(hot.seen.annexBefore.length, 4)
  assert.ok(hot.seen.annexBefore.some((line) => line.startsWith('lost,') && line.includes(',0.1,')))
  assert.ok(hot.seen.annexes[1]?.some((line) => line.startsWith('lost,') && line.includes(',-0.1,')))
})

test.run()
