/**
 * Which days is a period of an allowance, how much does it give, and what does it cost?
 *
 * Months begin on the 1st, weeks on Monday, days are days, all in the client's zone. The first and the last period of a
 * subscription may have fewer days than the calendar gives it: where it is prorated, its amounts and its fee are those
 * days' share. Quantity × amount comes first, then the share, then one rounding: amounts down to whole seconds or calls
 * and to the currency's digits, fees half-up to the currency's digits. Days are `YYYY-MM-DD`, spans half open.
 */
import { DateTime } from 'luxon'
import { Decimal, roundAmount } from '../money.ts'
import type { AllowanceUnit } from './allowance.ts'

export const allowancePeriods = ['day', 'week', 'month'] as const
export type AllowancePeriod = (typeof allowancePeriods)[number]

export interface DaySpan {
  from: string
  to: string
}

export interface SubscribedDays {
  from: string
  /** null: without end. */
  to: string | null
}

/** Days of a period, and how many the calendar gives such a one. */
export interface PeriodDays extends DaySpan {
  days: number
  calendarDays: number
}

/** The period that the day lies in, cut to the subscription; undefined: the day is not subscribed. */
export function findPeriod(
  period: AllowancePeriod,
  { from, to }: SubscribedDays,
  day: string,
): PeriodDays | undefined {
  if (day < from || (to !== null && day >= to)) return undefined
  const calendar = calendarPeriod(period, day)
  const own = {
    from: calendar.from > from ? calendar.from : from,
    to: to !== null && to < calendar.to ? to : calendar.to,
  }
  return { ...own, days: countDays(own), calendarDays: countDays(calendar) }
}

/** How much the period gives of an item. */
export function periodAmount(of: {
  amount: Decimal
  quantity: number
  unit: AllowanceUnit
  /** Of the client's currency. */
  currencyDigits: number
  /** undefined: not prorated. */
  share: PeriodDays | undefined
}): Decimal {
  const decimals = of.unit === 'money' ? of.currencyDigits : 0
  return roundAmount(takeShare(of.amount.times(of.quantity), of.share), { mode: 'down', decimals })
}

/** What the period costs. */
export function periodFee(of: {
  fee: Decimal
  quantity: number
  currencyDigits: number
  share: PeriodDays | undefined
}): Decimal {
  const decimals = of.currencyDigits
  return roundAmount(takeShare(of.fee.times(of.quantity), of.share), { mode: 'half-up', decimals })
}

/** Multiplied before it is divided, and cut to twenty decimals: what is a tie of the rounding must be one. */
function takeShare(whole: Decimal, share: PeriodDays | undefined): Decimal {
  if (!share || share.days === share.calendarDays) return whole
  return whole.times(share.days).div(share.calendarDays).toDecimalPlaces(20, Decimal.ROUND_HALF_UP)
}

function calendarPeriod(period: AllowancePeriod, day: string): DaySpan {
  const from = DateTime.fromISO(day, { zone: 'utc' }).startOf(period)
  return { from: toDay(from), to: toDay(from.plus({ [`${period}s`]: 1 })) }
}

function countDays({ from, to }: DaySpan): number {
  return DateTime.fromISO(to, { zone: 'utc' }).diff(DateTime.fromISO(from, { zone: 'utc' }), 'days').days
}

function toDay(date: DateTime): string {
  const day = date.toISODate()
  if (day === null) throw new Error('a period lies outside the calendar')
  return day
}
