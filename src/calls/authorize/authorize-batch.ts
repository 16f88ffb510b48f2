/**
 * A batch of legs that depend on running totals, decided one after another in one transaction.
 *
 * Lock brand counters and accounts, read calls and days, decide with the pure rules, write all reservations at
 * once. A repeat of a live grant gets the same answer and reserves nothing twice. No movement and no fact is
 * written here: the commit is not waited to disk, and a fact must not leave before its row is safe.
 */
import { callKey, insertGrants } from '../../db/calls/calls.ts'
import { sumGrantedDraws, sumLeaseGrants } from '../../db/calls/lease-grants.ts'
import { readDraws, type StoredDraw } from '../../ledger/stored-draw.ts'
import { grantOrDeny, isBrandLeased, type Judgement, type Leg } from '../../limits/authorize.ts'
import { type Client, payerFor, termsAt } from '../../limits/client.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import { type Decimal, zero } from '../../money.ts'
import { type Draw, noAllowances, noDraws } from '../../rating/allowance.ts'
import type { CarrierOffer } from '../../rating/least-cost.ts'
import { localDay, nextLocalMidnight } from '../../rating/local-day.ts'
import { type Call, grantSeconds, isGrantOver, isOpen, newCall } from '../call.ts'
import type { AuthorizationRequest } from '../call-messages.ts'
import type { AuthorizationPath } from '../call-metrics.ts'
import type { CallsContext } from '../calls-context.ts'
import { priceFoundLeg } from '../judge-leg.ts'
import { takeLegFacts } from '../leg-facts.ts'
import { type CallsTransaction, transact, type Wanted } from '../transact.ts'
import type { AuthorizationAnswer } from './authorization-answer.ts'
import { type LimitDenial, markReachedDays } from './mark-reached-days.ts'

/** Nothing but running totals may refuse it. */
export interface AskedLeg {
  request: AuthorizationRequest
  client: Client
  leg: Leg
  judgement: Judgement & { outcome: 'granted' }
  /** The cheapest first; undefined: the grant names none. */
  carriers?: readonly CarrierOffer[] | undefined
  /** Told what decided it. */
  onDecided?: ((path: AuthorizationPath) => void) | undefined
}

export interface WaitingLeg extends AskedLeg {
  deadlineAt: number
  /** How often what is leased was called back for it. */
  callBacks: number
  resolve: (answer: AuthorizationAnswer) => void
  reject: (error: Error) => void
}

export type BatchDecision =
  | {
      outcome: 'granted'
      maxDurationSeconds: number
      expiresAt: number
      reserved: Decimal
      draws: readonly Draw[]
    }
  /** What is leased of its account or brand may pay for it, or hold its grant: to be called back. */
  | { outcome: 'leased'; ofBrand: boolean }
  | { outcome: 'denied'; reason: DenialReason }
  | { outcome: 'reused'; why: string }
  /** Its account was held by somebody else for too long. */
  | { outcome: 'not-locked' }

/** Throws where nothing was written or the outcome is not known. */
export function authorizeBatch(
  context: CallsContext,
  legs: readonly WaitingLeg[],
): Promise<Map<WaitingLeg, BatchDecision>> {
  const now = context.clock()
  const wanted: Wanted = {
    calls: legs.map(({ client, request }) => ({ clientId: client.id, callId: request.callId })),
    days: legs.map(({ client, leg }) => ({ clientId: client.id, day: localDayAt(client, leg.at) })),
    now,
    sql: context.authorizationSql,
    // One account is held for long: the others need not wait for it.
    whenHeld: 'skip',
    // Judged by it already, and nobody is kept waiting for a newer one.
    configuration: 'as-known',
    failPoints: 'authorize',
  }
  return transact(context, wanted, async (transaction) => {
    const granted = new Set<Call>()
    const denials: LimitDenial[] = []
    const decisions = new Map<WaitingLeg, BatchDecision>()
    const { tx, ledger } = transaction
    const leasing = [...new Set(legs.map(({ client }) => client.id))].filter(
      (id) => ledger.leases.list(id).length > 0,
    )
    const drawing = leasing.filter((id) =>
      ledger.leases.list(id).some(({ allowances }) => allowances.length > 0),
    )
    const [spent, drawn] = await Promise.all([
      leasing.length > 0 ? sumLeaseGrants(tx, leasing) : new Map<string, Decimal>(),
      drawing.length > 0 ? sumGrantedDraws(tx, drawing) : new Map<string, StoredDraw[]>(),
    ])
    for (const leg of legs) {
      decisions.set(leg, decide(context, leg, transaction, { granted, denials, spent, drawn }))
    }
    if (denials.length > 0) await markReachedDays(transaction, denials)
    if (granted.size > 0) transaction.alsoWrite((tx) => insertGrants(tx, [...granted]))
    return decisions
  })
}

/** What the decisions of a batch have come to. */
interface Outcome {
  /** Calls that had no row before. */
  granted: Set<Call>
  /** For their daily limit, on days of which it is not known to be reached. */
  denials: LimitDenial[]
  /** What grants from leases have taken of them, by client. */
  spent: ReadonlyMap<string, Decimal>
  /** The same of allowances. */
  drawn: ReadonlyMap<string, readonly StoredDraw[]>
}

/** Decides one leg by the totals that the legs before it have left. */
function decide(
  context: CallsContext,
  { request, client, leg, judgement }: WaitingLeg,
  { ledger, calls, removed, isLocked, changed }: CallsTransaction,
  { granted, denials, spent, drawn }: Outcome,
): BatchDecision {
  const { now } = ledger
  if (!isLocked(client)) return { outcome: 'not-locked' }
  const key = callKey({ clientId: client.id, callId: request.callId })
  if (removed.has(key)) return { outcome: 'reused', why: 'that call has ended' }
  const known = calls.get(key)
  if (known && !isGrantOver(known, now)) {
    if (!isOpen(known) || known.endDigest !== null) return { outcome: 'reused', why: 'that call has ended' }
    if (known.direction !== request.direction) return { outcome: 'reused', why: 'its direction differs' }
    // The same number in another spelling is the same leg.
    if (known.to !== request.to && known.toNormalized !== (leg.toNormalized ?? null)) {
      return { outcome: 'reused', why: 'it was placed to another number' }
    }
    const maxDurationSeconds = known.maxDurationSeconds ?? client.maxCallSeconds
    if (known.grantedSeconds !== maxDurationSeconds) {
      // More money, or another limit, since it was told; or it ran without having been asked for.
      known.grantedSeconds = maxDurationSeconds
      if (!granted.has(known)) changed.add(known)
    }
    return {
      outcome: 'granted',
      maxDurationSeconds,
      expiresAt: known.expiresAt ?? now + grantSeconds * 1000,
      reserved: zero,
      draws: noDraws,
    }
  }
  if (known) {
    // The sweeper has not come by yet.
    ledger.release(known)
    changed.add(known)
  }
  const brand = context.configuration.getBrand(client.brandId)
  const terms = termsAt(client.terms, leg.at)
  const day = localDayAt(client, leg.at)
  const usage = ledger.days.get(client.id, day)
  const numbers = { from: request.from, to: leg.toNormalized ?? '', at: leg.at }
  const payer = payerFor(client, leg.direction)
  const allowances =
    judgement.rate && payer.allowances.length > 0
      ? ledger.allowances.list(payer, { at: leg.at, day, granted: readDraws(drawn.get(client.id) ?? null) })
      : noAllowances
  const prices = judgement.rate ? priceFoundLeg(context, payer, numbers, judgement.rate, allowances) : null
  const leased = ledger.leases.sum(client, day, spent.get(client.id))
  const decision = grantOrDeny(judgement.holds, {
    client: payer,
    terms,
    brand,
    account: ledger.getAccount(client.id),
    brandRunningCalls: ledger.brandRunningCalls(brand.id),
    usage,
    secondsToMidnight: Math.ceil((nextLocalMidnight(leg.at, terms.timeZone) - leg.at) / 1000),
    prices,
    leased,
  })
  const draws = decision.allowed && prices ? prices.drawsFor(decision.reservedSeconds) : noDraws
  if (!ledger.allowances.canTake(draws)) {
    if (known) known.status = 'expired'
    return { outcome: 'leased', ofBrand: false }
  }
  if (!decision.allowed) {
    if (known) known.status = 'expired'
    const ofBrand = isBrandLeased(decision.reason, judgement.holds, leased)
    if (ledger.leases.list(client.id).length > 0 || ofBrand) return { outcome: 'leased', ofBrand }
    if (decision.reason === 'daily_limit_reached' && prices && usage.limitReachedAt === null) {
      denials.push({ client, usage, firstIncrement: prices.firstIncrement })
    }
    return { outcome: 'denied', reason: decision.reason }
  }
  const { callId, direction, to } = request
  const call = newCall({
    clientId: client.id,
    callId,
    brandId: client.brandId,
    direction,
    to,
    createdAt: now,
  })
  const expiresAt = now + grantSeconds * 1000
  Object.assign(call, {
    status: 'authorized',
    from: request.from,
    toNormalized: leg.toNormalized ?? null,
    toClientId: leg.toClient?.id ?? null,
    fromClientId: leg.fromClient?.id ?? null,
    authorizedAt: now,
    expiresAt,
    maxDurationSeconds: decision.maxDurationSeconds,
    grantedSeconds: decision.maxDurationSeconds,
    destination: judgement.rate?.rate.destination ?? null,
    prefix: judgement.rate?.rate.prefix ?? null,
  } satisfies Partial<Call>)
  takeLegFacts(call, request)
  ledger.hold(call, {
    clientSlot: judgement.holds.clientSlot,
    brandSlot: judgement.holds.brandSlot,
    reserved: decision.reserved,
    seconds: decision.reservedSeconds,
    day: direction === 'inbound' ? null : day,
    draws,
  })
  if (!decision.reserved.isZero()) context.metrics.reservations.inc('reserved')
  calls.set(key, call)
  if (known) {
    changed.delete(known)
    changed.add(call)
  } else granted.add(call)
  const { maxDurationSeconds, reserved } = decision
  return { outcome: 'granted', maxDurationSeconds, expiresAt, reserved, draws }
}

function localDayAt(client: Client, at: number): string {
  return localDay(at, termsAt(client.terms, at).timeZone)
}
