/**
 * The engine hands a grant back: the call was not placed after all.
 */
import { inBatch } from '../db/batch.ts'
import { type CallKey, callKey, writeCalls } from '../db/calls/calls.ts'
import type { CallsContext } from './calls-context.ts'
import { lockCalls } from './lock-calls.ts'

/** Does nothing where there is no such grant, or its call has started. */
export async function handBackCall(context: CallsContext, key: CallKey): Promise<void> {
  const now = context.clock()
  await inBatch(context.db.$client, async (batch) => {
    const { ledger, calls } = await lockCalls(context, batch, { keys: [key], days: [], now })
    const call = calls.get(callKey(key))
    if (call?.status !== 'authorized') return
    ledger.release(call)
    call.status = 'expired'
    call.expiresAt = now
    context.metrics.reservations.inc({ action: 'handed-back' })
    await batch.commitAfter([writeCalls(batch.tx, [call]), ...ledger.write(batch.tx)])
  })
}
