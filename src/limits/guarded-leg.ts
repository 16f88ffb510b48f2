/**
 * What guards know of one leg: what was asked, what it costs, and where that was counted.
 *
 * Under a limit of money a leg counts slice by slice: the first, with fee, when it is granted, each next one at the instant
 * it begins. The settled price takes the place of the slices, each where it was counted.
 * Instants are milliseconds since 1970. There are as many as legs that were granted lately, so each is one object and a list
 * of numbers until it has a second slice.
 */
import { type MatchedRate, sliceSeconds } from './authorize.ts'
import { type FixedAmount, fixedZero, isMore, subtractAmount } from './fixed-amount.ts'
import type { GuardScope } from './guard-scope.ts'
import type { GuardedNumber } from './spend-guard.ts'

export interface GuardedLeg extends GuardedNumber {
  callId: string
  /** As sent; null: not known. */
  from: string | null
  /** When it was granted, or began. */
  at: number
  /** The instant whose rate prices it. */
  rateAt: number
}

/** A leg that is asked for, with its rate where that is known. */
export interface AskedLeg extends GuardedLeg {
  rate: MatchedRate | null
}

/** Of a leg, in the guards' currency. */
export interface FirstMinute {
  /** With fee. */
  firstIncrement: FixedAmount
  slice: FixedAmount
}

/** What the legs of a client cost. Asked only where a guard limits money. */
export interface LegCosts {
  /** null: nothing that is known. */
  findFirstMinute(leg: GuardedLeg | AskedLeg): FirstMinute | null
  /** Of the minute after so many. */
  priceOfSlice(leg: GuardedLeg, slices: number): FixedAmount
}

/** Of legs that nobody bills. */
export const noCosts: LegCosts = { findFirstMinute: () => null, priceOfSlice: () => fixedZero }

/** `attempt`: granted and not placed. */
export type GuardedLegState = 'granted' | 'running' | 'over' | 'attempt'

/** Of a leg that was counted before: by another memory, or by the database. */
export interface CountedLeg extends GuardedLeg {
  answeredAt: number | null
  state: GuardedLegState
  slices: readonly { at: number; amount: FixedAmount }[]
  costs: LegCosts
}

/** One after the first. */
interface LaterSlice {
  at: number
  amount: FixedAmount
  /** Per scope, those of the hour and of the day. */
  entries: number[]
}

const sliceMs = sliceSeconds * 1000
/** Per scope: of the call, of the number, of the first slice in the hour and in the day. */
const entriesPerScope = 4

/** A leg with the scopes that count it. */
export class WatchedLeg implements CountedLeg {
  readonly callId: string
  readonly from: string | null
  readonly to: string
  readonly isHighRisk: boolean
  readonly at: number
  readonly rateAt: number
  readonly costs: LegCosts
  readonly scopes: readonly GuardScope[]
  state: GuardedLegState = 'granted'
  answeredAt: number | null = null
  /** When something of it is due next; 0: when its grant has run out. */
  dueAt = 0
  #isRunning = true
  readonly #entries: number[]
  #firstSliceAt = 0
  /** null: no slice is counted. */
  #firstAmount: FixedAmount | null = null
  #later: LaterSlice[] = none

  constructor(leg: GuardedLeg, scopes: readonly GuardScope[], costs: LegCosts) {
    this.callId = leg.callId
    this.from = leg.from
    this.to = leg.to
    this.isHighRisk = leg.isHighRisk
    this.at = leg.at
    this.rateAt = leg.rateAt
    this.costs = costs
    this.scopes = scopes
    this.#entries = new Array(scopes.length * entriesPerScope)
    let place = 0
    for (const scope of scopes) {
      scope.begin(leg, this.#entries, place)
      place += entriesPerScope
    }
  }

  get slices(): CountedLeg['slices'] {
    const first = this.#firstAmount
    return first ? [{ at: this.#firstSliceAt, amount: first }, ...this.#later] : []
  }

  /** When its next slice begins; ∞: nobody counts its money, or it was not answered. */
  nextSliceAt(): number {
    return this.answeredAt === null || !this.#firstAmount
      ? Number.POSITIVE_INFINITY
      : this.answeredAt + (this.#later.length + 1) * sliceMs
  }

  /** Price of the slice after those that are counted. */
  nextSlicePrice(): FixedAmount {
    return this.costs.priceOfSlice(this, this.#later.length + 1)
  }

  countSlice(at: number, amount: FixedAmount): void {
    const isFirst = !this.#firstAmount
    const entries = isFirst ? this.#entries : new Array(this.scopes.length * 2)
    let place = isFirst ? 2 : 0
    for (const scope of this.scopes) {
      scope.countMoney(at, amount, entries, place)
      place += isFirst ? entriesPerScope : 2
    }
    if (isFirst) {
      this.#firstSliceAt = at
      this.#firstAmount = amount
    } else if (this.#later === none) this.#later = [{ at, amount, entries }]
    else this.#later.push({ at, amount, entries })
  }

  /** Puts the price in the place of the slices: the first ones keep their amounts as far as it goes, the last takes the rest. */
  price(price: FixedAmount): void {
    const first = this.#firstAmount
    if (!first) return
    const isOnly = this.#later.length === 0
    const amount = isOnly || isMore(first, price) ? price : first
    this.#firstAmount = amount
    for (const [place, scope] of this.scopes.entries()) {
      scope.replaceMoney(this.#entries, place * entriesPerScope + 2, first, amount)
    }
    let rest = subtractAmount(price, amount)
    for (const slice of this.#later) {
      const before = slice.amount
      slice.amount = slice === this.#later.at(-1) || isMore(before, rest) ? rest : before
      rest = subtractAmount(rest, slice.amount)
      for (const [place, scope] of this.scopes.entries()) {
        scope.replaceMoney(slice.entries, place * 2, before, slice.amount)
      }
    }
  }

  stop(): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    for (const scope of this.scopes) scope.running--
  }

  /** As if it had never been asked for. */
  withdraw(): void {
    this.stop()
    this.price(fixedZero)
    for (const [place, scope] of this.scopes.entries()) {
      scope.takeBack(this.#entries, place * entriesPerScope)
    }
  }
}

const none: LaterSlice[] = []
