/**
 * What does a call cost the operator that hands it to a carrier?
 *
 * The carrier's plan in force at the answer prices the same number and duration by the same rules as the client's
 * plan does, in the carrier's currency.
 */
import { type Decimal, roundAmount } from '../money.ts'
import type { Numbering } from './normalize-number.ts'
import { priceCall } from './price-call.ts'
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

/** Throws `RateTableNotLoaded`. */
export function carrierCost(call: CarriedCall, carrier: Carrier): CarrierCost {
  const priced = priceCall({ ...call, timeZone: carrier.timeZone, profiles: carrier.profiles })
  return priced.priced ? { cost: priced.price, reason: null } : { cost: null, reason: priced.reason }
}

/** Decimals of a margin: those of an account. */
const marginDecimals = 6

/** `rate`: how much of the client's currency one unit of the carrier's buys. */
export function marginOf(price: Decimal, cost: Decimal, rate: Decimal): Decimal {
  return roundAmount(price.minus(cost.times(rate)), { mode: 'half-up', decimals: marginDecimals })
}
