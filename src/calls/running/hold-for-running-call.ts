/**
 * A leg that runs without a grant that holds for it: it came unasked, or its grant had run out.
 *
 * It takes slot and first slice as an authorization would, where they are free. Where they are not the leg is
 * flagged and its engine told to hang it up; until then it runs, and its end is charged in full.
 */

import { LeasesInTheWay } from '../../ledger/leases-in-the-way.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { grantOrDeny, isBrandLeased, unlimitedDuration } from '../../limits/authorize.ts'
import { type Client, payerFor, termsAt } from '../../limits/client.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import { noAllowances } from '../../rating/allowance.ts'
import { localDay, nextLocalMidnight } from '../../rating/local-day.ts'
import type { Call } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { holdsNothing, judge, priceLeg } from '../judge-leg.ts'
import { offlineCallSeconds } from '../offline-call.ts'
import { addFlag } from '../settle/fold-event.ts'
import type { Owner } from '../settle/rate-call.ts'
import { commandHangup, noticeMs } from './command-hangup.ts'

export function holdForRunningCall(
  call: Call,
  { client, brand }: Owner,
  context: CallsContext,
  ledger: Ledger,
  /** What is leased was called back: what is not back does not count. */
  isCalledBack: boolean,
): void {
  // A grant that ran out holds its slots and its slice until the sweeper comes by: they are this leg's own.
  ledger.release(call)
  if (call.to === '') return
  const at = call.answeredAt ?? call.startedAt ?? ledger.now
  const unfiltered: Client = client.filterByIp ? { ...client, filterByIp: false } : client
  const toClient =
    call.toClientId === null ? undefined : context.configuration.findClient(call.toClientId, at)
  const { direction, from, to } = call
  const { leg, judgement } = judge(context, {
    client: unfiltered,
    direction,
    from,
    to,
    sourceIp: null,
    toClient,
    fromClient:
      call.fromClientId === null ? undefined : context.configuration.findClient(call.fromClientId, at),
    at,
  })
  call.toNormalized = leg.toNormalized ?? null
  if (judgement.outcome === 'denied') {
    endOverLimit(call, judgement.reason, { client, brand }, context, ledger)
    return
  }
  // A leg that guards have let pass is a repeat to them.
  const { callId } = call
  const { refusedBy } = context.guards.admit({ client, request: { callId, from }, leg, judgement })
  if (refusedBy) {
    endOverLimit(call, 'spend_guard', { client, brand }, context, ledger)
    return
  }
  call.special = judgement.kind === 'special'
  call.internal = judgement.kind === 'internal'
  const { toNormalized } = leg
  const payer = payerFor(client, direction)
  const terms = termsAt(client.terms, at)
  const allowances =
    judgement.holds.money && payer.allowances.length > 0
      ? ledger.allowances.list(payer, {
          ...{ at, day: localDay(at, terms.timeZone) },
          counts: isCalledBack ? 'free' : 'leased',
        })
      : noAllowances
  const prices =
    judgement.rate && toNormalized
      ? priceLeg(context, payer, { from, to: toNormalized, at }, allowances)
      : null
  if (holdsNothing(judgement.holds)) {
    call.maxDurationSeconds = limitOffline(call, unlimitedDuration(client, prices))
    return
  }
  const day = localDay(ledger.now, terms.timeZone)
  const leased = ledger.leases.sum(client, day)
  const decision = grantOrDeny(judgement.holds, {
    client: payer,
    terms,
    brand,
    account: ledger.getAccount(client.id),
    brandRunningCalls: ledger.brandRunningCalls(brand.id),
    usage: ledger.days.get(client.id, day),
    secondsToMidnight: Math.ceil((nextLocalMidnight(ledger.now, terms.timeZone) - ledger.now) / 1000),
    prices,
    leased,
  })
  if (!decision.allowed) {
    const ofBrand = isBrandLeased(decision.reason, judgement.holds, leased)
    if (!isCalledBack && (ledger.leases.list(client.id).length > 0 || ofBrand)) {
      throw new LeasesInTheWay({ clientIds: [client.id], brandIds: ofBrand ? [brand.id] : [] })
    }
    endOverLimit(call, decision.reason, { client, brand }, context, ledger)
    return
  }
  call.maxDurationSeconds = limitOffline(call, decision.maxDurationSeconds)
  if (!decision.reserved.isZero()) context.metrics.reservations.inc('reserved')
  ledger.hold(call, {
    clientSlot: judgement.holds.clientSlot,
    brandSlot: judgement.holds.brandSlot,
    reserved: decision.reserved,
    seconds: decision.reservedSeconds,
    day: direction === 'inbound' ? null : day,
    ...(allowances.length > 0 && prices && { draws: prices.drawsFor(decision.reservedSeconds) }),
  })
}

/** What was granted without the books stays short. */
function limitOffline(call: Call, seconds: number): number {
  return call.flags.includes('blind') ? Math.min(offlineCallSeconds, seconds) : seconds
}

function endOverLimit(
  call: Call,
  reason: DenialReason,
  owner: Owner,
  context: CallsContext,
  ledger: Ledger,
): void {
  addFlag(call, reason)
  context.metrics.hangups.inc({ reason })
  commandHangup(call, { reason, endBy: ledger.now + noticeMs }, owner, ledger)
}
