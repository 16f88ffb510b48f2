/**
 * Which legs of a client do guards with the same conditions count, and what have these come to? Counted once for all of
 * these guards: what each of them limits is a comparison.
 *
 * Windows slide by the instants that are given. Pure.
 */
import { type FixedAmount, fixedOne, fixedZero } from './fixed-amount.ts'
import { SlidingNumbers } from './sliding-numbers.ts'
import { SlidingSum } from './sliding-sum.ts'
import {
  type GuardedNumber,
  type GuardLimit,
  guardsInstant,
  guardsNumber,
  type SpendGuard,
} from './spend-guard.ts'

export const hourMs = 3_600_000
export const dayMs = 86_400_000
const minuteMs = 60_000
/** In place of an entry: before the first of any sum. */
const notCounted = -1

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

  /** `conditions`: of any guard that has them. `timeZone`: the client's. */
  constructor(conditions: SpendGuard, timeZone: string) {
    this.#conditions = conditions
    this.#timeZone = timeZone
  }

  /** Counts for these limits from now on, and no longer for others. Answers whether there is one that knows nothing yet. */
  countFor(limits: ReadonlySet<GuardLimit>): boolean {
    const before = this.#limits
    this.#limits = limits
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
