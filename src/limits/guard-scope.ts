/**
 * Which legs of a client do guards with the same conditions count, and what have these come to? Counted once for all of
 * these guards: what each of them limits is a comparison.
 *
 * Windows slide by the instants that are given. Pure.
 */
import { type FixedAmount, fixedOne, fixedZero } from './fixed-amount.ts'
import { type FixedLimits, fixLimits, noLimits, strictest } from './fixed-limits.ts'
import { SlidingNumbers } from './sliding-numbers.ts'
import { notCounted, SlidingSum } from './sliding-sum.ts'
import {
  type GuardedNumber,
  type GuardLimit,
  guardsInstant,
  guardsNumber,
  limitsOf,
  type SpendGuard,
} from './spend-guard.ts'

export const hourMs = 3_600_000
export const dayMs = 86_400_000
const minuteMs = 60_000

/** What is asked of a leg beside its facts. */
export interface AskedOfLeg {
  /** Price of its first increment with fee. */
  first: FixedAmount
  isNewCountry: boolean
}

export class GuardScope {
  /** Open legs. */
  running = 0
  hour: SlidingSum | null = null
  day: SlidingSum | null = null
  calls: SlidingSum | null = null
  numbers: SlidingNumbers | null = null
  readonly #conditions: SpendGuard
  readonly #timeZone: string
  #limits: ReadonlySet<GuardLimit> = new Set()
  /** The strictest of its guards. */
  #strictest: FixedLimits = noLimits

  /** `conditions`: of any guard that has them. `timeZone`: the client's. */
  constructor(conditions: SpendGuard, timeZone: string) {
    this.#conditions = conditions
    this.#timeZone = timeZone
  }

  /** Counts for the limits of these guards from now on. Answers whether there is a limit that knows nothing yet. */
  countFor(guards: readonly SpendGuard[]): boolean {
    const before = this.#limits
    const limits = new Set(guards.flatMap(limitsOf))
    this.#limits = limits
    this.#strictest = guards.map((guard) => fixLimits(guard.limits)).reduce(strictest, noLimits)
    const sum = (limit: GuardLimit, known: SlidingSum | null, windowMs: number) =>
      limits.has(limit) ? (known ?? new SlidingSum(windowMs)) : null
    this.hour = sum('spendPerHour', this.hour, hourMs)
    this.day = sum('spendPerDay', this.day, dayMs)
    this.calls = sum('callsPerMinute', this.calls, minuteMs)
    this.numbers = limits.has('distinctNumbersPerHour') ? (this.numbers ?? new SlidingNumbers(hourMs)) : null
    return [...limits].some((limit) => !before.has(limit))
  }

  get limitsMoney(): boolean {
    return this.hour !== null || this.day !== null
  }

  includes(leg: GuardedNumber): boolean {
    return guardsNumber(this.#conditions, leg)
  }

  countsAt(at: number): boolean {
    return guardsInstant(this.#conditions, at, this.#timeZone)
  }

  /** Might the leg break a limit of one of the guards? Then each of them is asked. */
  isNearLimit({ to, at }: { to: string; at: number }, { first, isNewCountry }: AskedOfLeg): boolean {
    const limits = this.#strictest
    const { hour, day, calls, numbers } = this
    if (this.running >= limits.runningCalls || (isNewCountry && limits.asksCountries)) return true
    if (calls && calls.countAt(at) >= limits.callsPerMinute) return true
    if (numbers?.isOneTooMany(to, at, limits.distinctNumbersPerHour)) return true
    if (hour?.exceeds(at, first, limits.spendPerHour)) return true
    return day?.exceeds(at, first, limits.spendPerDay) ?? false
  }

  /** A leg begins. Writes the entries of its call and of its number from `place` on. */
  begin({ to, at }: { to: string; at: number }, entries: number[], place: number): void {
    this.running++
    const counts = this.countsAt(at)
    entries[place] = counts && this.calls ? this.calls.add(at, fixedOne) : notCounted
    entries[place + 1] = counts && this.numbers ? this.numbers.add(to, at) : notCounted
  }

  /** As if the leg that was counted there had never been asked for. */
  takeBack(entries: readonly number[], place: number): void {
    this.calls?.replace(entries[place] ?? notCounted, fixedOne, fixedZero)
    this.numbers?.takeBack(entries[place + 1] ?? notCounted)
  }

  /** Writes the entries of the hour and of the day from `place` on. */
  countMoney(at: number, amount: FixedAmount, entries: number[], place: number): void {
    const counts = this.limitsMoney && this.countsAt(at)
    entries[place] = counts && this.hour ? this.hour.add(at, amount) : notCounted
    entries[place + 1] = counts && this.day ? this.day.add(at, amount) : notCounted
  }

  /** What was counted there is another amount. */
  replaceMoney(entries: readonly number[], place: number, before: FixedAmount, after: FixedAmount): void {
    this.hour?.replace(entries[place] ?? notCounted, before, after)
    this.day?.replace(entries[place + 1] ?? notCounted, before, after)
  }
}
