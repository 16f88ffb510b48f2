/**
 * Grants a leg from a lease, in memory: what it takes of it, and what its row will say.
 */
import type { GrantFacts, LeaseGrant } from '../../db/calls/lease-grants.ts'
import { storeDraws } from '../../ledger/stored-draw.ts'
import { payerFor, termsAt } from '../../limits/client.ts'
import { grantFromLease } from '../../limits/lease.ts'
import { noAllowances } from '../../rating/allowance.ts'
import { negateDraws } from '../../rating/draws.ts'
import { nextLocalMidnight } from '../../rating/local-day.ts'
import type { AskedLeg } from '../authorize/authorize-batch.ts'
import { grantSeconds } from '../call.ts'
import type { CallsContext } from '../calls-context.ts'
import { priceFoundLeg } from '../judge-leg.ts'
import { addToLease, type HeldLease } from './held-lease.ts'
import { dayAt } from './size-leases.ts'

/** A lease that may grant. undefined: it does not cover the leg. */
export function grantLeg(
  context: CallsContext,
  lease: HeldLease,
  { client, request, leg, judgement }: AskedLeg,
): LeaseGrant | undefined {
  if (dayAt(client, leg.at) !== lease.day) return undefined
  // A period that was paid late gives nothing to legs of before.
  if (lease.knownAllowances.length > 0 && leg.at < lease.madeAt) return undefined
  const { rate, holds } = judgement
  const numbers = { from: request.from, to: leg.toNormalized ?? '', at: leg.at }
  const allowances = holds.money && leg.direction === 'outbound' ? lease.knownAllowances : noAllowances
  const prices = rate
    ? priceFoundLeg(context, payerFor(client, leg.direction), numbers, rate, allowances)
    : null
  const known = {
    ofBalance: lease.knownBalance,
    ofDay: lease.knownDay,
    // Asked for only where the day is limited.
    secondsToMidnight:
      lease.knownDay === null
        ? 0
        : Math.ceil((nextLocalMidnight(leg.at, termsAt(client.terms, leg.at).timeZone) - leg.at) / 1000),
  }
  const decision = grantFromLease(holds, lease, { client, prices, known })
  if (!decision) return undefined
  const { maxDurationSeconds, reserved, reservedSeconds, draws } = decision
  const { clientSlot, brandSlot } = holds
  addToLease(lease, {
    money: reserved.negated(),
    clientSlots: -Number(clientSlot),
    brandSlots: -Number(brandSlot),
    allowances: negateDraws(draws),
  })
  const authorizedAt = context.clock()
  const facts: GrantFacts = {
    brandId: client.brandId,
    direction: request.direction,
    to: request.to,
    from: request.from,
    toNormalized: leg.toNormalized ?? null,
    toClientId: leg.toClient?.id ?? null,
    fromClientId: leg.fromClient?.id ?? null,
    maxDurationSeconds,
    destination: rate?.rate.destination ?? null,
    prefix: rate?.rate.prefix ?? null,
    sipCallId: request.sipCallId,
    forwardedFrom: request.forwardedFrom,
    engine: request.engine,
    engineRef: request.engineRef,
    labels: request.labels,
  }
  return {
    clientId: client.id,
    callId: request.callId,
    epoch: lease.epoch,
    reserved,
    reservedSeconds,
    reservedDay: lease.day,
    clientSlot,
    brandSlot,
    heldAllowances: storeDraws(draws),
    authorizedAt,
    expiresAt: authorizedAt + grantSeconds * 1000,
    facts,
  }
}
