/**
 * What does a call cost the operator that hands it to a carrier?
 *
 * The carrier's plan in force at the answer prices the same number and duration by the same rules as the client's
 * plan does, in the carrier's currency.
 */
import { type Decimal, roundAmount, zero } from '../money.ts'
import { rateAtAnswer } from './call-walk.ts'
import type { Numbering } from './normalize-number.ts'
import { priceAtRate } from './price-call.ts'
import type { RatingProfile, Tariffs } from './tariff.ts'

export interface Carrier {
  id: string
  brandId: string
  name: string
  /** As starts and ends name it; unique within the brand. */
  code: string
  currency: string
  /** For plans without one. */
  timeZone: string
  /** Ascending by `activatesAt`. */
  profiles: readonly RatingProfile[]
}

export interface CarriedCall {
  /** Normalized digits. */
  to: string
  from: string | null
  numbering: Numbering | null
  answeredAt: number
  durationSeconds: number
  tariffs: Tariffs
}

export type CarrierCost =
  | { cost: Decimal; reason: null }
  /** Why no price could be made: as a client's call would be refused. */
  | { cost: null; reason: string }

/** Without the explanation that a price has: nobody asks for that of a cost. Throws `RateTableNotLoaded`. */
export function carrierCost(call: CarriedCall, { timeZone, profiles }: Carrier): CarrierCost {
  // As a price: it needs no rate.
  if (call.durationSeconds === 0) return { cost: zero, reason: null }
  const carried = { ...call, timeZone, profiles }
  const first = rateAtAnswer(carried)
  if ('reason' in first) return { cost: null, reason: first.reason }
  return { cost: priceAtRate(carried, first), reason: null }
}

/** Decimals of a margin: those of an account. */
const marginDecimals = 6

/** `rate`: how much of the client's currency one unit of the carrier's buys. */
export function marginOf(price: Decimal, cost: Decimal, rate: Decimal): Decimal {
  return roundAmount(price.minus(cost.times(rate)), { mode: 'half-up', decimals: marginDecimals })
}
