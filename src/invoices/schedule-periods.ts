/**
 * Which periods does a schedule cut time into, and when is one of them over?
 *
 * Periods are counted from the first day: period n begins n × every units after it. Each is reckoned from the first
 * day itself, so a schedule of the 31st has its February on the 28th and its March on the 31st again. A period is
 * over when the client's local day after it begins, whatever the clocks did that night.
 */
import { DateTime } from 'luxon'
import { startOfLocalDay } from '../rating/local-day.ts'
import type { Period } from './invoice.ts'

export { startOfLocalDay }

export const scheduleUnits = ['day', 'week', 'month', 'year'] as const
export type ScheduleUnit = (typeof scheduleUnits)[number]

export interface PeriodRule {
  unit: ScheduleUnit
  every: number
  /** `YYYY-MM-DD` */
  firstDay: string
}

export function periodAt(rule: PeriodRule, index: number): Period {
  return { from: boundaryAt(rule, index), to: boundaryAt(rule, index + 1) }
}

function boundaryAt({ unit, every, firstDay }: PeriodRule, index: number): string {
  const day = DateTime.fromISO(firstDay, { zone: 'utc' }).plus({ [`${unit}s`]: index * every })
  const text = day.toISODate()
  if (text === null) throw new Error(`"${firstDay}" is not a valid calendar day`)
  return text
}

/** Periods from `index` on that are over at `now`, with their indexes; at most `most`. */
export function periodsOver(
  rule: PeriodRule,
  from: { index: number; timeZone: string; now: number; max: number },
): { index: number; period: Period }[] {
  const over: { index: number; period: Period }[] = []
  for (let index = from.index; over.length < from.max; index++) {
    const period = periodAt(rule, index)
    if (startOfLocalDay(period.to, from.timeZone) > from.now) break
    over.push({ index, period })
  }
  return over
}
