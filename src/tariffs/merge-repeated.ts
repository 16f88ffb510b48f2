/**
 * What comes of rows of a sheet that name one prefix at one instant? Several intervals become one rate; the same
 * interval twice is a fault, unless the mapping says which row counts.
 */
import type { ImportWarning } from '../db/tariffs/imports.ts'
import type { RateStaging, StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rounding } from '../rating/tariff.ts'
import { dropDuplicates } from './drop-duplicates.ts'
import type { ImportFaults } from './import-faults.ts'
import { mergeIntervals } from './merge-intervals.ts'
import type { Duplicates } from './sheet-mapping.ts'

/** Rows of one prefix come one after another; the last prefix of a batch may go on in the next. */
export async function mergeRepeated(
  staging: RateStaging,
  sheet: { rounding: Rounding; duplicates: Duplicates; faults: ImportFaults; warnings: ImportWarning[] },
): Promise<void> {
  let open: StagedRate[] = []
  let merged: StagedRate[] = []
  const close = async () => {
    if (open.length === 0) return
    const result = mergeIntervals(dropDuplicates(open, sheet.duplicates), sheet.rounding)
    if ('faults' in result) await sheet.faults.add(result.faults)
    else {
      merged.push(result.staged)
      sheet.warnings.push(...result.warnings)
    }
    open = []
  }
  for await (const rows of staging.streamRepeated()) {
    for (const row of rows) {
      if (open[0] && (open[0].prefix !== row.prefix || open[0].effectiveAt !== row.effectiveAt)) await close()
      open.push(row)
    }
    await staging.replace(merged)
    merged = []
  }
  await close()
  await staging.replace(merged)
}
