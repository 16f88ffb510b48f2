/**
 * Which country does a number belong to? By the longest prefix of the numbering data, since countries share calling codes
 * (+1, +7, +39, +44 …). ISO 3166-1 alpha-2; undefined for what is no country's, such as satellites and short codes.
 */
import { countryPrefixes } from './country-prefixes.ts'
import { DigitPrefixes } from './digit-prefixes.ts'

const entries = Object.entries(countryPrefixes).flatMap(([country, prefixes]) =>
  prefixes.split(' ').map((prefix) => [prefix, country] as const),
)
const countries = new DigitPrefixes(entries)

/** Of this many first digits a number has its country. */
export const countryDigits = Math.max(...entries.map(([prefix]) => prefix.length))

/** Longer than any emergency number or short code, shorter than any number that another country can dial. */
const leastDigits = 7

/** Digits of E.164 without `+`. */
export function countryOfNumber(digits: string): string | undefined {
  return digits.length < leastDigits ? undefined : countries.find(digits)
}
