/**
 * Gives a call its new price, with all that follows from it: the movement, the day, the rollup, the fact.
 *
 * A call that has never been charged is charged now; any other difference is one correction, which names the
 * re-rating. A limit is told only of the day that still runs: nobody wants a mail about last month.
 */

import { makeFact } from '../../ledger/fact.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { zero } from '../../money.ts'
import { localDay } from '../../rating/local-day.ts'
import type { Call } from '../call.ts'
import { callRecord } from '../call-record.ts'
import { moveDifference } from '../settle/move-difference.ts'
import type { Result } from '../settle/rate-call.ts'
import { takeAllowances } from '../take-allowances.ts'

export function applyRating(
  call: Call,
  result: Result,
  of: {
    client: Client
    reRating: { id: string; actor: string }
    wasCharged: boolean
    ledger: Ledger
  },
): void {
  const { client, reRating, ledger } = of
  const before = { ...call }
  Object.assign(call, result)
  if (call.allowances !== null) takeAllowances(call, client, ledger)
  call.currency = call.price === null ? null : client.currency
  // The carrier takes what it took: the margin follows the price.
  call.margin &&= call.margin.plus(call.price ?? zero).minus(before.price ?? zero)
  moveDifference(before, call, client, ledger, {
    source: `call:${call.callId}:re-rating:${reRating.id}`,
    actor: reRating.actor,
    reference: `re-rating ${reRating.id}`,
    isFirstCharge: before.price === null && !of.wasCharged,
    limitToldOn: localDay(ledger.now, termsAt(client.terms, ledger.now).timeZone),
  })
  if (call.price !== null) {
    ledger.appendFact(makeFact('billing.calls.priced', client.id, callRecord(call), ledger.now))
  } else if (call.status === 'rejected') {
    ledger.appendFact(makeFact('billing.calls.rejected', client.id, callRecord(call), ledger.now))
  }
}
