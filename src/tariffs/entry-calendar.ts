/** Which calendar does an entry of a plan ask, as it is given? Its days are read with the plan's lock. */
import type { CalendarMode } from '../rating/calendar.ts'
import type { EntryCalendar } from '../rating/tariff.ts'

export interface GivenCalendar {
  calendarId?: string | null
  /** `on` where left out. */
  calendar?: CalendarMode | null
}

export function toEntryCalendar({ calendarId, calendar }: GivenCalendar): EntryCalendar | null {
  return calendarId ? { calendarId, mode: calendar ?? 'on', days: [] } : null
}

/** What is wrong with the member `calendar`. */
export function findCalendarFault({ calendarId, calendar }: GivenCalendar): string | undefined {
  return calendar && !calendarId ? 'needs calendarId: which calendar is asked?' : undefined
}
