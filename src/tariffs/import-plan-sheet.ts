/**
 * How does a sheet with prices for several times of day become a plan and its decks? Read in a thread, then written as an
 * import of tariffs, in one transaction or not at all.
 */
import type { Readable } from 'node:stream'
import type { ImportFault, ImportWarning } from '../db/tariffs/imports.ts'
import type { Tenant } from '../db/tenant.ts'
import type { Rounding } from '../rating/tariff.ts'
import { checkPlan } from './check-plan.ts'
import { toEntryCalendar } from './entry-calendar.ts'
import type { Importer } from './import-rates.ts'
import { importTariffs } from './import-tariffs.ts'
import type { PlanSheet } from './read-plan-sheet.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import type { SheetWindow } from './sheet-windows.ts'
import type { TariffImport, TariffImportOutcome } from './tariff-import.ts'

export interface PlanSheetImport {
  brandId: string
  /** Of the plan. */
  name: string
  currency: string
  /** null: each client's own. */
  timeZone: string | null
  /** Of decks that are made. */
  rounding: Rounding
  isDryRun: boolean
  replace: readonly string[]
  /** Of those decks of these names that are there, which keep theirs. */
  findRoundings(names: readonly string[]): Promise<ReadonlyMap<string, Rounding>>
  /** With windows; asked once the file is there. */
  mapping(): Promise<SheetMapping>
}

export interface PlanImportOutcome {
  status: TariffImportOutcome['status']
  errors: ImportFault[]
  errorsTotal: number
  warnings: ImportWarning[]
  /** null: nothing is made. */
  ratingPlan: TariffImportOutcome['ratingPlans'][number] | null
  rateDecks: TariffImportOutcome['rateDecks']
}

/** What made these decks and plans; a newer sheet may write over them. */
const source = 'sheet'

/** Throws `QuotaReached`, `NotFound` for the brand, and what refuses the sheet as a whole. */
export async function importPlanSheet(
  importer: Importer,
  tenant: Tenant,
  order: PlanSheetImport,
  file: Readable,
): Promise<PlanImportOutcome> {
  let windows: readonly SheetWindow[] = []
  let roundings: Rounding[] = []
  const sheet = await importer.readPlan(
    order.brandId,
    async () => {
      const mapping = await order.mapping()
      windows = mapping.windows ?? []
      const names = windows.map((window) => deckName(order.name, window))
      const known = await order.findRoundings(names)
      roundings = names.map((name) => known.get(name) ?? order.rounding)
      return { mapping, currency: order.currency, roundings }
    },
    file,
  )
  const { warnings } = sheet
  if (sheet.faultsTotal > 0) return rejected(sheet.faults, sheet.faultsTotal, warnings)
  const tariffs = buildTariffs(order, sheet, { windows, roundings })
  const outcome = await importer.onOwnConnection((context) => importTariffs(context, tenant, tariffs))
  if (outcome.status === 'rejected') {
    const faults = outcome.errors.map(({ code, detail }) => ({
      line: null,
      column: null,
      code,
      detail,
      value: null,
    }))
    return rejected(faults, outcome.errorsTotal, warnings)
  }
  const [ratingPlan = null] = outcome.ratingPlans
  return {
    status: outcome.status,
    errors: [],
    errorsTotal: 0,
    warnings: [
      ...warnings,
      ...outcome.warnings.map((one) => ({ ...one, line: null })),
      ...planWarnings(tariffs),
    ],
    ratingPlan,
    rateDecks: outcome.rateDecks,
  }
}

function buildTariffs(
  { brandId, name, currency, timeZone, isDryRun, replace }: PlanSheetImport,
  { rates }: PlanSheet,
  { windows, roundings }: { windows: readonly SheetWindow[]; roundings: readonly Rounding[] },
): TariffImport {
  const rateDecks = windows.map((window, place) => ({
    line: place,
    name: deckName(name, window),
    currency,
    rounding: roundings[place] ?? { mode: 'up' as const, decimals: 4 },
    rates: rates[place] ?? [],
  }))
  const entries = windows.map((window) => ({
    rateDeck: deckName(name, window),
    weight: window.weight ?? 0,
    days: window.days ?? null,
    from: window.from ?? '00:00',
    to: window.to ?? '24:00',
    originPrefixes: window.originPrefixes ?? null,
    calendar: toEntryCalendar(window),
  }))
  const plan = { line: windows.length, name, currency, timeZone, entries }
  return {
    brandId,
    source,
    isDryRun,
    replace,
    rateDecks,
    calendars: [],
    ratingPlans: [plan],
    ratingProfiles: [],
  }
}

/** Hours in which two decks of one weight are open, or none. */
function planWarnings({ ratingPlans }: TariffImport): ImportWarning[] {
  return ratingPlans.flatMap(({ timeZone, entries }) => {
    const ofDecks = entries.map(({ rateDeck, ...entry }) => ({ ...entry, rateDeckId: rateDeck }))
    return checkPlan({ timeZone, entries: ofDecks }).warnings.map(({ code, detail }) => ({
      line: null,
      code,
      detail,
    }))
  })
}

export function deckName(ratingPlan: string, window: SheetWindow): string {
  return `${ratingPlan} ${window.name}`
}

function rejected(errors: ImportFault[], errorsTotal: number, warnings: ImportWarning[]): PlanImportOutcome {
  return { status: 'rejected', errors, errorsTotal, warnings, ratingPlan: null, rateDecks: [] }
}
