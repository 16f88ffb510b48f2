/**
 * How are prices computed without losing anything before the one rounding?
 *
 * A fraction is `n / d` on bigint with `d > 0`; it is not kept in lowest terms, since the few additions of a
 * call never let it grow. *Units* are whole numbers of 10⁻¹⁰, the finest a rate may be written in.
 * `roundFraction` is the only place in this folder where digits are dropped; each mode means what
 * decimal.js means by it (`up` away from zero, halves away from zero or to the even neighbour).
 */
import { InvalidAmount } from '../errors.ts'
import type { RoundingMode } from '../money.ts'

export interface Fraction {
  n: bigint
  d: bigint
}

/** Decimals of a rate or fee at most; amounts in tables are whole numbers of 10⁻¹⁰. */
export const unitDecimals = 10
export const unitsPerOne = 10_000_000_000n

const powersOfTen = Array.from({ length: 41 }, (_, exponent) => 10n ** BigInt(exponent))

export function tenTo(exponent: number): bigint {
  return powersOfTen[exponent] ?? 10n ** BigInt(exponent)
}

/** Decimal text to units of 10⁻¹⁰. Throws `InvalidAmount` for other text and for more than ten decimals. */
export function parseUnits(text: string): bigint {
  const isNegative = text.charCodeAt(0) === minus
  let digits = 0
  let decimals = -1
  let value = 0
  for (let at = isNegative ? 1 : 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === point && decimals < 0 && digits > 0) {
      decimals = 0
      continue
    }
    if (code < zeroDigit || code > nineDigit) throw new InvalidAmount(text)
    value = value * 10 + (code - zeroDigit)
    digits += 1
    if (decimals >= 0) decimals += 1
  }
  if (digits === 0 || decimals === 0) throw new InvalidAmount(text)
  // Fifteen digits are exact in a number; the rest, and superfluous zeros beyond ten decimals, go the long way.
  if (digits > 15 || decimals > unitDecimals) return parseLongUnits(text)
  const units = BigInt(value) * tenTo(unitDecimals - Math.max(decimals, 0))
  return isNegative ? -units : units
}

const minus = 45
const point = 46
const zeroDigit = 48
const nineDigit = 57

function parseLongUnits(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  const decimals = fraction.replace(/0+$/, '')
  if (decimals.length > unitDecimals || whole.length > 30) throw new InvalidAmount(text)
  return BigInt(whole + decimals.padEnd(unitDecimals, '0'))
}

/** Units of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ to plain decimal text without superfluous zeros. */
export function formatUnits(units: bigint, decimals: number): string {
  if (units === 0n) return '0'
  if (units < 0n) return `-${formatUnits(-units, decimals)}`
  const digits = units.toString().padStart(decimals + 1, '0')
  let end = digits.length
  const point = end - decimals
  while (end > point && digits.charCodeAt(end - 1) === 48) end -= 1
  return end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`
}

export function fractionOfText(text: string): Fraction {
  return { n: parseUnits(text), d: unitsPerOne }
}

export function addFractions(one: Fraction, other: Fraction): Fraction {
  if (one.d === other.d) return { n: one.n + other.n, d: one.d }
  if (one.d % other.d === 0n) return { n: one.n + other.n * (one.d / other.d), d: one.d }
  if (other.d % one.d === 0n) return { n: one.n * (other.d / one.d) + other.n, d: other.d }
  return { n: one.n * other.d + other.n * one.d, d: one.d * other.d }
}

export function multiplyFraction(fraction: Fraction, factor: bigint): Fraction {
  return { n: fraction.n * factor, d: fraction.d }
}

/** Negative, 0 or positive, as `one` is less than, equal to or greater than `other`. */
export function compareFractions(one: Fraction, other: Fraction): number {
  const left = one.n * other.d
  const right = other.n * one.d
  return left < right ? -1 : left > right ? 1 : 0
}

export function reduceFraction({ n, d }: Fraction): Fraction {
  let [a, b] = [n < 0n ? -n : n, d]
  while (b !== 0n) [a, b] = [b, a % b]
  return a === 0n ? { n: 0n, d: 1n } : { n: n / a, d: d / a }
}

/** The exact decimal text, or undefined where it does not end (1/3) within 40 decimals. */
export function fractionToText(fraction: Fraction): string | undefined {
  const { n, d } = reduceFraction(fraction)
  let rest = d
  let twos = 0
  let fives = 0
  for (; rest % 2n === 0n; rest /= 2n) twos += 1
  for (; rest % 5n === 0n; rest /= 5n) fives += 1
  const decimals = Math.max(twos, fives)
  return rest === 1n && decimals <= 40 ? formatUnits((n * tenTo(decimals)) / d, decimals) : undefined
}

/** The fraction in whole units of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ, rounded by `mode`. */
export function roundFraction(
  fraction: Fraction,
  rounding: { mode: RoundingMode; decimals: number },
): bigint {
  if (fraction.n < 0n) return -roundFraction({ n: -fraction.n, d: fraction.d }, rounding)
  const scaled = fraction.n * tenTo(rounding.decimals)
  const floor = scaled / fraction.d
  const rest = scaled - floor * fraction.d
  return rest !== 0n && roundsAway(rounding.mode, floor, rest * 2n, fraction.d) ? floor + 1n : floor
}

function roundsAway(mode: RoundingMode, floor: bigint, twiceRest: bigint, whole: bigint): boolean {
  switch (mode) {
    case 'up':
      return true
    case 'down':
      return false
    case 'half-up':
      return twiceRest >= whole
    case 'half-even':
      return twiceRest > whole || (twiceRest === whole && (floor & 1n) === 1n)
  }
}
