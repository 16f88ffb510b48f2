/**
 * Legs that wait for the books, taken in batches: whatever arrives while one batch is written joins the next, so
 * that a hot account costs one lock per batch, not per call.
 *
 * Every leg is told once what was decided, or that nothing was in time. A batch that takes too long is no longer
 * waited for, and what it grants after that is released.
 */
import { isInfrastructureFailure } from '../../db/failures.ts'
import { logOnce, type RepeatedErrors } from '../../logging/log-once.ts'
import type { CallsContext } from '../calls-context.ts'
import { authorizeBatch, type BatchDecision, type WaitingLeg } from './authorize-batch.ts'

export interface QueueEvents {
  onDecided(leg: WaitingLeg, decision: BatchDecision): void
  /** PostgreSQL did not answer in time. */
  onTimeout(leg: WaitingLeg): void
  /** Granted after its time-out: what the grant holds is to be released. */
  onLateGrant(leg: WaitingLeg): Promise<void>
}

/** How long a batch may take while PostgreSQL has not answered the batch before, and in any case. */
const minTimeoutMs = 250
const maxBatch = 256

export class AuthorizationQueue {
  readonly #context: CallsContext
  readonly #events: QueueEvents
  readonly #failures: RepeatedErrors
  /** With the instant from which each waits. */
  #waiting: { leg: WaitingLeg; since: number }[] = []
  #isWriting = false
  /** PostgreSQL has not answered the last batch. */
  #isDoubtful = false
  #idle: (() => void)[] = []

  constructor(context: CallsContext, events: QueueEvents) {
    this.#context = context
    this.#events = events
    this.#failures = logOnce(context.log, 'authorization_failed', { level: 'error', message: 'no decision' })
  }

  add(leg: WaitingLeg): void {
    this.#waiting.push({ leg, since: performance.now() })
    if (!this.#isWriting) void this.#writeBatches()
  }

  /** Resolves when nobody waits. */
  async idle(): Promise<void> {
    if (this.#isWriting) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** One batch at a time: larger batches cost less a call. */
  async #writeBatches(): Promise<void> {
    this.#isWriting = true
    // What arrives in the same turn of the event loop shares the first batch.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const now = performance.now()
      const next = this.#waiting.splice(0, maxBatch)
      // Who has waited for a batch that timed out cannot wait for another one.
      const maxMs = this.#isDoubtful
        ? this.#context.authorizationTimeoutMs - minTimeoutMs
        : Number.POSITIVE_INFINITY
      for (const { leg, since } of next) if (now - since > maxMs) this.#events.onTimeout(leg)
      const legs = next.filter(({ since }) => now - since <= maxMs)
      await this.#writeBatch(
        legs.map(({ leg }) => leg),
        now - (legs[0]?.since ?? now),
      )
    }
    this.#isWriting = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** `waitedMs`: by its oldest leg, for the batch before. */
  async #writeBatch(legs: WaitingLeg[], waitedMs: number): Promise<void> {
    const now = this.#context.clock()
    const timely = legs.filter((leg) => leg.deadlineAt > now)
    for (const leg of legs) if (leg.deadlineAt <= now) this.#events.onTimeout(leg)
    if (timely.length === 0) return
    let isLate = false
    this.#context.atFailPoint?.('auth_collected')
    const { authorizationTimeoutMs } = this.#context
    const timeoutMs = this.#isDoubtful
      ? Math.min(minTimeoutMs, authorizationTimeoutMs)
      : Math.max(minTimeoutMs, authorizationTimeoutMs - waitedMs)
    await new Promise<void>((resolve) => {
      let isAnswered = false
      const giveUp = () => {
        if (isAnswered) return
        isLate = true
        this.#isDoubtful = true
        for (const leg of timely) this.#events.onTimeout(leg)
        resolve()
      }
      // Where this process has stood still, the answer may wait to be read: that comes first.
      const timer = setTimeout(() => setImmediate(giveUp), timeoutMs)
      this.#decide(timely, () => isLate)
        .then(() => {
          this.#isDoubtful = false
          this.#failures.over()
        })
        .catch((error) => {
          this.#isDoubtful = true
          const isExpected = isInfrastructureFailure(error)
          this.#failures.failed(error, { isExpected })
          if (!isLate) for (const leg of timely) this.#events.onTimeout(leg)
        })
        .finally(() => {
          isAnswered = true
          clearTimeout(timer)
          resolve()
        })
    })
  }

  async #decide(legs: WaitingLeg[], isLate: () => boolean): Promise<void> {
    const decisions = [...(await authorizeBatch(this.#context, legs))]
    for (const [index, [leg, decision]] of decisions.entries()) {
      if (index === decisions.length >> 1) this.#context.atFailPoint?.('auth_half_replied')
      if (!isLate()) this.#events.onDecided(leg, decision)
      else if (decision.outcome === 'granted') void this.#events.onLateGrant(leg).catch(() => {})
    }
  }
}
