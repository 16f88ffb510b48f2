/**
 * Tariffs as they would be if one version of a deck or plan had taken effect earlier: for looking at what a
 * backdating would change before it is made.
 *
 * Within the span the version is asked for as of the span's end, when it took effect; everything else is as it is.
 */
import type { RateDeckVersion, RatingPlanVersion, Tariffs } from '../rating/tariff.ts'

export interface Backdating {
  of: 'rate-deck' | 'rating-plan'
  id: string
  version: number
  /** Half-open span in which it would be in force; `until` is when it takes effect now. Epoch milliseconds. */
  from: number
  until: number
}

export class BackdatedTariffs implements Tariffs {
  readonly #tariffs: Tariffs
  readonly #backdating: Backdating

  constructor(tariffs: Tariffs, backdating: Backdating) {
    this.#tariffs = tariffs
    this.#backdating = backdating
  }

  findPlan(ratingPlanId: string, at: number): RatingPlanVersion | undefined {
    return this.#tariffs.findPlan(ratingPlanId, this.#instantFor('rating-plan', ratingPlanId, at))
  }

  findDeck(rateDeckId: string, at: number): RateDeckVersion | undefined {
    return this.#tariffs.findDeck(rateDeckId, this.#instantFor('rate-deck', rateDeckId, at))
  }

  #instantFor(of: Backdating['of'], id: string, at: number): number {
    const { from, until } = this.#backdating
    const isMeant = this.#backdating.of === of && this.#backdating.id === id
    return isMeant && from <= at && at < until ? until : at
  }
}
