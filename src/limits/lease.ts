/**
 * How much of an account may a replica set aside for itself, how long may it spend that, and what may it grant from it?
 *
 * A lease is money and slots that the database has moved from free to leased: nobody else can grant them, so its holder
 * may, without asking. It takes a part of what is left alone, and none near the limit: there every grant is decided under
 * the account's lock, and nobody is denied for what another replica holds unused. Pure.
 */
import { type Decimal, zero } from '../money.ts'
import { type Holds, type LegPrices, maxDuration, sliceSeconds, unlimitedDuration } from './authorize.ts'
import type { Client } from './client.ts'
import { type LeaseAmounts, noAmounts } from './leased.ts'

/** From sending the last renewal, by the holder's monotonic clock: after that it grants nothing. */
export const usableMs = 8_000
/** From the last renewal, by the database's clock: after that anybody may free it. */
export const voidMs = 10_000

/** Both by one monotonic clock. */
export function isUsable(renewalSentAt: number, now: number): boolean {
  return now - renewalSentAt < usableMs
}

/** How busy a client is at a replica, and what its legs hold there. */
export interface Demand {
  /** Authorizations a second. */
  perSecond: number
  /** Mean of what a grant reserves. */
  money: Decimal
}

/** What is left of the limits, all leases taken off; null: nothing limits it. */
export interface Left {
  ofBalance: Decimal | null
  ofDay: Decimal | null
  clientSlots: number | null
  brandSlots: number | null
}

/** A client that asks less often is answered under the lock. */
export const minPerSecond = 0.5
/** Topped up at half of it: with PostgreSQL away there is enough for five seconds at least. */
const secondsAhead = 10
/** A replica takes at max this part of what is left, so that several find some and little is called back. */
const share = 4
const minGrants = 8

/** What a replica should hold of an account, with what it holds already counted as left; null: nothing. */
export function sizeLease(demand: Demand, left: Left): LeaseAmounts | null {
  if (demand.perSecond < minPerSecond) return null
  const wanted = Math.max(minGrants, Math.ceil(demand.perSecond * secondsAhead))
  const grants = Math.min(
    wanted,
    affordable(left.ofBalance, demand.money),
    affordable(left.ofDay, demand.money),
    shareOf(left.clientSlots),
    shareOf(left.brandSlots),
  )
  if (grants < minGrants) return null
  const isMoneyLimited = left.ofBalance !== null || left.ofDay !== null
  // What its legs cost is not known yet.
  if (isMoneyLimited && demand.money.isZero()) return null
  return {
    money: isMoneyLimited ? demand.money.times(grants) : zero,
    clientSlots: left.clientSlots === null ? 0 : grants,
    brandSlots: left.brandSlots === null ? 0 : grants,
  }
}

/**
 * What a holder has beyond what it should, where that is more than twice as much: given back, so that others find it. Near
 * the limit that is all. null: nothing.
 */
export function findSurplus(
  demand: Demand,
  held: LeaseAmounts,
  known: Pick<Left, 'ofBalance' | 'ofDay'>,
): LeaseAmounts | null {
  const slots = (count: number) => (count > 0 ? Number.POSITIVE_INFINITY : null)
  const left = { ...known, clientSlots: slots(held.clientSlots), brandSlots: slots(held.brandSlots) }
  const wanted = sizeLease(demand, left) ?? noAmounts
  const surplus = {
    money: held.money.gt(wanted.money.times(2)) ? held.money.minus(wanted.money) : zero,
    clientSlots: beyondTwice(held.clientSlots, wanted.clientSlots),
    brandSlots: beyondTwice(held.brandSlots, wanted.brandSlots),
  }
  return surplus.money.isZero() && surplus.clientSlots === 0 && surplus.brandSlots === 0 ? null : surplus
}

function beyondTwice(held: number, wanted: number): number {
  return held > wanted * 2 ? held - wanted : 0
}

function affordable(left: Decimal | null, money: Decimal): number {
  if (left === null || money.isZero()) return Number.POSITIVE_INFINITY
  return left.isNegative() ? 0 : left.div(money).div(share).floor().toNumber()
}

function shareOf(slots: number | null): number {
  return slots === null ? Number.POSITIVE_INFINITY : Math.floor(slots / share)
}

/** What the holder knows of the account beside its lease. */
export interface Known {
  /** What the leg may last by, if nothing else is spent; null: nothing limits it. */
  ofBalance: Decimal | null
  ofDay: Decimal | null
  secondsToMidnight: number
}

export interface LeaseGrant {
  maxDurationSeconds: number
  reserved: Decimal
  reservedSeconds: number
}

/**
 * A grant from what is left of a lease. undefined: it does not cover the whole first slice, which is no denial: the books
 * decide then.
 */
export function grantFromLease(
  holds: Holds,
  lease: LeaseAmounts,
  { client, prices, known }: { client: Client; prices: LegPrices | null; known: Known },
): LeaseGrant | undefined {
  if (holds.clientSlot && lease.clientSlots < 1) return undefined
  if (holds.brandSlot && lease.brandSlots < 1) return undefined
  if (!holds.money || !prices) {
    return { maxDurationSeconds: unlimitedDuration(client, prices), reserved: zero, reservedSeconds: 0 }
  }
  const maxDurationSeconds = maxDuration(
    { client, secondsToMidnight: known.secondsToMidnight },
    prices,
    known.ofDay,
    known.ofBalance,
  )
  const reservedSeconds = Math.min(sliceSeconds, maxDurationSeconds)
  const reserved = prices.priceFor(reservedSeconds)
  if (maxDurationSeconds < 1 || reserved.gt(lease.money)) return undefined
  return { maxDurationSeconds, reserved, reservedSeconds }
}
