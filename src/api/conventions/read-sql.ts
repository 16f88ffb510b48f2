/**
 * Reads in raw SQL as the request's tenant: the same walls as `asTenant`, for queries that stories share.
 */
import type { FastifyRequest } from 'fastify'
import { type ListOrder, type Sql, settingsOf, type Tenant } from '../../db/connection.ts'
import type { ApiContext } from '../context.ts'
import { tenantOfRequest } from './authentication.ts'

export async function readSql<Result>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Sql) => Promise<Result>,
): Promise<Result> {
  const tx = await context.db.$client.reserve()
  try {
    // Sent together: they are worked off in this order, and without a tenant the third sees nothing.
    const [, , result] = await Promise.all([
      tx`begin read only`.execute(),
      setTenant(tx, tenantOfRequest(request)),
      work(tx),
    ])
    return result
  } finally {
    // The answer need not wait for it; the next to have this connection does.
    void tx`rollback`.catch(() => {}).then(() => tx.release())
  }
}

/**
 * The same in one round trip, commit included: for `work` that sends all its queries before it waits for any. One sent
 * later would be outside the transaction and see nothing.
 */
export async function readAtOnce<Result>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Sql) => Promise<Result>,
  order: ListOrder = 'planned',
): Promise<Result> {
  const tx = await context.db.$client.reserve()
  try {
    const begun = tx`begin read only`.execute()
    const named = setTenant(tx, tenantOfRequest(request), order)
    const read = work(tx)
    // Behind whatever `work` has sent by now; still before the driver writes to its socket.
    const committed = new Promise((resolve) => setImmediate(() => resolve(tx`commit`.execute())))
    // Whoever has the connection next must not find a part of this on it.
    await Promise.allSettled([begun, named, read, committed])
    const [, , result] = await Promise.all([begun, named, read, committed])
    return result
  } finally {
    tx.release()
  }
}

/** The transaction lasts until the reader has had all, or leaves off. */
export async function* streamSql<Item>(
  context: ApiContext,
  request: FastifyRequest,
  work: (tx: Sql) => AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  const tx = await context.db.$client.reserve()
  try {
    await tx`begin read only`
    await setTenant(tx, tenantOfRequest(request))
    yield* work(tx)
  } finally {
    await tx`rollback`.catch(() => {})
    tx.release()
  }
}

function setTenant(tx: Sql, tenant: Tenant, order: ListOrder = 'planned'): Promise<unknown> {
  return tx`
    select set_config('tollgate.role', ${tenant.role}, true),
           set_config('tollgate.brand', ${tenant.brandId ?? ''}, true),
           set_config('tollgate.client', ${tenant.clientId ?? ''}, true),
           ${settingsOf(tx, order)}`.execute()
}
