import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { streamBatches } from '../../src/db/stream-batches.ts'
import { testDatabaseUrl } from '../servers.ts'

const test = suite('rows in batches')
let db: Db

test.before(async () => {
  db = openDatabase(await testDatabaseUrl(), { role: 'tollgate_worker', connections: 1 })
})
test.after(() => closeDatabase(db))

interface Counted {
  n: number
}

function count(upTo: number, batchRows: number, divideBy = 1) {
  const query = db.$client<Counted[]>`
    select n / least(1, ${divideBy}::integer - n) as n from generate_series(1, ${upTo}::integer) as n`
  return streamBatches<Counted>((take) => query.cursor(batchRows, take), db.$client.CLOSE)
}

const plain = (upTo: number, batchRows: number) => count(upTo, batchRows, upTo + 1)

test('all rows come, in order, the last batch with what is left', async () => {
  for (const [upTo, batchRows, sizes] of [
    [10, 4, [4, 4, 2]],
    [8, 4, [4, 4]],
    [3, 4, [3]],
    [0, 4, []],
  ] as const) {
    const seen: number[] = []
    const found: number[] = []
    for await (const rows of plain(upTo, batchRows)) {
      found.push(rows.length)
      seen.push(...rows.map(({ n }) => n))
    }
    assert.equal(found, sizes)
    assert.equal(
      seen,
      Array.from({ length: upTo }, (_, i) => i + 1),
    )
  }
})

test('who stops early frees the connection, which is the only one', async () => {
  for (const stopAfter of [1, 2]) {
    let batches = 0
    for await (const rows of plain(1_000_000, 10)) {
      assert.is(rows.length, 10)
      batches += 1
      if (batches === stopAfter) break
    }
    assert.equal([...(await db.$client`select 1 as one`)], [{ one: 1 }])
  }
})

test('a row that fails ends the stream with its error, after the batches before it', async () => {
  const seen: number[] = []
  let failure: unknown
  try {
    for await (const rows of count(10, 2, 5)) seen.push(...rows.map(({ n }) => n))
  } catch (error) {
    failure = error
  }
  assert.equal(seen, [1, 2, 3, 4])
  assert.match(String(failure), /division by zero/)
  assert.equal([...(await db.$client`select 1 as one`)], [{ one: 1 }])
})

test.run()
