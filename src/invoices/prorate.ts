/**
 * How many months' worth is a span of days?
 *
 * Months are an invoice's own: they begin on `monthsFrom` and on the same day of each month after it, on the last day
 * of a month that lacks it. Days of one count by its length, so that parts sum to the whole: from 15 January to
 * 15 February is 1, ten days of it are 10/31; 28 February to 31 March is 1 where months are counted from 31 January,
 * and 1 + 3/31 where they are counted from 28 February. Days are `YYYY-MM-DD`, spans half open. Throws nothing.
 */
import { DateTime } from 'luxon'
import { Decimal, zero } from '../money.ts'
import type { Period } from './invoice.ts'

export function countMonths(span: Period, monthsFrom: string): Decimal {
  const first = DateTime.fromISO(monthsFrom, { zone: 'utc' })
  const [from, to] = [span.from, span.to].map((day) => DateTime.fromISO(day, { zone: 'utc' }))
  if (!from || !to) throw new Error('a span has two days')
  const monthAt = (index: number) => first.plus({ months: index })
  let index = Math.floor(from.diff(first, 'months').months) - 1
  let months = zero
  for (; monthAt(index) < to; index++) {
    const [begins, ends] = [monthAt(index), monthAt(index + 1)]
    const days = DateTime.min(ends, to).diff(DateTime.max(begins, from), 'days').days
    if (days > 0) months = months.plus(new Decimal(days).div(ends.diff(begins, 'days').days))
  }
  return months
}

/** The days two periods share; undefined: none. */
export function intersect(one: Period, other: Period): Period | undefined {
  const from = one.from > other.from ? one.from : other.from
  const to = one.to < other.to ? one.to : other.to
  return from < to ? { from, to } : undefined
}
