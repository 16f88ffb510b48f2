/**
 * One guard of a client, and which of its limits another leg would break beside what its scope has counted.
 */
import type { Decimal } from '../money.ts'
import { type FixedAmount, isZeroAmount, unfixAmount } from './fixed-amount.ts'
import { type FixedLimits, fixLimits } from './fixed-limits.ts'
import type { AskedOfLeg, GuardScope } from './guard-scope.ts'
import type { GuardedLeg } from './guarded-leg.ts'
import type { SlidingSum } from './sliding-sum.ts'
import type { GuardAction, GuardLimit, SpendGuard } from './spend-guard.ts'

/** A limit that is reached. */
export interface Trip {
  guard: SpendGuard
  limit: GuardLimit
  action: GuardAction
  at: number
  /** What counted when it tripped; null: no limit of money. */
  spent: Decimal | null
  /** A leg was refused for it. */
  isRefusal: boolean
}

interface WatchOptions {
  scope: GuardScope
  liftedUntil: number
  endedAt: number | undefined
}

export class GuardWatch {
  readonly guard: SpendGuard
  readonly scope: GuardScope
  /** Until then it refuses nothing, and counts on. */
  readonly liftedUntil: number
  /** When it last tripped with legs to be ended; −∞: never. */
  endedAt: number
  readonly #limits: FixedLimits

  constructor(guard: SpendGuard, { scope, liftedUntil, endedAt = Number.NEGATIVE_INFINITY }: WatchOptions) {
    this.guard = guard
    this.scope = scope
    this.liftedUntil = liftedUntil
    this.endedAt = endedAt
    this.#limits = fixLimits(guard.limits)
  }

  /** The limits that a leg would break; null: none. Of instants at which its scope counts. */
  findTrips(leg: GuardedLeg, asked: AskedOfLeg): Trip[] | null {
    const { at, to } = leg
    if (this.liftedUntil > at) return null
    const { calls, numbers, running } = this.scope
    let trips = this.findMoneyTrips(at, asked.first)
    if (calls && calls.countAt(at) >= this.#limits.callsPerMinute) {
      trips = withTrip(trips, this.#trip('callsPerMinute', at))
    }
    if (running >= this.#limits.runningCalls) trips = withTrip(trips, this.#trip('runningCalls', at))
    if (numbers?.isOneTooMany(to, at, this.#limits.distinctNumbersPerHour)) {
      trips = withTrip(trips, this.#trip('distinctNumbersPerHour', at))
    }
    const { newCountries } = this.guard.limits
    if (newCountries !== undefined && asked.isNewCountry) {
      trips = withTrip(trips, { ...this.#trip('newCountries', at), action: newCountries })
    }
    return trips
  }

  /** The limits of money beside which the amount does not fit; null: none. What costs nothing always fits. */
  findMoneyTrips(at: number, amount: FixedAmount): Trip[] | null {
    if (this.liftedUntil > at || isZeroAmount(amount)) return null
    const { hour, day } = this.scope
    let trips: Trip[] | null = null
    if (hour?.exceeds(at, amount, this.#limits.spendPerHour)) {
      trips = withTrip(trips, this.#moneyTrip('spendPerHour', at, hour))
    }
    if (day?.exceeds(at, amount, this.#limits.spendPerDay)) {
      trips = withTrip(trips, this.#moneyTrip('spendPerDay', at, day))
    }
    return trips
  }

  #moneyTrip(limit: GuardLimit, at: number, sum: SlidingSum): Trip {
    return { ...this.#trip(limit, at), spent: unfixAmount(sum.totalAt(at)) }
  }

  #trip(limit: GuardLimit, at: number): Trip {
    const { guard } = this
    return { guard, limit, action: guard.action, at, spent: null, isRefusal: false }
  }
}

/** A list is made where something trips: hardly ever. */
function withTrip(trips: Trip[] | null, trip: Trip): Trip[] {
  if (!trips) return [trip]
  trips.push(trip)
  return trips
}
