/**
 * Which events made their settlement fail for a reason nobody foresaw, and how often?
 *
 * Counted in this process and only while the database answered: the broker's own count also grows during
 * outages, and would bury calls. Keyed by the place in the stream. Bounded: an event that another replica
 * settled is forgotten when many others have come.
 */
export class Suspects {
  private readonly tries = new Map<number, number>()
  private readonly retryMs: { first: number; max: number }

  constructor(retryMs: { first: number; max: number }) {
    this.retryMs = retryMs
  }

  has(seq: number): boolean {
    return this.tries.has(seq)
  }

  /** Counts one more failure; returns how many there were. */
  count(seq: number): number {
    const tries = (this.tries.get(seq) ?? 0) + 1
    this.tries.set(seq, tries)
    if (this.tries.size > maxRemembered) this.forget(this.tries.keys().next().value ?? seq)
    return tries
  }

  forget(seq: number): void {
    this.tries.delete(seq)
  }

  /** Doubles with each failure. */
  delayMs(tries: number): number {
    return Math.min(this.retryMs.max, this.retryMs.first * 2 ** (tries - 1))
  }
}

const maxRemembered = 10_000
