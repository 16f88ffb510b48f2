/**
 * Balance, day and rollups follow the price of a call from what it was to what it is.
 *
 * A call is charged what it costs: `charge` as far as the balance and the credit go, `overrun` beyond. What a
 * later fact changes is a movement of its own, never an edit.
 */
import type { Ledger } from '../../ledger/ledger.ts'
import { appendUsageFact } from '../../ledger/usage-alerts.ts'
import { creditFloor } from '../../limits/authorize.ts'
import { type Client, termsAt } from '../../limits/client.ts'
import { zero } from '../../money.ts'
import type { Call } from '../call.ts'
import { addFlag, removeFlag } from './fold-event.ts'

/** A change of price that no event has caused. */
export interface Correction {
  /** Unique within the client. */
  source: string
  actor: string
  reference: string
  /** The call has never been charged: the difference is its charge. */
  isFirstCharge: boolean
  /** No mail and no fact for a limit of a day that is over. */
  limitToldOn: string
}

/** Balance, day and rollup follow the price from what it was to what it is. */
export function moveDifference(
  before: Call,
  call: Call,
  client: Client,
  ledger: Ledger,
  correction?: Correction,
): void {
  const was = before.price ?? zero
  const is = call.price ?? zero
  if (!is.eq(was)) {
    // Named by the facts that changed it, so that the same facts can move it only once.
    const cause = `call:${call.callId}:${call.endDigest ?? 'no end'}:${call.answerDigest ?? 'no answer'}`
    const isFirst = before.settledAt === null || correction?.isFirstCharge
    if (correction ? correction.isFirstCharge : was.isZero()) {
      const credit = creditFloor(client, termsAt(client.terms, call.answeredAt ?? ledger.now))
      const source = isFirst ? `call:${call.callId}` : cause
      removeFlag(call, 'overrun')
      if (ledger.charge(client, { callId: call.callId, source, price: is, credit })) addFlag(call, 'overrun')
    } else {
      const source = correction?.source ?? cause
      const { actor = 'system', reference = null } = correction ?? {}
      const amount = was.minus(is)
      ledger.post(client, { kind: 'correction', source, amount, callId: call.callId, actor, reference })
    }
  }
  if (before.usageDay !== null && !was.isZero()) ledger.spend(client.id, before.usageDay, was.negated())
  if (call.usageDay !== null && !is.isZero()) {
    const usage = ledger.spend(client.id, call.usageDay, is)
    if (!correction || correction.limitToldOn === call.usageDay) {
      const { timeZone } = termsAt(client.terms, call.answeredAt ?? ledger.now)
      appendUsageFact(client, usage, timeZone, ledger)
    }
  }
  if (before.rollupId !== null && before.usageDay !== null && before.price !== null) {
    ledger.rollups.leave(before, before.usageDay, was)
    call.rollupId = null
  }
  if (isCharged(call) && call.usageDay !== null) ledger.rollups.join(call, call.usageDay, is)
  ledger.carrierSums.move(before, call)
}

/** A lost call that its brand charges counts as a priced one. */
export function isCharged(call: Call): boolean {
  return call.status === 'priced' || (call.status === 'lost-end' && call.price?.isZero() === false)
}
