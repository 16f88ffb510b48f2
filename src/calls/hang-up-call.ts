/**
 * An operator hangs a running call up.
 */
import { inBatch } from '../db/batch.ts'
import { type CallKey, callKey, writeCalls } from '../db/calls/calls.ts'
import { Conflict, NotFound } from '../errors.ts'
import { isOpen } from './call.ts'
import type { CallsContext } from './calls-context.ts'
import { commandHangup, type Hangup, hangupOf, noticeMs } from './command-hangup.ts'
import { lockCalls } from './lock-calls.ts'
import { nextLookAt } from './next-look.ts'

/** The command as told; again, where it had been told before. Throws `NotFound`, and `Conflict` where it has ended. */
export async function hangUpCall(context: CallsContext, key: CallKey): Promise<Hangup> {
  const { configuration } = context
  const now = context.clock()
  const hangup = await inBatch(context.db.$client, async (batch) => {
    const client = configuration.getClient(key.clientId)
    const owner = { client, brand: configuration.getBrand(client.brandId) }
    const { ledger, calls } = await lockCalls(context, batch, { keys: [key], days: [], now })
    const call = calls.get(callKey(key))
    if (!call) throw new NotFound('call', key.callId)
    if (!isOpen(call) || call.endDigest !== null) {
      throw new Conflict('call_ended', 'This call has ended: there is nothing to hang up.')
    }
    commandHangup(call, { reason: 'by_operator', endBy: now + noticeMs }, owner, ledger)
    call.meterAt = nextLookAt(call, owner, now)
    await batch.commitAfter([writeCalls(batch.tx, [call]), ...ledger.write(batch.tx)])
    return hangupOf(call, owner, now)
  })
  context.metrics.hangups.inc({ reason: hangup.reason })
  context.onTold({ facts: true, mails: false })
  return hangup
}
