/**
 * An amount as two numbers that are exact: whole units of its currency, and what is left in units of 10⁻¹⁵.
 *
 * For sums that each leg changes and asks: they add up without an object per step, where a `Decimal` makes several. Prices
 * have six decimals and fit; what an exchange rate has made longer is rounded half up to fifteen.
 */
import { Decimal } from '../money.ts'

export interface FixedAmount {
  readonly whole: number
  /** 0 ≤ parts < `partsPerWhole`, also of an amount below zero. */
  readonly parts: number
}

export const partsPerWhole = 1e15
export const fixedZero: FixedAmount = { whole: 0, parts: 0 }
export const fixedOne: FixedAmount = { whole: 1, parts: 0 }

export function fixAmount(amount: Decimal): FixedAmount {
  const rounded = amount.toDecimalPlaces(15, Decimal.ROUND_HALF_UP)
  const whole = rounded.floor()
  return { whole: whole.toNumber(), parts: rounded.minus(whole).times(partsPerWhole).toNumber() }
}

export function unfixAmount({ whole, parts }: FixedAmount): Decimal {
  return new Decimal(parts).div(partsPerWhole).plus(whole)
}

export function isZeroAmount({ whole, parts }: FixedAmount): boolean {
  return whole === 0 && parts === 0
}

export function isMore(one: FixedAmount, other: FixedAmount): boolean {
  return one.whole === other.whole ? one.parts > other.parts : one.whole > other.whole
}

export function subtractAmount(one: FixedAmount, other: FixedAmount): FixedAmount {
  const parts = one.parts - other.parts
  const whole = one.whole - other.whole
  return parts < 0 ? { whole: whole - 1, parts: parts + partsPerWhole } : { whole, parts }
}
