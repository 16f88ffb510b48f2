/**
 * When does a local day of a query begin? Days are `YYYY-MM-DD` in a client's zone.
 */
import { DateTime } from 'luxon'
import { InvalidRequest } from '../../errors.ts'

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text).isValid
}

/** The first instant of a local day, or of one some days later; some days start at 01:00. */
export function startOfDay(day: string, timeZone: string, pointer: string, daysLater: number): number {
  const local = DateTime.fromISO(day, { zone: timeZone })
  if (!local.isValid)
    throw new InvalidRequest(`"${day}" is not a valid calendar day.`, [
      { pointer, detail: 'is not a valid calendar day' },
    ])
  return local.plus({ days: daysLater }).startOf('day').toMillis()
}
