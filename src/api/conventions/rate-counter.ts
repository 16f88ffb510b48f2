/**
 * How many requests has a key sent in the running span of time? A store for `@fastify/rate-limit`.
 *
 * Its own store (11.2.0) hands one object to all requests that arrive together, so that each of a burst sees the
 * burst's last count and all are refused instead of those above the limit. May go when it hands out copies.
 */
interface Span {
  count: number
  /** Epoch milliseconds. */
  endsAt: number
}

/** Beyond it, spans that are over are dropped. */
const mostKeys = 10_000

export class RateCounter {
  readonly #spans = new Map<string, Span>()

  incr(
    key: string,
    callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    timeWindowMs: number,
  ): void {
    const now = Date.now()
    let span = this.#spans.get(key)
    if (!span || span.endsAt <= now) {
      if (this.#spans.size >= mostKeys) this.#dropOver(now)
      span = { count: 0, endsAt: now + timeWindowMs }
      this.#spans.set(key, span)
    }
    span.count++
    callback(null, { current: span.count, ttl: span.endsAt - now })
  }

  child(): RateCounter {
    return this
  }

  #dropOver(now: number): void {
    for (const [key, { endsAt }] of this.#spans) if (endsAt <= now) this.#spans.delete(key)
  }
}
