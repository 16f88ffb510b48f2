/**
 * What rows does a sheet of an XLSX workbook have? As CSV would have them, see `workbook/cell-texts.ts`, and row by row
 * as the archive is unpacked.
 */
import { stat } from 'node:fs/promises'
import { maxRowsBeforeHeader } from './sheet-layout.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import type { CsvRow } from './split-csv.ts'
import { CellTexts } from './workbook/cell-texts.ts'
import { InvalidWorkbook } from './workbook/invalid-workbook.ts'
import { Archive } from './workbook/open-archive.ts'
import { readItems } from './workbook/read-items.ts'
import { readSharedTexts } from './workbook/shared-texts.ts'
import { SheetRowReader } from './workbook/sheet-rows.ts'
import { readWorkbookParts, type WorkbookParts } from './workbook/workbook-parts.ts'

export interface Workbook {
  head: readonly CsvRow[]
  sheets: readonly string[]
  lots: AsyncIterable<readonly CsvRow[]>
}

export const maxWorkbookBytes = 64 * 1024 ** 2

export async function openWorkbook(file: string, mapping: SheetMapping): Promise<Workbook> {
  if ((await stat(file)).size > maxWorkbookBytes) {
    throw new InvalidWorkbook('A workbook has at most 64 MiB: save larger sheets as CSV.')
  }
  const head: CsvRow[] = []
  try {
    const { sheets, part, texts } = await readStart(file, mapping)
    for await (const rows of streamRows(file, part, texts)) {
      head.push(...rows.slice(0, maxRowsBeforeHeader - head.length))
      if (head.length === maxRowsBeforeHeader) break
    }
    return { head, sheets, lots: streamRows(file, part, texts) }
  } catch (error) {
    throw readFault(error)
  }
}

/** Everything but the rows. */
async function readStart(
  file: string,
  mapping: SheetMapping,
): Promise<{ sheets: string[]; part: string; texts: CellTexts }> {
  const archive = await Archive.open(file)
  try {
    const parts = await readWorkbookParts(archive)
    const { part } = findSheet(parts.sheets, mapping.sheet)
    const sharedTexts =
      parts.sharedTexts === null ? [] : await readSharedTexts(archive.streamText(parts.sharedTexts, 'held'))
    const texts = new CellTexts({ ...parts, sharedTexts, decimalMark: mapping.decimalMark ?? '.' })
    return { sheets: parts.sheets.map(({ name }) => name), part, texts }
  } finally {
    archive.close()
  }
}

async function* streamRows(
  file: string,
  part: string,
  texts: CellTexts,
): AsyncGenerator<CsvRow[], void, undefined> {
  try {
    const archive = await Archive.open(file)
    try {
      yield* readItems(archive.streamText(part, 'passing'), new SheetRowReader(texts))
    } finally {
      archive.close()
    }
  } catch (error) {
    throw readFault(error)
  }
}

function findSheet(
  sheets: WorkbookParts['sheets'],
  wanted: string | number = 1,
): WorkbookParts['sheets'][number] {
  const sheet = typeof wanted === 'string' ? sheets.find(({ name }) => name === wanted) : sheets[wanted - 1]
  if (sheet) return sheet
  const names = sheets.map(({ name }) => name)
  throw new InvalidWorkbook(`The workbook has no sheet ${wanted}: there are ${names.join(', ') || 'none'}.`)
}

/** What the disk fails at is no fault of the workbook. */
function readFault(error: unknown): unknown {
  if (error instanceof InvalidWorkbook || (error instanceof Error && 'syscall' in error)) return error
  return new InvalidWorkbook('The file begins as a workbook and cannot be read: save it again as .xlsx.', {
    cause: error,
  })
}
