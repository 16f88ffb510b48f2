/**
 * Which dates are on a calendar, such as the public holidays of a country?
 *
 * A day is one date (`2026-12-25`), the same date each year (29 February in leap years alone), or a number of days
 * from Easter Sunday of the western churches (−2 is Good Friday). Dates are those of a wall clock, as days since
 * 1 January 1970.
 */
import { DateTime } from 'luxon'
import { dayMs } from './zone-clock.ts'

export type CalendarDay = string | { month: number; day: number } | { easter: number }

export const calendarModes = ['on', 'not-on'] as const
export type CalendarMode = (typeof calendarModes)[number]

export type IsOnCalendar = (epochDay: number) => boolean

/** Calls of one day come together: the answer for the day asked last is remembered. */
export function compileCalendar(days: readonly CalendarDay[]): IsOnCalendar {
  const dates = new Set<number>()
  const yearly = new Set<number>()
  const fromEaster: number[] = []
  for (const day of days) {
    if (typeof day === 'string') dates.add(Date.parse(day) / dayMs)
    else if ('easter' in day) fromEaster.push(day.easter)
    else yearly.add(monthAndDay(day.month, day.day))
  }
  const isOn: IsOnCalendar = (epochDay) => {
    const { month, day } = dateOn(epochDay)
    return (
      dates.has(epochDay) ||
      yearly.has(monthAndDay(month, day)) ||
      fromEaster.some((days) => epochDay - days === easterSunday(dateOn(epochDay - days).year))
    )
  }
  let lastDay = Number.NaN
  let lastAnswer = false
  return (epochDay) => {
    if (epochDay !== lastDay) {
      lastAnswer = isOn(epochDay)
      lastDay = epochDay
    }
    return lastAnswer
  }
}

function dateOn(epochDay: number): DateTime {
  return DateTime.fromMillis(epochDay * dayMs, { zone: 'utc' })
}

function monthAndDay(month: number, day: number): number {
  return month * 100 + day
}

/** Easter Sunday as days since 1970, by the Gregorian rule as Meeus, Jones and Butcher wrote it down. */
export function easterSunday(year: number): number {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const ofCentury = year % 100
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451)
  const sum = epact + toSunday - 7 * late + 114
  return Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1) / dayMs
}
