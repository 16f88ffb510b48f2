/**
 * How does the service reach PostgreSQL, and as whom?
 *
 * Two pools, one role each: `tollgate_worker` crosses tenants (batches of calls, configuration), and
 * `tollgate_api` sees one tenant's rows, set for each transaction by `asTenant`. drizzle changes the parsers of
 * the postgres.js object it wraps, so everything goes through the wrapped one; raw SQL through `db.$client`.
 */
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Sql } from './pool/driver.ts'
import { openPooledSql } from './pool/pooled-sql.ts'
import * as schema from './schema.ts'

export type { Sql }
export type Db = PostgresJsDatabase<typeof schema> & { $client: Sql }
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

export interface DatabaseOptions {
  role: 'tollgate_worker' | 'tollgate_api'
  connections: number
  /** Milliseconds a statement may run, and wait for a lock. */
  statementTimeoutMs?: number
  lockTimeoutMs?: number
  /** `off`: a commit does not wait for the disk; for reservations alone. */
  synchronousCommit?: 'on' | 'off'
}

/** How long a server may take to let us in, and how long to wait while all connections are in use. */
const connectTimeoutMs = 3_000
const waitMs = 5_000
/** A server that has answered nothing so long after a statement's time limit is not there any more. */
const graceMs = 1_000
const statementTimeoutMs = 5_000

/** Opens a pool; connections are made when first used. */
export function openDatabase(url: string, options: DatabaseOptions): Db {
  const statementMs = options.statementTimeoutMs ?? statementTimeoutMs
  const client = openPooledSql(
    url,
    {
      onnotice: () => {},
      connection: {
        application_name: 'tollgate',
        TimeZone: 'UTC',
        role: options.role,
        statement_timeout: statementMs,
        lock_timeout: options.lockTimeoutMs ?? 2000,
        synchronous_commit: options.synchronousCommit ?? 'on',
        idle_in_transaction_session_timeout: 10_000,
        // A list's filters decide its index: planned for what is asked, not for what was asked before.
        ...(options.role === 'tollgate_api' ? { plan_cache_mode: 'force_custom_plan' } : {}),
      },
    },
    {
      connections: options.connections,
      connectTimeoutMs,
      // 0: a statement may take as long as it likes.
      silenceMs: statementMs === 0 ? Number.POSITIVE_INFINITY : statementMs + graceMs,
      waitMs,
    },
  )
  return drizzle(options.role === 'tollgate_api' ? withPreparedReads(client) : client, { schema })
}

/** Lists of values of any length would be a statement each, kept for as long as the connection. */
const maxParameters = 24

/**
 * drizzle-orm 0.45 never prepares, and postgres.js 3.4 asks for the types of what is not prepared before it sends the
 * values: two round trips for each read, none of them sent ahead of another's answer. Prepared, they are one, and
 * several leave together. May go when drizzle prepares by itself.
 */
function withPreparedReads<Reads extends Pick<Sql, 'unsafe'>>(reads: Reads): Reads {
  const { unsafe } = reads
  const prepared: Sql['unsafe'] = (query, parameters = [], options = {}) => {
    const isRead = parameters.length > 0 && parameters.length <= maxParameters && /^\s*select\s/.test(query)
    return unsafe(query, parameters, isRead ? { ...options, prepare: true } : options)
  }
  reads.unsafe = prepared
  if ('begin' in reads) {
    const pool = reads as { begin: (...given: unknown[]) => unknown }
    const begin = pool.begin
    pool.begin = (...given) =>
      begin(
        ...given.map((one) => (typeof one === 'function' ? (tx: Sql) => one(withPreparedReads(tx)) : one)),
      )
  }
  return reads
}

export async function closeDatabase(db: Db): Promise<void> {
  await db.$client.end({ timeout: 5 })
}
