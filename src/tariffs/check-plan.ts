/**
 * Is a rating plan sound, and is there something in it that its author should know?
 *
 * Faults are refused: a zone nobody knows, a window that opens when it closes, a day named twice. Warnings are
 * told: minutes of the week in which two entries of one weight are open, and minutes in which none is. Minutes
 * are those of the local wall clock; 10,080 a week.
 */
import type { InputFault } from '../errors.ts'
import type { PlanEntry } from '../rating/tariff.ts'
import { isTimeZone } from '../rating/time-zones.ts'

export interface PlanContent {
  /** null: the client's zone. */
  timeZone: string | null
  entries: readonly PlanEntry[]
}

export interface PlanWarning {
  pointer: string
  code: 'overlapping_windows' | 'coverage_gap'
  detail: string
}

const minutesOfDay = 1_440
const minutesOfWeek = 7 * minutesOfDay
const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const wallClock = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/

/** `stored`: the plan's zone so far, which it may keep. */
export function checkPlan(
  plan: PlanContent,
  stored: string | null = null,
): { faults: InputFault[]; warnings: PlanWarning[] } {
  const faults = listFaults(plan, stored)
  return {
    faults,
    warnings: faults.length > 0 ? [] : [...listOverlaps(plan.entries), ...listGaps(plan.entries)],
  }
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
  }
  return faults
}

function checkDays(days: readonly number[], fault: (detail: string) => void): void {
  if (days.length === 0) fault('Name at least one day, or null for all.')
  else if (days.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
    fault('Days are 1 (Monday) to 7.')
  else if (new Set(days).size < days.length) fault('Name each day once.')
}

/** One warning per pair, with the first minute they share. */
function listOverlaps(entries: readonly PlanEntry[]): PlanWarning[] {
  const warnings: PlanWarning[] = []
  const open = entries.map(minutesOf)
  for (const [later, entry] of entries.entries()) {
    for (let former = 0; former < later; former++) {
      if (entries[former]?.weight !== entry.weight) continue
      const minute = open[later]?.findIndex((isOpen, at) => isOpen === 1 && open[former]?.[at] === 1) ?? -1
      if (minute < 0) continue
      warnings.push({
        pointer: `/entries/${later}`,
        code: 'overlapping_windows',
        detail: `Open together with entry ${former} of the same weight ${entry.weight}, first on ${clock(minute)}.`,
      })
    }
  }
  return warnings
}

function listGaps(entries: readonly PlanEntry[]): PlanWarning[] {
  const open = new Uint8Array(minutesOfWeek)
  for (const entry of entries) {
    for (const [at, isOpen] of minutesOf(entry).entries()) if (isOpen) open[at] = 1
  }
  const warnings: PlanWarning[] = []
  for (let at = 0; at < minutesOfWeek; at++) {
    if (open[at] === 1) continue
    const next = open.indexOf(1, at)
    const end = next < 0 ? minutesOfWeek : next
    const detail = `No entry is open from ${clock(at)} to ${clock(end % minutesOfWeek)}: calls then are refused.`
    warnings.push({ pointer: '/entries', code: 'coverage_gap', detail })
    at = end
  }
  return warnings
}

function minutesOf({ days, from, to }: PlanEntry): Uint8Array {
  const open = new Uint8Array(minutesOfWeek)
  const start = minuteOf(from)
  const end = minuteOf(to) > start ? minuteOf(to) : minuteOf(to) + minutesOfDay
  for (const day of days ?? [1, 2, 3, 4, 5, 6, 7]) {
    for (let minute = start; minute < end; minute++)
      open[((day - 1) * minutesOfDay + minute) % minutesOfWeek] = 1
  }
  return open
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
}

function clock(minute: number): string {
  const time = minute % minutesOfDay
  const two = (count: number) => String(count).padStart(2, '0')
  return `${dayNames[Math.floor(minute / minutesOfDay)]} ${two(Math.floor(time / 60))}:${two(time % 60)}`
}
