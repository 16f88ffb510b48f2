/**
 * What does a guard against toll fraud ask, and which legs does it ask it of?
 *
 * Conditions are joined by *and*; null asks nothing. Each limit is of its own window, which slides: an hour is the last
 * 3,600 s. Amounts are in the guard's currency, its brand's. Pure.
 */
import type { Decimal } from '../money.ts'
import { type CompiledWindow, windowBegin } from '../rating/windows.ts'
import { zoneClock } from '../rating/zone-clock.ts'

export const guardActions = ['alert', 'deny', 'deny-and-hang-up'] as const
export type GuardAction = (typeof guardActions)[number]

/** In the order in which they are told. */
export const guardLimits = [
  'spendPerHour',
  'spendPerDay',
  'callsPerMinute',
  'runningCalls',
  'distinctNumbersPerHour',
  'newCountries',
] as const
export type GuardLimit = (typeof guardLimits)[number]

/** Those that are set, one at least. */
export interface GuardLimits {
  spendPerHour?: Decimal
  /** Of 24 hours. */
  spendPerDay?: Decimal
  callsPerMinute?: number
  runningCalls?: number
  distinctNumbersPerHour?: number
  /** Decides alone what becomes of a leg to a new country, whatever the guard's action. */
  newCountries?: 'alert' | 'deny'
}

export interface SpendGuard {
  id: string
  name: string
  /** null: always. */
  when: { window: CompiledWindow; timeZone: string | null } | null
  /** Leading digits of E.164 without `+`; null: every number. */
  prefixes: readonly string[] | null
  highRisk: true | null
  limits: GuardLimits
  action: GuardAction
  currency: string
  email: string | null
  createdAt: number
}

/** The enabled guards of a brand. */
export interface BrandGuards {
  /** For each client singly; the oldest first. */
  ofAll: readonly SpendGuard[]
  /** For one client, by its id; the oldest first. */
  ofClient: ReadonlyMap<string, readonly SpendGuard[]>
  /** Until when a guard lets a client's legs pass, by `liftKey`. */
  lifts: ReadonlyMap<string, number>
}

export const noGuards: BrandGuards = { ofAll: [], ofClient: new Map(), lifts: new Map() }

export function liftKey(guardId: string, clientId: string): string {
  return `${guardId} ${clientId}`
}

/** All that hold for a client, the oldest first. */
export function guardsOfClient(guards: BrandGuards, clientId: string): readonly SpendGuard[] {
  const own = guards.ofClient.get(clientId)
  if (!own) return guards.ofAll
  return [...guards.ofAll, ...own].sort(
    (one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1),
  )
}

/** What of a leg a guard asks about. */
export interface GuardedNumber {
  /** Digits of E.164 without `+`. */
  to: string
  isHighRisk: boolean
}

export function guardsNumber(guard: SpendGuard, { to, isHighRisk }: GuardedNumber): boolean {
  if (guard.highRisk && !isHighRisk) return false
  return guard.prefixes === null || guard.prefixes.some((prefix) => to.startsWith(prefix))
}

/** `timeZone`: the client's, for guards that name none. */
export function guardsInstant({ when }: SpendGuard, at: number, timeZone: string): boolean {
  if (when === null) return true
  const clock = zoneClock(when.timeZone ?? timeZone)
  return !Number.isNaN(windowBegin(when.window, at + clock.offsetAt(at)))
}

/** Text that is the same for guards that count the same legs. */
export function conditionsOf({ when, prefixes, highRisk }: SpendGuard): string {
  return JSON.stringify({ when, prefixes, highRisk })
}

/** The names of those that are set. */
export function limitsOf({ limits }: SpendGuard): GuardLimit[] {
  return guardLimits.filter((limit) => limits[limit] !== undefined)
}

const severity: Readonly<Record<GuardAction, number>> = { alert: 0, deny: 1, 'deny-and-hang-up': 2 }

export function isSeverer(one: GuardAction, other: GuardAction): boolean {
  return severity[one] > severity[other]
}
