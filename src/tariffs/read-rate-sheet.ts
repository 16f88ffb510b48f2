/**
 * What rows does a CSV file of rates have? Streamed in order, whatever the size: each row is good, or its
 * faults are named. A row with nothing in it is no row.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ImportFault } from '../db/tariffs/imports.ts'
import type { Rounding } from '../rating/tariff.ts'
import { layoutOf, separatorOf } from './csv-columns.ts'
import { faultOf, RateRowReader, type SheetRow } from './read-rate-row.ts'
import { type BrokenCsvRow, type CsvRow, CsvSplitter, maxRowLength } from './split-csv.ts'

/** Rows come in lots of some hundreds, as the file is read. */
export async function* readRateSheet(
  file: string,
  rounding: Rounding,
): AsyncGenerator<SheetRow[], void, undefined> {
  const separator = separatorOf(await readFirstLine(file))
  let reader: RateRowReader | undefined
  for await (const lot of splitFile(file, separator)) {
    const rows: SheetRow[] = []
    for (const row of lot) {
      if ('broken' in row) rows.push({ faults: [brokenRow(row)] })
      else if (row.cells.every((cell) => cell.trim() === '')) continue
      else if (reader) rows.push(reader.read(row))
      else {
        const layout = layoutOf(row.cells)
        if (layout.faults.length > 0) {
          yield [{ faults: layout.faults.map((fault) => ({ ...fault, line: row.line })) }]
          return
        }
        reader = new RateRowReader({ columns: layout.columns, hasDecimalComma: separator === ';', rounding })
        if (!layout.hasHeader) rows.push(reader.read(row))
      }
    }
    yield rows
  }
}

async function* splitFile(
  file: string,
  separator: string,
): AsyncGenerator<(CsvRow | BrokenCsvRow)[], void, undefined> {
  const splitter = new CsvSplitter(separator)
  // The decoder drops a byte order mark, and writes U+FFFD for what is no UTF-8.
  const decoder = new TextDecoder('utf-8')
  for await (const bytes of createReadStream(file))
    yield splitter.push(decoder.decode(bytes, { stream: true }))
  yield splitter.push(decoder.decode())
  yield splitter.end()
}

function brokenRow({ line, broken }: BrokenCsvRow): ImportFault {
  const detail =
    broken === 'too-long'
      ? `The row is longer than ${maxRowLength} characters.`
      : 'The quotes of this row do not pair: close them, and double a quote that stands between quotes.'
  return faultOf(line, null, 'invalid_csv', detail, null)
}

async function readFirstLine(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(maxRowLength) })
    const lines = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/)
    return lines.find((line) => line.trim() !== '') ?? ''
  } finally {
    await handle.close()
  }
}
