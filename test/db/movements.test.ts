import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { openCallDesk } from '../calls/a-call-desk.ts'

const test = suite('movements')
const desk = await openCallDesk()
test.after(() => desk.close())

const writes: [string, string][] = [
  ['an amount is not changed', 'update movements set amount = amount + 1'],
  ['a reference is not changed', `update movements set reference = 'other'`],
  ['none is deleted', 'delete from movements'],
  ['the table is not emptied', 'truncate movements'],
]
for (const role of ['tollgate_worker', 'tollgate_api'] as const) {
  for (const [what, statement] of writes) {
    test(`${role}: ${what}`, async () => {
      const { clientId } = await desk.aCaller({ balance: '5' })
      const db = openDatabase(desk.databaseUrl, { role, connections: 1 })
      try {
        const refusal = await db.$client.unsafe(statement).catch((error) => error)
        assert.is(refusal.code, '42501', String(refusal))
      } finally {
        await closeDatabase(db)
      }
      const rows =
        await desk.sql`select amount::float8 as amount from movements where client_id = ${clientId}`
      assert.equal(
        rows.map(({ amount }) => amount),
        [5],
      )
    })
  }
}

test.run()
