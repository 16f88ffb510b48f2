/**
 * How much of an account may a replica set aside for itself, how long may it spend that, and what may it grant from it?
 *
 * A lease is money, slots and parts of allowances that the database has moved from free to leased: nobody else can grant them, so its holder
 * may, without asking. It takes a part of what is left alone, and none near the limit: there every grant is decided under
 * the account's lock, and nobody is denied for what another replica holds unused. Pure.
 */
import { Decimal, zero } from '../money.ts'
import { type Draw, noDraws } from '../rating/allowance.ts'
import { coversDraws, drawnOf } from '../rating/draws.ts'
import { type Holds, type LegPrices, maxDuration, sliceSeconds, unlimitedDuration } from './authorize.ts'
import type { Client } from './client.ts'
import { isNothing, type LeaseAmounts, noAmounts } from './leased.ts'

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
  /** The same of items of allowances. */
  allowances: readonly Draw[]
}

/** What is left of the limits, all leases taken off; null: nothing limits it. */
export interface Left {
  ofBalance: Decimal | null
  ofDay: Decimal | null
  clientSlots: number | null
  brandSlots: number | null
  /** Of items of allowances. */
  ofAllowances: readonly Draw[]
}

/** A client that asks less often is answered under the lock. */
export const minPerSecond = 0.5
/** Topped up at half of it: with PostgreSQL away there is enough for five seconds at least. */
const secondsAhead = 10
/** A replica takes at max this part of what is left, so that several find some and little is called back. */
const share = 4
const minGrants = 8

/**
 * What a replica should hold of an account, with what it holds already counted as left; null: nothing. Of an item that is
 * near its end it holds nothing, and goes on with the others and with money; so it does with money where items pay.
 */
export function sizeLease(demand: Demand, left: Left): LeaseAmounts | null {
  if (demand.perSecond < minPerSecond) return null
  const wanted = Math.max(minGrants, Math.ceil(demand.perSecond * secondsAhead))
  const bySlots = Math.min(wanted, shareOf(left.clientSlots), shareOf(left.brandSlots))
  const byMoney = Math.min(
    bySlots,
    affordable(left.ofBalance, demand.money),
    affordable(left.ofDay, demand.money),
  )
  const isMoneyLimited = left.ofBalance !== null || left.ofDay !== null
  // What its legs cost is not known yet, or allowances pay it.
  const hasMoney = isMoneyLimited && byMoney >= minGrants && !demand.money.isZero()
  const allowances = bySlots < minGrants ? noDraws : sizeAllowances(demand, left, bySlots)
  if (isMoneyLimited && !hasMoney && allowances.length === 0) return null
  const grants = allowances.length > 0 ? bySlots : byMoney
  if (grants < minGrants) return null
  return {
    money: hasMoney ? demand.money.times(byMoney) : zero,
    clientSlots: left.clientSlots === null ? 0 : grants,
    brandSlots: left.brandSlots === null ? 0 : grants,
    allowances,
  }
}

function sizeAllowances(demand: Demand, { ofAllowances }: Left, grants: number): readonly Draw[] {
  return demand.allowances.flatMap((mean) => {
    const paid = Math.min(grants, affordable(drawnOf(ofAllowances, mean), mean.amount))
    if (paid < minGrants || mean.amount.isZero()) return []
    const amount = mean.amount.times(paid).toDecimalPlaces(mean.unit === 'money' ? 6 : 0, Decimal.ROUND_UP)
    return [{ ...mean, amount }]
  })
}

/**
 * What a holder has beyond what it should, where that is more than twice as much: given back, so that others find it. Near
 * the limit that is all. null: nothing.
 */
export function findSurplus(
  demand: Demand,
  held: LeaseAmounts,
  known: Pick<Left, 'ofBalance' | 'ofDay' | 'ofAllowances'>,
): LeaseAmounts | null {
  const slots = (count: number) => (count > 0 ? Number.POSITIVE_INFINITY : null)
  const left = { ...known, clientSlots: slots(held.clientSlots), brandSlots: slots(held.brandSlots) }
  const wanted = sizeLease(demand, left) ?? noAmounts
  const isBeyondTwice = (draw: Draw) => draw.amount.gt(drawnOf(wanted.allowances, draw).times(2))
  const surplus = {
    money: held.money.gt(wanted.money.times(2)) ? held.money.minus(wanted.money) : zero,
    clientSlots: beyondTwice(held.clientSlots, wanted.clientSlots),
    brandSlots: beyondTwice(held.brandSlots, wanted.brandSlots),
    allowances: held.allowances
      .filter(isBeyondTwice)
      .map((draw) => ({ ...draw, amount: draw.amount.minus(drawnOf(wanted.allowances, draw)) })),
  }
  return isNothing(surplus) ? null : surplus
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
  /** Of allowances. */
  draws: readonly Draw[]
}

/**
 * A grant from what is left of a lease. undefined: it does not cover the whole first slice, which is no denial: the books
 * decide then. `prices` are those by all that is left of the client's allowances, whoever has leased it: the leg is paid in
 * the same order as under the lock, or not from here.
 */
export function grantFromLease(
  holds: Holds,
  lease: LeaseAmounts,
  { client, prices, known }: { client: Client; prices: LegPrices | null; known: Known },
): LeaseGrant | undefined {
  if (holds.clientSlot && lease.clientSlots < 1) return undefined
  if (holds.brandSlot && lease.brandSlots < 1) return undefined
  if (!holds.money || !prices) {
    const maxDurationSeconds = unlimitedDuration(client, prices)
    return { maxDurationSeconds, reserved: zero, reservedSeconds: 0, draws: noDraws }
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
  const draws = prices.drawsFor(reservedSeconds)
  if (!coversDraws(lease.allowances, draws)) return undefined
  return { maxDurationSeconds, reserved, reservedSeconds, draws }
}
