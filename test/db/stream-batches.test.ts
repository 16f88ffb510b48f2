import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeDatabase, type Db, openDatabase } from '../../src/db/connection.ts'
import { streamBatches, streamReadOnly } from '../../src/db/stream-batches.ts'
import { testDatabaseUrl } from '../servers.ts'

const test = suite('rows in batches')
let db: Db

test.before(async () => {
  db = openDatabase(await testDatabaseUrl(), {
    role: 'tollgate_worker',
    connections: 1,
    statementTimeoutMs: 1000,
  })
})
test.after(() => closeDatabase(db))

interface Counted {
  n: number
}

/** The row `divideBy` fails. */
function count(upTo: number, batchRows: number, divideBy = upTo + 1) {
  return streamReadOnly(db.$client, (tx) =>
    streamBatches<Counted>(
      tx,
      tx`select n / least(1, ${divideBy}::integer - n) as n from generate_series(1, ${upTo}::integer) as n`,
      { rows: batchRows },
    ),
  )
}

test('all rows come, in order, the last batch with what is left', async () => {
  for (const [upTo, batchRows, sizes] of [
    [10, 4, [4, 4, 2]],
    [8, 4, [4, 4]],
    [3, 4, [3]],
    [0, 4, []],
  ] as const) {
    const seen: number[] = []
    const found: number[] = []
    for await (const rows of count(upTo, batchRows)) {
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

test('rows come as arrays where that is asked, and several queries follow each other in one transaction', async () => {
  const seen: unknown[] = []
  const both = streamReadOnly(db.$client, async function* (tx) {
    yield* streamBatches<[number, string]>(tx, tx`select 1, 'a'`, { rows: 2, as: 'values' })
    yield* streamBatches<[number, string]>(tx, tx`select 2, ${'b'}::text`, { rows: 2, as: 'values' })
  })
  for await (const rows of both) seen.push(...rows.map((row) => [...row]))
  assert.equal(seen, [
    [1, 'a'],
    [2, 'b'],
  ])
})

test('who stops early, or reads slower than a statement may take, leaves nothing behind on the only connection', async () => {
  for (const [stopAfter, pauseMs] of [
    [1, 0],
    [2, 0],
    [1, 1500],
    [3, 600],
  ] as const) {
    let batches = 0
    for await (const rows of count(1_000_000, 10)) {
      assert.is(rows.length, 10)
      batches += 1
      // What is tested is a pause longer than the time limit of statements.
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      if (batches === stopAfter) break
    }
    for (const word of ['one', 'two', 'three']) {
      assert.equal([...(await db.$client`select ${word}::text as word`)], [{ word }])
    }
  }
})

test('a cursor of the driver, which could leave its rows to the next, is refused', async () => {
  let failure: unknown
  try {
    for await (const rows of db.$client`select 1 as one`.cursor(1)) assert.unreachable(String(rows))
  } catch (error) {
    failure = error
  }
  assert.match(String(failure), /use streamBatches/)
  assert.equal([...(await db.$client`select 1 as one`)], [{ one: 1 }])
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
