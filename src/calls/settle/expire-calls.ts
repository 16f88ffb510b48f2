/**
 * Grants that no start followed, and ends whose answer never came: closed when their time is over.
 *
 * Candidates are found without locks, then locked in order and read again; two replicas doing so at once are
 * harmless.
 */
import { callKey } from '../../db/calls/calls.ts'
import { listDueCalls } from '../../db/calls/due-calls.ts'
import { isGrantOver } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'
import { settlementContext } from './rate-call.ts'
import { settleCall } from './settle-call.ts'

const batchSize = 500

/** Answers how many calls it closed. */
export async function expireCalls(context: CallsContext): Promise<number> {
  const { configuration, metrics } = context
  const now = context.clock()
  const due = await listDueCalls(context.db.$client, now, batchSize)
  const keys = due.filter((key) => configuration.findClient(key.clientId, now))
  if (keys.length === 0) return 0
  const closed = await transact(
    context,
    { calls: keys, now, failPoints: 'sweep' },
    ({ ledger, calls, changed, over }) => {
      for (const key of keys) {
        const call = calls.get(callKey(key))
        if (!call) continue
        if (call.status === 'authorized' && isGrantOver(call, now)) {
          ledger.release(call)
          call.status = 'expired'
          call.meterAt = null
        } else if (call.answerAwaitedUntil !== null && call.answerAwaitedUntil <= now) {
          const client = configuration.getClient(call.clientId)
          const brand = configuration.getBrand(client.brandId)
          settleCall(call, { client, brand }, settlementContext(context, now, ledger), ledger)
        } else continue
        changed.add(call)
        over.add(call)
      }
      return over
    },
  )
  for (const { status } of closed) {
    if (status === 'expired') metrics.reservations.inc('expired')
    else metrics.provisionallyUnanswered.inc()
  }
  return closed.size
}
