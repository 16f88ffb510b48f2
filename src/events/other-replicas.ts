/**
 * Which other replicas are there? Those that were heard within the last seconds: each says something once a second at least.
 * Time is an argument, in milliseconds of a clock that nobody sets.
 */

/** Longer than a replica is silent while it works. */
const silentMs = 5000

export class OtherReplicas {
  readonly #heardAt = new Map<string, number>()

  /** Answers whether it was not there before. */
  hear(replica: string, now: number): boolean {
    const isNew = !this.#heardAt.has(replica)
    this.#heardAt.set(replica, now)
    return isNew
  }

  /** Forgets those that have been silent for too long. Answers whether the last of them has gone. */
  forgetSilent(now: number): boolean {
    if (this.#heardAt.size === 0) return false
    for (const [replica, at] of this.#heardAt) {
      if (at + silentMs <= now) this.#heardAt.delete(replica)
    }
    return this.#heardAt.size === 0
  }
}
