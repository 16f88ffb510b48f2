/**
 * The days of a calendar as lines of text: `2026-12-25` a date, `12-25` a day of each year, `easter-2` days from Easter Sunday.
 */
import type { Answer } from '../../clients/typescript/client.ts'

export type CalendarDay = Answer<'GET /v1/calendars/{id}'>['days'][number]

const two = (value: number) => String(value).padStart(2, '0')

export function writeDays(days: readonly CalendarDay[]): string {
  return days
    .map((day) => {
      if (typeof day === 'string') return day
      const { month = 0, day: ofMonth = 0, easter } = day
      if (easter !== undefined) return `easter${easter < 0 ? '' : '+'}${easter}`
      return `${two(month)}-${two(ofMonth)}`
    })
    .join('\n')
}

/** What is no day of these forms goes on as it is, for the API to name. */
export function readDays(text: string): CalendarDay[] {
  return text
    .split(/[\n,;]+/)
    .map((line) => line.trim().toLowerCase())
    .filter(Boolean)
    .map((line) => {
      const ofYear = /^(\d{1,2})-(\d{1,2})$/.exec(line)
      if (ofYear) return { month: Number(ofYear[1]), day: Number(ofYear[2]) }
      const fromEaster = /^easter\s*([+-]\s*\d{1,3})?$/.exec(line)
      if (fromEaster) return { easter: Number((fromEaster[1] ?? '0').replace(/\s/g, '')) }
      return line
    })
}
