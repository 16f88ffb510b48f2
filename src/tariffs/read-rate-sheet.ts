/**
 * What rates does a sheet have, CSV or workbook? Streamed in order, whatever the size: each row is good, or its faults
 * are named. A row with nothing in it is no row.
 */
import type { ImportFault } from '../db/tariffs/imports.ts'
import type { Rounding } from '../rating/tariff.ts'
import { type OpenSheet, openSheet, type RowLot } from './open-sheet.ts'
import { RateRowReader, type SheetRow } from './read-rate-row.ts'
import { makeFault } from './sheet-faults.ts'
import { headerNotRecognised } from './sheet-layout.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import { type BrokenCsvRow, type CsvRow, maxRowLength } from './split-csv.ts'
import { InvalidWorkbook } from './workbook/invalid-workbook.ts'

/** Rows come in lots of some hundreds, as the file is read; a row of several codes is several. */
export async function* readRateSheet(
  file: string,
  rounding: Rounding,
  { mapping = {}, currency = null }: { mapping?: SheetMapping; currency?: string | null } = {},
): AsyncGenerator<SheetRow[], void, undefined> {
  let sheet: OpenSheet
  try {
    sheet = await openSheet({ file, mapping, currency })
    yield* readRows(sheet, { rounding, mapping, currency })
  } catch (error) {
    if (!(error instanceof InvalidWorkbook)) throw error
    yield [{ faults: [{ line: null, column: null, code: error.code, detail: error.message, value: null }] }]
  }
}

async function* readRows(
  sheet: OpenSheet,
  rules: { rounding: Rounding; mapping: SheetMapping; currency: string | null },
): AsyncGenerator<SheetRow[], void, undefined> {
  const { layout, head, separator, lots } = sheet
  const isEmpty = head.every(({ cells }) => cells.every((cell) => cell.trim() === ''))
  if (!layout || layout.faults.length > 0) {
    if (!layout && isEmpty) return
    yield [{ faults: [...(layout?.faults ?? [headerNotRecognised(head, rules.mapping)])] }]
    return
  }
  const reader = new RateRowReader({ ...rules, layout, mayHaveCommas: separator === ';' })
  const headerLine = layout.headerLine ?? 0
  for await (const lot of withoutTrailer(lots, rules.mapping.skipTrailer ?? 0)) {
    const rows: SheetRow[] = []
    for (const row of lot) {
      if (row.line <= headerLine) continue
      if ('broken' in row) rows.push({ faults: [brokenRow(row)] })
      else for (const read of reader.read(row)) rows.push(read)
    }
    yield rows
  }
}

/** All rows that have something in them but the last ones. */
async function* withoutTrailer(
  lots: AsyncIterable<RowLot>,
  count: number,
): AsyncGenerator<RowLot, void, undefined> {
  let held: (CsvRow | BrokenCsvRow)[] = []
  for await (const lot of lots) {
    const filled = lot.filter((row) => 'broken' in row || row.cells.some((cell) => cell.trim() !== ''))
    if (count === 0) yield filled
    else {
      const rows = [...held, ...filled]
      held = rows.slice(-count)
      yield rows.slice(0, -count)
    }
  }
}

function brokenRow({ line, broken }: BrokenCsvRow): ImportFault {
  const detail =
    broken === 'too-long'
      ? `The row is longer than ${maxRowLength} characters.`
      : 'The quotes of this row do not pair: close them, and double a quote that stands between quotes.'
  return makeFault(line, null, 'invalid_csv', detail, null)
}
