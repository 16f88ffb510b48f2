/**
 * Which digits does a dialled number stand for?
 *
 * `+` means E.164. Else a client's numbering decides: an international prefix is dropped; else the national
 * prefix is dropped and the country code put in front, where the number begins with that prefix and what is
 * left has a national length; else the digits stay. Without numbering a leading `00` is dropped. The answer is
 * 1 to 18 digits, undefined (`invalid_number`) for everything else.
 */
export interface Numbering {
  countryCode: string
  internationalPrefixes: string[]
  /** `""`: national numbers are dialled as they are. */
  nationalPrefix: string
  /** Digits of a national number without its prefix. */
  nationalLengths: number[]
}

const validNumber = /^\d{1,18}$/
const onlyDigits = /^\d+$/

export function normalizeNumber(to: string, numbering: Numbering | null): string | undefined {
  const digits = to.startsWith('+') ? to.slice(1) : onlyDigits.test(to) ? toInternational(to, numbering) : ''
  return validNumber.test(digits) ? digits : undefined
}

function toInternational(digits: string, numbering: Numbering | null): string {
  if (numbering === null) return digits.startsWith('00') ? digits.slice(2) : digits
  let dropped = 0
  for (const prefix of numbering.internationalPrefixes) {
    if (prefix.length > dropped && digits.startsWith(prefix)) dropped = prefix.length
  }
  if (dropped > 0) return digits.slice(dropped)
  const { countryCode, nationalPrefix, nationalLengths } = numbering
  const isNational =
    digits.startsWith(nationalPrefix) && nationalLengths.includes(digits.length - nationalPrefix.length)
  return isNational ? countryCode + digits.slice(nationalPrefix.length) : digits
}
