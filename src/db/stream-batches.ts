/**
 * How do many rows leave PostgreSQL in batches, the next one made while this one is worked on, with a flat memory?
 *
 * By `declare` and `fetch`, each a statement like any other. The driver's own cursors keep one statement open for as long
 * as the reader takes: left early after the statement's time limit, driver and server disagreed about where the
 * connection stood, and its next user got somebody else's rows (postgres.js 3.4.9).
 */
import type { Row as DatabaseRow, PendingQuery } from 'postgres'
import type { Sql } from './connection.ts'
import { type Reserved, reserve } from './pool/pooled-sql.ts'

let cursors = 0

/** Within a transaction. One batch is read ahead, no more. `values`: rows as arrays instead of objects. */
export async function* streamBatches<Row>(
  tx: Sql,
  query: PendingQuery<DatabaseRow[]>,
  { rows, as = 'objects' }: { rows: number; as?: 'objects' | 'values' },
): AsyncGenerator<readonly Row[], void, undefined> {
  const cursor = `batches_${++cursors}`
  // All rows will be read: without this PostgreSQL plans for the first tenth of them.
  await tx`set local cursor_tuple_fraction = 1`
  await tx`declare ${tx(cursor)} no scroll cursor for ${query}`
  const fetch = () => {
    const fetched = tx.unsafe(`fetch ${rows} from ${cursor}`)
    const batch = (as === 'values' ? fetched.values() : fetched) as unknown as Promise<readonly Row[]>
    // Its failure is met when it is waited for, or never, where nobody reads on.
    batch.catch(() => {})
    return batch
  }
  let next = fetch()
  for (;;) {
    const batch = await next
    if (batch.length === rows) next = fetch()
    if (batch.length > 0) yield batch
    if (batch.length < rows) break
  }
  await tx.unsafe(`close ${cursor}`)
}

/** Milliseconds: how often a server looks whether the one it works for is still there. */
const checkPresenceMs = '1000'

/**
 * A read-only transaction that lasts until the reader has had everything. Where it stops before, `gone` aborts, or something
 * fails, the connection is closed, whatever was under way on it; the server ends its statement a second later.
 */
export async function* streamReadOnly<Item>(
  sql: Sql,
  work: (tx: Reserved) => AsyncIterable<Item>,
  gone?: AbortSignal,
): AsyncGenerator<Item, void, undefined> {
  gone?.throwIfAborted()
  const tx = await reserve(sql)
  const leave = () => tx.destroy('the reader of a stream has left')
  if (gone?.aborted) leave()
  gone?.addEventListener('abort', leave)
  let isOver = false
  try {
    await tx`begin read only`
    // PostgreSQL cannot look on Windows, and refuses the setting there.
    await tx`
      select set_config('client_connection_check_interval', ${checkPresenceMs}, true)
      where version() !~* 'windows|mingw|visual'`
    yield* work(tx)
    await tx`commit`
    isOver = true
  } finally {
    gone?.removeEventListener('abort', leave)
    if (isOver) tx.release()
    else tx.destroy('a stream was left before its end')
  }
}
