/**
 * Removes the details of calls that are past their brand's retention, invoiced and paid. The sums stay.
 *
 * Candidates are found without locks, their accounts locked in order, asked again and removed, a batch to a
 * transaction: a late event finds the call or what is left of it, never neither. Harmless on every replica.
 */
import { inBatch } from '../../db/batch.ts'
import type { CallKey } from '../../db/calls/calls.ts'
import {
  type CallPlace,
  findRemovableCalls,
  forgetCorrectedCalls,
  listRetentions,
  type Retention,
  removeCalls,
  removeConflictsOfRemovedCalls,
} from '../../db/calls/removed-calls.ts'
import { daysInZones } from '../../db/days-in-zones.ts'
import { lockLedger } from '../../ledger/lock-ledger.ts'
import type { CallsContext } from '../calls-context.ts'

/** Calls looked at by a query, and removed by a transaction. */
const lookedAt = 5000
const batchSize = 500

export type RemovalContext = Pick<CallsContext, 'db' | 'clock' | 'log' | 'metrics'>

/** Answers how many it removed, of all brands. `stop` asks to leave off. */
export async function removeOldCalls(
  context: RemovalContext,
  stop: () => boolean = () => false,
): Promise<number> {
  const sql = context.db.$client
  let all = 0
  for (const { brandId, retentionDays } of await listRetentions(sql)) {
    const now = context.clock()
    const retention = { retentionDays, now, today: await daysInZones(sql, 'clients', now) }
    let removed = 0
    let after: CallPlace | null = null
    do {
      const found = await findRemovableCalls(sql, { ...retention, brandId, after, max: lookedAt })
      for (let from = 0; from < found.removable.length && !stop(); from += batchSize) {
        removed += await removeBatch(context, found.removable.slice(from, from + batchSize), retention)
      }
      after = found.last
    } while (after !== null && !stop())
    await removeConflictsOfRemovedCalls(sql, { ...retention, brandId })
    if (removed > 0) {
      context.log.info(
        { event: 'calls_removed', brandId, retentionDays, count: removed },
        'details of old calls are gone',
      )
    }
    all += removed
  }
  return all
}

async function removeBatch(
  { db, metrics }: RemovalContext,
  keys: readonly CallKey[],
  retention: Retention,
): Promise<number> {
  const clientIds = keys.map(({ clientId }) => clientId)
  const removed = await inBatch(db.$client, async ({ tx, commitAfter }) => {
    await lockLedger(tx, { clientIds, now: retention.now })
    const count = await removeCalls(tx, keys, retention)
    await commitAfter([forgetCorrectedCalls(tx, keys)])
    return count
  })
  metrics.removed.inc(removed)
  return removed
}
