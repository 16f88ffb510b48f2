/**
 * Guards that have tripped and are to be told: once per guard, client and hour, with how many legs they refused.
 */
import type { Client } from '../../limits/client.ts'
import type { Trip } from '../../limits/guard-watch.ts'

export interface TrippedGuard {
  client: Client
  /** The first of that hour. */
  trip: Trip
  hourAt: number
  lastAt: number
  refused: number
}

const hourMs = 3_600_000

export class TrippedGuards {
  #waiting = new Map<string, TrippedGuard>()
  #onTrip: (trip: Trip) => void = () => {}

  /** Called for each trip. */
  count(onTrip: (trip: Trip) => void): void {
    this.#onTrip = onTrip
  }

  add(client: Client, trip: Trip): void {
    this.#onTrip(trip)
    const hourAt = Math.floor(trip.at / hourMs) * hourMs
    const key = `${trip.guard.id} ${client.id} ${hourAt}`
    const waiting = this.#waiting.get(key)
    if (!waiting) {
      const refused = trip.isRefusal ? 1 : 0
      this.#waiting.set(key, { client, trip, hourAt, lastAt: trip.at, refused })
      return
    }
    waiting.lastAt = Math.max(waiting.lastAt, trip.at)
    if (trip.isRefusal) waiting.refused++
  }

  take(): TrippedGuard[] {
    const tripped = [...this.#waiting.values()]
    this.#waiting = new Map()
    return tripped
  }

  /** They could not be written: told with the next. */
  giveBack(tripped: readonly TrippedGuard[]): void {
    const later = this.#waiting
    this.#waiting = new Map(
      tripped.map((one) => [`${one.trip.guard.id} ${one.client.id} ${one.hourAt}`, one]),
    )
    for (const [key, one] of later) {
      const before = this.#waiting.get(key)
      if (!before) this.#waiting.set(key, one)
      else {
        before.refused += one.refused
        before.lastAt = Math.max(before.lastAt, one.lastAt)
      }
    }
  }
}
