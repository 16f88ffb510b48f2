/** What `rates.terms` holds, a rate without its prefix and destination, read back: what is left out is filled in. */
import type { Rate } from '../rating/rate.ts'
import { makeRateFields, type RateFieldValues, valueUnlessGiven } from '../rating/rate-fields.ts'

export type RateTerms = Omit<Rate, 'prefix' | 'destination'>

/** The stored JSON, as text or as the driver has read it. */
export function readRateTerms(stored: unknown): RateTerms {
  // Written by `termsText` alone, of rates that were checked.
  const terms: Partial<RateFieldValues> & Pick<Rate, 'steps'> =
    typeof stored === 'string' ? JSON.parse(stored) : stored
  return {
    ...makeRateFields((name, field) => terms[name] ?? valueUnlessGiven(field)),
    steps: terms.steps,
  }
}
