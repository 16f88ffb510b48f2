/**
 * Reads sheets in a thread of their own, one after another, the tenants in turn: what a workbook takes, calls may not wait.
 */
import { TollgateError } from '../errors.ts'
import { FairPlaces } from '../quotas/fair-places.ts'
import { OutOfTime, ThreadEnded, ThreadPool } from '../threads/thread-pool.ts'
import type { InspectedSheet, InspectOrder } from './inspect-sheet.ts'
import type { PlanSheet, PlanSheetOrder } from './read-plan-sheet.ts'

const file = new URL('./sheet-thread.ts', import.meta.url)
const inspections = new ThreadPool({ file, threads: 1, budgetMs: 30_000, memoryMb: 512 })
const plans = new ThreadPool({ file, threads: 1, budgetMs: 120_000, memoryMb: 1024 })
const places = new FairPlaces(
  { running: 1, runningPerTenant: 1, waiting: 20, waitingPerTenant: 3, timeoutMs: null },
  { code: 'too_many_jobs', what: 'inspections', retryAfterSeconds: 5 },
)

/** Throws `QuotaReached`, and 422 `sheet_too_large`. */
export async function inspectInThread(brandId: string, order: InspectOrder): Promise<InspectedSheet> {
  return (await places.run({ brandId, clientId: null }, () =>
    readWithin(inspections, order),
  )) as InspectedSheet
}

/** Throws `QuotaReached`, and 422 `sheet_too_large`. */
export async function readPlanInThread(brandId: string, order: PlanSheetOrder): Promise<PlanSheet> {
  return (await places.run({ brandId, clientId: null }, () => readWithin(plans, order))) as PlanSheet
}

/** Throws 422 `sheet_too_large` where it takes more than the pool's threads may. */
export async function readWithin(pool: ThreadPool, order: InspectOrder | PlanSheetOrder): Promise<unknown> {
  try {
    return await pool.run(order)
  } catch (error) {
    if (!(error instanceof OutOfTime || error instanceof ThreadEnded)) throw error
    const detail = 'The sheet takes more time or memory than there is for it: send it in parts, or as CSV.'
    throw new TollgateError({ code: 'sheet_too_large', status: 422, detail }, { cause: error })
  }
}
