/**
 * Drops months of old calls all of which are past their brand's retention, invoiced and paid: one statement instead of a row each.
 *
 * What is left of them stands in `removed_calls` since they moved. A month with calls that have to stay is left to
 * `remove-old-calls.ts`, and dropped when those have gone.
 */
import { inBatch } from '../../db/batch.ts'
import {
  allowForMonth,
  claimOldCalls,
  dropMonth,
  hasCallsToKeep,
  holdMonths,
  listOldMonths,
} from '../../db/calls/old-call-months.ts'
import { daysInZones } from '../../db/days-in-zones.ts'
import { isLockTimeout } from '../../db/failures.ts'
import type { RemovalContext } from './remove-old-calls.ts'

/** Answers which months it dropped. `stop` asks to leave off. */
export async function dropOldMonths(
  context: RemovalContext,
  stop: () => boolean = () => false,
): Promise<string[]> {
  const { db, clock, log, metrics } = context
  const now = clock()
  const dropped: string[] = []
  for (const month of await listOldMonths(db.$client, now)) {
    if (stop()) break
    const count = await dropWhole(context, month, now).catch((error) => {
      // Somebody reads it: another hour will do.
      if (isLockTimeout(error)) return null
      throw error
    })
    if (count === null) continue
    metrics.removed.inc(count)
    log.info({ event: 'month_of_calls_dropped', month, count }, 'details of old calls are gone')
    dropped.push(month)
  }
  return dropped
}

/** Answers how many calls it had; null: it stays. */
async function dropWhole({ db }: RemovalContext, month: string, now: number): Promise<number | null> {
  const retention = { now, today: await daysInZones(db.$client, 'clients', now) }
  return inBatch(db.$client, async ({ tx, commitAfter }) => {
    if (!(await claimOldCalls(tx))) return null
    await allowForMonth(tx)
    if (await hasCallsToKeep(tx, month, retention)) return null
    // Calls of the month may come and go until here, not from here on.
    await holdMonths(tx)
    if (await hasCallsToKeep(tx, month, retention)) return null
    const count = await dropMonth(tx, month, now)
    await commitAfter([])
    return count
  })
}
