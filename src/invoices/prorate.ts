/**
 * How many months' worth is a span of days?
 *
 * Each calendar month counts by its own days: 10 days of a 31-day January are 10/31, whole months are 1 each,
 * 15 January to 15 March is 17/31 + 1 + 14/31. Days are `YYYY-MM-DD`, the span half open. Throws nothing.
 */
import { DateTime } from 'luxon'
import { Decimal, zero } from '../money.ts'
import type { Period } from './invoice.ts'

export function monthsOf({ from, to }: Period): Decimal {
  const end = DateTime.fromISO(to, { zone: 'utc' })
  let months = zero
  for (let day = DateTime.fromISO(from, { zone: 'utc' }); day < end; ) {
    const nextMonth = day.startOf('month').plus({ months: 1 })
    const until = nextMonth < end ? nextMonth : end
    months = months.plus(new Decimal(until.diff(day, 'days').days).div(day.daysInMonth ?? 30))
    day = until
  }
  return months
}

/** The days two periods share; undefined: none. */
export function overlapOf(one: Period, other: Period): Period | undefined {
  const from = one.from > other.from ? one.from : other.from
  const to = one.to < other.to ? one.to : other.to
  return from < to ? { from, to } : undefined
}
