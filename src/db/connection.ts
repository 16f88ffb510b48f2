/**
 * How does the service reach PostgreSQL, and as whom?
 *
 * Two pools, one role each: `tollgate_worker` crosses tenants (batches of calls, configuration), and
 * `tollgate_api` sees one tenant's rows, set for each transaction by `asTenant`. drizzle changes the parsers of
 * the postgres.js object it wraps, so everything goes through the wrapped one; raw SQL through `db.$client`.
 */
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema.ts'

export type Sql = postgres.Sql
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

/** Opens a pool; connections are made when first used. */
export function openDatabase(url: string, options: DatabaseOptions): Db {
  const client = postgres(url, {
    max: options.connections,
    connect_timeout: 10,
    // postgres.js' own pause grows to 20 s, which would be waited after the server is back.
    backoff: () => 0.1 + Math.random() * 0.4,
    onnotice: () => {},
    connection: {
      application_name: 'tollgate',
      TimeZone: 'UTC',
      role: options.role,
      statement_timeout: options.statementTimeoutMs ?? 5000,
      lock_timeout: options.lockTimeoutMs ?? 2000,
      synchronous_commit: options.synchronousCommit ?? 'on',
      idle_in_transaction_session_timeout: 10_000,
      // A list's filters decide its index: planned for what is asked, not for what was asked before.
      ...(options.role === 'tollgate_api' ? { plan_cache_mode: 'force_custom_plan' } : {}),
    },
  })
  refuseReservesAfterEnd(client)
  return drizzle(options.role === 'tollgate_api' ? withPreparedReads(client) : client, { schema })
}

/** postgres.js 3.4.9 opens a connection for a `reserve` that comes after `end`; the process would stay for it. */
function refuseReservesAfterEnd(client: Sql): void {
  const { reserve, end } = client
  let isEnded = false
  client.end = (options) => {
    isEnded = true
    return end(options)
  }
  client.reserve = async () => {
    if (!isEnded) return reserve()
    throw Object.assign(new Error('the connections to PostgreSQL are closed'), { code: 'CONNECTION_ENDED' })
  }
}

/** Lists of values of any length would be a statement each, kept for as long as the connection. */
const mostParameters = 24

/**
 * drizzle-orm 0.45 never prepares, and postgres.js 3.4 asks for the types of what is not prepared before it sends the
 * values: two round trips for each read, none of them sent ahead of another's answer. Prepared, they are one, and
 * several leave together. May go when drizzle prepares by itself.
 */
function withPreparedReads<Reads extends Pick<Sql, 'unsafe'>>(reads: Reads): Reads {
  const { unsafe } = reads
  const prepared: Sql['unsafe'] = (query, parameters = [], options = {}) => {
    const isRead = parameters.length > 0 && parameters.length <= mostParameters && /^\s*select\s/.test(query)
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

/** Whose rows a request may see. */
export interface Tenant {
  role: 'platform' | 'brand' | 'client'
  /** Empty for the platform. */
  brandId: string | null
  /** Set for one client's users and keys alone. */
  clientId: string | null
  /** Who the audit log says it was; without it `system`. */
  actor?: string
  requestId?: string
}

export const platformTenant: Tenant = { role: 'platform', brandId: null, clientId: null }

/**
 * How a page of a long list is found. `by-index`: in the order of an index, whatever PostgreSQL expects of it: behind
 * row-level security it expects few rows, and reads and sorts all of them for a page of fifty.
 */
export type ListOrder = 'planned' | 'by-index'

/** Runs `work` in one transaction that sees the tenant's rows alone. */
export async function asTenant<Result>(
  db: Db,
  tenant: Tenant,
  work: (tx: Tx) => Promise<Result>,
  order: ListOrder = 'planned',
): Promise<Result> {
  return db.transaction(async (tx) => {
    // Sent, not waited for: what follows comes after it on this connection, and sees nothing if it fails. By the
    // driver itself, whose queries leave in the order in which they are made; drizzle's take their time.
    const { session } = tx as unknown as { session: { client: Sql } }
    const isSet = session.client`
      select set_config('tollgate.role', ${tenant.role}, true),
             set_config('tollgate.brand', ${tenant.brandId ?? ''}, true),
             set_config('tollgate.client', ${tenant.clientId ?? ''}, true),
             set_config('tollgate.actor', ${tenant.actor ?? ''}, true),
             set_config('tollgate.request', ${tenant.requestId ?? ''}, true),
             ${settingsOf(session.client, order)}`.execute()
    // Its failure is met below, where the work has not met it.
    isSet.catch(() => {})
    const result = await work(tx)
    await isSet
    return result
  })
}

/** Part of the statement that names the tenant. What is found by an index is planned once a connection. */
export function settingsOf(tx: Sql, order: ListOrder) {
  const [sortsAndBitmaps, plans] =
    order === 'by-index' ? ['off', 'force_generic_plan'] : ['on', 'force_custom_plan']
  return tx`
    set_config('enable_sort', ${sortsAndBitmaps}, true), set_config('enable_bitmapscan', ${sortsAndBitmaps}, true),
    set_config('plan_cache_mode', ${plans}, true)`
}
