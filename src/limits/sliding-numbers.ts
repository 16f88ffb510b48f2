/**
 * How many different numbers were called within the last while? Each call leaves at its own instant, and may be taken back.
 *
 * Instants come in nearly their order; a call that comes late leaves with the one before it.
 */
const leastCapacity = 16

export class SlidingNumbers {
  readonly #windowMs: number
  /** Number → calls of it in the window. */
  readonly #called = new Map<string, number>()
  /** Calls are numbered as they come, in a ring: from the first that has not left to the one that comes next. */
  #first = 0
  #next = 0
  #ring: (string | undefined)[] = new Array(leastCapacity)
  #at = new Float64Array(leastCapacity)

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Answers the number of the call, by which it is taken back. */
  add(number: string, at: number): number {
    this.#forget(at)
    this.#called.set(number, (this.#called.get(number) ?? 0) + 1)
    if (this.#next - this.#first === this.#ring.length) this.#resize(this.#ring.length * 2)
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

  has(number: string): boolean {
    return this.#called.has(number)
  }

  countAt(now: number): number {
    this.#forget(now)
    return this.#called.size
  }

  #forget(now: number): void {
    const before = now - this.#windowMs
    while (this.#first < this.#next) {
      const place = this.#first & (this.#ring.length - 1)
      if ((this.#at[place] ?? 0) > before) return
      this.#leave(place)
      this.#first++
    }
    // A busy hour that is over gives its room back.
    if (this.#ring.length >= leastCapacity * 16) this.#resize(leastCapacity)
  }

  #leave(place: number): void {
    const number = this.#ring[place]
    if (number === undefined) return
    this.#ring[place] = undefined
    const calls = this.#called.get(number) ?? 0
    if (calls > 1) this.#called.set(number, calls - 1)
    else this.#called.delete(number)
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
