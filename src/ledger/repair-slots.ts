/**
 * Puts the counters of running calls right: what a client and a brand count is set to what their calls hold.
 *
 * The only repair that verification makes: a counter is no money and leaves no trace of its own, and one that is too
 * high denies calls for ever. Each repair stands in the audit log. Safe beside a running service: whoever changes
 * a counter holds the same locks, taken in the same order.
 */
import { inBatch } from '../db/batch.ts'
import type { Db } from '../db/connection.ts'
import { lockLedger } from './lock-ledger.ts'
import {
  auditSlotRepairs,
  findWrongSlots,
  type RepairedCounter,
  setSlotCounters,
} from './store/slot-counters.ts'

export type { RepairedCounter }

const clientsAtOnce = 500

export async function repairSlots(db: Db, { actor, now }: { actor: string; now: number }) {
  const sql = db.$client
  const { clientIds, brandIds } = await findWrongSlots(sql)
  const repaired: RepairedCounter[] = []
  // Brands with the last clients, when calls that are over have let go of what they held.
  for (let from = 0; from < Math.max(clientIds.length, 1); from += clientsAtOnce) {
    const isLast = from + clientsAtOnce >= clientIds.length
    const owners = {
      clientIds: clientIds.slice(from, from + clientsAtOnce),
      brandIds: isLast ? brandIds : [],
    }
    if (owners.clientIds.length === 0 && owners.brandIds.length === 0) break
    const done = await inBatch(sql, async ({ tx, commitAfter }) => {
      await lockLedger(tx, { ...owners, now })
      const counters = await setSlotCounters(tx, owners)
      if (counters.length > 0) await auditSlotRepairs(tx, counters, { actor, now })
      await commitAfter([])
      return counters
    })
    repaired.push(...done)
  }
  return repaired
}
