/**
 * Which rate would price a call to this number now? What authorization tells the switch, without pricing.
 */

import type { NoPriceReason } from './call-walk.ts'
import { rateAtAnswer } from './call-walk.ts'
import type { RatedCall, RateMatch } from './match-rate.ts'
import type { Rate } from './rate.ts'
import type { CompiledTerms } from './rate-terms.ts'

export interface FoundRate {
  priced: true
  /** In the shape of the wire, shared between calls: never change it. */
  rate: Rate
  /** Shared by the rates of a deck that cost the same. */
  terms: CompiledTerms
  /** For whoever prices the call by it. */
  match: RateMatch
  destination: string
  prefix: string
  ratingPlanId: string
  ratingProfileId: string
  rateDeckId: string
  rateDeckVersion: number
}

/** As if the call were answered now, at `answeredAt`. */
export function findRate(call: RatedCall): FoundRate | { priced: false; reason: NoPriceReason } {
  const found = rateAtAnswer(call)
  if ('reason' in found) return { priced: false, reason: found.reason }
  const { rate, terms, prefix, destination } = found.rate
  return {
    priced: true,
    rate,
    terms,
    match: found,
    destination,
    prefix,
    ratingPlanId: found.inForce.plan.ratingPlanId,
    ratingProfileId: found.inForce.profile.ratingProfileId,
    rateDeckId: found.deck.rateDeckId,
    rateDeckVersion: found.deck.version,
  }
}
