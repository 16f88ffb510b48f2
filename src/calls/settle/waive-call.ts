/**
 * Makes a rejected call free: `priced` at "0", with who did it and why, told like any priced call.
 *
 * It stands on its day and in its rollup with nothing, so that no invoice waits for it; a re-rating leaves it as
 * it is. A second waiver of the same call changes nothing. Throws `NotFound`, `Conflict` for any other call.
 */
import { appendCallWaiver } from '../../db/calls/call-waivers.ts'
import { callKey } from '../../db/calls/calls.ts'
import { Conflict, NotFound } from '../../errors.ts'
import { makeFact } from '../../ledger/fact.ts'
import { zero } from '../../money.ts'
import { callRecord } from '../call-record.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'
import { addFlag } from './fold-event.ts'
import { moveDifference } from './move-difference.ts'

export async function waiveCall(
  context: CallsContext,
  waiver: { clientId: string; callId: string; reason: string; actor: string },
): Promise<void> {
  await transact(context, { calls: [waiver] }, ({ ledger, calls, changed, alsoWrite }) => {
    const call = calls.get(callKey(waiver))
    if (!call) throw new NotFound('call', waiver.callId)
    if (call.flags.includes('waived')) return
    if (call.status !== 'rejected') {
      throw new Conflict(
        'call_not_rejected',
        `Only a rejected call can be waived; this one is ${call.status}.`,
      )
    }
    const client = context.configuration.getClient(call.clientId)
    const before = { ...call, flags: [...call.flags] }
    Object.assign(call, {
      status: 'priced',
      reason: null,
      price: zero,
      billedSeconds: 0,
      currency: client.currency,
    })
    addFlag(call, 'waived')
    moveDifference(before, call, client, ledger)
    ledger.appendFact(makeFact('billing.calls.priced', client.id, callRecord(call), ledger.now))
    changed.add(call)
    alsoWrite((tx) => appendCallWaiver(tx, { ...waiver, waivedAt: ledger.now }))
  })
}
