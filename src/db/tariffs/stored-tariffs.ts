/**
 * Decks and plans with all their versions, as configuration memory keeps them. Rates are not in it: a deck has
 * hundreds of thousands.
 */
import type { RatingPlanVersion, Rounding } from '../../rating/tariff.ts'

export interface StoredRateDeckVersion {
  version: number
  /** Milliseconds since 1970; the first version counts for all time before the second, too. */
  effectiveAt: number
  rounding: Rounding
  /** How many rates it has. */
  rates: number
}

export interface StoredRateDeck {
  id: string
  brandId: string
  name: string
  currency: string
  /** Ascending; empty before the first rates. */
  versions: readonly StoredRateDeckVersion[]
}

export interface StoredPlanVersion extends RatingPlanVersion {
  effectiveAt: number
}

export interface StoredPlan {
  id: string
  brandId: string
  name: string
  currency: string
  /** Ascending. */
  versions: readonly StoredPlanVersion[]
}
