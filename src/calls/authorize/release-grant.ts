/**
 * The engine releases a grant: the call was not placed after all.
 */
import { type CallKey, callKey } from '../../db/calls/calls.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'

/** Does nothing where there is no such grant, or its call has started. */
export async function releaseGrant(context: CallsContext, key: CallKey): Promise<void> {
  const isReleased = await transact(context, { calls: [key] }, ({ ledger, calls, changed, leaveMark }) => {
    const call = calls.get(callKey(key))
    if (call?.status !== 'authorized') {
      // It may have been granted from a lease a moment ago.
      if (call === undefined || call.status === 'expired') leaveMark(key)
      return false
    }
    ledger.release(call)
    call.status = 'expired'
    call.expiresAt = ledger.now
    changed.add(call)
    return true
  })
  if (isReleased) context.metrics.reservations.inc('handed-back')
}
