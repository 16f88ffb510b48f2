/**
 * One guard with what it has counted of one client, and which of its limits another leg would break.
 *
 * Windows slide by the instants that are given. Pure.
 */
import { type Decimal, zero } from '../money.ts'
import type { GuardedLeg, WatchedLeg } from './guarded-leg.ts'
import { type Counted, ofCounts, ofMoney, SlidingNumbers, SlidingSum } from './sliding-sum.ts'
import {
  type GuardAction,
  type GuardLimit,
  guardsInstant,
  guardsNumber,
  type SpendGuard,
} from './spend-guard.ts'

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

export const hourMs = 3_600_000
export const dayMs = 86_400_000

type MoneyLimit = 'spendPerHour' | 'spendPerDay'

export class GuardWatch {
  guard: SpendGuard
  liftedUntil: number
  /** Open legs. */
  running = 0
  /** When it last tripped with legs to be ended; −∞: never. */
  endedAt = Number.NEGATIVE_INFINITY
  readonly limitsMoney: boolean
  readonly #timeZone: string
  readonly #hour: SlidingSum<Decimal> | null
  readonly #day: SlidingSum<Decimal> | null
  readonly #calls: SlidingSum<number> | null
  readonly #numbers: SlidingNumbers | null

  /** `timeZone`: the client's. */
  constructor(guard: SpendGuard, { liftedUntil, timeZone }: { liftedUntil: number; timeZone: string }) {
    const { limits } = guard
    this.guard = guard
    this.liftedUntil = liftedUntil
    this.#timeZone = timeZone
    this.#hour = limits.spendPerHour === undefined ? null : new SlidingSum(hourMs, ofMoney)
    this.#day = limits.spendPerDay === undefined ? null : new SlidingSum(dayMs, ofMoney)
    this.#calls = limits.callsPerMinute === undefined ? null : new SlidingSum(60_000, ofCounts)
    this.#numbers = limits.distinctNumbersPerHour === undefined ? null : new SlidingNumbers(hourMs)
    this.limitsMoney = this.#hour !== null || this.#day !== null
  }

  watches(leg: GuardedLeg): boolean {
    return guardsNumber(this.guard, leg)
  }

  /** Does it refuse anything then? Where it is lifted it counts on. */
  isActiveAt(at: number): boolean {
    return this.liftedUntil <= at && this.#countsAt(at)
  }

  begin(leg: WatchedLeg): void {
    this.running++
    const { at, to } = leg
    if (!this.#countsAt(at)) return
    if (this.#calls) leg.calls.push(this.#calls.add(at, 1))
    if (this.#numbers?.add(to, at)) leg.newNumberFor.push(this)
  }

  forgetNumber(to: string): void {
    this.#numbers?.remove(to)
  }

  /** Adds to `counted` where it was counted. */
  countMoney(at: number, amount: Decimal, counted: Counted<Decimal>[]): void {
    if (!this.limitsMoney || !this.#countsAt(at)) return
    if (this.#hour) counted.push(this.#hour.add(at, amount))
    if (this.#day) counted.push(this.#day.add(at, amount))
  }

  /** Adds to `trips` the limits that a leg would break. `first`: its first increment with fee. */
  addTrips(leg: GuardedLeg, asked: { first: Decimal; isNewCountry: boolean }, trips: Trip[]): void {
    const { at, to } = leg
    const { callsPerMinute, runningCalls, distinctNumbersPerHour, newCountries } = this.guard.limits
    this.addMoneyTrips(at, asked.first, trips)
    if (callsPerMinute !== undefined && this.#calls && this.#calls.totalAt(at) >= callsPerMinute) {
      trips.push(this.#trip('callsPerMinute', at))
    }
    if (runningCalls !== undefined && this.running >= runningCalls) trips.push(this.#trip('runningCalls', at))
    if (distinctNumbersPerHour !== undefined && this.#numbers) {
      if (this.#numbers.countAt(at) >= distinctNumbersPerHour && !this.#numbers.has(to)) {
        trips.push(this.#trip('distinctNumbersPerHour', at))
      }
    }
    if (newCountries !== undefined && asked.isNewCountry) {
      trips.push({ ...this.#trip('newCountries', at), action: newCountries })
    }
  }

  /** Adds to `trips` the limits of money beside which the amount does not fit. What costs nothing always fits. */
  addMoneyTrips(at: number, amount: Decimal, trips: Trip[]): void {
    if (!this.limitsMoney || amount.isZero()) return
    this.#addMoneyTrip('spendPerHour', this.#hour, at, amount, trips)
    this.#addMoneyTrip('spendPerDay', this.#day, at, amount, trips)
  }

  #addMoneyTrip(
    limit: MoneyLimit,
    sum: SlidingSum<Decimal> | null,
    at: number,
    amount: Decimal,
    trips: Trip[],
  ): void {
    const most = this.guard.limits[limit]
    if (most === undefined) return
    const spent = sum?.totalAt(at) ?? zero
    if (spent.plus(amount).gt(most)) trips.push({ ...this.#trip(limit, at), spent })
  }

  #trip(limit: GuardLimit, at: number): Trip {
    const { guard } = this
    return { guard, limit, action: guard.action, at, spent: null, isRefusal: false }
  }

  #countsAt(at: number): boolean {
    return guardsInstant(this.guard, at, this.#timeZone)
  }
}
