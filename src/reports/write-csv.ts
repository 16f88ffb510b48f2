/**
 * How does a report become CSV? RFC 4180, a header row, UTF-8, comma, CRLF; nulls are empty.
 *
 * Two flavours. `raw` holds every value as it is, for programs; instants carry their offset. `spreadsheet` is for
 * eyes: a byte order mark, instants a spreadsheet understands, and free text that it would run as a formula gets an
 * apostrophe in front. Numbers such as `+34600111222` and amounts such as `-0.50` are never touched: programs that
 * defuse every cell beginning with `+` or `-` ruin both. In languages with a decimal comma it has that, and semicolons.
 *
 * Written by hand instead of by csv-stringify 6.9: per value that costs several times the reading of the row.
 */
import { type CsvFlavour, spreadsheetCell } from '../spreadsheet-text.ts'
import { wallClockText, zonedText } from './local-time.ts'
import { plainDecimal } from './plain-decimal.ts'
import { type Batches, type Column, placeOfTimeZone, type Row, type Value } from './report.ts'

type WriteCell = (value: Exclude<Value, null>, timeZone: string) => string

export async function* writeCsv(
  columns: readonly Column[],
  batches: Batches,
  flavour: CsvFlavour,
  /** Of the spreadsheet flavour: whose decimal mark and separator; BCP 47. */
  locale = 'en',
): AsyncGenerator<string, void, undefined> {
  const hasComma = flavour === 'spreadsheet' && hasDecimalComma(locale)
  const separator = hasComma ? ';' : ','
  const cells = columns.map((column) => cellOf(column, flavour, hasComma))
  const zonePlace = placeOfTimeZone(columns)
  const header = columns.map(({ name }) => quoted(name)).join(separator)
  yield `${flavour === 'spreadsheet' ? '\ufeff' : ''}${header}\r\n`
  for await (const rows of batches) {
    let text = ''
    for (const row of rows) text += `${lineOf(row, cells, { zonePlace, separator })}\r\n`
    yield text
  }
}

function lineOf(
  row: Row,
  cells: readonly WriteCell[],
  { zonePlace, separator }: { zonePlace: number; separator: string },
): string {
  const timeZone = zonePlace < 0 ? 'UTC' : String(row[zonePlace] ?? 'UTC')
  let line = ''
  for (let place = 0; place < cells.length; place++) {
    const value = row[place]
    if (place > 0) line += separator
    if (value !== null && value !== undefined) line += cells[place]?.(value, timeZone)
  }
  return line
}

/** A spreadsheet of such a language takes 0.125 for text, or a thousandfold, and splits at semicolons. */
function hasDecimalComma(locale: string): boolean {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5)
  return parts.some(({ type, value }) => type === 'decimal' && value === ',')
}

function cellOf({ kind }: Column, flavour: CsvFlavour, hasComma: boolean): WriteCell {
  switch (kind) {
    case 'amount':
    case 'decimal':
      return hasComma
        ? (value) => plainDecimal(String(value)).replace('.', ',')
        : (value) => plainDecimal(String(value))
    case 'instant':
      return flavour === 'raw'
        ? (value, timeZone) => zonedText(String(value), timeZone)
        : (value, timeZone) => wallClockText(String(value), timeZone)
    case 'text':
    case 'object':
      return flavour === 'raw' ? (value) => quoted(String(value)) : (value) => spreadsheetCell(String(value))
    default:
      return String
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
