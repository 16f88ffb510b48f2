/**
 * What another system's tariffs come to in Tollgate's words, and which of its rows cannot be expressed here.
 *
 * Nothing is bent to fit: a row that would price differently here is left out and named with the reason.
 */

import type { AllowancePeriod } from '../rating/allowance-period.ts'
import type { CalendarDay } from '../rating/calendar.ts'
import { checkRate } from '../rating/check-rate.ts'
import type { Rate } from '../rating/rate.ts'
import type { Rounding } from '../rating/tariff.ts'
import { canonicalRate, type RateInput } from '../tariffs/canonical-rate.ts'
import type { TableRow } from './read-table.ts'

export interface ImportedDeck {
  name: string
  currency: string
  rounding: Rounding
  /** By prefix. */
  rates: Map<string, Rate>
}

export interface ImportedCalendar {
  name: string
  days: CalendarDay[]
}

export interface ImportedEntry {
  /** Name of the deck. */
  deck: string
  weight: number
  days: number[] | null
  from: string
  to: string
  /** Name of the calendar on whose days alone it is open. */
  onCalendar?: string
}

export interface ImportedPlan {
  name: string
  currency: string
  /** null: each client's own. */
  timeZone: string | null
  entries: ImportedEntry[]
}

export interface ImportedProfile {
  /** Name, SIP domain or id of a client, as the other system has it. */
  client: string
  plan: string
  /** RFC 3339 in UTC. */
  activatesAt: string
  /** Where it stood, should there be no such client. */
  row: TableRow
}

/** Minutes, or a recurring fee alone, sold by the period. */
export interface ImportedAllowancePlan {
  name: string
  currency: string
  period: AllowancePeriod
  fee: string
  items: { name: string; prefixes: string[]; unit: 'seconds'; amount: number; weight: number }[]
  row: TableRow
}

export interface ImportedAllowance {
  /** Name, SIP domain or id of a client, as the other system has it. */
  client: string
  /** Name of the allowance plan. */
  plan: string
  row: TableRow
}

export interface ImportedFixedCost {
  name: string
  price: string
  currency: string
  row: TableRow
}

export interface UnsupportedRow {
  /** null: it stands in several rows. */
  file: string | null
  line: number | null
  why: string
  /** The row as it stands in the file. */
  text: string
}

export interface ImportedTariffs {
  decks: ImportedDeck[]
  calendars: ImportedCalendar[]
  plans: ImportedPlan[]
  profiles: ImportedProfile[]
  allowancePlans: ImportedAllowancePlan[]
  allowances: ImportedAllowance[]
  fixedCosts: ImportedFixedCost[]
  /** Rows left out, or taken without something that they say. */
  unequal: UnsupportedRow[]
  /** Files that are not there, and count as empty. */
  missing: string[]
}

export function noTariffs(): ImportedTariffs {
  return {
    ...{ decks: [], calendars: [], plans: [], profiles: [] },
    ...{ allowancePlans: [], allowances: [], fixedCosts: [] },
    ...{ unequal: [], missing: [] },
  }
}

export function unsupportedRow(row: TableRow, why: string): UnsupportedRow {
  return { file: row.file, line: row.line, why, text: row.text }
}

export function groupBy(
  rows: readonly TableRow[],
  keyOf: (row: TableRow) => string,
): Map<string, TableRow[]> {
  const groups = new Map<string, TableRow[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const list = groups.get(key)
    if (list) list.push(row)
    else groups.set(key, [row])
  }
  return groups
}

/** Puts a rate into the deck, or answers why it cannot stand there. */
export function addRate(deck: ImportedDeck, given: RateInput): string | undefined {
  const rate = canonicalRate(given)
  const fault = checkRate(rate, deck.rounding).find(({ level }) => level === 'error')
  if (fault) return fault.detail
  if (deck.rates.has(rate.prefix)) return `the prefix ${rate.prefix} stands in this deck already`
  deck.rates.set(rate.prefix, rate)
  return undefined
}

export const notAWeight = 'a weight is a number of 0 or more'

export function isWeight(text: string): boolean {
  return /^\d{1,15}(\.\d{1,15})?$/.test(text)
}

const highestWeight = 1_000_000

/** Weights decide by their order alone: fractions and large ones become their rank. */
export function wholeWeights(
  entries: readonly (Omit<ImportedEntry, 'weight'> & { weight: string })[],
): ImportedEntry[] {
  const numbers = entries.map(({ weight }) => Number(weight))
  const areFine = numbers.every(
    (weight) => Number.isInteger(weight) && weight >= 0 && weight <= highestWeight,
  )
  const ranks = [...new Set(numbers)].sort((a, b) => a - b)
  return entries.map((entry, i) => {
    const weight = numbers[i] ?? 0
    return { ...entry, weight: areFine ? weight : ranks.indexOf(weight) }
  })
}
