/**
 * What a call that is over does: it gives back what it holds, gets its price and cost, moves its money and is told.
 *
 * No function here waits or asks a clock.
 */

import { makeFact } from '../../ledger/fact.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { findHolds, unlimitedMoney } from '../../limits/authorize.ts'
import { payerFor, termsAt } from '../../limits/client.ts'
import { affordableDuration } from '../../rating/affordable-duration.ts'
import type { Call } from '../call.ts'
import { callRecord } from '../call-record.ts'
import { holdsNothing } from '../judge-leg.ts'
import { offlineCallSeconds } from '../offline-call.ts'
import { takeAllowances } from '../take-allowances.ts'
import { findCost, noCost } from './carrier-cost.ts'
import { addFlag, removeFlag } from './fold-event.ts'
import { isCharged, moveDifference } from './move-difference.ts'
import { findObeyedCut } from './obeyed-cut.ts'
import { type Owner, type RatedCall, rateCall, rateResult, type SettlementContext } from './rate-call.ts'

/**
 * Prices a call whose facts are complete and charges it. For a call that was settled before, only the difference
 * moves. Throws `RateTableNotLoaded` before anything has changed.
 */
export function settleCall(
  call: Call,
  { client, brand }: Owner,
  context: SettlementContext,
  ledger: Ledger,
  how: 'ended' | 'lost-end' = 'ended',
): void {
  const before = { ...call }
  call.cutAt = null
  // Its own are the first that it may draw from.
  if (call.heldAllowances !== null) ledger.allowances.release(call)
  if (call.allowances !== null) ledger.allowances.giveBack(call)
  const rated = rateCall(call, { client, brand }, context)
  if (how === 'ended')
    call.cutAt = findObeyedCut(call, grantedSeconds(call, { client, brand }, rated, context))
  const result = call.cutAt === null ? rated.result : rateResult(call, { client, brand }, context)

  const cost = call.carrier === null ? noCost : findCost({ ...call, ...result }, { client, brand }, context)

  ledger.release(call)
  Object.assign(call, result)
  Object.assign(call, cost)
  if (call.allowances !== null) takeAllowances(call, client, ledger)
  if (how === 'lost-end') call.status = 'lost-end'
  else removeFlag(call, 'lost_end')
  if (before.authorizedAt !== null && isOtherGroup(before, call)) addFlag(call, 'destination_changed')
  call.meterAt = null
  call.currency = call.price === null ? null : client.currency
  call.settledAt = ledger.now
  call.answerAwaitedUntil = null
  moveDifference(before, call, client, ledger)

  if (isCharged(call)) {
    ledger.appendFact(makeFact('billing.calls.priced', client.id, callRecord(call), ledger.now))
  } else if (call.status === 'rejected') {
    ledger.appendFact(makeFact('billing.calls.rejected', client.id, callRecord(call), ledger.now))
  }
}

/** The number that was called belongs to another destination than the one authorized. */
function isOtherGroup(authorized: Call, settled: Call): boolean {
  const { destination } = authorized
  return destination !== null && settled.destination !== null && destination !== settled.destination
}

/** How long a grant told the leg to last at most; null: it was granted nothing. */
function grantedSeconds(
  call: Call,
  { client, brand }: Owner,
  { kind, result, exceedsMaximum }: RatedCall,
  { tariffs }: SettlementContext,
): number | null {
  if (call.grantedSeconds !== null) return call.grantedSeconds
  if (call.flags.includes('blind')) return Math.min(offlineCallSeconds, client.maxCallSeconds)
  // Granted by a release that did not note it.
  if (call.authorizedAt !== null) return call.maxDurationSeconds
  const { answeredAt } = call
  if (answeredAt === null) return null
  const terms = termsAt(client.terms, answeredAt)
  if (!holdsNothing(findHolds(kind, client, brand, terms))) return null
  // A grant that holds nothing leaves no row: it is what the settings make of it.
  if (!exceedsMaximum || result.toNormalized === null) return client.maxCallSeconds
  const { timeZone } = terms
  const numbering = terms.numbering ?? termsAt(brand.terms, answeredAt).numbering
  const numbers = { from: call.from, to: result.toNormalized, numbering }
  const { profiles } = payerFor(client, call.direction)
  const leg = { ...numbers, answeredAt, timeZone, profiles, tariffs }
  const bought = affordableDuration({ ...leg, money: unlimitedMoney, maxSeconds: client.maxCallSeconds })
  return bought.priced ? bought.seconds : null
}
