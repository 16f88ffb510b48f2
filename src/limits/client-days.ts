/**
 * Which local days has a client that has moved from one time zone to another?
 *
 * An instant lies on the day of the zone that was in force then. Terms ascend by their instant, the first holding for all
 * time before the second. Pure.
 */
import { addDays, startOfLocalDay } from '../rating/local-day.ts'
import { zoneClock } from '../rating/zone-clock.ts'
import { termsAt } from './client.ts'

export interface ZoneTerms {
  effectiveAt: number
  timeZone: string
}

/** The first instant that lies on the day, or on a later one. */
export function startOfClientDay(terms: readonly ZoneTerms[], day: string): number {
  let start = Number.POSITIVE_INFINITY
  for (const { timeZone, since, until } of listZonePeriods(terms)) {
    start = Math.max(startOfLocalDay(day, timeZone), since)
    if (start < until) break
  }
  return start
}

/** The zone that the day ended in. */
export function zoneOfClientDay(terms: readonly ZoneTerms[], day: string): string {
  return termsAt(terms, startOfClientDay(terms, addDays(day, 1)) - 1).timeZone
}

/** How far the wall clock is ahead of UTC, from an instant until another. */
export interface ClockSpan {
  from: number
  until: number
  offsetMs: number
}

/** Of the clock on the client's wall, without a gap. */
export function clockSpans(
  terms: readonly ZoneTerms[],
  { from, until }: { from: number; until: number },
): ClockSpan[] {
  const spans: ClockSpan[] = []
  for (const period of listZonePeriods(terms)) {
    const clock = zoneClock(period.timeZone)
    const end = Math.min(period.until, until)
    for (let at = Math.max(period.since, from); at < end; ) {
      const change = Math.min(clock.findChange(at, end) ?? end, end)
      spans.push({ from: at, until: change, offsetMs: clock.offsetAt(at) })
      at = change
    }
  }
  return spans
}

function listZonePeriods(terms: readonly ZoneTerms[]) {
  return terms.map(({ timeZone, effectiveAt }, i) => ({
    timeZone,
    since: i === 0 ? Number.NEGATIVE_INFINITY : effectiveAt,
    until: terms[i + 1]?.effectiveAt ?? Number.POSITIVE_INFINITY,
  }))
}
