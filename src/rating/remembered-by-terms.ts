/**
 * What follows from a rate's terms and its deck's rounding alone, remembered by the terms, which thousands of rates share.
 */
import type { RateMatch } from './match-rate.ts'
import type { CompiledTerms } from './rate-terms.ts'
import type { Rounding } from './tariff.ts'

/** Answers what is known of the terms of a match; `makeEmpty` where that is nothing yet. */
export function rememberByTerms<Known>(makeEmpty: () => Known): (match: RateMatch) => Known {
  const byTerms = new WeakMap<CompiledTerms, { rounding: Rounding; known: Known }>()
  return ({ rate, deck: { rounding } }) => {
    const found = byTerms.get(rate.terms)
    if (found && found.rounding.mode === rounding.mode && found.rounding.decimals === rounding.decimals) {
      return found.known
    }
    const known = makeEmpty()
    byTerms.set(rate.terms, { rounding, known })
    return known
  }
}
