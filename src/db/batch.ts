/**
 * One transaction in as few round trips as its reads and writes need.
 *
 * `begin` goes out with the first reads and `commit` with the last writes: postgres.js pipelines what is sent
 * without waiting. A pipelined write that fails makes the commit a rollback and the batch throws its error; a
 * connection lost at the commit leaves the outcome unknown, and the caller repeats the whole batch.
 */
import type { Sql } from './connection.ts'
import { isRolledBack, type Reserved, reserve } from './pool/pooled-sql.ts'

export type BatchTx = Reserved

export interface Batch {
  tx: BatchTx
  /** Sends the commit behind the writes already sent, and waits for all of them. */
  commitAfter(writes: readonly Promise<unknown>[]): Promise<void>
}

/** Longer than any batch that fares well; its connection is closed then, and what was sent is in doubt. */
const batchTimeoutMs = 30_000

/** `work` ends with `commitAfter`; without it everything is rolled back. */
export async function inBatch<Result>(sql: Sql, work: (batch: Batch) => Promise<Result>): Promise<Result> {
  const tx = await reserve(sql)
  let isOver = false
  // A batch reads by keys alone. Without this a plan made while a table was small is kept while it grows, and
  // every batch reads all of it: half of the authorizations took over 57 ms instead of 12 (PostgreSQL 18, 20,000 calls).
  const begun = tx.unsafe('begin; set local enable_seqscan = off').execute()
  const deadline = setTimeout(
    () => tx.destroy(`a batch took longer than ${batchTimeoutMs} ms`),
    batchTimeoutMs,
  )
  try {
    return await work({
      tx,
      async commitAfter(writes) {
        await Promise.all([begun, ...writes, tx`commit`])
        isOver = true
      },
    })
  } catch (error) {
    throw tx.explain(error)
  } finally {
    clearTimeout(deadline)
    if (!isOver) isOver = await isRolledBack(tx)
    if (isOver) tx.release()
    else tx.destroy('a batch had no known end')
  }
}
