/**
 * What happens to a CSV file of rates? Read, checked, compared, and unless a row is bad or it is a dry run,
 * written as the deck's next version: one transaction, the same path for replace, merge and dry run up to the
 * writing. Memory stays flat: rows go to a temporary table in batches, and PostgreSQL compares.
 */

import { instantText } from '../db/columns.ts'
import type { Db, Tx } from '../db/connection.ts'
import {
  type ImportFault,
  type ImportOutcome,
  type ImportWarning,
  noteImportVersion,
} from '../db/tariffs/imports.ts'
import {
  getRateDeck,
  lockRateDeck,
  type NumberedRateDeck,
  publishRateDeckVersion,
} from '../db/tariffs/rate-deck-versions.ts'
import {
  applyDifferences,
  compareStagedRates,
  type LaterSummary,
  type RatesSummary,
} from '../db/tariffs/rate-differences.ts'
import { RateStaging, type StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rounding } from '../rating/tariff.ts'
import { restoreFormula } from '../spreadsheet-text.ts'
import { ImportFaults } from './import-faults.ts'
import { lintRates } from './lint-rates.ts'
import { mergeRepeated } from './merge-repeated.ts'
import { priceListMapping } from './price-list-sheet.ts'
import { hasDifference } from './publish-rates.ts'
import { readRateSheet } from './read-rate-sheet.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import { type Cost, type CostOrder, loadCost, warnBelowCost } from './warn-below-cost.ts'

export interface ImportTask {
  id: string
  rateDeckId: string
  mode: 'replace' | 'merge'
  isDryRun: boolean
  mapping: SheetMapping
  /** The sheet, and where the list of all faults goes. */
  file: string
  faultsFile: string
  maxFaultsBytes: number
  leadSeconds: number
  /** Of a carrier that is not to take more than the sheet asks; left out: nothing is compared. */
  cost?: CostOrder
}

export interface ImportResult extends ImportOutcome {
  /** Of the configuration that has the new version; null: there is none. */
  configurationVersion: number | null
}

const batchRows = 5_000
/** Said of single rows; more of them say nothing new. */
const maxRowWarnings = 100
const progressMs = 250
/** Instants of one file at which prices change later: every one is a version with its table in memory. */
const maxLaterInstants = 10

/** `db` has one connection and no short statement time limit. Throws where the import as a whole fails. */
export async function applyImport(
  db: Db,
  task: ImportTask,
  onProgress: (rowsRead: number) => void,
): Promise<ImportResult> {
  const faults = new ImportFaults(task.faultsFile, task.maxFaultsBytes)
  try {
    const cost = task.cost && (await loadCost(db, task.cost))
    return await db.transaction(async (tx) => {
      const deck = await getRateDeck(tx, task.rateDeckId)
      const result = await importSheet(tx, task, { deck, cost, faults, onProgress })
      // A dry run writes what the real run would, so that later versions are compared with those before them.
      if (task.isDryRun) throw new DryRunEnd(result)
      return result
    })
  } catch (error) {
    if (error instanceof DryRunEnd) return error.result
    throw error
  } finally {
    await faults.close()
  }
}

/** Takes back what a dry run wrote. */
class DryRunEnd extends Error {
  readonly result: ImportResult

  constructor(result: ImportResult) {
    super('the dry run has ended')
    this.result = result
  }
}

async function importSheet(
  tx: Tx,
  task: ImportTask,
  {
    deck,
    cost,
    faults,
    onProgress,
  }: {
    deck: NumberedRateDeck
    cost: Cost | undefined
    faults: ImportFaults
    onProgress: (rowsRead: number) => void
  },
): Promise<ImportResult> {
  const { rounding, currency } = deck
  const { file } = task
  const list = isEmpty(task.mapping) ? await priceListMapping(file, task.rateDeckId) : undefined
  const mapping = list ?? task.mapping
  const warnings: ImportWarning[] = []
  if (mapping.windows) await faults.add([needsPlan])
  const staging = await RateStaging.create(tx)
  const nameOf = list ? restoreFormula : undefined
  const sheet = { file, mapping, nameOf, rounding, currency, faults, warnings, onProgress }
  const { rowsRead, hasDates } = mapping.windows ? nothingRead : await stageSheet(staging, sheet)
  const now = Date.now()
  const later = hasDates ? await staging.settleInstants(now) : []
  if (later.length > maxLaterInstants) await faults.add([tooManyDates(later.length)])
  await mergeRepeated(staging, { rounding, duplicates: mapping.duplicates ?? 'refuse', faults, warnings })
  const read = { rowsRead, faults: faults.first, faultsTotal: faults.total }
  const nothing = { warnings, summary: null, configurationVersion: null }
  if (faults.total > 0) return { status: 'rejected', ...read, ...nothing }
  if (later.length > 0 && task.mode === 'replace') {
    warnings.push(...keptUntil(await staging.listKeptUntil(task.rateDeckId)))
  }
  const compared = await compareAndWrite(tx, task, { later, cost })
  return { ...read, ...compared, warnings: [...warnings, ...compared.warnings] }
}

const nothingRead = { rowsRead: 0, hasDates: false }

function isEmpty(mapping: SheetMapping): boolean {
  return Object.keys(mapping).length === 0
}

/** One version at once, and one for each later instant on top of the one before. */
async function compareAndWrite(
  tx: Tx,
  task: ImportTask,
  { later, cost }: { later: readonly number[]; cost: Cost | undefined },
): Promise<Pick<ImportResult, 'status' | 'warnings' | 'summary' | 'configurationVersion'>> {
  const deck = await lockRateDeck(tx, task.rateDeckId)
  const summary: RatesSummary = await compareStagedRates(tx, task)
  const warnings = await lintRates(tx)
  if (cost) warnings.push(...(await warnBelowCost(tx, cost, deck.rounding)))
  let { lastVersion } = deck
  let configurationVersion: number | null = null
  const write = async (isNew: boolean, notBefore?: number) => {
    // Alone, a dry run needs no more than the comparison.
    if (!isNew || (task.isDryRun && later.length === 0)) return
    lastVersion += 1
    configurationVersion = await writeVersion(tx, task, { deck, version: lastVersion, notBefore })
  }
  await write(deck.lastVersion === 0 || hasDifference(summary))
  const laterSummaries: LaterSummary[] = []
  for (const at of later) {
    const { rateDeckId } = task
    const differences = await compareStagedRates(tx, { rateDeckId, mode: 'merge', at })
    warnings.push(...(await lintRates(tx)))
    if (cost) warnings.push(...(await warnBelowCost(tx, cost, deck.rounding)))
    const { added, changed, removed } = differences
    laterSummaries.push({ effectiveAt: instantText(at), added, changed, removed })
    await write(hasDifference(differences), at)
  }
  return {
    status: task.isDryRun ? 'dry-run' : 'applied',
    warnings,
    summary: later.length === 0 ? summary : { ...summary, later: laterSummaries },
    configurationVersion: task.isDryRun ? null : configurationVersion,
  }
}

async function writeVersion(
  tx: Tx,
  task: ImportTask,
  { deck, version, notBefore }: { deck: NumberedRateDeck; version: number; notBefore: number | undefined },
): Promise<number> {
  const { rateDeckId, leadSeconds } = task
  const rates = await applyDifferences(tx, { rateDeckId, version })
  if (!(await noteImportVersion(tx, { id: task.id, version }))) {
    throw new Error(`import ${task.id} was given up while it ran`)
  }
  const published = await publishRateDeckVersion(tx, {
    rateDeckId,
    version,
    rounding: deck.rounding,
    rates,
    leadSeconds,
    ...(notBefore === undefined ? {} : { notBefore }),
  })
  return published.configurationVersion
}

/** Reads all rows into the temporary table; one batch is written while the next is read. */
async function stageSheet(
  staging: RateStaging,
  sheet: {
    file: string
    mapping: SheetMapping
    /** Where names are written otherwise than they are. */
    nameOf: ((written: string) => string) | undefined
    rounding: Rounding
    currency: string
    faults: ImportFaults
    warnings: ImportWarning[]
    onProgress: (rowsRead: number) => void
  },
): Promise<{ rowsRead: number; hasDates: boolean }> {
  let rowsRead = 0
  let lastLine = 0
  let hasDates = false
  let toldAt = Date.now()
  let batch: StagedRate[] = []
  let writing: Promise<void> = Promise.resolve()
  for await (const rows of readRateSheet(sheet.file, sheet.rounding, sheet)) {
    for (const row of rows) {
      // A row of several codes is several rates.
      const line = 'faults' in row ? (row.faults[0]?.line ?? 0) : row.staged.line
      if (line !== lastLine) rowsRead += 1
      lastLine = line
      if ('faults' in row) await sheet.faults.add(row.faults)
      else {
        if (sheet.nameOf) row.staged.destination = sheet.nameOf(row.staged.destination)
        batch.push(row.staged)
        if (row.staged.effectiveAt) hasDates = true
        sheet.warnings.push(...row.warnings.slice(0, maxRowWarnings - sheet.warnings.length))
      }
    }
    if (batch.length < batchRows) continue
    await writing
    writing = staging.add(batch)
    // Whoever awaits it hears of a failure; until then it must not count as unhandled.
    writing.catch(() => {})
    batch = []
    if (Date.now() - toldAt < progressMs) continue
    sheet.onProgress(rowsRead)
    toldAt = Date.now()
  }
  await writing
  if (batch.length > 0) await staging.add(batch)
  sheet.onProgress(rowsRead)
  if (rowsRead === 0 && sheet.faults.total === 0) await sheet.faults.add([emptyFile])
  return { rowsRead, hasDates }
}

const needsPlan: ImportFault = {
  line: null,
  column: null,
  code: 'windows_need_plan',
  detail: 'The mapping has windows, which make a plan of several decks: import the sheet as a rating plan.',
  value: null,
}

const emptyFile: ImportFault = {
  line: null,
  column: null,
  code: 'no_rows',
  detail: 'The file has no rows.',
  value: null,
}

function tooManyDates(count: number): ImportFault {
  const detail = `The sheet has ${count} later dates; ${maxLaterInstants} are taken at most: send it in parts.`
  return { line: null, column: 'effective_at', code: 'too_many_dates', detail, value: String(count) }
}

function keptUntil(rows: readonly { line: number; prefix: string; effectiveAt: number }[]): ImportWarning[] {
  const named = rows.slice(0, maxRowWarnings).map(({ line, prefix, effectiveAt }) => ({
    line,
    code: 'rate_kept_until',
    detail: `${prefix} keeps its present rate until ${instantText(effectiveAt)}.`,
  }))
  const more = rows.length - named.length
  if (more > 0) named.push({ line: 0, code: 'rate_kept_until', detail: `… and ${more} more of these.` })
  return named.map((warning) => (warning.line === 0 ? { ...warning, line: null } : warning))
}
