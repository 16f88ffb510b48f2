/**
 * On which calendar day of a time zone does an instant lie, and when does the next one begin?
 *
 * Instants are epoch milliseconds, days are `YYYY-MM-DD`. A day begins where the wall clock first shows it: in
 * Santiago once a year at 01:00, since 00:00 is left out; a day has 23 to 25 hours and is never assumed to have 24.
 */
import { DateTime } from 'luxon'
import { remember } from '../bounded-cache.ts'
import { dayMs, zoneClock } from './zone-clock.ts'

const dayTexts = new Map<number, string>()

export function localDay(at: number, timeZone: string): string {
  const day = Math.floor((at + zoneClock(timeZone).offsetAt(at)) / dayMs)
  return dayTexts.get(day) ?? remember(dayTexts, day, textOfDay(day))
}

/** The first instant after `at` whose local day is a later one than that of `at`. */
export function nextLocalMidnight(at: number, timeZone: string): number {
  const clock = zoneClock(timeZone)
  const nextDay = (Math.floor((at + clock.offsetAt(at)) / dayMs) + 1) * dayMs
  for (let from = at; ; ) {
    const midnight = nextDay - clock.offsetAt(from)
    const change = clock.findChange(from, midnight)
    if (change === undefined) return midnight
    if (change + clock.offsetAt(change) >= nextDay) return change
    from = change
  }
}

function textOfDay(day: number): string {
  const text = DateTime.fromMillis(day * dayMs, { zone: 'utc' }).toISODate()
  if (text === null) throw new Error(`day ${day} lies outside the calendar`)
  return text
}
