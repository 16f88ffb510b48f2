/**
 * A leg that was granted from a lease becomes one of the calls that its transaction has locked: what it holds goes from
 * the lease to the account. Where its call is there already, begun or granted elsewhere meanwhile, the grant holds nothing.
 */
import { callKey } from '../../db/calls/calls.ts'
import type { LeaseGrant } from '../../db/calls/lease-grants.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { readDraws } from '../../ledger/stored-draw.ts'
import { type Call, newCall } from '../call.ts'
import { takeMissingLegFacts } from '../leg-facts.ts'

/** The days that it names are loaded. */
export function takeOverGrant(grant: LeaseGrant, calls: Map<string, Call>, ledger: Ledger): void {
  releaseFromLease(grant, ledger)
  const key = callKey(grant)
  const known = calls.get(key)
  if (known) takeMissingFacts(known, grant)
  else calls.set(key, holdAsCall(grant, ledger))
}

/** The lease gives what the grant took of it. */
export function releaseFromLease(grant: LeaseGrant, ledger: Ledger): void {
  const { clientId, epoch, reserved, clientSlot, brandSlot, heldAllowances } = grant
  ledger.leases.take({
    clientId,
    epoch,
    money: reserved,
    clientSlots: Number(clientSlot),
    brandSlots: Number(brandSlot),
    allowances: readDraws(heldAllowances),
  })
}

/** The call of a grant, holding what was granted; its lease has given it. */
export function holdAsCall(grant: LeaseGrant, ledger: Ledger): Call {
  const { clientId, callId, authorizedAt, expiresAt, reserved, reservedSeconds, reservedDay } = grant
  const { facts } = grant
  const { brandId, direction, to } = facts
  const call = newCall({ clientId, callId, brandId, direction, to, createdAt: authorizedAt })
  Object.assign(call, facts, {
    status: 'authorized',
    authorizedAt,
    expiresAt,
    grantedSeconds: facts.maxDurationSeconds,
  } satisfies Partial<Call>)
  ledger.hold(call, {
    clientSlot: grant.clientSlot,
    brandSlot: grant.brandSlot,
    reserved,
    seconds: reservedSeconds,
    day: reservedDay,
    // Of a lease that was freed before the grant was written, others may have drawn.
    draws: ledger.allowances.limit(readDraws(grant.heldAllowances)),
  })
  return call
}

/** The leg has a call: it keeps what that says, and learns what only its grant has said. */
export function takeMissingFacts(call: Call, grant: LeaseGrant): void {
  const { facts } = grant
  call.authorizedAt ??= grant.authorizedAt
  call.from ??= facts.from
  call.toClientId ??= facts.toClientId
  call.fromClientId ??= facts.fromClientId
  takeMissingLegFacts(call, facts)
}
