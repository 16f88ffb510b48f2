/**
 * How much more of a running call may be reserved, and when does it have to end?
 *
 * A call's reservation is what it costs from its answer on. It grows slice by slice, shortened to the whole
 * increments that the free money of balance and day buys; where not even the next increment fits, the leg has to
 * end with the last one bought. What costs nothing always fits. Seconds count from the answer.
 */
import { type Decimal, zero } from '../money.ts'
import type { Account, DailyUsage } from './account.ts'
import { creditFloor, freeBalance, type LegPrices, sliceSeconds, unlimitedDuration } from './authorize.ts'
import type { Client, ClientTerms } from './client.ts'
import { leftOfDay } from './daily-usage.ts'
import { type Leased, nothingLeased } from './leased.ts'
import type { HangupReason } from './reasons.ts'

export interface MeteredLeg {
  reserved: Decimal
  reservedSeconds: number
  elapsedSeconds: number
  /** The longest the leg may last, as last granted; null: never. */
  maxDurationSeconds: number | null
  /** Does that hold whatever money is paid in or spent since: bought at set-up, or granted offline? */
  isFixed: boolean
}

export interface MeterTotals {
  client: Client
  terms: ClientTerms
  account: Account
  /** Of the day that holds the leg's reservation. */
  usage: DailyUsage
  /** null where nothing is priced. */
  prices: LegPrices | null
  /** What replicas have set aside of account and day, which this leg cannot take. */
  leased?: Leased
}

export type SliceDecision =
  | { outcome: 'extended'; reserved: Decimal; reservedSeconds: number; maxDurationSeconds: number }
  /** Bought up to the longest the leg may last. */
  | { outcome: 'complete' }
  | { outcome: 'exhausted'; reason: 'daily_limit_reached' | 'insufficient_balance' }

/** Is the leg extended slice by slice? `pseudoprepaid` only against its day. */
export function isMetered(client: Client, terms: ClientTerms): boolean {
  if (terms.billingMethod === 'none') return false
  return client.maxDailyUsage !== null || isBalanceMetered(client, terms)
}

function isBalanceMetered(client: Client, terms: ClientTerms): boolean {
  return terms.billingMethod !== 'pseudoprepaid' && creditFloor(client, terms) !== null
}

/** The next slice of a metered leg whose last one is about to end. */
export function nextSlice(leg: MeteredLeg, totals: MeterTotals & { prices: LegPrices }): SliceDecision {
  const { client, terms, prices, leased = nothingLeased } = totals
  const { seconds: cap } = maxGrant(leg, totals)
  if (leg.reservedSeconds >= cap) return { outcome: 'complete' }
  const ofDay =
    client.maxDailyUsage === null
      ? null
      : leg.reserved.plus(leftOfDay(totals.usage, client.maxDailyUsage, leased.ofDay))
  const free = isBalanceMetered(client, terms)
    ? (freeBalance(totals.account, client, terms)?.minus(leased.money) ?? null)
    : null
  const ofBalance = free === null ? null : leg.reserved.plus(free.isNegative() ? zero : free)
  const wanted = Math.min(cap, Math.max(leg.reservedSeconds, leg.elapsedSeconds) + sliceSeconds)
  const buys = (money: Decimal | null, max: number) => (money === null ? max : prices.secondsFor(money, max))
  const reservedSeconds = Math.min(buys(ofDay, wanted), buys(ofBalance, wanted))
  if (reservedSeconds <= leg.reservedSeconds) {
    const isDay = buys(ofDay, wanted) <= leg.reservedSeconds
    return { outcome: 'exhausted', reason: isDay ? 'daily_limit_reached' : 'insufficient_balance' }
  }
  const granted = leg.maxDurationSeconds ?? 0
  return {
    outcome: 'extended',
    reserved: prices.priceFor(reservedSeconds),
    reservedSeconds,
    // More money came than there was when the leg was granted.
    maxDurationSeconds:
      reservedSeconds > granted ? Math.min(buys(ofDay, cap), buys(ofBalance, cap)) : granted,
  }
}

/** The longest the leg may last whatever money there is, and why it ends then. */
export function maxGrant(
  leg: MeteredLeg,
  { client, prices }: Pick<MeterTotals, 'client' | 'prices'>,
): { seconds: number; reason: HangupReason } {
  const seconds = unlimitedDuration(client, prices)
  if (leg.isFixed && leg.maxDurationSeconds !== null && leg.maxDurationSeconds < seconds) {
    return { seconds: leg.maxDurationSeconds, reason: 'maximum_duration_reached' }
  }
  return {
    seconds,
    reason: seconds < client.maxCallSeconds ? 'maximum_price_reached' : 'maximum_duration_reached',
  }
}
