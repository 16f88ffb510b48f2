/**
 * Is a rating plan sound, and is there something in it that its author should know?
 *
 * Faults are refused: a zone nobody knows, a window that opens when it closes, a day named twice. Warnings are
 * told: minutes of the week in which two entries of one weight are open for the same callers, minutes in which none
 * is, and minutes in which none is for a caller that is not known. Minutes are those of the local wall clock;
 * 10,080 a week. Where entries ask a calendar, a week of its days is looked at beside a week of other days.
 */
import type { InputFault } from '../errors.ts'
import { anyPrefix, normalizePrefix } from '../rating/prefix.ts'
import type { PlanEntry } from '../rating/tariff.ts'
import { isTimeZone } from '../rating/time-zones.ts'

export interface PlanContent {
  /** null: the client's zone. */
  timeZone: string | null
  entries: readonly PlanEntry[]
}

export interface PlanWarning {
  pointer: string
  code: 'overlapping_windows' | 'coverage_gap' | 'origin_gap'
  detail: string
}

const minutesOfDay = 1_440
const minutesOfWeek = 7 * minutesOfDay
const neverOpen = new Uint8Array(minutesOfWeek)
const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const wallClock = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/

/** `stored`: the plan's zone so far, which it may keep. */
export function checkPlan(
  plan: PlanContent,
  stored: string | null = null,
): { faults: InputFault[]; warnings: PlanWarning[] } {
  const faults = listFaults(plan, stored)
  return { faults, warnings: faults.length > 0 ? [] : listWarnings(plan.entries) }
}

/** Overlaps once a pair, though they may be open together on several kinds of days. */
function listWarnings(entries: readonly PlanEntry[]): PlanWarning[] {
  const overlaps = new Map<string, PlanWarning>()
  const gaps: PlanWarning[] = []
  for (const kind of kindsOfDays(entries)) {
    const isAsked = ({ calendar }: PlanEntry) =>
      !calendar || (calendar.mode === 'on') === (calendar.calendarId === kind.calendarId)
    const open = entries.map((entry) => (isAsked(entry) ? openMinutes(entry) : neverOpen))
    for (const [pair, warning] of listOverlaps(entries, open))
      if (!overlaps.has(pair)) overlaps.set(pair, warning)
    gaps.push(...listGaps(entries, open, kind.words))
  }
  return [...overlaps.values(), ...gaps]
}

/** Days on no calendar, then the days of each calendar that the plan asks. */
function kindsOfDays(entries: readonly PlanEntry[]): { calendarId: string | null; words: string }[] {
  const calendarIds = new Set(entries.flatMap(({ calendar }) => (calendar ? [calendar.calendarId] : [])))
  return [
    { calendarId: null, words: '' },
    ...[...calendarIds].map((calendarId) => ({
      calendarId,
      words: ` on days of the calendar ${calendarId}`,
    })),
  ]
}

function listFaults({ timeZone, entries }: PlanContent, stored: string | null): InputFault[] {
  const faults: InputFault[] = []
  if (timeZone !== null && timeZone !== stored && !isTimeZone(timeZone)) {
    faults.push({
      pointer: '/timeZone',
      detail: `"${timeZone}" is not an IANA time zone such as "Europe/Madrid".`,
    })
  }
  for (const [place, entry] of entries.entries()) {
    const fault = (field: string, detail: string) =>
      faults.push({ pointer: `/entries/${place}/${field}`, detail })
    if (!Number.isInteger(entry.weight) || entry.weight < 0 || entry.weight > 1_000_000) {
      fault('weight', 'The weight is a whole number from 0 to 1,000,000.')
    }
    if (!wallClock.test(entry.from) || entry.from === '24:00')
      fault('from', 'Write "HH:MM" from 00:00 to 23:59.')
    else if (!wallClock.test(entry.to)) fault('to', 'Write "HH:MM" from 00:00 to 24:00.')
    else if (entry.from === entry.to || (entry.from === '00:00' && entry.to === '00:00')) {
      fault('to', 'The window closes when it opens: for a whole day write "00:00" to "24:00".')
    }
    if (entry.days !== null) checkDays(entry.days, (detail) => fault('days', detail))
    if (entry.originPrefixes) checkOrigins(entry.originPrefixes, fault)
  }
  return faults
}

function checkDays(days: readonly number[], fault: (detail: string) => void): void {
  if (days.length === 0) fault('Name at least one day, or null for all.')
  else if (days.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    fault('Days are 1 (Monday) to 7.')
  else if (new Set(days).size < days.length) fault('Name each day once.')
}

function checkOrigins(prefixes: readonly string[], fault: (field: string, detail: string) => void): void {
  if (prefixes.length === 0) {
    fault('originPrefixes', "Name at least one prefix of callers' numbers, or null for every caller.")
  }
  for (const [place, prefix] of prefixes.entries()) {
    const digits = normalizePrefix(prefix)
    if (digits === undefined || digits === anyPrefix) {
      fault(
        `originPrefixes/${place}`,
        'A prefix is 1 to 18 digits; null instead of the list is every caller.',
      )
    }
  }
}

/** One warning per pair, with the first minute they share. */
function listOverlaps(entries: readonly PlanEntry[], open: readonly Uint8Array[]): Map<string, PlanWarning> {
  const warnings = new Map<string, PlanWarning>()
  for (const [later, entry] of entries.entries()) {
    for (let former = 0; former < later; former++) {
      const other = entries[former]
      if (other?.weight !== entry.weight || !haveSameOrigin(other, entry)) continue
      const minute = open[later]?.findIndex((isOpen, at) => isOpen === 1 && open[former]?.[at] === 1) ?? -1
      if (minute < 0) continue
      warnings.set(`${former} ${later}`, {
        pointer: `/entries/${later}`,
        code: 'overlapping_windows',
        detail: `Open together with entry ${former} of the same weight ${entry.weight}, first on ${clock(minute)}.`,
      })
    }
  }
  return warnings
}

/** A longer origin goes before a shorter one, whatever the weights. */
function haveSameOrigin(one: PlanEntry, other: PlanEntry): boolean {
  if (!one.originPrefixes || !other.originPrefixes) return one.originPrefixes === other.originPrefixes
  const digits = new Set(one.originPrefixes.map(normalizePrefix))
  return other.originPrefixes.some((prefix) => digits.has(normalizePrefix(prefix)))
}

/** Who has a rate in a minute. */
const nobody = 0
const someOrigins = 1
const everybody = 2

function listGaps(
  entries: readonly PlanEntry[],
  open: readonly Uint8Array[],
  whichDays: string,
): PlanWarning[] {
  const served = new Uint8Array(minutesOfWeek)
  for (const [place, entry] of entries.entries()) {
    const callers = entry.originPrefixes ? someOrigins : everybody
    for (const [at, isOpen] of (open[place] ?? neverOpen).entries()) {
      if (isOpen) served[at] = Math.max(served[at] ?? nobody, callers)
    }
  }
  const warnings: PlanWarning[] = []
  for (let at = 0; at < minutesOfWeek; ) {
    const callers = served[at]
    const start = at
    while (at < minutesOfWeek && served[at] === callers) at++
    if (callers === everybody) continue
    const [code, who, whose] =
      callers === nobody
        ? (['coverage_gap', 'No entry', 'calls then'] as const)
        : ([
            'origin_gap',
            'No entry without originPrefixes',
            'calls of callers that begin with none',
          ] as const)
    const detail = `${who} is open from ${clock(start)} to ${clock(at % minutesOfWeek)}${whichDays}: ${whose} are refused.`
    warnings.push({ pointer: '/entries', code, detail })
  }
  return warnings
}

function openMinutes({ days, from, to }: PlanEntry): Uint8Array {
  const open = new Uint8Array(minutesOfWeek)
  const start = readMinute(from)
  const end = readMinute(to) > start ? readMinute(to) : readMinute(to) + minutesOfDay
  for (const day of days ?? [1, 2, 3, 4, 5, 6, 7]) {
    for (let minute = start; minute < end; minute++)
      open[((day - 1) * minutesOfDay + minute) % minutesOfWeek] = 1
  }
  return open
}

function readMinute(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
}

function clock(minute: number): string {
  const time = minute % minutesOfDay
  const two = (count: number) => String(count).padStart(2, '0')
  return `${dayNames[Math.floor(minute / minutesOfDay)]} ${two(Math.floor(time / 60))}:${two(time % 60)}`
}
