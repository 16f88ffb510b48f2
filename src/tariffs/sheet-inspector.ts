/**
 * Inspects sheets in a thread of their own, one after another, the tenants in turn.
 */
import { FairPlaces } from '../fair-places.ts'
import { ThreadPool } from '../threads/thread-pool.ts'
import type { InspectedSheet, InspectOrder } from './inspect-sheet.ts'

const pool = new ThreadPool({
  file: new URL('./inspect-sheet-thread.ts', import.meta.url),
  threads: 1,
  budgetMs: 30_000,
  memoryMb: 512,
})
const places = new FairPlaces(
  { running: 1, runningPerTenant: 1, waiting: 20, waitingPerTenant: 3, timeoutMs: null },
  { code: 'too_many_jobs', what: 'inspections', retryAfterSeconds: 5 },
)

/** Throws `QuotaReached`, `OutOfTime`, `ThreadEnded`. */
export async function inspectInThread(brandId: string, order: InspectOrder): Promise<InspectedSheet> {
  const inspected = await places.run({ brandId, clientId: null }, () => pool.run(order))
  return inspected as InspectedSheet
}
