/**
 * What rows does a sheet of an XLSX workbook have? As CSV would have them: text stays text, numbers are written with the
 * digits a spreadsheet shows, dates as ISO 8601. hucre reads them, row by row.
 */
import { readFile, stat } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import { readXlsx, streamXlsxRows } from 'hucre/xlsx'
import { TollgateError } from '../errors.ts'
import { Decimal } from '../money.ts'
import { maxRowsBeforeHeader } from './sheet-layout.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import type { CsvRow } from './split-csv.ts'

export interface Workbook {
  head: readonly CsvRow[]
  sheets: readonly string[]
  lots: AsyncIterable<readonly CsvRow[]>
}

/** The file cannot be read as a workbook; said of the file, not of a row. */
export class InvalidWorkbook extends TollgateError {
  constructor(detail: string, options?: ErrorOptions) {
    super({ code: 'invalid_workbook', status: 400, detail }, options)
  }
}

export const maxWorkbookBytes = 64 * 1024 ** 2
/** Unpacked. Texts that cells share are held in memory as a whole, a sheet is read as it is unpacked. */
const maxSharedBytes = 64 * 1024 ** 2
const maxUnpackedBytes = 2 * 1024 ** 3
const rowsOfLot = 500
/** As many as a binary fraction has for certain, and a spreadsheet shows. */
const digitsOfNumber = 15
/** The finest amount there is. */
const maxDecimals = 10

export async function openWorkbook(file: string, mapping: SheetMapping): Promise<Workbook> {
  if ((await stat(file)).size > maxWorkbookBytes) {
    throw new InvalidWorkbook('A workbook has at most 64 MiB: save larger sheets as CSV.')
  }
  const bytes = await readFile(file)
  checkSizes(bytes)
  const sheets = await listSheets(bytes)
  const sheet = findSheet(sheets, mapping.sheet)
  const mark = mapping.decimalMark ?? '.'
  const head: CsvRow[] = []
  await guarded(async () => {
    for await (const row of streamXlsxRows(bytes, { sheet, maxRows: maxRowsBeforeHeader })) {
      head.push({ line: row.index + 1, cells: row.values.map((value) => cellText(value, mark)) })
    }
  })
  return { head, sheets, lots: readLots(bytes, sheet, mark) }
}

async function* readLots(
  bytes: Uint8Array,
  sheet: number,
  mark: '.' | ',',
): AsyncGenerator<CsvRow[], void, undefined> {
  const rows = streamXlsxRows(bytes, { sheet })
  for (;;) {
    const lot: CsvRow[] = []
    const isDone = await guarded(async () => {
      while (lot.length < rowsOfLot) {
        const { value: row, done } = await rows.next()
        if (done) return true
        lot.push({ line: row.index + 1, cells: row.values.map((value) => cellText(value, mark)) })
      }
      return false
    })
    yield lot
    if (isDone) return
  }
}

function cellText(value: string | number | boolean | Date | null, mark: '.' | ','): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value, mark)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  // Readers differ in the last milliseconds of a time of day, which a spreadsheet keeps as a fraction.
  const text = new Date(Math.round(value.getTime() / 1000) * 1000).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
}

/** `7.0000000000000007E-2` is 0.07. With the mark that the mapping states, so that numbers and texts are read alike. */
function numberText(value: number, mark: '.' | ','): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value)
  if (!Number.isFinite(value)) return String(value)
  const text = new Decimal(value.toPrecision(digitsOfNumber)).toDecimalPlaces(maxDecimals).toFixed()
  return mark === ',' ? text.replace('.', ',') : text
}

/** From the archive's list of its files, before any is unpacked. */
function checkSizes(bytes: Uint8Array): void {
  let total = 0
  let shared = 0
  try {
    unzipSync(bytes, {
      filter({ name, originalSize }) {
        total += originalSize
        if (name.endsWith('sharedStrings.xml')) shared += originalSize
        return false
      },
    })
  } catch (error) {
    throw new InvalidWorkbook('The file begins as a workbook and is broken: save it again.', { cause: error })
  }
  if (total > maxUnpackedBytes || shared > maxSharedBytes) {
    throw new InvalidWorkbook('The workbook is too large when unpacked: save the sheet as CSV.')
  }
}

async function listSheets(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = []
  await guarded(() =>
    readXlsx(bytes, {
      sheets({ name }) {
        names.push(name)
        return false
      },
    }),
  )
  return names
}

function findSheet(sheets: readonly string[], wanted: string | number | undefined): number {
  const place = typeof wanted === 'string' ? sheets.indexOf(wanted) : (wanted ?? 1) - 1
  if (place >= 0 && place < sheets.length) return place
  throw new InvalidWorkbook(
    `The workbook has no sheet ${wanted ?? 1}: there are ${sheets.join(', ') || 'none'}.`,
  )
}

async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InvalidWorkbook) throw error
    throw new InvalidWorkbook('The file begins as a workbook and cannot be read: save it again as .xlsx.', {
      cause: error,
    })
  }
}
