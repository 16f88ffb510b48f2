/**
 * Tariffs of another system on their way into a brand, and what comes of them.
 *
 * Decks, plans and clients are called by their names; `line` is where a thing stood in what was sent.
 */
import type { DeckDifferences } from '../db/tariffs/staged-decks.ts'
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import type { CalendarDay } from '../rating/calendar.ts'
import type { PlanEntry, Rounding } from '../rating/tariff.ts'

export interface DeckToImport {
  line: number
  name: string
  currency: string
  rounding: Rounding
  /** Checked for this rounding; all that the deck is to have. */
  rates: StagedRate[]
}

export interface CalendarToImport {
  line: number
  name: string
  days: CalendarDay[]
}

export type EntryToImport = Omit<PlanEntry, 'rateDeckId'> & {
  /** Name of a deck of the same import. */
  rateDeck: string
  /** Name of a calendar of the same import, on whose days alone it is open. */
  onCalendar?: string | null
}

export interface PlanToImport {
  line: number
  name: string
  currency: string
  /** null: each client's own. */
  timeZone: string | null
  entries: EntryToImport[]
}

export interface ProfileToImport {
  line: number
  /** Id, name or SIP domain. */
  client: string
  /** Name of a plan of the same import. */
  ratingPlan: string
  activatesAt: number
}

export interface TariffImport {
  brandId: string
  /** The system that they come from. */
  source: string
  isDryRun: boolean
  /** Names of decks and plans that are written over although no import of this source made them. */
  replace: readonly string[]
  rateDecks: DeckToImport[]
  calendars: CalendarToImport[]
  ratingPlans: PlanToImport[]
  ratingProfiles: ProfileToImport[]
}

export interface TariffImportFault {
  /** null: the import as a whole. */
  line: number | null
  code: TariffImportFaultCode
  detail: string
}

/** With any of them nothing is written. */
export const tariffImportFaultCodes = [
  'repeated_name',
  'unknown_currency',
  'currency_mismatch',
  'not_imported',
  'unknown_replacement',
  'unknown_rate_deck',
  'unknown_calendar',
  'unknown_rating_plan',
  'invalid_plan',
] as const
export type TariffImportFaultCode = (typeof tariffImportFaultCodes)[number]

/** `unknown_client`, `other_plan`: the profile is not made. */
export const tariffImportWarningCodes = ['unknown_client', 'other_plan', 'rounding_changed'] as const

export interface TariffImportWarning {
  line: number
  code: (typeof tariffImportWarningCodes)[number]
  detail: string
}

interface ImportedTariff {
  name: string
  /** null: it would be made. */
  id: string | null
  outcome: 'added' | 'changed' | 'unchanged'
}

export type ImportedDeckOutcome = ImportedTariff & { rates: DeckDifferences }

export interface TariffImportOutcome {
  status: 'applied' | 'rejected' | 'dry-run'
  errors: TariffImportFault[]
  errorsTotal: number
  warnings: TariffImportWarning[]
  rateDecks: ImportedDeckOutcome[]
  calendars: ImportedTariff[]
  ratingPlans: ImportedTariff[]
  ratingProfiles: { added: number; unchanged: number }
}
