/**
 * The rates of each window of a sheet that has a price for each time of day. Read once for every window, so that each is
 * read exactly as a sheet of its own would be. All is in memory, since a plan is written as a whole.
 */
import type { ImportFault, ImportWarning } from '../db/tariffs/imports.ts'
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rounding } from '../rating/tariff.ts'
import { dropDuplicates } from './drop-duplicates.ts'
import { mergeIntervals } from './merge-intervals.ts'
import { readRateSheet } from './read-rate-sheet.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import { windowMapping } from './sheet-windows.ts'

export interface PlanSheetOrder {
  file: string
  /** With windows. */
  mapping: SheetMapping
  currency: string
  /** Of each window's deck. */
  roundings: readonly Rounding[]
}

export interface PlanSheet {
  /** Of each window; nothing where there are faults. */
  rates: StagedRate[][]
  faults: ImportFault[]
  faultsTotal: number
  warnings: ImportWarning[]
}

/** Of all windows together. */
export const maxRatesOfPlan = 500_000
const maxFaults = 1_000
const maxWarnings = 100

export async function readPlanSheet({
  file,
  mapping,
  currency,
  roundings,
}: PlanSheetOrder): Promise<PlanSheet> {
  const sheet: PlanSheet = { rates: [], faults: [], faultsTotal: 0, warnings: [] }
  const fault = (faults: readonly ImportFault[]) => {
    sheet.faultsTotal += faults.length
    sheet.faults.push(...faults.slice(0, maxFaults - sheet.faults.length))
  }
  let count = 0
  for (const [place, window] of (mapping.windows ?? []).entries()) {
    const rounding = roundings[place] ?? { mode: 'up', decimals: 4 }
    const own = windowMapping(mapping, window)
    const rows = new Map<string, StagedRate[]>()
    for await (const lot of readRateSheet(file, rounding, { mapping: own, currency })) {
      for (const row of lot) {
        if ('faults' in row) fault(row.faults)
        else {
          addRow(rows, row.staged, fault)
          addWarnings(sheet.warnings, row.warnings)
          count += 1
        }
      }
      if (count > maxRatesOfPlan) return { ...sheet, rates: [], faults: [tooMany], faultsTotal: 1 }
    }
    if (rows.size === 0 && sheet.faultsTotal === 0) fault([noRows])
    const merged: StagedRate[] = []
    for (const ofPrefix of rows.values()) {
      const held = dropDuplicates(rowsInForce(ofPrefix), mapping.duplicates ?? 'refuse')
      const result = mergeIntervals(held, rounding)
      if ('faults' in result) fault(result.faults)
      else {
        if (!result.staged.isRemoval) merged.push(result.staged)
        addWarnings(sheet.warnings, result.warnings)
      }
    }
    sheet.rates.push(merged)
  }
  return sheet.faultsTotal > 0 ? { ...sheet, rates: [] } : sheet
}

function addRow(
  rows: Map<string, StagedRate[]>,
  staged: StagedRate,
  fault: (faults: readonly ImportFault[]) => void,
): void {
  if ((staged.effectiveAt ?? 0) > Date.now()) fault([laterDate(staged)])
  const list = rows.get(staged.prefix)
  if (list) list.push(staged)
  else rows.set(staged.prefix, [staged])
}

/** Of rows that began in the past the last, and those without a date, in the order of intervals. */
function rowsInForce(rows: readonly StagedRate[]): StagedRate[] {
  const latest = Math.max(...rows.map(({ effectiveAt = 0 }) => effectiveAt))
  return rows
    .filter(({ effectiveAt = 0 }) => effectiveAt === 0 || effectiveAt === latest)
    .sort((one, other) => one.intervalStart - other.intervalStart || one.line - other.line)
}

/** What is said of a row's codes is said once, not for each window. */
function addWarnings(warnings: ImportWarning[], added: readonly ImportWarning[]): void {
  for (const warning of added) {
    const isThere = warnings.some(({ line, code }) => line === warning.line && code === warning.code)
    if (!isThere && warnings.length < maxWarnings) warnings.push(warning)
  }
}

function laterDate({ line, effectiveAt = 0 }: StagedRate): ImportFault {
  const detail =
    'The row holds from a later instant: import it when it has come, or into each deck by itself.'
  return {
    line,
    column: 'effective_at',
    code: 'later_date',
    detail,
    value: new Date(effectiveAt).toISOString(),
  }
}

const noRows: ImportFault = {
  line: null,
  column: null,
  code: 'no_rows',
  detail: 'The file has no rows.',
  value: null,
}
const tooMany: ImportFault = {
  line: null,
  column: null,
  code: 'too_many_rates',
  detail: `The decks of a plan have at most ${maxRatesOfPlan} rates together: import each deck by itself.`,
  value: null,
}
