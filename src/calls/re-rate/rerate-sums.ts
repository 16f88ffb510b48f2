/**
 * The sums of a re-rating so far: how many calls came to each outcome, and what they cost before and after, by
 * currency. Calls without a price count 0.
 */
import type { ClaimedReRating, RerateResult } from '../../db/calls/re-rating-chunks.ts'
import { Decimal, formatAmount, zero } from '../../money.ts'

export class RerateSums {
  readonly #counts: Map<string, number>
  readonly #totals: Map<string, { before: Decimal; after: Decimal }>

  constructor({ counts, totals }: Pick<ClaimedReRating, 'counts' | 'totals'>) {
    this.#counts = new Map(Object.entries(counts))
    this.#totals = new Map(
      Object.entries(totals).map(([currency, { before, after }]) => [
        currency,
        { before: new Decimal(before), after: new Decimal(after) },
      ]),
    )
  }

  add({ outcome, currency, priceBefore, priceAfter }: RerateResult): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1)
    if (currency === null) return
    const { before, after } = this.#totals.get(currency) ?? { before: zero, after: zero }
    this.#totals.set(currency, {
      before: before.plus(priceBefore ?? zero),
      after: after.plus(priceAfter ?? zero),
    })
  }

  get text(): Pick<ClaimedReRating, 'counts' | 'totals'> {
    return {
      counts: Object.fromEntries(this.#counts),
      totals: Object.fromEntries(
        [...this.#totals].map(([currency, { before, after }]) => [
          currency,
          { before: formatAmount(before), after: formatAmount(after) },
        ]),
      ),
    }
  }
}
