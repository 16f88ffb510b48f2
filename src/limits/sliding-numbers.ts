/**
 * How many different numbers were called within the last while? Each call leaves at its own instant, and may be taken back.
 *
 * There are never more different numbers than calls: which of them differ is worked out as soon as there are as many calls as a
 * limit allows numbers, and kept from then on.
 * Instants come in nearly their order; a call that comes late leaves with the one before it, and one that had left before that
 * came counts nothing.
 */
import { notCounted } from './sliding-sum.ts'

const leastCapacity = 16

export class SlidingNumbers {
  readonly #windowMs: number
  /** Number → calls of it in the window; null: not worked out. */
  #called: Map<string, number> | null = null
  /** Calls are numbered as they come, in a ring: from the first that has not left to the one that comes next. */
  #first = 0
  #next = 0
  #ring: (string | undefined)[] = new Array(leastCapacity)
  #at = new Float64Array(leastCapacity)
  /** Before that nothing leaves. */
  #leavesAt = Number.POSITIVE_INFINITY

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Answers the number of the call, by which it is taken back; `notCounted`: it counts nothing. */
  add(number: string, at: number): number {
    this.#forget(at)
    const last = (this.#next - 1) & (this.#ring.length - 1)
    if (this.#next > this.#first && at <= (this.#at[last] ?? 0) - this.#windowMs) return notCounted
    if (this.#called) addOne(this.#called, number)
    if (this.#next - this.#first === this.#ring.length) this.#resize(this.#ring.length * 2)
    if (this.#first === this.#next) this.#leavesAt = at + this.#windowMs
    const place = this.#next & (this.#ring.length - 1)
    this.#ring[place] = number
    this.#at[place] = at
    return this.#next++
  }

  /** As if that call had never been made. */
  takeBack(call: number): void {
    if (call < this.#first) return
    this.#leave(call & (this.#ring.length - 1))
  }

  /** Is the number one that was not called, beside as many as a limit allows? */
  isOneTooMany(number: string, now: number, limit: number): boolean {
    this.#forget(now)
    if (this.#next - this.#first < limit) return false
    this.#called ??= this.#countCalled()
    return this.#called.size >= limit && !this.#called.has(number)
  }

  #countCalled(): Map<string, number> {
    const called = new Map<string, number>()
    for (let call = this.#first; call < this.#next; call++) {
      const number = this.#ring[call & (this.#ring.length - 1)]
      if (number !== undefined) addOne(called, number)
    }
    return called
  }

  #forget(now: number): void {
    if (now < this.#leavesAt) return
    while (this.#first < this.#next) {
      const place = this.#first & (this.#ring.length - 1)
      this.#leavesAt = (this.#at[place] ?? 0) + this.#windowMs
      if (now < this.#leavesAt) return
      this.#leave(place)
      this.#first++
    }
    this.#leavesAt = Number.POSITIVE_INFINITY
    this.#called = null
    // A busy hour that is over gives its room back.
    if (this.#ring.length >= leastCapacity * 16) this.#resize(leastCapacity)
  }

  #leave(place: number): void {
    const number = this.#ring[place]
    if (number === undefined) return
    this.#ring[place] = undefined
    const calls = this.#called?.get(number) ?? 0
    if (calls > 1) this.#called?.set(number, calls - 1)
    else this.#called?.delete(number)
  }

  #resize(capacity: number): void {
    const ring: (string | undefined)[] = new Array(capacity)
    const at = new Float64Array(capacity)
    for (let call = this.#first; call < this.#next; call++) {
      const from = call & (this.#ring.length - 1)
      ring[call & (capacity - 1)] = this.#ring[from]
      at[call & (capacity - 1)] = this.#at[from] ?? 0
    }
    this.#ring = ring
    this.#at = at
  }
}

function addOne(called: Map<string, number>, number: string): void {
  called.set(number, (called.get(number) ?? 0) + 1)
}
