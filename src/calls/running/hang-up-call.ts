/**
 * An operator hangs a running call up.
 */
import { type CallKey, callKey } from '../../db/calls/calls.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { isOpen } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'
import { commandHangup, type Hangup, makeHangup, noticeMs } from './command-hangup.ts'
import { nextCheckAt } from './next-check.ts'

/** The command as told; again, where it had been told before. Throws `NotFound`, and `Conflict` where it has ended. */
export async function hangUpCall(context: CallsContext, key: CallKey): Promise<Hangup> {
  const { configuration } = context
  const hangup = await transact(context, { calls: [key] }, ({ ledger, calls, changed }) => {
    const client = configuration.getClient(key.clientId)
    const owner = { client, brand: configuration.getBrand(client.brandId) }
    const call = calls.get(callKey(key))
    if (!call) throw new NotFound('call', key.callId)
    if (!isOpen(call) || call.endDigest !== null) {
      throw new Conflict('call_ended', 'This call has ended: there is nothing to hang up.')
    }
    commandHangup(call, { reason: 'by_operator', endBy: ledger.now + noticeMs }, owner, ledger)
    call.meterAt = nextCheckAt(call, owner, ledger.now)
    changed.add(call)
    return makeHangup(call, owner, ledger.now)
  })
  context.metrics.hangups.inc({ reason: hangup.reason })
  return hangup
}
