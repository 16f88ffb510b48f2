/**
 * What rows does a CSV file of rates have? Streamed in order, whatever the size: each row is good, or its
 * faults are named. A row with nothing in it is no row.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type CsvError, parse } from 'csv-parse'
import type { ImportFault } from '../db/imports.ts'
import type { StagedRate } from '../db/staged-rates.ts'
import type { Rounding } from '../rating/tariff.ts'
import { layoutOf, type Separator, separatorOf } from './csv-columns.ts'
import { faultOf, readRateRow, type SheetRules } from './read-rate-row.ts'

export type SheetRow = { staged: StagedRate } | { faults: ImportFault[] }

/** No line of a rate sheet is longer; an open quote would otherwise read the whole file into memory. */
const maxRowBytes = 65_536

export async function* readRateSheet(
  file: string,
  rounding: Rounding,
): AsyncGenerator<SheetRow, void, undefined> {
  const separator = separatorOf(await readFirstLine(file))
  let rules: SheetRules | undefined
  for await (const { cells, line, fault } of readRows(file, separator)) {
    if (fault) yield { faults: [fault] }
    else if (rules) yield readRateRow(cells, line, rules)
    else {
      const layout = layoutOf(cells)
      if (layout.faults.length > 0) {
        yield { faults: layout.faults }
        return
      }
      rules = { columns: layout.columns, hasDecimalComma: separator === ';', rounding }
      if (!layout.hasHeader) yield readRateRow(cells, line, rules)
    }
  }
}

interface SheetCells {
  cells: readonly string[]
  line: number
  fault?: ImportFault
}

async function* readRows(file: string, separator: Separator): AsyncGenerator<SheetCells, void, undefined> {
  const broken: SheetCells[] = []
  const parser = parse({
    bom: true,
    delimiter: separator,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    skip_records_with_error: true,
    max_record_size: maxRowBytes,
    info: true,
    on_skip: (error) => {
      broken.push(brokenRow(error))
      return undefined
    },
  })
  const source = createReadStream(file)
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const { record, info } of parser) {
      yield* broken.splice(0)
      // A quoted cell may hold line ends; a row is named by the line it begins on.
      yield { cells: record, line: info.lines - countLineEnds(record) }
    }
  } catch (error) {
    if (!isCsvError(error)) throw error
    broken.push(brokenRow(error))
  }
  yield* broken
}

function countLineEnds(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count += 1
  }
  return count
}

function brokenRow(error: CsvError | undefined): SheetCells {
  const line = Number(error?.lines ?? 1)
  const detail =
    error?.code === 'CSV_MAX_RECORD_SIZE'
      ? `A row is longer than ${maxRowBytes} bytes: is a quote not closed?`
      : 'The quotes of this row do not pair: double a quote inside quotes.'
  return { cells: [], line, fault: faultOf(line, null, 'invalid_csv', detail, null) }
}

function isCsvError(error: unknown): error is CsvError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')
}

async function readFirstLine(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(maxRowBytes) })
    return (
      buffer
        .toString('utf8', 0, bytesRead)
        .split(/\r?\n/)
        .find((line) => line.trim() !== '') ?? ''
    )
  } finally {
    await handle.close()
  }
}
