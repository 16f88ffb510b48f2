/**
 * Timings of CGRateS as windows: on these days, from this time to midnight. Where several are open, the one that
 * began last counts, there as here. Years, months and days of the month become a calendar of the dates that they name.
 */
import { DateTime } from 'luxon'
import type { CalendarDay } from '../rating/calendar.ts'
import type { ImportedCalendar, ImportedEntry } from './imported-tariffs.ts'
import type { TableRow } from './read-table.ts'

export interface Window extends Pick<ImportedEntry, 'days' | 'from' | 'to'> {
  /** Open on its dates alone; null: on every date. */
  calendar: ImportedCalendar | null
}

const always: Window = { days: null, from: '00:00', to: '24:00', calendar: null }
const isAny = (text: string | null) => text === null || text === '*any' || text === '*all'

export function readCgratesWindows(
  rows: readonly TableRow[],
  leaveOut: (row: TableRow, why: string) => void,
): Map<string, Window> {
  // Known without being named in the file.
  const windows = new Map<string, Window>(['*any', '*always', 'ALWAYS'].map((tag) => [tag, always]))
  for (const row of rows) {
    const window = readWindow(row)
    if (typeof window === 'string') leaveOut(row, window)
    else windows.set(row.get('Id') ?? '', window)
  }
  return windows
}

function readWindow(row: TableRow): Window | string {
  const time = /^([01]\d|2[0-3]):([0-5]\d):00$/.exec(row.get('Time') ?? '00:00:00')
  if (!time) return 'a window opens at a full minute'
  const calendar = readCalendar(row)
  if (typeof calendar === 'string') return calendar
  const window = { from: `${time[1]}:${time[2]}`, to: '24:00', calendar }
  const weekDays = row.get('WeekDays')
  if (isAny(weekDays)) return { days: null, ...window }
  const days = (weekDays ?? '').split(';').map((day) => (day === '0' ? 7 : Number(day)))
  if (days.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    return 'days of the week are 1 to 7, or 0 for Sunday'
  return { days: [...new Set(days)].sort((a, b) => a - b), ...window }
}

/** As the API takes calendars. */
const maxDates = 1000

function readCalendar(row: TableRow): ImportedCalendar | string | null {
  const cells = [row.get('Years'), row.get('Months'), row.get('MonthDays')] as const
  if (cells.every(isAny)) return null
  const [years, months, monthDays] = [
    readNumbers(cells[0], { from: 1970, to: 2999 }),
    readNumbers(cells[1], { from: 1, to: 12 }),
    readNumbers(cells[2], { from: 1, to: 31 }),
  ]
  if (!years || !months || !monthDays)
    return 'years, months and days of the month are numbers, separated by semicolons'
  const dates = isAny(cells[0])
    ? listDates([leapYear], months, monthDays).map(({ month, day }): CalendarDay => ({ month, day }))
    : listDates(years, months, monthDays).map((date): CalendarDay => date.toISODate() ?? '')
  if (dates.length === 0) return 'there is no such date'
  if (dates.length > maxDates) return `it names ${dates.length} dates, a calendar has at most ${maxDates}`
  return { name: `${row.get('Id') ?? ''} (cgrates)`, days: dates }
}

/** It has every day that a year may have. */
const leapYear = 2024

/** undefined: not a list of numbers in that range. */
function readNumbers(text: string | null, { from, to }: { from: number; to: number }): number[] | undefined {
  if (isAny(text)) return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const numbers = (text ?? '').split(';').map((part) => (/^\d{1,4}$/.test(part) ? Number(part) : Number.NaN))
  const areFine = numbers.every((number) => number >= from && number <= to)
  return areFine ? [...new Set(numbers)].sort((a, b) => a - b) : undefined
}

function listDates(
  years: readonly number[],
  months: readonly number[],
  monthDays: readonly number[],
): DateTime<true>[] {
  return years.flatMap((year) =>
    months.flatMap((month) =>
      monthDays.flatMap((day) => {
        const date = DateTime.utc(year, month, day)
        return date.isValid ? [date] : []
      }),
    ),
  )
}
