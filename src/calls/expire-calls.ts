/**
 * Grants that no start followed, and ends whose answer never came: closed when their time is over.
 *
 * Candidates are found without locks, then locked in order and read again; two replicas doing so at once are
 * harmless.
 */
import { inBatch } from '../db/batch.ts'
import { type CallKey, callKey, writeCalls } from '../db/calls/calls.ts'
import { listDueCalls } from '../db/calls/due-calls.ts'
import { RateTableNotLoaded } from '../rating/tariff.ts'
import { type Call, isGrantOver } from './call.ts'
import type { CallMetrics } from './call-metrics.ts'
import type { CallsContext } from './calls-context.ts'
import { lockCalls } from './lock-calls.ts'
import { settleCall, settlementContext } from './settle-call.ts'

const batchSize = 500

/** Answers how many calls it closed. */
export async function expireCalls(context: CallsContext): Promise<number> {
  const now = context.clock()
  const due = await listDueCalls(context.db.$client, now, batchSize)
  const known = due.filter((key) => context.configuration.findClient(key.clientId, now))
  if (known.length === 0) return 0
  try {
    return await closeDueCalls(context, known, now)
  } catch (error) {
    if (!(error instanceof RateTableNotLoaded)) throw error
    await context.configuration.loadRateTable(error.rateDeckId, error.version)
    return closeDueCalls(context, known, now)
  }
}

function closeDueCalls(context: CallsContext, keys: readonly CallKey[], now: number): Promise<number> {
  const { configuration } = context
  return inBatch(context.db.$client, async (batch) => {
    const { ledger, calls } = await lockCalls(context, batch, { keys, days: [], now })
    const closed: Call[] = []
    for (const key of keys) {
      const call = calls.get(callKey(key))
      if (!call) continue
      if (call.status === 'authorized' && isGrantOver(call, now)) {
        ledger.release(call)
        call.status = 'expired'
        call.meterAt = null
        closed.push(call)
      } else if (call.answerAwaitedUntil !== null && call.answerAwaitedUntil <= now) {
        const client = configuration.getClient(call.clientId)
        const brand = configuration.getBrand(client.brandId)
        settleCall(call, { client, brand }, settlementContext(context, now), ledger)
        closed.push(call)
      }
    }
    if (closed.length === 0) return 0
    await ledger.rollups.write(batch.tx)
    await batch.commitAfter([writeCalls(batch.tx, closed), ...ledger.write(batch.tx)])
    countExpired(context.metrics, closed)
    return closed.length
  })
}

function countExpired(metrics: CallMetrics, closed: readonly Call[]): void {
  for (const { status } of closed) {
    metrics.calls.inc({ status })
    if (status === 'expired') metrics.reservations.inc({ action: 'expired' })
    else metrics.provisionallyUnanswered.inc()
  }
}
