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
import { type CsvMarks, type CsvStyle, csvMarks, spreadsheetCell } from '../spreadsheet-text.ts'
import { wallClockText, zonedText } from './local-time.ts'
import { plainDecimal } from './plain-decimal.ts'
import { type Batches, type Column, placeOfTimeZone, type Row, type Value } from './report.ts'

type WriteCell = (value: Exclude<Value, null>, timeZone: string) => string

export async function* writeCsv(
  columns: readonly Column[],
  batches: Batches,
  style: CsvStyle,
): AsyncGenerator<string, void, undefined> {
  const marks = csvMarks(style)
  const { separator } = marks
  const cells = columns.map((column) => chooseWriter(column, style, marks))
  const zonePlace = placeOfTimeZone(columns)
  const header = columns.map(({ name }) => quoted(name)).join(separator)
  yield `${marks.start}${header}\r\n`
  for await (const rows of batches) {
    let text = ''
    for (const row of rows) text += `${writeLine(row, cells, { zonePlace, separator })}\r\n`
    yield text
  }
}

function writeLine(
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

function chooseWriter({ kind }: Column, { flavour }: CsvStyle, { decimalMark }: CsvMarks): WriteCell {
  switch (kind) {
    case 'amount':
    case 'decimal':
      return decimalMark === '.'
        ? (value) => plainDecimal(String(value))
        : (value) => plainDecimal(String(value)).replace('.', decimalMark)
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
