/**
 * Days of a query: `YYYY-MM-DD` in a client's zone.
 */
import { DateTime } from 'luxon'
import { InvalidRequest } from '../../errors.ts'

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid
}

/** The day itself. Throws `InvalidRequest` for one that no calendar has. */
export function readDay(day: string, pointer: string): string {
  if (isDay(day)) return day
  throw new InvalidRequest(`"${day}" is not a valid calendar day.`, [
    { pointer, detail: 'is not a valid calendar day' },
  ])
}
