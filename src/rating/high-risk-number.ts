/**
 * Is a number one that toll fraud likes? Satellites, international premium and shared-cost codes, and premium numbers of
 * countries, by `high-risk-prefixes.ts`. What a rate says of itself goes over it.
 */
import { premiumPrefixes, sharedCodes } from './high-risk-prefixes.ts'

const prefixes = new Set([
  ...sharedCodes,
  ...Object.values(premiumPrefixes).flatMap((texts) => texts.split(' ')),
])
const maxDigits = Math.max(...[...prefixes].map((prefix) => prefix.length))
const minDigits = Math.min(...[...prefixes].map((prefix) => prefix.length))

/** Digits of E.164 without `+`. */
export function isHighRiskNumber(digits: string): boolean {
  for (let length = Math.min(digits.length, maxDigits); length >= minDigits; length--) {
    if (prefixes.has(digits.slice(0, length))) return true
  }
  return false
}
