/**
 * Which time windows of a plan are open at an instant, since when, and when does that change next?
 *
 * Windows follow the wall clock of one zone: in the hour that a spring change leaves out they never open, in
 * the hour that autumn repeats they are open twice. A window whose `from` is later than its `to` ends on the
 * next day and belongs to the day it began on. Inside, local time is epoch milliseconds plus the zone's offset.
 */
import type { IsOnCalendar } from './calendar.ts'
import { compileCalendar } from './calendar.ts'
import type { EntryCalendar, PlanEntry } from './tariff.ts'
import type { ZoneClock } from './zone-clock.ts'
import { dayMs } from './zone-clock.ts'

export interface CompiledWindow {
  /** Open on all days around the clock. */
  readonly isAlwaysOpen: boolean
  /** Bit 0 is Monday. */
  readonly days: number
  /** Also asked of the date it begins on; null: every date. */
  readonly isOnDate: IsOnCalendar | null
  readonly fromMs: number
  readonly toMs: number
}

export interface PlanWindows {
  readonly windows: readonly CompiledWindow[]
  /** Times of day at which any window may open, close or begin anew; ascending, empty: nothing ever changes. */
  readonly boundaries: readonly number[]
}

/** Begin of a window that is closed. */
export const closed = Number.NaN

const everyDay = 0b111_1111

/** The windows of a plan's entries, in their order. */
export function compileWindows(entries: readonly Pick<PlanEntry, 'days' | 'from' | 'to'>[]): PlanWindows {
  const windows = entries.map(compileWindow)
  const times = windows.filter((one) => !one.isAlwaysOpen).flatMap((one) => [one.fromMs, one.toMs % dayMs])
  return { windows, boundaries: [...new Set(times)].sort((a, b) => a - b) }
}

function compileWindow(entry: Pick<PlanEntry, 'days' | 'from' | 'to' | 'calendar'>): CompiledWindow {
  const days = entry.days === null ? everyDay : entry.days.reduce((bits, day) => bits | (1 << (day - 1)), 0)
  const fromMs = timeOfDay(entry.from)
  const toMs = timeOfDay(entry.to)
  const isOnDate = entry.calendar ? compileDates(entry.calendar) : null
  const isAlwaysOpen = days === everyDay && fromMs === 0 && toMs === dayMs && isOnDate === null
  return { isAlwaysOpen, days, isOnDate, fromMs, toMs }
}

function compileDates({ mode, days }: EntryCalendar): IsOnCalendar {
  const isOn = compileCalendar(days)
  return mode === 'on' ? isOn : (date) => !isOn(date)
}

/**
 * Local time at which the window that is open now began: −∞ for one that is always open, `closed` (NaN) where
 * none is. Only to be compared with other begins in the same zone.
 */
export function windowBegin(window: CompiledWindow, localMs: number): number {
  if (window.isAlwaysOpen) return Number.NEGATIVE_INFINITY
  const day = Math.floor(localMs / dayMs)
  const time = localMs - day * dayMs
  if (window.fromMs < window.toMs) {
    const isOpen = time >= window.fromMs && time < window.toMs && isOnDay(window, day)
    return isOpen ? day * dayMs + window.fromMs : closed
  }
  if (time >= window.fromMs && isOnDay(window, day)) return day * dayMs + window.fromMs
  return time < window.toMs && isOnDay(window, day - 1) ? (day - 1) * dayMs + window.fromMs : closed
}

/** The first instant after `at` at which any window may open, close or begin anew; ∞: never. */
export function nextWindowChange(plan: PlanWindows, clock: ZoneClock, at: number): number {
  const first = plan.boundaries[0]
  if (first === undefined) return Number.POSITIVE_INFINITY
  const localMs = at + clock.offsetAt(at)
  const midnight = Math.floor(localMs / dayMs) * dayMs
  const time = localMs - midnight
  const next = at + ((plan.boundaries.find((boundary) => boundary > time) ?? first + dayMs) - time)
  // A clock change on the way may skip the boundary or reach it early: look again there.
  return clock.findChange(at, next) ?? next
}

function isOnDay(window: CompiledWindow, day: number): boolean {
  // Day 0, 1 January 1970, was a Thursday.
  const weekday = (((day + 3) % 7) + 7) % 7
  return (window.days & (1 << weekday)) !== 0 && (window.isOnDate?.(day) ?? true)
}

function timeOfDay(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000
}
