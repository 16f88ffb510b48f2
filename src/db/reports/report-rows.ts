/**
 * How do millions of rows leave PostgreSQL with a flat memory? By a cursor on a connection of the API's pool, in a
 * read-only transaction that sees the tenant's rows alone.
 *
 * The time limit of statements is lifted, since an export may take minutes; one that nobody reads any more is ended
 * by the limit on idle transactions. Whoever stops reading early (`return` of the generator) frees the connection.
 */
import type { Row as DatabaseRow, PendingQuery } from 'postgres'
import type { Db, Sql } from '../connection.ts'
import { streamBatches, streamReadOnly } from '../stream-batches.ts'
import { nameTenant, type Tenant } from '../tenant.ts'

/** A row's values in the order of the columns asked for; numeric, bigint and instants as PostgreSQL's text. */
export type ReportRow = readonly (string | number | boolean | null)[]

/** Who reads, and through which pool. */
export interface RowReader {
  db: Db
  tenant: Tenant
  /** Aborts when nobody reads any more: the connection is closed then, whatever it works at. */
  gone?: AbortSignal | undefined
}

/** A query that is only written here; `streamRows` runs it. */
export type ReportQuery = (sql: Sql) => PendingQuery<DatabaseRow[]>

/**
 * Rows at a time. Their text as JSON, some 770 bytes a call, stays below 128 KiB: V8 keeps what is longer where only a full
 * collection finds it. A first CSV of 600,000 calls grew the process by 70 MiB at 500 rows, and not at all at 150.
 */
const batchRows = 150
const statementTimeoutMs = 15 * 60_000
/** Of PostgreSQL, for sorting and grouping; a few reports run at once. */
const sortMemory = '32MB'
/** A reader that takes no row for so long is gone: with what is read ahead, the door ends it before. */
const pauseTimeoutMs = 30_000

/**
 * `order`: `sorted` where the rows asked for are few; `grouped` where they are sums of many, which PostgreSQL would
 * sort first, since it takes a brand for one client and expects few; `by-index` where they are many and an index has their
 * order, or PostgreSQL would write them all to disk before the first one leaves.
 */
export async function* streamRows(
  { db, tenant, gone }: RowReader,
  query: ReportQuery,
  order: 'sorted' | 'grouped' | 'by-index' = 'sorted',
): AsyncGenerator<readonly ReportRow[], void, undefined> {
  const byIndex = order === 'by-index' ? 'off' : 'on'
  const sorts = order === 'sorted' ? 'on' : 'off'
  const groupsSorted = order === 'grouped' ? 'off' : 'on'
  yield* streamReadOnly(
    db.$client,
    async function* (tx) {
      tx.allowSilence(statementTimeoutMs + pauseTimeoutMs)
      await nameTenant(
        tx,
        tenant,
        tx`
        set_config('statement_timeout', ${String(statementTimeoutMs)}, true),
        set_config('enable_sort', ${sorts}, true),
        set_config('enable_incremental_sort', ${groupsSorted}, true),
        set_config('enable_seqscan', ${byIndex}, true),
        set_config('enable_bitmapscan', ${byIndex}, true),
        set_config('work_mem', ${sortMemory}, true),
        set_config('idle_in_transaction_session_timeout', ${String(pauseTimeoutMs)}, true)`,
      )
      yield* streamBatches<ReportRow>(tx, query(tx), { rows: batchRows, as: 'values' })
    },
    gone,
  )
}
