/**
 * What is charged for an exact sum: the one rounding, then minimum and maximum.
 *
 * Mode and decimals are those of the matched deck with most decimals, of the first matched among equals. Minimum
 * and maximum belong to the rate at the answer and touch only calls with billed seconds; a maximum whose
 * action is `hang-up` never touches a price. Amounts are units of 10⁻¹⁰.
 */
import { Decimal, zero } from '../money.ts'
import type { Fraction } from './fraction.ts'
import { formatUnits, roundFraction, tenTo, unitDecimals } from './fraction.ts'
import type { CompiledTerms } from './rate-terms.ts'
import type { Rounding } from './tariff.ts'

export type AppliedLimit = 'minimum' | 'maximum' | null

export interface Charge {
  roundedUnits: bigint
  /** After minimum and maximum. */
  units: bigint
  limit: AppliedLimit
}

export function charge(of: {
  total: Fraction
  rounding: Rounding
  terms: CompiledTerms
  isBilled: boolean
}): Charge {
  const { rounding, terms } = of
  const roundedUnits = roundFraction(of.total, rounding) * tenTo(unitDecimals - rounding.decimals)
  const { minimumUnits, maximumUnits } = terms
  if (!of.isBilled) return { roundedUnits, units: roundedUnits, limit: null }
  if (maximumUnits !== null && terms.maximumPriceAction === 'free' && roundedUnits > maximumUnits) {
    return { roundedUnits, units: maximumUnits, limit: 'maximum' }
  }
  return minimumUnits !== null && roundedUnits < minimumUnits
    ? { roundedUnits, units: minimumUnits, limit: 'minimum' }
    : { roundedUnits, units: roundedUnits, limit: null }
}

/** The rounding for what was matched so far and one deck more. */
export function finerRounding(sofar: Rounding, next: Rounding): Rounding {
  return next.decimals > sofar.decimals ? next : sofar
}

export function unitsToDecimal(units: bigint): Decimal {
  return units === 0n ? zero : new Decimal(formatUnits(units, unitDecimals))
}
