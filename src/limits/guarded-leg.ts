/**
 * What guards know of one leg: what was asked, what it costs, and where that was counted.
 *
 * Under a limit of money a leg counts slice by slice: the first, with fee, when it is granted, each next one at the instant
 * it begins. The settled price takes the place of the slices, each where it was counted.
 * Instants are milliseconds since 1970.
 */
import { type Decimal, zero } from '../money.ts'
import { type LegPrices, sliceSeconds } from './authorize.ts'
import type { GuardWatch } from './guard-watch.ts'
import type { Counted } from './sliding-sum.ts'
import type { GuardedNumber } from './spend-guard.ts'

export interface GuardedLeg extends GuardedNumber {
  callId: string
  /** ISO 3166-1 alpha-2; empty: no country's. */
  country: string
  /** When it was granted, or began. */
  at: number
}

/** null: it costs nothing. Asked only where a guard limits money. */
export type FindCost = () => Pick<LegPrices, 'firstIncrement' | 'priceFor'> | null

/** `attempt`: granted and not placed. */
export type GuardedLegState = 'granted' | 'running' | 'over' | 'attempt'

/** Of a leg that was counted before: by another memory, or by the database. */
export interface CountedLeg extends GuardedLeg {
  answeredAt: number | null
  state: GuardedLegState
  slices: readonly { at: number; amount: Decimal }[]
  findCost: FindCost
}

interface CountedSlice {
  at: number
  amount: Decimal
  counted: Counted<Decimal>[]
}

const sliceMs = sliceSeconds * 1000

/** A leg with the guards that watch it. */
export class WatchedLeg implements CountedLeg {
  readonly callId: string
  readonly to: string
  readonly isHighRisk: boolean
  readonly country: string
  readonly at: number
  readonly findCost: FindCost
  readonly watches: readonly GuardWatch[]
  state: GuardedLegState
  answeredAt: number | null
  readonly slices: CountedSlice[] = []
  readonly calls: Counted<number>[] = []
  /** Watches for which its number was another one. */
  readonly newNumberFor: GuardWatch[] = []
  isRunning = true
  /** When something of it is due next. */
  dueAt = 0

  constructor(leg: GuardedLeg, watches: readonly GuardWatch[], findCost: FindCost) {
    this.callId = leg.callId
    this.to = leg.to
    this.isHighRisk = leg.isHighRisk
    this.country = leg.country
    this.at = leg.at
    this.findCost = findCost
    this.watches = watches
    this.state = 'granted'
    this.answeredAt = null
    for (const watch of watches) watch.begin(this)
  }

  /** When its next slice begins; ∞: nobody counts its money, or it was not answered. */
  nextSliceAt(): number {
    const count = this.slices.length
    return this.answeredAt === null || count === 0
      ? Number.POSITIVE_INFINITY
      : this.answeredAt + count * sliceMs
  }

  /** Price of the slice after those that are counted. */
  nextSlicePrice(): Decimal {
    const cost = this.findCost()
    const seconds = this.slices.length * sliceSeconds
    return cost ? cost.priceFor(seconds + sliceSeconds).minus(cost.priceFor(seconds)) : zero
  }

  countSlice(at: number, amount: Decimal): void {
    const counted: Counted<Decimal>[] = []
    for (const watch of this.watches) watch.countMoney(at, amount, counted)
    this.slices.push({ at, amount, counted })
  }

  /** Puts the price in the place of the slices: the first ones keep their amounts as far as it goes, the last takes the rest. */
  price(price: Decimal): void {
    let rest = price
    for (const [place, slice] of this.slices.entries()) {
      const isLast = place === this.slices.length - 1
      const amount = isLast || slice.amount.gt(rest) ? rest : slice.amount
      rest = rest.minus(amount)
      const by = amount.minus(slice.amount)
      if (by.isZero()) continue
      slice.amount = amount
      for (const counted of slice.counted) counted.sum.change(counted, by)
    }
  }

  stop(): void {
    if (!this.isRunning) return
    this.isRunning = false
    for (const watch of this.watches) watch.running--
  }

  /** As if it had never been asked for. */
  withdraw(): void {
    this.stop()
    this.price(zero)
    for (const counted of this.calls) counted.sum.change(counted, -1)
    for (const watch of this.newNumberFor) watch.forgetNumber(this.to)
  }
}
