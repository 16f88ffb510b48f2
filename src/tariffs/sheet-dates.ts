/**
 * From which instant does a row hold? Dates in the format that the mapping states, ISO 8601 in any case; nothing else
 * is guessed, since 03/04 is two days.
 */
import { DateTime } from 'luxon'

export interface DateRules {
  dateFormat?: string | undefined
  timeZone?: string | undefined
}

const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/
const earliest = Date.UTC(1970, 0, 2)
const latest = Date.UTC(2100, 0, 1)

/** Epoch milliseconds, or what is wrong. */
export function readInstant(text: string, { dateFormat, timeZone = 'UTC' }: DateRules): number | string {
  const zone = { zone: timeZone, locale: 'en' }
  const isIso = iso.test(text)
  let read: DateTime | undefined
  if (dateFormat !== undefined) read = DateTime.fromFormat(text, dateFormat, zone)
  if (!read?.isValid && isIso) read = DateTime.fromISO(text.replace(' ', 'T'), zone)
  if (!read?.isValid) {
    return dateFormat === undefined
      ? 'This is not a date such as 2026-12-31: state dateFormat in a mapping.'
      : `This is not a date in the format ${dateFormat}.`
  }
  const instant = read.toMillis()
  if (instant < earliest || instant > latest) return 'The date lies outside the years 1970 to 2099.'
  return instant
}
