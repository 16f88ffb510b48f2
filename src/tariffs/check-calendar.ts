/** Are all days of a calendar days that there are? Throws `InvalidRequest` with a pointer to each that is not. */
import { DateTime } from 'luxon'
import { type InputFault, InvalidRequest } from '../errors.ts'
import type { CalendarDay } from '../rating/calendar.ts'

export function checkCalendar(days: readonly CalendarDay[]): void {
  const faults: InputFault[] = []
  for (const [place, day] of days.entries()) {
    const detail = findFault(day)
    if (detail) faults.push({ pointer: `/days/${place}`, detail })
  }
  if (faults.length > 0) throw new InvalidRequest('The calendar is not valid.', faults)
}

/** A day may have any members of the three forms: a schema cannot say which go together. */
function findFault(day: string | { month?: number; day?: number; easter?: number }): string | undefined {
  if (typeof day === 'string') {
    return DateTime.fromISO(day, { zone: 'utc' }).isValid ? undefined : `"${day}" is not a date.`
  }
  const { month, day: ofMonth, easter } = day
  const isYearly = month !== undefined && ofMonth !== undefined && easter === undefined
  const isFromEaster = easter !== undefined && month === undefined && ofMonth === undefined
  if (!isYearly && !isFromEaster) return 'Write a date, { month, day } or { easter }.'
  // 2024 has a 29 February.
  if (isYearly && !DateTime.utc(2024, month, ofMonth).isValid) return `Month ${month} has no day ${ofMonth}.`
  return undefined
}
