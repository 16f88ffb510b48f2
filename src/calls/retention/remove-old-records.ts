/**
 * Removes what is kept beside calls and names numbers, or tells of callers: dead letters, counts of denials, events of
 * guards, records of imports, conflicts of calls that are gone. After the `retentionDays` of their brand, and after the service's own age
 * whatever the brand says. Harmless on every replica.
 */

import { removeOldDeadLetters } from '../../db/calls/dead-letters.ts'
import { removeOldDenials } from '../../db/calls/denials.ts'
import { removeOldConflicts } from '../../db/calls/removed-calls.ts'
import type { RecordAge } from '../../db/clients/brand-retention.ts'
import { daysInZones } from '../../db/days-in-zones.ts'
import { removeOldGuardEvents } from '../../db/guards/guard-events.ts'
import { removeOldImports } from '../../db/tariffs/remove-imports.ts'
import { localDay } from '../../rating/local-day.ts'
import type { CallsContext } from '../calls-context.ts'

/** Rows that a statement removes. */
const batchSize = 5000

export interface RemovedRecords {
  deadLetters: number
  denials: number
  guardEvents: number
  imports: number
  conflicts: number
}

/** `stop` asks to leave off. */
export async function removeOldRecords(
  context: Pick<CallsContext, 'db' | 'clock' | 'log' | 'metrics'> & { maxAgeDays: number },
  stop: () => boolean = () => false,
): Promise<RemovedRecords> {
  const sql = context.db.$client
  const age: RecordAge = { maxAgeDays: context.maxAgeDays, now: context.clock() }
  const batch = { ...age, max: batchSize }
  const today = await daysInZones(sql, 'clients', age.now)
  let open = 0
  const inBatches = async (remove: () => Promise<number>) => {
    let all = 0
    let count = batchSize
    while (count === batchSize && !stop()) {
      count = await remove()
      all += count
    }
    return all
  }
  const removed: RemovedRecords = {
    deadLetters: await inBatches(async () => {
      const letters = await removeOldDeadLetters(sql, batch)
      open += letters.open
      return letters.count
    }),
    denials: await inBatches(() =>
      removeOldDenials(sql, { ...batch, today, utcDay: localDay(age.now, 'UTC') }),
    ),
    guardEvents: await inBatches(() => removeOldGuardEvents(sql, batch)),
    imports: await inBatches(() => removeOldImports(sql, batch)),
    conflicts: await removeOldConflicts(sql, age),
  }
  logRemoved(context, removed, open)
  return removed
}

function logRemoved(
  { log, metrics, maxAgeDays }: Pick<CallsContext, 'log' | 'metrics'> & { maxAgeDays: number },
  removed: RemovedRecords,
  open: number,
): void {
  for (const [kind, count] of Object.entries(removed)) {
    if (count > 0) metrics.removedRecords.inc({ kind }, count)
  }
  if (Object.values(removed).some((count) => count > 0)) {
    log.info({ event: 'records_removed', maxAgeDays, ...removed }, 'old records are gone')
  }
  if (open > 0) {
    log.warn({ event: 'open_dead_letters_removed', count: open }, 'events that were never redriven are gone')
  }
}
