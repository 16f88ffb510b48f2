/**
 * What has come together within the last while? Amounts with their instants, and which numbers; both forget what is older
 * than their window.
 *
 * What came within a 3,600th of the window is kept as one and leaves with its last: sparse amounts leave at their instant,
 * dense ones up to a second of an hour late. Instants come in nearly their order; one that comes late joins the last.
 */
import { type Decimal, zero } from '../money.ts'

/** How amounts of a kind are summed. */
interface Arithmetic<Amount> {
  zero: Amount
  add(one: Amount, other: Amount): Amount
  subtract(one: Amount, other: Amount): Amount
}

export const ofMoney: Arithmetic<Decimal> = {
  zero,
  add: (one, other) => one.plus(other),
  subtract: (one, other) => one.minus(other),
}

export const ofCounts: Arithmetic<number> = {
  zero: 0,
  add: (one, other) => one + other,
  subtract: (one, other) => one - other,
}

/** Where an amount was counted. */
export interface Counted<Amount> {
  readonly sum: SlidingSum<Amount>
  firstAt: number
  lastAt: number
  amount: Amount
  isGone: boolean
}

const entriesPerWindow = 3600

export class SlidingSum<Amount> {
  readonly #windowMs: number
  readonly #mergeMs: number
  readonly #arithmetic: Arithmetic<Amount>
  #entries: Counted<Amount>[] = []
  /** Place of the first that has not left. */
  #first = 0
  #total: Amount

  constructor(windowMs: number, arithmetic: Arithmetic<Amount>) {
    this.#windowMs = windowMs
    this.#mergeMs = windowMs / entriesPerWindow
    this.#arithmetic = arithmetic
    this.#total = arithmetic.zero
  }

  add(at: number, amount: Amount): Counted<Amount> {
    const last = this.#entries.length > this.#first ? this.#entries.at(-1) : undefined
    this.#total = this.#arithmetic.add(this.#total, amount)
    if (last && at < last.firstAt + this.#mergeMs) {
      last.amount = this.#arithmetic.add(last.amount, amount)
      last.lastAt = Math.max(last.lastAt, at)
      return last
    }
    const entry = { sum: this, firstAt: at, lastAt: at, amount, isGone: false }
    this.#entries.push(entry)
    return entry
  }

  /** An amount that was counted is another one. */
  change(counted: Counted<Amount>, by: Amount): void {
    if (counted.isGone) return
    counted.amount = this.#arithmetic.add(counted.amount, by)
    this.#total = this.#arithmetic.add(this.#total, by)
  }

  totalAt(now: number): Amount {
    for (;;) {
      const entry = this.#entries[this.#first]
      if (!entry || entry.lastAt + this.#windowMs > now) break
      entry.isGone = true
      this.#total = this.#arithmetic.subtract(this.#total, entry.amount)
      this.#first++
    }
    if (this.#first > 1000 || (this.#first > 0 && this.#first === this.#entries.length)) {
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
  /** Before this instant none of them leaves. */
  #leavesAt = Number.NEGATIVE_INFINITY

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
    if (now < this.#leavesAt) return this.#numbers.size
    for (const [number, at] of this.#numbers) {
      this.#leavesAt = at + this.#windowMs
      if (now < this.#leavesAt) break
      this.#numbers.delete(number)
    }
    return this.#numbers.size
  }
}
