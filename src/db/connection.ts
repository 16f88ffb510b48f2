/**
 * How does the service reach PostgreSQL, and as whom?
 *
 * Two pools, one role each: `tollgate_worker` crosses tenants (batches of calls, configuration), and
 * `tollgate_api` sees one tenant's rows, set for each transaction by `asTenant`. drizzle changes the parsers of
 * the postgres.js object it wraps, so everything goes through the wrapped one; raw SQL through `db.$client`.
 */
import { sql as drizzleSql } from 'drizzle-orm'
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
    onnotice: () => {},
    connection: {
      application_name: 'tollgate',
      TimeZone: 'UTC',
      role: options.role,
      statement_timeout: options.statementTimeoutMs ?? 5000,
      lock_timeout: options.lockTimeoutMs ?? 2000,
      synchronous_commit: options.synchronousCommit ?? 'on',
      idle_in_transaction_session_timeout: 10_000,
    },
  })
  return drizzle(client, { schema })
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

/** Runs `work` in one transaction that sees the tenant's rows alone. */
export async function asTenant<Result>(
  db: Db,
  tenant: Tenant,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.transaction(async (tx) => {
    await tx.execute(drizzleSql`
      select set_config('tollgate.role', ${tenant.role}, true),
             set_config('tollgate.brand', ${tenant.brandId ?? ''}, true),
             set_config('tollgate.client', ${tenant.clientId ?? ''}, true),
             set_config('tollgate.actor', ${tenant.actor ?? ''}, true),
             set_config('tollgate.request', ${tenant.requestId ?? ''}, true)`)
    return work(tx)
  })
}
