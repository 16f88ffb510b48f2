/**
 * What has come together within the last while? Amounts with their instants, which are forgotten when they are older than
 * their window.
 *
 * What came within a 3,600th of the window is kept as one and leaves with its last: sparse amounts leave at their instant,
 * dense ones up to a second of an hour late. Instants come in nearly their order; one that comes late joins the last.
 * Columns of numbers, in a ring that grows with what is in the window: nothing is made for an amount.
 */
import { type FixedAmount, partsPerWhole } from './fixed-amount.ts'

const entriesPerWindow = 3600
/** A power of two, so that a number becomes a place by its last bits. */
const leastCapacity = 16

export class SlidingSum {
  readonly #windowMs: number
  readonly #mergeMs: number
  /** Entries are numbered as they come: from the first that has not left to the one that comes next. */
  #first = 0
  #next = 0
  #mask = leastCapacity - 1
  #firstAt = new Float64Array(leastCapacity)
  #lastAt = new Float64Array(leastCapacity)
  #whole = new Float64Array(leastCapacity)
  #parts = new Float64Array(leastCapacity)
  #totalWhole = 0
  #totalParts = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
    this.#mergeMs = windowMs / entriesPerWindow
  }

  /** Answers the number of the entry where it was counted. */
  add(at: number, amount: FixedAmount): number {
    this.#forget(at)
    const last = this.#next - 1
    const place = last & this.#mask
    if (last >= this.#first && at < (this.#firstAt[place] ?? 0) + this.#mergeMs) {
      if (at > (this.#lastAt[place] ?? 0)) this.#lastAt[place] = at
      this.#change(place, amount.whole, amount.parts)
      return last
    }
    return this.#append(at, amount)
  }

  /** What was counted in an entry is another amount. One that has left stays away. */
  replace(entry: number, before: FixedAmount, after: FixedAmount): void {
    if (entry < this.#first) return
    this.#change(entry & this.#mask, after.whole - before.whole, after.parts - before.parts)
  }

  totalAt(now: number): FixedAmount {
    this.#forget(now)
    return { whole: this.#totalWhole, parts: this.#totalParts }
  }

  /** The whole units of the total: of what is counted by ones. */
  countAt(now: number): number {
    this.#forget(now)
    return this.#totalWhole
  }

  /** Is the total with this amount more than `most`? */
  exceeds(now: number, amount: FixedAmount, most: FixedAmount): boolean {
    this.#forget(now)
    let whole = this.#totalWhole + amount.whole
    let parts = this.#totalParts + amount.parts
    if (parts >= partsPerWhole) {
      whole += 1
      parts -= partsPerWhole
    }
    return whole === most.whole ? parts > most.parts : whole > most.whole
  }

  #append(at: number, { whole, parts }: FixedAmount): number {
    if (this.#next - this.#first > this.#mask) this.#resize((this.#mask + 1) * 2)
    const place = this.#next & this.#mask
    this.#firstAt[place] = at
    this.#lastAt[place] = at
    this.#whole[place] = 0
    this.#parts[place] = 0
    this.#change(place, whole, parts)
    return this.#next++
  }

  /** Both of an entry and of the total; parts of a difference may be below zero. */
  #change(place: number, whole: number, parts: number): void {
    const ofEntry = (this.#parts[place] ?? 0) + parts
    const carried = ofEntry >= partsPerWhole ? 1 : ofEntry < 0 ? -1 : 0
    this.#parts[place] = ofEntry - carried * partsPerWhole
    this.#whole[place] = (this.#whole[place] ?? 0) + whole + carried
    this.#changeTotal(whole, parts)
  }

  #changeTotal(whole: number, parts: number): void {
    const ofTotal = this.#totalParts + parts
    const carried = ofTotal >= partsPerWhole ? 1 : ofTotal < 0 ? -1 : 0
    this.#totalParts = ofTotal - carried * partsPerWhole
    this.#totalWhole += whole + carried
  }

  #forget(now: number): void {
    const before = now - this.#windowMs
    while (this.#first < this.#next) {
      const place = this.#first & this.#mask
      if ((this.#lastAt[place] ?? 0) > before) return
      this.#changeTotal(-(this.#whole[place] ?? 0), -(this.#parts[place] ?? 0))
      this.#first++
    }
    // A busy hour that is over gives its room back.
    if (this.#mask >= leastCapacity * 16) this.#resize(leastCapacity)
  }

  #resize(capacity: number): void {
    const move = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const into = new Float64Array(capacity)
      for (let entry = this.#first; entry < this.#next; entry++) {
        into[entry & (capacity - 1)] = from[entry & this.#mask] ?? 0
      }
      return into
    }
    this.#firstAt = move(this.#firstAt)
    this.#lastAt = move(this.#lastAt)
    this.#whole = move(this.#whole)
    this.#parts = move(this.#parts)
    this.#mask = capacity - 1
  }
}
