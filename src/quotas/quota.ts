/**
 * How much of one thing may each holder have at once? Counts per key of a map, such as a tenant or an API key.
 *
 * For what is held, not queued: open long polls, files under way. What has to wait for its turn takes `FairPlaces`.
 */
import { QuotaReached } from '../errors.ts'

export interface QuotaLimit {
  /** At once for each holder. */
  max: number
  /** Stable code of the refusal, such as `too_many_long_polls`. */
  code: string
  /** What is held, in the plural, for the sentence of the refusal. */
  what: string
  retryAfterSeconds: number
}

export class Quota {
  readonly #limit: QuotaLimit
  readonly #held = new Map<string, number>()

  constructor(limit: QuotaLimit) {
    this.#limit = limit
  }

  /** Answers what gives it back; only its first call counts. Throws `QuotaReached`. */
  take(holder: string): () => void {
    const { max, code, what, retryAfterSeconds } = this.#limit
    const held = this.#held.get(holder) ?? 0
    if (held >= max) {
      const detail = `You have ${max} ${what} under way, which is the most: repeat when some are done.`
      throw new QuotaReached(code, detail, retryAfterSeconds)
    }
    this.#held.set(holder, held + 1)
    let isGiven = false
    return () => {
      if (!isGiven) this.#giveBack(holder)
      isGiven = true
    }
  }

  #giveBack(holder: string): void {
    const rest = (this.#held.get(holder) ?? 1) - 1
    if (rest > 0) this.#held.set(holder, rest)
    else this.#held.delete(holder)
  }
}
