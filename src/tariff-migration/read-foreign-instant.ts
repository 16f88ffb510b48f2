/**
 * Instants as databases and billing systems write them, to milliseconds.
 *
 * A day and a time with `T` or a blank between, then its offset: `Z`, `UTC`, `+00`, `+0000` or `+00:00`. Or the seconds
 * since 1970, or the milliseconds, told apart by their digits (9 to 10, 12 to 13). A time without offset is local to the
 * zone that the caller names, and never to that of this machine; one that a change of the clock skips or has twice is a
 * fault, since an hour more or less may be another price.
 */
import { DateTime } from 'luxon'

const form =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i
const epoch = /^(?:(\d{9,10})(?:\.(\d{1,9}))?|(\d{12,13})(?:\.\d{1,9})?)$/

export type ForeignInstant = { at: number } | { fault: string }

const notAnInstant =
  'is not an instant such as 2026-01-02T10:00:05Z, 2026-01-02 10:00:05+00 or 1767348005 (seconds or milliseconds)'

/** `timeZone` null: a time has its offset. `readInstant`: RFC 3339 to milliseconds, undefined where there is no such day. */
export function readForeignInstant(
  text: string,
  { timeZone, readInstant }: { timeZone: string | null; readInstant: (text: string) => number | undefined },
): ForeignInstant {
  const since1970 = epoch.exec(text)
  if (since1970) {
    const [, seconds, fraction = '', milliseconds] = since1970
    return { at: Number(milliseconds ?? `${seconds}${fraction.slice(0, 3).padEnd(3, '0')}`) }
  }
  const [, day, time, offset] = form.exec(text) ?? []
  if (day === undefined || time === undefined) return { fault: notAnInstant }
  if (offset === undefined && timeZone !== null) return localInstant(`${day}T${time}`, timeZone)
  if (offset === undefined) {
    return { fault: 'has no offset: write one such as Z or +01:00, or say the zone by timeZone=' }
  }
  const at = readInstant(`${day}T${time}${rfcOffset(offset)}`)
  return at === undefined ? { fault: notAnInstant } : { at }
}

function rfcOffset(offset: string): string {
  if (/^[zug]/i.test(offset)) return 'Z'
  return `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`
}

function localInstant(local: string, timeZone: string): ForeignInstant {
  const read = DateTime.fromISO(local, { zone: timeZone })
  if (!read.isValid || local.includes('T24')) return { fault: notAnInstant }
  if (!read.toISO({ includeOffset: false })?.startsWith(local.slice(0, 16))) {
    return { fault: `is skipped by the clocks of ${timeZone}` }
  }
  if (read.getPossibleOffsets().length > 1) {
    return { fault: `stands twice on the clocks of ${timeZone} that night: write it with its offset` }
  }
  return { at: read.toMillis() }
}
