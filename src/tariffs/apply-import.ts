/**
 * What happens to a CSV file of rates? Read, checked, compared, and unless a row is bad or it is a dry run,
 * written as the deck's next version: one transaction, the same path for replace, merge and dry run up to the
 * writing. Memory stays flat: rows go to a temporary table in batches, and PostgreSQL compares.
 */
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
  RateStaging,
  type StagedRate,
} from '../db/tariffs/staged-rates.ts'
import type { Rounding } from '../rating/tariff.ts'
import { ImportFaults } from './import-faults.ts'
import { lintRates } from './lint-rates.ts'
import { mergeIntervals } from './merge-intervals.ts'
import { hasDifference } from './publish-rates.ts'
import { readRateSheet } from './read-rate-sheet.ts'

export interface ImportTask {
  id: string
  rateDeckId: string
  mode: 'replace' | 'merge'
  isDryRun: boolean
  /** The CSV, and where the list of all faults goes. */
  file: string
  faultsFile: string
  maxFaultsBytes: number
  leadSeconds: number
}

export interface ImportResult extends ImportOutcome {
  /** Of the configuration that has the new version; null: there is none. */
  configurationVersion: number | null
}

const batchRows = 5_000
/** Said of single rows; more of them say nothing new. */
const maxRowWarnings = 100
const progressMs = 250

/** `db` has one connection and no short statement time limit. Throws where the import as a whole fails. */
export async function applyImport(
  db: Db,
  task: ImportTask,
  tellProgress: (rowsRead: number) => void,
): Promise<ImportResult> {
  const faults = new ImportFaults(task.faultsFile, task.maxFaultsBytes)
  try {
    return await db.transaction(async (tx) => {
      const { rounding } = await getRateDeck(tx, task.rateDeckId)
      const warnings: ImportWarning[] = []
      const staging = await RateStaging.create(tx)
      const rowsRead = await stageSheet(staging, {
        file: task.file,
        rounding,
        faults,
        warnings,
        tellProgress,
      })
      await mergeRepeated(staging, { rounding, faults, warnings })
      const read = { rowsRead, faults: faults.first, faultsTotal: faults.total }
      const nothing = { warnings, summary: null, configurationVersion: null }
      if (faults.total > 0) return { status: 'rejected' as const, ...read, ...nothing }
      const compared = await compareAndWrite(tx, task)
      return { ...read, ...compared, warnings: [...warnings, ...compared.warnings] }
    })
  } finally {
    await faults.close()
  }
}

async function compareAndWrite(
  tx: Tx,
  task: ImportTask,
): Promise<Pick<ImportResult, 'status' | 'warnings' | 'summary' | 'configurationVersion'>> {
  const deck = await lockRateDeck(tx, task.rateDeckId)
  const summary = await compareStagedRates(tx, task)
  const warnings = await lintRates(tx)
  if (task.isDryRun) return { status: 'dry-run', warnings, summary, configurationVersion: null }
  const isNew = deck.lastVersion === 0 || hasDifference(summary)
  const configurationVersion = isNew ? await writeVersion(tx, task, deck) : null
  return { status: 'applied', warnings, summary, configurationVersion }
}

async function writeVersion(tx: Tx, task: ImportTask, deck: NumberedRateDeck): Promise<number> {
  const { rateDeckId, leadSeconds } = task
  const version = deck.lastVersion + 1
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
  })
  return published.configurationVersion
}

/** Reads all rows into the temporary table; one batch is written while the next is read. */
async function stageSheet(
  staging: RateStaging,
  sheet: {
    file: string
    rounding: Rounding
    faults: ImportFaults
    warnings: ImportWarning[]
    tellProgress: (rowsRead: number) => void
  },
): Promise<number> {
  let rowsRead = 0
  let toldAt = Date.now()
  let batch: StagedRate[] = []
  let writing: Promise<void> = Promise.resolve()
  for await (const rows of readRateSheet(sheet.file, sheet.rounding)) {
    rowsRead += rows.length
    for (const row of rows) {
      if ('faults' in row) await sheet.faults.add(row.faults)
      else {
        batch.push(row.staged)
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
    sheet.tellProgress(rowsRead)
    toldAt = Date.now()
  }
  await writing
  if (batch.length > 0) await staging.add(batch)
  sheet.tellProgress(rowsRead)
  if (rowsRead === 0) await sheet.faults.add([emptyFile])
  return rowsRead
}

const emptyFile: ImportFault = {
  line: null,
  column: null,
  code: 'no_rows',
  detail: 'The file has no rows.',
  value: null,
}

/** Rows of one prefix come one after another; the last prefix of a batch may go on in the next. */
async function mergeRepeated(
  staging: RateStaging,
  sheet: { rounding: Rounding; faults: ImportFaults; warnings: ImportWarning[] },
): Promise<void> {
  let open: StagedRate[] = []
  let merged: StagedRate[] = []
  const close = async () => {
    if (open.length === 0) return
    const result = mergeIntervals(open, sheet.rounding)
    if ('faults' in result) await sheet.faults.add(result.faults)
    else {
      merged.push(result.staged)
      sheet.warnings.push(...result.warnings)
    }
    open = []
  }
  for await (const rows of staging.streamRepeated()) {
    for (const row of rows) {
      if (open[0] && open[0].prefix !== row.prefix) await close()
      open.push(row)
    }
    await staging.replace(merged)
    merged = []
  }
  await close()
  await staging.replace(merged)
}
