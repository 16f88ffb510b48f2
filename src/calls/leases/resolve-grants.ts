/**
 * Grants from a lease that could not be written, because somebody has a call or a mark by their name.
 *
 * Under the account's lock it turns out which: the same leg granted elsewhere, a leg that has begun, ended or was released
 * before its grant was written, or a callId that was used up long ago. All but a new grant hold nothing.
 */
import { callKey } from '../../db/calls/calls.ts'
import { findMarks, type LeaseGrant } from '../../db/calls/lease-grants.ts'
import { makeFact } from '../../ledger/fact.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { deriveId } from '../../uuid.ts'
import { type Call, isGrantOver, isOpen } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { engineSubject, makeHangup, noticeMs } from '../running/command-hangup.ts'
import { transact } from '../transact.ts'
import { holdAsCall, releaseFromLease, takeMissingFacts } from './take-over-grant.ts'

/** Clocks of replicas may differ by this much. */
const skewMs = 5000

export type Resolution =
  /** It stands in the books; its lease has paid for it. */
  | 'held'
  /** It holds nothing: its lease has its part again. */
  | 'holds-nothing'

export function resolveGrants(
  context: CallsContext,
  grants: readonly LeaseGrant[],
): Promise<Map<LeaseGrant, Resolution>> {
  const days = grants.map(({ clientId, reservedDay }) => ({ clientId, day: reservedDay }))
  return transact(context, { calls: grants, days, isWriteBehind: true }, async (transaction) => {
    const { tx, ledger, calls, removed, changed } = transaction
    const resolutions = new Map<LeaseGrant, Resolution>()
    const marks = await findMarks(tx, grants)
    for (const grant of grants) {
      const key = callKey(grant)
      const known = calls.get(key)
      const marked = marks.get(key)
      const isReleased = marked !== undefined && marked >= grant.authorizedAt
      if (!isUsedUpBefore(grant, known, removed.has(key))) {
        if ((known && !isGrantOver(known, ledger.now)) || isReleased) {
          if (known && !isReleased) {
            takeMissingFacts(known, grant)
            changed.add(known)
          }
          resolutions.set(grant, 'holds-nothing')
        } else {
          if (known) ledger.release(known)
          releaseFromLease(grant, ledger)
          const call = holdAsCall(grant, ledger)
          calls.set(key, call)
          changed.add(call)
          if (known) changed.delete(known)
          resolutions.set(grant, 'held')
        }
        continue
      }
      orderHangup(grant, context, ledger)
      resolutions.set(grant, 'holds-nothing')
    }
    return resolutions
  })
}

/** The callId names a leg that was over before this one was granted. */
function isUsedUpBefore(grant: LeaseGrant, known: Call | undefined, isRemoved: boolean): boolean {
  if (isRemoved) return true
  if (!known || known.status === 'expired') return false
  if (isOpen(known) && known.endDigest === null) return false
  const overAt = known.settledAt ?? known.endedAt ?? known.createdAt
  return overAt < grant.authorizedAt - skewMs
}

/** The leg was granted and cannot be told from one that is over: its engine is to hang it up. */
function orderHangup(grant: LeaseGrant, { configuration, metrics }: CallsContext, ledger: Ledger): void {
  const { clientId, callId, authorizedAt } = grant
  const client = configuration.getClient(clientId)
  const { direction, engine, engineRef } = grant.facts
  const leg = {
    ...{ clientId, callId, direction, engine, engineRef },
    hangupReason: 'call_id_reused' as const,
    hangupEndBy: ledger.now + noticeMs,
  }
  const owner = { client, brand: configuration.getBrand(client.brandId) }
  const id = deriveId({ at: authorizedAt, order: 0 }, 'hangup', clientId, callId)
  const command = { ...makeHangup(leg, owner, ledger.now) }
  ledger.appendFact(
    makeFact('billing.calls.hangup', clientId, command, ledger.now, { alsoTo: engineSubject(engine), id }),
  )
  metrics.hangups.inc({ reason: 'call_id_reused' })
}
