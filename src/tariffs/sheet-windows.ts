/**
 * A sheet with a price for each time of day: its columns for peak, off-peak, weekend are the rates of a deck each, and the
 * decks are the entries of a plan with these windows. What a window says of columns comes before what the mapping says.
 */
import type { CalendarMode } from '../rating/calendar.ts'
import type { MappedColumn, SheetMapping } from './sheet-mapping.ts'

export interface SheetWindow {
  /** Behind the plan's name it is the deck's. */
  name: string
  /** Its own columns: `rate` at least. */
  columns: Readonly<Record<string, MappedColumn>>
  weight?: number
  /** 1 (Monday) to 7; null: every day. */
  days?: number[] | null
  from?: string
  to?: string
  originPrefixes?: string[] | null
  calendarId?: string | null
  calendar?: CalendarMode | null
}

/** How the sheet is read for one of its windows. */
export function windowMapping(mapping: SheetMapping, window: SheetWindow): SheetMapping {
  const { windows = [], columns, ignoreColumns, ...rest } = mapping
  const ofOthers = windows
    .filter((other) => other !== window)
    .flatMap(({ columns: own }) => Object.values(own).flat())
  const own = { ...columns, ...window.columns }
  const named = new Set(Object.values(own).flat())
  const ignored = ofOthers.filter((reference) => !named.has(reference))
  return {
    ...rest,
    columns: own,
    ignoreColumns: ignoreColumns === true || [...(ignoreColumns || []), ...new Set(ignored)],
  }
}
