/**
 * A leg that runs without a grant that holds for it: it came unasked, or its grant had run out.
 *
 * It takes slot and first slice as an authorization would, where they are free. Where they are not the leg runs
 * all the same, is flagged, and its end is charged in full.
 */

import { grantOrDeny } from '../limits/authorize.ts'
import { type Client, termsAt } from '../limits/client.ts'
import { localDay, nextLocalMidnight } from '../rating/local-day.ts'
import type { BatchLedger } from './batch-ledger.ts'
import type { Call } from './call.ts'
import type { CallsContext } from './calls-context.ts'
import { addFlag } from './fold-event.ts'
import { holdsNothing, judge, pricesOf } from './judge-leg.ts'
import type { Owner } from './settle-call.ts'

export function holdForRunningCall(
  call: Call,
  { client, brand }: Owner,
  context: CallsContext,
  ledger: BatchLedger,
): void {
  if (call.to === '') return
  const at = call.answeredAt ?? call.startedAt ?? ledger.now
  const unfiltered: Client = client.filterByIp ? { ...client, filterByIp: false } : client
  const toClient =
    call.toClientId === null ? undefined : context.configuration.findClient(call.toClientId, at)
  const { direction, to } = call
  const { leg, judgement } = judge(context, {
    client: unfiltered,
    direction,
    to,
    sourceIp: null,
    toClient,
    at,
  })
  if (judgement.outcome === 'denied') {
    addFlag(call, judgement.reason)
    return
  }
  call.toNormalized = leg.toNormalized ?? null
  if (holdsNothing(judgement.holds)) return
  const terms = termsAt(client.terms, at)
  const day = localDay(ledger.now, terms.timeZone)
  const decision = grantOrDeny(judgement.holds, {
    client,
    terms,
    brand,
    account: ledger.accountOf(client.id),
    brandRunningCalls: ledger.brandRunningCalls(brand.id),
    usage: ledger.usageOf(client.id, day),
    secondsToMidnight: Math.ceil((nextLocalMidnight(ledger.now, terms.timeZone) - ledger.now) / 1000),
    prices: judgement.rate && leg.toNormalized ? pricesOf(context, client, leg.toNormalized, at) : null,
  })
  if (!decision.allowed) {
    addFlag(call, decision.reason)
    return
  }
  call.maxDurationSeconds = decision.maxDurationSeconds
  ledger.hold(call, {
    clientSlot: judgement.holds.clientSlot,
    brandSlot: judgement.holds.brandSlot,
    reserved: decision.reserved,
    seconds: decision.reservedSeconds,
    day,
  })
}
