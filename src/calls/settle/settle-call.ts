/**
 * What a call that is over does to money: its price, its movements, its day, its rollup, its fact.
 *
 * A call is charged what it costs: `charge` as far as the balance and the credit go, `overrun` beyond. What a
 * later fact changes is a movement of its own, never an edit. No function here waits or asks a clock.
 */

import { makeFact } from '../../ledger/fact.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { appendUsageFact } from '../../ledger/usage-alerts.ts'
import { classifyLeg, creditFloor, findHolds, type LegKind, unlimitedMoney } from '../../limits/authorize.ts'
import type { Client } from '../../limits/client.ts'
import { type Brand, termsAt } from '../../limits/client.ts'
import { zero } from '../../money.ts'
import { affordableDuration } from '../../rating/affordable-duration.ts'
import { countryOfNumber } from '../../rating/country-of-number.ts'
import { findRate } from '../../rating/find-rate.ts'
import { localDay } from '../../rating/local-day.ts'
import { normalizeNumber } from '../../rating/normalize-number.ts'
import { priceCall } from '../../rating/price-call.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import type { Call } from '../call.ts'
import { callRecord } from '../call-record.ts'
import { holdsNothing } from '../judge-leg.ts'
import { offlineCallSeconds } from '../offline-call.ts'
import { type CostContext, findCost, noCost } from './carrier-cost.ts'
import { addFlag, removeFlag } from './fold-event.ts'
import { findObeyedCut } from './obeyed-cut.ts'

export interface SettlementContext extends CostContext {
  emergencyNumbers: ReadonlySet<string>
  findClientById: (clientId: string) => Client | undefined
}

/** What settling takes of the use cases' context. */
export function settlementContext(
  context: { configuration: Configuration; emergencyNumbers: ReadonlySet<string> },
  now: number,
): SettlementContext {
  const { configuration, emergencyNumbers } = context
  return {
    tariffs: configuration.tariffs,
    emergencyNumbers,
    findClientById: (id) => configuration.findClient(id, now),
    findCarrier: (brandId, code) => configuration.findCarrier(brandId, code),
    exchangeRatesOfBrand: (brandId) => configuration.exchangeRatesOfBrand(brandId),
  }
}

export interface Owner {
  client: Client
  brand: Brand
}

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
  const rated = rateCall(call, { client, brand }, context)
  if (how === 'ended')
    call.cutAt = findObeyedCut(call, grantedSeconds(call, { client, brand }, rated, context))
  const result = call.cutAt === null ? rated.result : rateResult(call, { client, brand }, context)

  const cost = call.carrier === null ? noCost : findCost({ ...call, ...result }, { client, brand }, context)

  ledger.release(call)
  Object.assign(call, result)
  Object.assign(call, cost)
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

/** A lost call that its brand charges counts as a priced one. */
function isCharged(call: Call): boolean {
  return call.status === 'priced' || (call.status === 'lost-end' && call.price?.isZero() === false)
}

/** The number that was called belongs to another destination than the one authorized. */
function isOtherGroup(authorized: Call, settled: Call): boolean {
  const { destination } = authorized
  return destination !== null && settled.destination !== null && destination !== settled.destination
}

export type Result = Pick<
  Call,
  | 'status'
  | 'reason'
  | 'toNormalized'
  | 'country'
  | 'special'
  | 'internal'
  | 'durationSeconds'
  | 'billedSeconds'
  | 'price'
  | 'destination'
  | 'prefix'
  | 'ratingPlanId'
  | 'ratingProfileId'
  | 'rateDeckId'
  | 'usageDay'
  | 'explanation'
>

type Facts = Pick<
  Call,
  | 'direction'
  | 'from'
  | 'to'
  | 'toClientId'
  | 'fromClientId'
  | 'createdAt'
  | 'startedAt'
  | 'answeredAt'
  | 'endedAt'
  | 'cutAt'
>

/** What the call comes to by the terms and the tariffs in force when it was answered. */
export function rateResult(call: Facts, owner: Owner, context: SettlementContext): Result {
  return rateCall(call, owner, context).result
}

interface RatedCall {
  result: Result
  kind: LegKind
  /** It costs more than the maximum at which it was to be hung up. */
  exceedsMaximum: boolean
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
  const leg = { ...numbers, answeredAt, timeZone, profiles: client.profiles, tariffs }
  const bought = affordableDuration({ ...leg, money: unlimitedMoney, maxSeconds: client.maxCallSeconds })
  return bought.priced ? bought.seconds : null
}

function rateCall(call: Facts, { client, brand }: Owner, context: SettlementContext): RatedCall {
  const at = call.answeredAt ?? call.startedAt ?? call.createdAt
  const terms = termsAt(client.terms, at)
  const numbering = terms.numbering ?? termsAt(brand.terms, at).numbering
  const toNormalized = normalizeNumber(call.to, numbering) ?? null
  const find = (id: string | null) => (id === null ? undefined : context.findClientById(id))
  const leg = {
    direction: call.direction,
    to: call.to,
    toNormalized: toNormalized ?? undefined,
    sourceIp: null,
    toClient: find(call.toClientId),
    fromClient: find(call.fromClientId),
    at,
  }
  const kind = classifyLeg(leg, client, brand, context.emergencyNumbers)
  const result: Result = {
    status: 'unpriced',
    reason: null,
    toNormalized,
    country: toNormalized === null ? '' : (countryOfNumber(toNormalized) ?? ''),
    special: kind === 'special',
    internal: kind === 'internal',
    durationSeconds: null,
    billedSeconds: null,
    price: null,
    destination: null,
    prefix: null,
    ratingPlanId: null,
    ratingProfileId: null,
    rateDeckId: null,
    usageDay: localDay(at, terms.timeZone),
    explanation: null,
  }
  const endedAt = call.cutAt ?? call.endedAt
  const unpriced = (changes: Partial<Result>): RatedCall => ({
    result: { ...result, ...changes },
    kind,
    exceedsMaximum: false,
  })
  if (call.answeredAt === null || endedAt === null) {
    const called =
      kind === 'priced' && toNormalized !== null
        ? findRate({
            to: toNormalized,
            from: call.from,
            numbering,
            at,
            timeZone: terms.timeZone,
            profiles: client.profiles,
            tariffs: context.tariffs,
          })
        : undefined
    return unpriced({
      status: 'unanswered',
      durationSeconds: 0,
      billedSeconds: 0,
      price: zero,
      // What was called, though nobody answered: for the share of answered calls by destination.
      destination: called?.priced ? called.destination : null,
      prefix: called?.priced ? called.prefix : null,
    })
  }
  const durationSeconds = Math.ceil((endedAt - call.answeredAt) / 1000)
  result.durationSeconds = durationSeconds
  if (kind !== 'priced') return unpriced({})
  if (toNormalized === null) return unpriced({ status: 'rejected', reason: 'invalid_number' })
  const priced = priceCall({
    to: toNormalized,
    from: call.from,
    numbering,
    answeredAt: call.answeredAt,
    durationSeconds,
    timeZone: terms.timeZone,
    profiles: client.profiles,
    tariffs: context.tariffs,
  })
  if (!priced.priced) return unpriced({ status: 'rejected', reason: priced.reason })
  return {
    result: {
      ...result,
      status: 'priced',
      billedSeconds: priced.billedSeconds,
      price: priced.price,
      destination: priced.destination,
      prefix: priced.prefix,
      ratingPlanId: priced.ratingPlanId,
      ratingProfileId: priced.ratingProfileId,
      rateDeckId: priced.rateDeckId,
      explanation: JSON.stringify(priced.explanation),
    },
    kind,
    exceedsMaximum: priced.exceedsMaximum,
  }
}

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
