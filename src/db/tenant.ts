/**
 * Whose rows may a transaction see? PostgreSQL decides, by settings that last as long as the transaction.
 */
import type { Db, Tx } from './connection.ts'
import type { Sql } from './pool/driver.ts'
import type { Reserved } from './pool/pooled-sql.ts'

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
    const driver = findDriver(tx)
    const named = nameTenant(driver, tenant, plannerSettings(driver, order))
    // Its failure is met below, where the work has not met it.
    named.catch(() => {})
    const result = await work(tx)
    await named
    return result
  })
}

/**
 * The connection of a drizzle transaction, by the driver itself: its queries leave in the order in which they are made;
 * drizzle's take their time. What is written through it is part of the same transaction.
 */
export function findDriver(tx: Tx): Reserved {
  return (tx as unknown as { session: { client: Reserved } }).session.client
}

let transactions = 0

/**
 * Sent, not waited for: what follows comes after it on this connection, and sees nothing if it fails.
 *
 * The answer must be the one to this very question. Where it is not, the connection and the driver disagree about what was
 * asked, and the next answers are somebody else's: the connection is destroyed, and the promise rejects. Wait for it
 * before anything that was read is given out.
 */
export async function nameTenant(
  tx: Reserved,
  tenant: Tenant,
  settings: ReturnType<typeof plannerSettings>,
): Promise<void> {
  const asked = {
    role: tenant.role,
    brand: tenant.brandId ?? '',
    client: tenant.clientId ?? '',
    transaction: String(++transactions),
  }
  const [answered] = await tx<(typeof asked)[]>`
    select set_config('tollgate.role', ${asked.role}, true) as role,
           set_config('tollgate.brand', ${asked.brand}, true) as brand,
           set_config('tollgate.client', ${asked.client}, true) as client,
           set_config('tollgate.transaction', ${asked.transaction}, true) as transaction,
           set_config('tollgate.actor', ${tenant.actor ?? ''}, true),
           set_config('tollgate.request', ${tenant.requestId ?? ''}, true),
           ${settings}`
  const isOurs =
    answered?.transaction === asked.transaction &&
    answered.role === asked.role &&
    answered.brand === asked.brand &&
    answered.client === asked.client
  if (isOurs) return
  tx.destroy('it gave an answer that nobody had asked for')
  throw Object.assign(new Error('PostgreSQL and this service disagree about what was asked'), {
    code: 'CONNECTION_OUT_OF_STEP',
  })
}

/** Part of the statement that names the tenant. What is found by an index is planned once a connection. */
export function plannerSettings(tx: Sql, order: ListOrder) {
  const [sortsAndBitmaps, plans] =
    order === 'by-index' ? ['off', 'force_generic_plan'] : ['on', 'force_custom_plan']
  return tx`
    set_config('enable_sort', ${sortsAndBitmaps}, true), set_config('enable_bitmapscan', ${sortsAndBitmaps}, true),
    set_config('plan_cache_mode', ${plans}, true)`
}
