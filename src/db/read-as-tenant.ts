/**
 * Reads in raw SQL behind the same walls as `asTenant`, in as few round trips as they need.
 */
import type { Db, Sql } from './connection.ts'
import { isRolledBack, type Reserved, reserve } from './pool/pooled-sql.ts'
import { type ListOrder, nameTenant, plannerSettings, type Tenant } from './tenant.ts'

export async function readAsTenant<Result>(
  db: Db,
  tenant: Tenant,
  work: (tx: Sql) => Promise<Result>,
): Promise<Result> {
  const tx = await reserve(db.$client)
  // Sent together: they are worked off in this order, and without a tenant the third sees nothing.
  const begun = tx`begin read only`.execute()
  const named = nameTenant(tx, tenant, plannerSettings(tx, 'planned'))
  const read = startReading(tx, work)
  try {
    const [, , result] = await Promise.all([begun, named, read])
    return result
  } finally {
    // The answer need not wait for it; the next to have this connection does. What was sent comes before the rollback,
    // also where the work has failed before it was on its way.
    void Promise.allSettled([begun, named, read]).then(() => giveBack(tx, isRolledBack(tx)))
  }
}

/** A fault at once is one of the promise, like any other. */
async function startReading<Result>(tx: Sql, work: (tx: Sql) => Promise<Result>): Promise<Result> {
  return work(tx)
}

/**
 * The same in one round trip, commit included: for `work` that sends all its queries before it waits for any. One sent
 * later would be outside the transaction and see nothing.
 */
export async function readAtOnceAsTenant<Result>(
  db: Db,
  tenant: Tenant,
  work: (tx: Sql) => Promise<Result>,
  order: ListOrder,
): Promise<Result> {
  const tx = await reserve(db.$client)
  const begun = tx`begin read only`.execute()
  const named = nameTenant(tx, tenant, plannerSettings(tx, order))
  const read = startReading(tx, work)
  // Behind whatever `work` has sent by now; still before the driver writes to its socket.
  const committed = new Promise((resolve) => setImmediate(() => resolve(tx`commit`.execute())))
  // Whoever has the connection next must not find a part of this on it.
  const ends = await Promise.allSettled([begun, named, read, committed])
  await giveBack(tx, Promise.resolve(ends[3].status === 'fulfilled'))
  const [, , result] = await Promise.all([begun, named, read, committed])
  return result
}

async function giveBack(tx: Reserved, isOver: Promise<boolean>): Promise<void> {
  if (await isOver) tx.release()
  else tx.destroy('a read had no known end')
}
