/**
 * On which day is an invoice issued, until which day may it be paid, and when is it overdue?
 *
 * The day of issue is the brand's, whatever the client's clock shows: one clock for number, date and term, so that the
 * dates of a series never run backwards. `dueDay` is the day of issue and `dueDays` more; the invoice is overdue at
 * `dueAt`, when that day has ended both in the brand's zone and in the client's. Days are `YYYY-MM-DD`, instants epoch
 * milliseconds.
 */
import { DateTime } from 'luxon'
import type { LastIssue } from '../db/invoices/invoice-series.ts'
import { localDay } from '../rating/local-day.ts'
import { startOfLocalDay } from './schedule-periods.ts'

/** Never before what the sequence gave last: clocks of two replicas differ, and a brand may change its zone. */
export function issueDates(
  now: number,
  { brandTimeZone, last }: { brandTimeZone: string; last: LastIssue },
): { issuedAt: number; issueDay: string } {
  const issuedAt = Math.max(now, last.at ?? now)
  const day = localDay(issuedAt, brandTimeZone)
  return { issuedAt, issueDay: last.day !== null && last.day > day ? last.day : day }
}

export function dueDates(
  issueDay: string,
  { dueDays, brandTimeZone, timeZone }: { dueDays: number; brandTimeZone: string; timeZone: string },
): { dueDay: string; dueAt: number } {
  const after = dayLater(issueDay, dueDays + 1)
  const ends = [brandTimeZone, timeZone].map((zone) => startOfLocalDay(after, zone))
  return { dueDay: dayLater(issueDay, dueDays), dueAt: Math.max(...ends) }
}

export function dayLater(day: string, days: number): string {
  const later = DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate()
  if (later === null) throw new Error(`"${day}" is not a valid calendar day`)
  return later
}
