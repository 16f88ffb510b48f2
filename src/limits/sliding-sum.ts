/**
 * What has come together within the last while? Amounts with their instants, and which numbers; both forget what is older
 * than their window.
 *
 * What came within a 3,600th of the window is kept as one and leaves with its last: sparse amounts leave at their instant,
 * dense ones up to a second of an hour late. Instants come in nearly their order; one that comes late joins the last.
 */
import { type Decimal, zero } from '../money.ts'

interface Entry {
  firstAt: number
  lastAt: number
  amount: Decimal
  isGone: boolean
}

/** Where an amount was counted. */
export interface Counted {
  sum: SlidingSum
  entry: Entry
}

const entriesPerWindow = 3600

export class SlidingSum {
  readonly #windowMs: number
  readonly #mergeMs: number
  #entries: Entry[] = []
  /** Place of the first that has not left. */
  #first = 0
  #total = zero

  constructor(windowMs: number) {
    this.#windowMs = windowMs
    this.#mergeMs = windowMs / entriesPerWindow
  }

  add(at: number, amount: Decimal): Counted {
    const last = this.#entries.length > this.#first ? this.#entries.at(-1) : undefined
    this.#total = this.#total.plus(amount)
    if (last && at < last.firstAt + this.#mergeMs) {
      last.amount = last.amount.plus(amount)
      last.lastAt = Math.max(last.lastAt, at)
      return { sum: this, entry: last }
    }
    const entry = { firstAt: at, lastAt: at, amount, isGone: false }
    this.#entries.push(entry)
    return { sum: this, entry }
  }

  /** An amount that was counted is another one. */
  change({ entry }: Counted, by: Decimal): void {
    if (entry.isGone) return
    entry.amount = entry.amount.plus(by)
    this.#total = this.#total.plus(by)
  }

  totalAt(now: number): Decimal {
    for (;;) {
      const entry = this.#entries[this.#first]
      if (!entry || entry.lastAt + this.#windowMs > now) break
      entry.isGone = true
      this.#total = this.#total.minus(entry.amount)
      this.#first++
    }
    if (this.#first > 1000 || this.#first === this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
    return this.#total
  }
}

/** Which numbers were called within the last while. */
export class SlidingNumbers {
  readonly #windowMs: number
  /** With the instant of the last call; ascending by it. */
  readonly #numbers = new Map<string, number>()

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Answers whether it is another number than those before. */
  add(number: string, at: number): boolean {
    const isOther = !this.#numbers.delete(number)
    this.#numbers.set(number, at)
    return isOther
  }

  remove(number: string): void {
    this.#numbers.delete(number)
  }

  has(number: string): boolean {
    return this.#numbers.has(number)
  }

  countAt(now: number): number {
    for (const [number, at] of this.#numbers) {
      if (at + this.#windowMs > now) break
      this.#numbers.delete(number)
    }
    return this.#numbers.size
  }
}
