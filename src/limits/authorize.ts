/**
 * May this client place or take this call?
 *
 * Two steps, in the contract's order of reasons. `judgeLeg` answers all that no running total can change; what
 * is left depends on calls in progress and money, and `grantOrDeny` decides it under the account's lock.
 * An emergency number is granted right after the client is known, over everything else.
 */
import { Decimal, zero } from '../money.ts'
import type { Draw } from '../rating/allowance.ts'
import type { RateMatch } from '../rating/match-rate.ts'
import type { Rate } from '../rating/rate.ts'
import { selectRatingProfile } from '../rating/select-rating-profile.ts'
import type { Account, DailyUsage } from './account.ts'
import { type Brand, type BrandTerms, type Client, type ClientTerms, payerFor, termsAt } from './client.ts'
import { leftOfDay } from './daily-usage.ts'
import { type Leased, nothingLeased } from './leased.ts'
import type { DenialReason } from './reasons.ts'

export interface Leg {
  direction: 'outbound' | 'inbound'
  /** As dialled. */
  to: string
  /** undefined: no number. */
  toNormalized: string | undefined
  sourceIp: string | null
  /** The client being called, where it is one of the same brand; decides on outbound legs alone. */
  toClient: Client | undefined
  /** The client that calls, where it is one of the same brand; decides on inbound legs alone. */
  fromClient: Client | undefined
  at: number
}

/** The rate that prices the call's first increment, with where it stands. */
export interface MatchedRate {
  rate: Rate
  /** The same object for rates of a deck that cost the same. */
  terms: object
  /** What prices the leg: found once, by the judgement. */
  match: RateMatch
  ratingPlanId: string
  ratingProfileId: string
  rateDeckId: string
}

/** The rate in force for the number, or why there is none. */
export type RateAnswer =
  | ({ priced: true } & MatchedRate)
  | { priced: false; reason: 'no_rating_profile' | 'destination_not_priced' | 'destination_blocked' }

export interface Surroundings {
  client: Client | undefined
  brand: Brand | undefined
  /** Emergency numbers of the whole platform. */
  emergencyNumbers: ReadonlySet<string>
  isSourceAllowed: (client: Client, sourceIp: string | null) => boolean
  /** Asked only where the call has to be priced; `payer`: as `payerFor` has it, `to`: normalized. */
  findRate: (payer: Client, to: string) => RateAnswer
}

export type Judgement =
  | { outcome: 'denied'; reason: DenialReason }
  | { outcome: 'granted'; kind: LegKind; rate: MatchedRate | null; holds: Holds }

/** Why a leg costs nothing, or that it is priced. An inbound one is priced where its plan has a rate, and costs nothing elsewhere. */
export type LegKind = 'special' | 'internal' | 'free' | 'inbound' | 'unbilled' | 'priced' | 'priced-inbound'

/** What a grant takes of running totals; all false: it needs no database. */
export interface Holds {
  clientSlot: boolean
  brandSlot: boolean
  /** Money of the balance or of the day is reserved for it. */
  money: boolean
}

const nothing: Holds = { clientSlot: false, brandSlot: false, money: false }

/** All checks but those of running totals. */
export function judgeLeg(leg: Leg, around: Surroundings): Judgement {
  const { client, brand } = around
  if (client && brand && isSpecial(leg, termsAt(brand.terms, leg.at), around.emergencyNumbers)) {
    return { outcome: 'granted', kind: 'special', rate: null, holds: nothing }
  }
  const { toNormalized } = leg
  if (leg.direction === 'outbound' && toNormalized === undefined) return denied('invalid_number')
  if (!client || !brand) return denied('unknown_client')
  if (client.suspended) return denied('client_suspended')

  if (leg.direction === 'outbound' && !around.isSourceAllowed(client, leg.sourceIp)) {
    return denied('ip_not_allowed')
  }
  const kind = classifyLeg(leg, client, brand, around.emergencyNumbers)
  const terms = termsAt(client.terms, leg.at)
  const granted = (kind: LegKind, rate: MatchedRate | null): Judgement => ({
    outcome: 'granted',
    kind,
    rate,
    holds: findHolds(kind, client, brand, terms),
  })
  if (!isPriced(kind)) return granted(kind, null)
  const answer = around.findRate(payerFor(client, leg.direction), toNormalized as string)
  if (answer.priced) return granted(kind, answer)
  return kind === 'priced' ? denied(answer.reason) : granted('inbound', null)
}

/** Is the leg priced, as far as facts and terms tell? */
export function isPriced(kind: LegKind): kind is 'priced' | 'priced-inbound' {
  return kind === 'priced' || kind === 'priced-inbound'
}

/** What a grant of a leg of this kind takes of running totals. */
export function findHolds(kind: LegKind, client: Client, brand: Brand, terms: ClientTerms): Holds {
  if (kind === 'special' || kind === 'internal') return nothing
  return {
    clientSlot: client.maxCalls > 0,
    brandSlot: brand.maxCalls > 0,
    money: isPriced(kind) && isMoneyLimited(payerFor(client, directionOfKind(kind)), terms),
  }
}

const directionOfKind = (kind: LegKind) => (kind === 'priced-inbound' ? 'inbound' : 'outbound')

const denied = (reason: DenialReason): Judgement => ({ outcome: 'denied', reason })

/** What a call costs nothing for, as far as facts and terms tell; that it is priced otherwise. */
export function classifyLeg(
  leg: Leg,
  client: Client,
  brand: Brand,
  emergencyNumbers: ReadonlySet<string>,
): LegKind {
  const brandTerms = termsAt(brand.terms, leg.at)
  if (isSpecial(leg, brandTerms, emergencyNumbers)) return 'special'
  const terms = termsAt(client.terms, leg.at)
  if (isInternal(client, terms, leg)) return 'internal'
  if (leg.direction === 'inbound') {
    const isPayer = terms.billingMethod !== 'none' && leg.toNormalized !== undefined
    return isPayer && selectRatingProfile(client.inboundProfiles, leg.at) >= 0 ? 'priced-inbound' : 'inbound'
  }
  if (isFree(leg, brandTerms)) return 'free'
  return terms.billingMethod === 'none' ? 'unbilled' : 'priced'
}

function isSpecial(leg: Leg, terms: BrandTerms, emergencyNumbers: ReadonlySet<string>): boolean {
  if (leg.direction === 'inbound') return false
  const { to, toNormalized } = leg
  if (terms.specialNumbers.has(to) || emergencyNumbers.has(to)) return true
  return (
    toNormalized !== undefined &&
    (terms.specialNumbers.has(toNormalized) || emergencyNumbers.has(toNormalized))
  )
}

function isFree(leg: Leg, terms: BrandTerms): boolean {
  return (
    terms.freeNumbers.has(leg.to) ||
    (leg.toNormalized !== undefined && terms.freeNumbers.has(leg.toNormalized))
  )
}

/** A leg between a client and itself, or another of its corporation. */
function isInternal(client: Client, terms: ClientTerms, leg: Leg): boolean {
  // Whom an inbound leg reaches is the client itself: who calls is what makes it internal.
  const other = leg.direction === 'inbound' ? leg.fromClient : leg.toClient
  if (!other) return false
  if (other.id === client.id) return true
  return terms.corporationId !== null && termsAt(other.terms, leg.at).corporationId === terms.corporationId
}

/** Does a paid call of this client hold money: of its balance, or of its day? */
function isMoneyLimited(client: Client, terms: ClientTerms): boolean {
  if (terms.billingMethod === 'none') return false
  return creditFloor(client, terms) !== null || client.maxDailyUsage !== null
}

/** How far below 0 the balance may go, as a positive amount; null: no limit. */
export function creditFloor(client: Client, terms: ClientTerms): Decimal | null {
  if (terms.billingMethod === 'postpaid') return client.creditLimit
  return client.creditLimit ?? zero
}

/** What may still be reserved of the balance; null: nothing limits it. May be negative. */
export function freeBalance(account: Account, client: Client, terms: ClientTerms): Decimal | null {
  const credit = creditFloor(client, terms)
  return credit === null ? null : account.balance.minus(account.reserved).plus(credit)
}

/** Prices of the leg that the decision by totals needs, from the very functions that price the call. */
export interface LegPrices {
  /** Price of the first increment with fee. */
  firstIncrement: Decimal
  /** Seconds that the money buys in whole increments, at most `maxSeconds`. */
  secondsFor(money: Decimal, maxSeconds: number): number
  /** Price of a call of so many seconds. */
  priceFor(seconds: number): Decimal
  /** What it takes of allowances. */
  drawsFor(seconds: number): readonly Draw[]
}

export interface Totals {
  /** As `payerFor` has it. */
  client: Client
  terms: ClientTerms
  brand: Brand
  account: Account
  /** External calls of the whole brand that are running. */
  brandRunningCalls: number
  /** Usage of the local day of `at`. */
  usage: DailyUsage
  /** Seconds until the client's next local midnight. */
  secondsToMidnight: number
  /** null where nothing is priced. */
  prices: LegPrices | null
  /** What replicas have set aside of account, day and brand, which this leg cannot take. */
  leased?: Leased
}

export type Decision =
  | { allowed: false; reason: 'max_calls_reached' | 'daily_limit_reached' | 'insufficient_balance' }
  | { allowed: true; maxDurationSeconds: number; reserved: Decimal; reservedSeconds: number }

/** The first slice of a call that is reserved, in seconds. */
export const sliceSeconds = 60

/** The checks of running totals. The caller holds the locks of brand counter and account. */
export function grantOrDeny(holds: Holds, totals: Totals): Decision {
  const { client, brand, account, prices, leased = nothingLeased } = totals
  const clientCalls = account.runningCalls + leased.clientSlots
  if (holds.clientSlot && clientCalls >= client.maxCalls) return refused('max_calls_reached')
  const brandCalls = totals.brandRunningCalls + leased.brandSlots
  if (holds.brandSlot && brandCalls >= brand.maxCalls) return refused('max_calls_reached')
  if (!holds.money || !prices) {
    const maxDurationSeconds = unlimitedDuration(client, prices)
    return { allowed: true, maxDurationSeconds, reserved: zero, reservedSeconds: 0 }
  }
  const ofDay =
    client.maxDailyUsage === null ? null : leftOfDay(totals.usage, client.maxDailyUsage, leased.ofDay)
  const ofBalance = freeBalance(account, client, totals.terms)?.minus(leased.money) ?? null
  // A call that costs nothing passes, also with nothing left.
  const first = prices.firstIncrement
  if (first.gt(0)) {
    if (ofDay !== null && first.gt(ofDay)) return refused('daily_limit_reached')
    if (ofBalance !== null && first.gt(ofBalance)) return refused('insufficient_balance')
  }
  const { unspent } = leased
  const maxDurationSeconds = maxDuration(
    totals,
    prices,
    ofDay?.plus(Decimal.min(leased.ofDay, unspent)) ?? null,
    ofBalance?.plus(unspent) ?? null,
  )
  return { allowed: true, maxDurationSeconds, ...computeSlice(prices, maxDurationSeconds, ofDay, ofBalance) }
}

/** Was it denied for its brand's Max calls while replicas hold some of its slots? */
export function isBrandLeased(reason: DenialReason, holds: Holds, leased: Leased): boolean {
  return reason === 'max_calls_reached' && holds.brandSlot && leased.brandSlots > 0
}

/** How long a leg may last that no money limits: the client's longest call, or a rate's maximum price that hangs up. */
export function unlimitedDuration(client: Client, prices: LegPrices | null): number {
  return prices ? prices.secondsFor(unlimitedMoney, client.maxCallSeconds) : client.maxCallSeconds
}

const refused = (reason: 'max_calls_reached' | 'daily_limit_reached' | 'insufficient_balance'): Decision => ({
  allowed: false,
  reason,
})

/** How long the leg may last if nothing else is spent. From midnight on it is held to the new day's limit. */
export function maxDuration(
  totals: Pick<Totals, 'client' | 'secondsToMidnight'>,
  prices: LegPrices,
  ofDay: Decimal | null,
  ofBalance: Decimal | null,
): number {
  let seconds = prices.secondsFor(ofBalance ?? unlimitedMoney, totals.client.maxCallSeconds)
  if (ofDay !== null && totals.client.maxDailyUsage !== null) {
    const today = prices.secondsFor(ofDay, seconds)
    seconds =
      today < totals.secondsToMidnight ? today : prices.secondsFor(totals.client.maxDailyUsage, seconds)
  }
  return seconds
}

/** More than any call can cost: 31 days at the highest rate with the highest fee stay far below it. */
export const unlimitedMoney = zero.plus('1e20')

/** The first slice, shortened to the whole increments that the free money buys. */
function computeSlice(
  prices: LegPrices,
  maxDurationSeconds: number,
  ofDay: Decimal | null,
  ofBalance: Decimal | null,
): { reserved: Decimal; reservedSeconds: number } {
  const slice = Math.min(sliceSeconds, maxDurationSeconds)
  let money = unlimitedMoney
  if (ofDay?.lt(money)) money = ofDay
  if (ofBalance?.lt(money)) money = ofBalance
  const price = prices.priceFor(slice)
  if (price.lte(money)) return { reserved: price, reservedSeconds: slice }
  const reservedSeconds = prices.secondsFor(money, slice)
  return { reserved: prices.priceFor(reservedSeconds), reservedSeconds }
}
