/**
 * How is an instant of a row written on the wall clock of a zone?
 *
 * An export has millions of them, so this reads PostgreSQL's text (`2026-01-02 10:00:05.25+00`, a connection in
 * UTC) by its digits and keeps the dates it has met; a test holds it equal to luxon. Throws for any other text.
 */
import { remember } from '../bounded-cache.ts'
import { dayMs, type ZoneClock, zoneClock } from '../rating/zone-clock.ts'

const startsOfDays = new Map<string, number>()
const textsOfDays = new Map<number, string>()
const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))

/** PostgreSQL's text of an instant to epoch milliseconds. */
export function readInstantText(text: string): number {
  const day = startOfUtcDay(text.slice(0, 10))
  // What is finer than a millisecond is cut: no column of ours holds it.
  const end = Math.min(text.length - 3, 23)
  const seconds = digits(text, 11) * 3600 + digits(text, 14) * 60 + digits(text, 17)
  let ms = 0
  for (let at = 20, unit = 100; at < end; at++, unit /= 10) ms += (text.charCodeAt(at) - 48) * unit
  const at = day + seconds * 1000 + ms
  if (Number.isNaN(at) || !text.endsWith('+00'))
    throw new Error(`"${text}" is not a timestamp of a connection in UTC`)
  return at
}

/** RFC 3339 with milliseconds and the zone's offset: `2026-01-02T11:00:05.250+01:00`. */
export function zonedText(text: string, timeZone: string): string {
  const at = readInstantText(text)
  const offset = zoneClock(timeZone).offsetAt(at)
  return dateTime(at + offset, 'T') + offsetText(offset)
}

/** As spreadsheets read it, to the second and without an offset: `2026-01-02 11:00:05`. */
export function wallClockText(text: string, timeZone: string): string {
  return dateTime(wallClockMs(text, zoneClock(timeZone)), ' ').slice(0, 19)
}

/** What the wall clock shows, as milliseconds since its 1970-01-01 00:00. */
export function wallClockMs(text: string, clock: ZoneClock): number {
  const at = readInstantText(text)
  return at + clock.offsetAt(at)
}

/** Milliseconds of 00:00 UTC of a day `YYYY-MM-DD`. */
export function startOfUtcDay(day: string): number {
  return startsOfDays.get(day) ?? remember(startsOfDays, day, Date.parse(`${day}T00:00:00Z`))
}

function dateTime(wallMs: number, separator: string): string {
  const day = Math.floor(wallMs / dayMs)
  const rest = wallMs - day * dayMs
  const seconds = Math.floor(rest / 1000)
  const date =
    textsOfDays.get(day) ?? remember(textsOfDays, day, new Date(day * dayMs).toISOString().slice(0, 10))
  const ms = String(rest - seconds * 1000).padStart(3, '0')
  const minutes = Math.floor(seconds / 60)
  return `${date}${separator}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${ms}`
}

/** Offsets with seconds, of the time before standard time, are cut to minutes as RFC 3339 has no seconds. */
function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60_000)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

function two(number: number): string {
  return twoDigits[number] ?? String(number)
}

function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
}
