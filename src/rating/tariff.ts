/**
 * The words of pricing, from the smallest to the largest.
 *
 * - **step**: the price from a second of the call on; **increment**: a block of seconds charged whole.
 * - **rate**: what calls to one prefix cost: a connect fee and steps.
 * - **rate deck**: rates in one currency with one rounding, in immutable versions.
 * - **rating plan**: weighted decks with time windows, in immutable versions.
 * - **rating profile**: a client's plan from an instant on.
 *
 * Instants in this folder are milliseconds since 1970 in UTC; amounts are decimal text at the edges and
 * exact fractions inside. The version in force at a call's answer prices the whole call; the first version
 * is in force for all time before the second.
 */
import type { RoundingMode } from '../money.ts'
import type { CalendarDay, CalendarMode } from './calendar.ts'
import type { RateTable } from './rate-table.ts'

export interface Rounding {
  mode: RoundingMode
  /** 0 to 6. */
  decimals: number
}

export interface RateDeckVersion {
  rateDeckId: string
  version: number
  rounding: Rounding
  table: RateTable
}

export interface PlanEntry {
  rateDeckId: string
  weight: number
  /** 1 (Monday) to 7; null: every day. */
  days: number[] | null
  /** Local wall-clock time `HH:MM`; `from` later than `to`: the window ends next day. */
  from: string
  /** Up to `24:00`. */
  to: string
  /** Digits that the caller's number begins with, ascending; null: whoever calls, known or not. */
  originPrefixes: string[] | null
  /** null or left out: on every date. */
  calendar?: EntryCalendar | null
}

/** A window whose days are also asked for their date; one that ends next day belongs to the date it began on. */
export interface EntryCalendar {
  calendarId: string
  /** Only on the calendar's days, or only on all others. */
  mode: CalendarMode
  /** As the calendar was when the version was made. */
  days: readonly CalendarDay[]
}

export interface RatingPlanVersion {
  ratingPlanId: string
  version: number
  /** null: the client's zone. */
  timeZone: string | null
  entries: PlanEntry[]
}

export interface RatingProfile {
  ratingProfileId: string
  ratingPlanId: string
  activatesAt: number
}

/**
 * What pricing reads: the versions in force at an instant. Undefined: there is none (a deck without rates).
 * Throws `RateTableNotLoaded` where a version exists but is not in memory; the story then loads it and asks again.
 */
export interface Tariffs {
  findPlan(ratingPlanId: string, at: number): RatingPlanVersion | undefined
  findDeck(rateDeckId: string, at: number): RateDeckVersion | undefined
}

export class RateTableNotLoaded extends Error {
  readonly rateDeckId: string
  readonly version: number

  constructor(rateDeckId: string, version: number) {
    super(`version ${version} of rate deck ${rateDeckId} is not in memory`)
    this.name = 'RateTableNotLoaded'
    this.rateDeckId = rateDeckId
    this.version = version
  }
}
