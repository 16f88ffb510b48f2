/**
 * On which calendar day of a time zone does an instant lie, and when does a day begin?
 *
 * Instants are epoch milliseconds, days are `YYYY-MM-DD`. A day begins where the wall clock first shows it: in
 * Santiago once a year at 01:00, since 00:00 is left out; in Havana once a year at the first of two midnights. A day has 23
 * to 25 hours and is never assumed to have 24. luxon's own `startOf('day')` guesses from the offset of the moment it is
 * asked at, so that its answer for such a night changes with the season.
 */
import { DateTime } from 'luxon'
import { remember } from '../bounded-cache.ts'
import { dayMs, zoneClock } from './zone-clock.ts'

const dayTexts = new Map<number, string>()
/** No wall clock has ever been further ahead of UTC. */
const maxAheadMs = 16 * 3_600_000

export function localDay(at: number, timeZone: string): string {
  const day = Math.floor((at + zoneClock(timeZone).offsetAt(at)) / dayMs)
  return dayTexts.get(day) ?? remember(dayTexts, day, textOfDay(day))
}

/** The first instant after `at` whose local day is a later one than that of `at`. */
export function nextLocalMidnight(at: number, timeZone: string): number {
  const clock = zoneClock(timeZone)
  return firstAt(clock, at, (Math.floor((at + clock.offsetAt(at)) / dayMs) + 1) * dayMs)
}

/**
 * The instant at which a local day begins: the first one whose wall clock shows it, or a later day where the zone left it
 * out. Throws for what is no calendar day.
 */
export function startOfLocalDay(day: string, timeZone: string): number {
  const midnight = utcMidnight(day)
  return firstAt(zoneClock(timeZone), midnight - maxAheadMs, midnight)
}

/** The day so many days later: `2026-03-01` is one after `2026-02-28`. */
export function addDays(day: string, days: number): string {
  return textOfDay(utcMidnight(day) / dayMs + days)
}

/** The first instant after `after` at which the wall clock shows `wallMs` or later; it shows less at `after`. */
function firstAt(clock: ReturnType<typeof zoneClock>, after: number, wallMs: number): number {
  for (let from = after; ; ) {
    const at = wallMs - clock.offsetAt(from)
    const change = clock.findChange(from, at)
    if (change === undefined) return at
    if (change + clock.offsetAt(change) >= wallMs) return change
    from = change
  }
}

function utcMidnight(day: string): number {
  const midnight = DateTime.fromISO(day, { zone: 'utc' })
  if (!midnight.isValid) throw new Error(`"${day}" is not a valid calendar day`)
  return midnight.toMillis()
}

function textOfDay(day: number): string {
  const text = DateTime.fromMillis(day * dayMs, { zone: 'utc' }).toISODate()
  if (text === null) throw new Error(`day ${day} lies outside the calendar`)
  return text
}
