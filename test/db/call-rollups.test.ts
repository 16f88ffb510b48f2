import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openCallDesk } from '../calls/a-call-desk.ts'

const test = suite('call_rollups')
const desk = await openCallDesk()
test.after(() => desk.close())

test('a row of a release that knew no brand of rollups gets the brand of its client', async () => {
  const { clientId } = await desk.aCaller({ balance: '5' })
  const [row] = await desk.sql`
    insert into call_rollups (id, client_id, day, destination, calls, duration_seconds, billed_seconds, amount)
    values (gen_random_uuid(), ${clientId}, '2026-01-02', 'Spain', 1, 60, 60, 0.1)
    returning brand_id`
  const [client] = await desk.sql`select brand_id from clients where id = ${clientId}`
  assert.is(row?.brand_id, client?.brand_id)
})

test.run()
