/**
 * Legs that this replica has lately granted or seen end, so that a callId used twice is told also where one of the
 * two grants holds nothing: such a grant writes no row and reads none. Bounded: two generations of which the older is forgotten.
 */
import { ByLeg } from '../by-leg.ts'

const generationSize = 20_000

export interface RecentLeg {
  direction: 'outbound' | 'inbound'
  /** The normalized number where it is one. */
  to: string
  ended: boolean
  /** It has a row, which knows better than this memory. */
  holds: boolean
  /** When its grant ends if nothing follows. */
  expiresAt: number
}

export class RecentLegs {
  #young = new ByLeg<RecentLeg>()
  #old = new ByLeg<RecentLeg>()

  find(clientId: string, callId: string): RecentLeg | undefined {
    return this.#young.get(clientId, callId) ?? this.#old.get(clientId, callId)
  }

  remember(clientId: string, callId: string, leg: RecentLeg): void {
    if (this.#young.size >= generationSize) {
      this.#old = this.#young
      this.#young = new ByLeg()
    }
    this.#young.set(clientId, callId, leg)
  }

  forget(clientId: string, callId: string): void {
    this.#young.delete(clientId, callId)
    this.#old.delete(clientId, callId)
  }
}
