/**
 * The open legs of one client that guards watch, by callId and by what is due next: most legs are not looked at in most
 * passes.
 */
import TinyQueue from 'tinyqueue'
import { TextFilter } from '../text-filter.ts'
import type { WatchedLeg } from './guarded-leg.ts'

/** Void where the leg has been closed, or is due at another instant by now. */
interface Due {
  at: number
  leg: WatchedLeg
}

export class OpenLegs {
  readonly #byCallId = new Map<string, WatchedLeg>()
  /** Nearly each callId that is asked for is new. */
  #callIds = new TextFilter()
  /** In the order in which they came: grants last equally long, so each is looked at once, when its own has run out. */
  #granted: WatchedLeg[] = []
  /** Place of the first whose grant has not run out. */
  #firstGranted = 0
  readonly #due = new TinyQueue<Due>([], (one, other) => one.at - other.at)

  add(leg: WatchedLeg): void {
    this.#byCallId.set(leg.callId, leg)
    this.#callIds.add(leg.callId)
    if (this.#callIds.isFull) this.#callIds = new TextFilter(this.#byCallId.keys(), this.#byCallId.size)
    const last = this.#granted.at(-1)
    // One that is told late would stand behind legs whose grants run out after its own.
    if (last && leg.at < last.at) this.schedule(leg, leg.at)
    else this.#granted.push(leg)
  }

  find(callId: string): WatchedLeg | undefined {
    return this.#byCallId.get(callId)
  }

  has(callId: string): boolean {
    return this.#callIds.mayHave(callId) && this.#byCallId.has(callId)
  }

  remove(callId: string): void {
    this.#byCallId.delete(callId)
  }

  values(): Iterable<WatchedLeg> {
    return this.#byCallId.values()
  }

  /** It is to be looked at then, and not when its grant has run out. */
  schedule(leg: WatchedLeg, at: number): void {
    leg.dueAt = at
    this.#due.push({ at, leg })
  }

  /** The first leg that is to be looked at by now, with `dueAt` the instant of it; undefined: none is left. */
  takeDue(now: number, grantMs: number): WatchedLeg | undefined {
    for (;;) {
      const granted = this.#granted[this.#firstGranted]
      const next = this.#due.peek()
      const grantEndsAt = granted ? granted.at + grantMs : Number.POSITIVE_INFINITY
      const nextAt = next?.at ?? Number.POSITIVE_INFINITY
      if (Math.min(grantEndsAt, nextAt) > now) return undefined
      const leg = grantEndsAt <= nextAt ? this.#takeGranted(grantEndsAt) : this.#takeScheduled()
      if (leg && this.#byCallId.get(leg.callId) === leg) return leg
    }
  }

  /** undefined: something else of the leg is scheduled by now. */
  #takeGranted(dueAt: number): WatchedLeg | undefined {
    const leg = this.#granted[this.#firstGranted++]
    if (this.#firstGranted >= 64 && this.#firstGranted * 2 >= this.#granted.length) {
      this.#granted = this.#granted.slice(this.#firstGranted)
      this.#firstGranted = 0
    }
    if (leg?.dueAt !== 0) return undefined
    leg.dueAt = dueAt
    return leg
  }

  #takeScheduled(): WatchedLeg | undefined {
    const due = this.#due.pop()
    return due?.leg.dueAt === due?.at ? due?.leg : undefined
  }
}
