/**
 * How many requests has a key, or a network, sent in the running span of time? A store for `@fastify/rate-limit`.
 *
 * Its own store (11.2.0) hands one object to all requests that arrive together, so that each of a burst sees the
 * burst's last count and all are refused instead of those above the limit. May go when it hands out copies.
 */
interface Span {
  count: number
  /** Epoch milliseconds. */
  endsAt: number
}

const maxKeys = 10_000

export class RateCounter {
  /** By key, the one that began first in front. */
  readonly #spans = new Map<string, Span>()

  incr(
    key: string,
    callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    timeWindowMs: number,
  ): void {
    callback(null, this.count(key, timeWindowMs))
  }

  /**
   * `ttl`: milliseconds to the end of the span. All spans of a counter must be equally long. `weight`: what the request
   * counts for. `now`: of one clock for all of a counter.
   */
  count(key: string, spanMs: number, weight = 1, now = Date.now()): { current: number; ttl: number } {
    this.#dropOver(now)
    const known = this.#spans.get(key)
    const isRunning = known !== undefined && known.endsAt > now
    const span = isRunning ? known : this.#add(key, { count: 0, endsAt: now + spanMs })
    span.count += weight
    return { current: span.count, ttl: span.endsAt - now }
  }

  child(): RateCounter {
    return this
  }

  /** All spans are equally long, so those that are over stand in front. */
  #dropOver(now: number): void {
    for (const [key, { endsAt }] of this.#spans) {
      if (endsAt > now) return
      this.#spans.delete(key)
    }
  }

  /** Memory has an end: beyond the most, the oldest goes. */
  #add(key: string, span: Span): Span {
    this.#spans.delete(key)
    const [oldest] = this.#spans.keys()
    if (this.#spans.size >= maxKeys && oldest !== undefined) this.#spans.delete(oldest)
    this.#spans.set(key, span)
    return span
  }
}
