/**
 * Legs that this replica has lately granted or seen end, so that a callId used twice is told also where one of the
 * two grants holds nothing: such a grant writes no row and reads none. Bounded: two generations of which the older is forgotten.
 */
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
  #young = new Map<string, RecentLeg>()
  #old = new Map<string, RecentLeg>()

  find(clientId: string, callId: string): RecentLeg | undefined {
    const key = `${clientId} ${callId}`
    return this.#young.get(key) ?? this.#old.get(key)
  }

  remember(clientId: string, callId: string, leg: RecentLeg): void {
    if (this.#young.size >= generationSize) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(`${clientId} ${callId}`, leg)
  }

  forget(clientId: string, callId: string): void {
    const key = `${clientId} ${callId}`
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
