import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { aCallOf, type CallDesk, openCallDesk } from './a-call-desk.ts'

const test = suite('an event that cannot be applied and comes again')
let desk: CallDesk

test.before(async () => {
  desk = await openCallDesk()
})
test.after(() => desk.close())

test('is one dead letter, however often and by whatever way it comes', async () => {
  const { end } = aCallOf('nobody.example.com', 'one')
  const other = aCallOf('nobody.example.com', 'two').end
  const again = { ...end, delivery: { ...end.delivery, deliveries: 2 } }
  await desk.settle(end, end)
  await desk.settle(again, other)
  await desk.settle(other, end)
  assert.equal((await desk.deadLetters()).map(({ body }) => JSON.parse(body).callId).sort(), ['one', 'two'])
  // Tried to the end without success, and found invalid: the same event still.
  await settleCalls(desk.context, {
    events: [],
    undeliverable: [{ delivery: end.delivery, reason: 'handler_error', detail: 'division by zero' }],
  })
  assert.is((await desk.deadLetters()).length, 2)
})

test('the same bytes from two brands are a letter of each', async () => {
  const { end } = aCallOf('nobody.example.com', 'two brands')
  const [one, other] = [await desk.aCaller(), await desk.aCaller()]
  const of = (brandId: string) => ({ ...end, delivery: { ...end.delivery, brandId } })
  await desk.settle(of(one.brandId), of(other.brandId), of(one.brandId))
  const rows = await desk.sql`select brand_id from dead_letters where body like '%two brands%'`
  assert.is(rows.length, 2)
})

test('sent again and refused again it is a letter of its own, once', async () => {
  await desk.sql.begin(async (tx) => {
    // As the API does: the role of the batches may only add letters.
    await tx`set local role none`
    await tx`update dead_letters set redriven_at = now() where body like '%"one"%'`
  })
  const { end } = aCallOf('nobody.example.com', 'one')
  await desk.settle(end)
  await desk.settle(end)
  const rows = await desk.sql`
    select redriven_at is null as open from dead_letters where body like '%"one"%' order by redriven_at nulls last`
  assert.equal(
    rows.map(({ open }) => open),
    [false, true],
  )
})

test('two replicas that bury the same events at once bury each once', async () => {
  const ends = Array.from({ length: 40 }, (_, n) => aCallOf('nobody.example.com', `many ${n}`).end)
  await Promise.all([desk.settle(...ends), desk.settle(...ends.toReversed()), desk.settle(...ends)])
  const [row] = await desk.sql`select count(*) as count from dead_letters where body like '%many%'`
  assert.is(Number(row?.count), 40)
})

test.run()
