/**
 * What has come together within the last while? Amounts with their instants, which are forgotten when they are older than
 * their window.
 *
 * What came within a 3,600th of the window is kept as one and leaves with its last: sparse amounts leave at their instant,
 * dense ones up to a second of an hour late. Instants come in nearly their order; one that comes late joins the last, and one that
 * had left before the last came counts nothing.
 * Rows of numbers, in a ring that grows with what is in the window: nothing is made for an amount, and only the first row and
 * the last are looked at.
 */
import { type FixedAmount, partsPerWhole } from './fixed-amount.ts'

const entriesPerWindow = 3600
/** A power of two, so that a number becomes a place by its last bits. */
const leastCapacity = 16
/** In place of the number of an entry: before the first of any window. */
export const notCounted = -1

/** Of an entry, in its row. */
const firstAtColumn = 0
const lastAtColumn = 1
const wholeColumn = 2
const partsColumn = 3
const columns = 4

export class SlidingSum {
  readonly #windowMs: number
  readonly #mergeMs: number
  /** Entries are numbered as they come: from the first that has not left to the one that comes next. */
  #first = 0
  #next = 0
  #mask = leastCapacity - 1
  #rows = new Float64Array(leastCapacity * columns)
  /** Before that nothing leaves. */
  #leavesAt = Number.POSITIVE_INFINITY
  #totalWhole = 0
  #totalParts = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
    this.#mergeMs = windowMs / entriesPerWindow
  }

  /** Answers the number of the entry where it was counted; `notCounted`: in none. */
  add(at: number, amount: FixedAmount): number {
    this.#forget(at)
    const last = this.#next - 1
    const row = this.#rowOf(last)
    if (last >= this.#first && at < this.#get(row + firstAtColumn) + this.#mergeMs) {
      const lastAt = this.#get(row + lastAtColumn)
      if (at <= lastAt - this.#windowMs) return notCounted
      if (at > lastAt) this.#rows[row + lastAtColumn] = at
      this.#change(row, amount.whole, amount.parts)
      return last
    }
    return this.#append(at, amount)
  }

  /** What was counted in an entry is another amount. One that has left stays away. */
  replace(entry: number, before: FixedAmount, after: FixedAmount): void {
    if (entry < this.#first) return
    this.#change(this.#rowOf(entry), after.whole - before.whole, after.parts - before.parts)
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
    if (this.#first === this.#next) this.#leavesAt = at + this.#windowMs
    const row = this.#rowOf(this.#next)
    this.#rows[row + firstAtColumn] = at
    this.#rows[row + lastAtColumn] = at
    this.#rows[row + wholeColumn] = 0
    this.#rows[row + partsColumn] = 0
    this.#change(row, whole, parts)
    return this.#next++
  }

  #rowOf(entry: number): number {
    return (entry & this.#mask) * columns
  }

  #get(place: number): number {
    return this.#rows[place] ?? 0
  }

  /** Both of an entry and of the total; parts of a difference may be below zero. */
  #change(row: number, whole: number, parts: number): void {
    const ofEntry = this.#get(row + partsColumn) + parts
    const carried = ofEntry >= partsPerWhole ? 1 : ofEntry < 0 ? -1 : 0
    this.#rows[row + partsColumn] = ofEntry - carried * partsPerWhole
    this.#rows[row + wholeColumn] = this.#get(row + wholeColumn) + whole + carried
    this.#changeTotal(whole, parts)
  }

  #changeTotal(whole: number, parts: number): void {
    const ofTotal = this.#totalParts + parts
    const carried = ofTotal >= partsPerWhole ? 1 : ofTotal < 0 ? -1 : 0
    this.#totalParts = ofTotal - carried * partsPerWhole
    this.#totalWhole += whole + carried
  }

  #forget(now: number): void {
    if (now < this.#leavesAt) return
    while (this.#first < this.#next) {
      const row = this.#rowOf(this.#first)
      // More may have joined it since: then it leaves later.
      this.#leavesAt = this.#get(row + lastAtColumn) + this.#windowMs
      if (now < this.#leavesAt) return
      this.#changeTotal(-this.#get(row + wholeColumn), -this.#get(row + partsColumn))
      this.#first++
    }
    this.#leavesAt = Number.POSITIVE_INFINITY
    // A busy hour that is over gives its room back.
    if (this.#mask >= leastCapacity * 16) this.#resize(leastCapacity)
  }

  #resize(capacity: number): void {
    const rows = new Float64Array(capacity * columns)
    for (let entry = this.#first; entry < this.#next; entry++) {
      const from = this.#rowOf(entry)
      rows.set(this.#rows.subarray(from, from + columns), (entry & (capacity - 1)) * columns)
    }
    this.#rows = rows
    this.#mask = capacity - 1
  }
}
