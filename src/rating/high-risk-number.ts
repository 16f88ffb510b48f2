/**
 * Is a number one that toll fraud likes? Satellites, international premium and shared-cost codes, and premium numbers of
 * countries, by `high-risk-prefixes.ts`. What a rate says of itself goes over it.
 */
import { DigitPrefixes } from './digit-prefixes.ts'
import { premiumPrefixes, sharedCodes } from './high-risk-prefixes.ts'

const prefixes = new DigitPrefixes(
  [...sharedCodes, ...Object.values(premiumPrefixes).flatMap((texts) => texts.split(' '))].map(
    (prefix) => [prefix, true] as const,
  ),
)

/** Digits of E.164 without `+`. */
export function isHighRiskNumber(digits: string): boolean {
  return prefixes.find(digits) ?? false
}
