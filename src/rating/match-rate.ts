/**
 * Which rate of a plan does a number meet at an instant?
 *
 * Among the entries whose window is open and that have a prefix of the number, those of the caller's longest origin
 * prefix come first; of these the longest prefix wins, then the highest weight, then the window that began last,
 * then the entry that stands first. Since both numbers stay the same during a call, each entry's prefixes are
 * looked up once and only the windows are asked again.
 */
import { compilePlan } from './compiled-plan.ts'
import type { Numbering } from './normalize-number.ts'
import { normalizeNumber } from './normalize-number.ts'
import { matchOrigins, otherOrigin } from './origins.ts'
import type { CompiledRate } from './rate-table.ts'
import type { RateDeckVersion, RatingPlanVersion, RatingProfile, Tariffs } from './tariff.ts'
import type { PlanWindows } from './windows.ts'
import { windowBegin } from './windows.ts'
import type { ZoneClock } from './zone-clock.ts'
import { zoneClock } from './zone-clock.ts'

/** What decides a call's price besides its duration. */
export interface RatedCall {
  /** Normalized digits. */
  to: string
  /** The caller's number as it was sent; read by `numbering` where a plan asks who calls. null: not known. */
  from: string | null
  numbering: Numbering | null
  /** Epoch milliseconds; the versions in force then price the whole call. */
  answeredAt: number
  /** The client's IANA zone, for plans without one. */
  timeZone: string
  /** Ascending by `activatesAt`. */
  profiles: readonly RatingProfile[]
  tariffs: Tariffs
}

/** A profile's plan as one call meets it. */
export interface PlanInForce {
  /** The number's digits. */
  readonly to: string
  readonly profile: RatingProfile
  readonly plan: RatingPlanVersion
  readonly windows: PlanWindows
  readonly clock: ZoneClock
  /** The caller's digits, where an entry asks who calls and the caller is known. */
  readonly from: string | undefined
  /** Per entry as `matchOrigins` answers; undefined: no entry asks who calls. */
  readonly origins: readonly number[] | undefined
  /** Per entry: its deck, where that has rates. */
  readonly decks: readonly (RateDeckVersion | undefined)[]
  /** Per entry: row of the longest prefix in its deck, −1: none, or the entry is of other callers. */
  readonly rows: readonly number[]
  /** Per entry, made when first met: one object per entry, so that matches can be compared. */
  readonly matches: (RateMatch | undefined)[]
}

export interface RateMatch {
  readonly inForce: PlanInForce
  readonly entry: number
  readonly deck: RateDeckVersion
  readonly rate: CompiledRate
}

/** Undefined: the plan has no version. */
export function planInForce(call: RatedCall, profile: RatingProfile): PlanInForce | undefined {
  const plan = call.tariffs.findPlan(profile.ratingPlanId, call.answeredAt)
  if (plan === undefined) return undefined
  const compiled = compilePlan(plan)
  const from = compiled.origins && normalizeCaller(call)
  const origins = compiled.origins && matchOrigins(compiled.origins, from)
  const decks = plan.entries.map(({ rateDeckId }) => call.tariffs.findDeck(rateDeckId, call.answeredAt))
  const rows = decks.map((deck, entry) =>
    deck === undefined || origins?.[entry] === otherOrigin ? -1 : deck.table.longestMatch(call.to),
  )
  const clock = zoneClock(plan.timeZone ?? call.timeZone)
  const { windows } = compiled
  const matches = new Array(decks.length)
  return { to: call.to, profile, plan, windows, clock, from, origins, decks, rows, matches }
}

function normalizeCaller({ from, numbering }: RatedCall): string | undefined {
  return from === null ? undefined : normalizeNumber(from, numbering)
}

/** The match at this instant, blocked or not; undefined: no open entry has a prefix of the number. */
export function matchRate(inForce: PlanInForce, at: number): RateMatch | undefined {
  const entry = bestEntry(inForce, at)
  const deck = inForce.decks[entry]
  const row = inForce.rows[entry]
  if (deck === undefined || row === undefined) return undefined
  const known = inForce.matches[entry]
  if (known !== undefined) return known
  const match = { inForce, entry, deck, rate: deck.table.rateAt(row) }
  inForce.matches[entry] = match
  return match
}

function bestEntry({ plan, windows, clock, origins, decks, rows }: PlanInForce, at: number): number {
  const localMs = windows.boundaries.length === 0 ? at : at + clock.offsetAt(at)
  let best = -1
  let bestOrigin = 0
  let bestLength = -1
  let bestWeight = 0
  let bestBegin = 0
  for (let entry = 0; entry < rows.length; entry += 1) {
    const row = rows[entry] ?? -1
    const window = windows.windows[entry]
    if (row < 0 || window === undefined) continue
    const origin = origins === undefined ? 0 : (origins[entry] ?? 0)
    if (origin < bestOrigin) continue
    const isEqual = origin === bestOrigin
    const length = decks[entry]?.table.prefixLengthAt(row) ?? -1
    const weight = plan.entries[entry]?.weight ?? 0
    if (isEqual && (length < bestLength || (length === bestLength && weight < bestWeight))) continue
    const begin = windowBegin(window, localMs)
    if (Number.isNaN(begin)) continue
    if (isEqual && length === bestLength && weight === bestWeight && begin <= bestBegin) continue
    best = entry
    bestOrigin = origin
    bestLength = length
    bestWeight = weight
    bestBegin = begin
  }
  return best
}
