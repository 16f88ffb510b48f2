/**
 * What does each deck of a plan ask for a number at an instant, and which of them counts?
 *
 * Every prefix that some entry has is listed, longest first, with its window and whether that is open; the one
 * a call answered then would begin with is `chosen`.
 */
import { NotFound } from '../errors.ts'
import type { CalendarMode } from '../rating/calendar.ts'
import { matchRate, type PlanInForce, planInForce } from '../rating/match-rate.ts'
import { normalizeNumber } from '../rating/normalize-number.ts'
import type { Rate } from '../rating/rate.ts'
import { matchBuffer } from '../rating/rate-table.ts'
import { windowBegin } from '../rating/windows.ts'
import type { Configuration } from './configuration.ts'
import { findBrandNumbering } from './simulate-price.ts'
import { withRateTables } from './with-rate-tables.ts'

export interface PriceOfNumber extends Rate {
  rateDeckId: string
  rateDeckVersion: number
  weight: number
  /** Of callers; null: every caller. */
  originPrefixes: string[] | null
  /** In the plan's zone. */
  window: { days: number[] | null; from: string; to: string; timeZone: string; calendar?: CalendarMode }
  isOpen: boolean
  chosen: boolean
}

export interface PricesOfNumber {
  number: string
  toNormalized: string
  ratingPlanId: string
  ratingPlanVersion: number | null
  currency: string
  prices: PriceOfNumber[]
}

interface PricesRequest {
  ratingPlanId: string
  number: string
  /** Who calls, as sent; null: not known. */
  from: string | null
  at: number
  /** Counts where the plan has none. */
  timeZone: string
  brandId: string | null
}

/** Undefined: the text is no number. Throws `NotFound`. */
export async function listPricesOfNumber(
  configuration: Configuration,
  request: PricesRequest,
): Promise<PricesOfNumber | undefined> {
  const { ratingPlanId, number, from, at, timeZone, brandId } = request
  const plan = configuration.findPlan(ratingPlanId)
  if (!plan || (brandId !== null && plan.brandId !== brandId)) throw new NotFound('rating plan', ratingPlanId)
  const numbering = findBrandNumbering(configuration, plan.brandId, at)
  const to = normalizeNumber(number, numbering)
  if (to === undefined) return undefined
  const profile = { ratingProfileId: '', ratingPlanId, activatesAt: Number.NEGATIVE_INFINITY }
  const { tariffs } = configuration
  const inForce = await withRateTables(configuration, () =>
    planInForce({ to, from, numbering, answeredAt: at, timeZone, profiles: [profile], tariffs }, profile),
  )
  return {
    number,
    toNormalized: to,
    ratingPlanId,
    ratingPlanVersion: inForce?.plan.version ?? null,
    currency: plan.currency,
    prices: inForce ? listPrices(inForce, { at, timeZone }) : [],
  }
}

function listPrices(inForce: PlanInForce, when: { at: number; timeZone: string }): PriceOfNumber[] {
  const { plan, decks, windows, clock } = inForce
  const match = matchRate(inForce, when.at)
  const timeZone = plan.timeZone ?? when.timeZone
  const prices: PriceOfNumber[] = []
  const rows = matchBuffer()
  for (const [place, entry] of plan.entries.entries()) {
    const deck = decks[place]
    const window = windows.windows[place]
    if (!deck || !window) continue
    const { rateDeckId, weight, days, from, to, originPrefixes, calendar } = entry
    const isOpen = !Number.isNaN(windowBegin(window, when.at + clock.offsetAt(when.at)))
    for (let count = deck.table.matches(inForce.to, rows); count > 0; count--) {
      const row = rows[count - 1] ?? -1
      prices.push({
        ...deck.table.toRate(row),
        rateDeckId,
        rateDeckVersion: deck.version,
        weight,
        originPrefixes: originPrefixes ?? null,
        window: { days, from, to, timeZone, ...(calendar && { calendar: calendar.mode }) },
        isOpen,
        chosen: match?.entry === place && row === inForce.rows[place],
      })
    }
  }
  return prices.sort(
    (one, other) => prefixLength(other) - prefixLength(one) || Number(other.chosen) - Number(one.chosen),
  )
}

function prefixLength({ prefix }: Rate): number {
  return prefix === '*' ? 0 : prefix.length
}
