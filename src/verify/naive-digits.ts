/**
 * Which digits does a caller's number stand for, by the rules as they are written? null: it is not a number.
 * The second opinion on what `rating/` makes of it.
 */
import type { Numbering } from '../rating/normalize-number.ts'

export function naiveDigits(sent: string, numbering: Numbering | null): string | null {
  const [, plus, digits] = /^(\+?)(\d+)$/.exec(sent) ?? []
  if (digits === undefined) return null
  const normalized = plus === '+' ? digits : international(digits, numbering)
  return normalized.length >= 1 && normalized.length <= 18 ? normalized : null
}

function international(digits: string, numbering: Numbering | null): string {
  if (!numbering) return digits.replace(/^00/, '')
  const { countryCode, internationalPrefixes, nationalPrefix, nationalLengths } = numbering
  const dialled = internationalPrefixes.filter((prefix) => prefix !== '' && digits.startsWith(prefix))
  if (dialled.length > 0) return digits.slice(Math.max(...dialled.map(({ length }) => length)))
  for (const length of nationalLengths) {
    if (digits.length === nationalPrefix.length + length && digits.startsWith(nationalPrefix)) {
      return `${countryCode}${digits.slice(nationalPrefix.length)}`
    }
  }
  return digits
}
