/**
 * Timings of CGRateS as windows: on these days, from this time to midnight. Where several are open, the one that
 * began last counts, there as here.
 */
import type { ImportedEntry } from './imported-tariffs.ts'
import type { TableRow } from './read-table.ts'

export type Window = Pick<ImportedEntry, 'days' | 'from' | 'to'>

const always: Window = { days: null, from: '00:00', to: '24:00' }
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
  if (![row.get('Years'), row.get('Months'), row.get('MonthDays')].every(isAny)) {
    return 'a window repeats each week: years, months and days of the month cannot be expressed here'
  }
  const time = /^([01]\d|2[0-3]):([0-5]\d):00$/.exec(row.get('Time') ?? '00:00:00')
  if (!time) return 'a window opens at a full minute'
  const from = `${time[1]}:${time[2]}`
  const weekDays = row.get('WeekDays')
  if (isAny(weekDays)) return { days: null, from, to: '24:00' }
  const days = (weekDays ?? '').split(';').map((day) => (day === '0' ? 7 : Number(day)))
  if (days.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    return 'days of the week are 1 to 7, or 0 for Sunday'
  return { days: [...new Set(days)].sort((a, b) => a - b), from, to: '24:00' }
}
