/**
 * Calls with the price another system charged, from CSV text that comes in pieces.
 *
 * Columns in any order: `client` (id or SIP domain), `to`, `answered_at` (RFC 3339, or a local time with its
 * offset), `duration_seconds`, `price`, and `call_id` if there is one. Comma, semicolon or tab; a decimal comma
 * only with semicolons. Throws `InvalidRequest` for a heading that names no such columns; a bad row is told.
 */
import { InvalidRequest } from '../errors.ts'
import { Decimal, isDecimalText } from '../money.ts'
import { type Separator, separatorOf } from '../tariffs/csv-columns.ts'
import { type BrokenCsvRow, type CsvRow, CsvSplitter } from '../tariffs/split-csv.ts'

export interface ChargedCall {
  line: number
  callId: string | null
  client: string
  to: string
  answeredAt: number
  durationSeconds: number
  price: Decimal
}

export type ChargedRow = ChargedCall | { line: number; callId: string | null; fault: string }

const needed = ['client', 'to', 'answered_at', 'duration_seconds', 'price'] as const
/** With its offset: a local time without one would be read in the zone of this machine. */
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i
const maxCallSeconds = 2_678_400
/** A file's first line is no longer. */
const maxHeadingLength = 65_536

export async function* readChargedCalls(
  pieces: AsyncIterable<string>,
  readInstant: (text: string) => number | undefined,
): AsyncGenerator<ChargedRow> {
  let start = ''
  let sheet: { splitter: CsvSplitter; separator: Separator } | undefined
  let columns: string[] | undefined
  const rowsOf = function* (rows: readonly (CsvRow | BrokenCsvRow)[]): Generator<ChargedRow> {
    for (const row of rows) {
      if ('broken' in row)
        yield { line: row.line, callId: null, fault: 'its quotes do not pair, or it is too long' }
      else if (!columns) columns = readHeading(row.cells)
      else if (row.cells.some((cell) => cell.trim() !== ''))
        yield readRow(row, { columns, separator: sheet?.separator ?? ',', readInstant })
    }
  }
  for await (const piece of pieces) {
    if (!sheet) {
      start += start === '' ? piece.replace(/^\uFEFF/, '') : piece
      if (!start.includes('\n')) {
        if (start.length > maxHeadingLength) throw noHeading()
        continue
      }
      const separator = separatorOf(start.split('\n', 1)[0] ?? '')
      sheet = { splitter: new CsvSplitter(separator), separator }
      yield* rowsOf(sheet.splitter.push(start))
    } else yield* rowsOf(sheet.splitter.push(piece))
  }
  if (sheet) yield* rowsOf(sheet.splitter.end())
  if (!columns) throw noHeading()
}

function noHeading(): InvalidRequest {
  return new InvalidRequest(
    `The first line names the columns ${needed.join(', ')}, and call_id if there is one.`,
  )
}

function readHeading(cells: readonly string[]): string[] {
  const columns = cells.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const missing = needed.filter((name) => !columns.includes(name))
  if (missing.length === 0) return columns
  throw new InvalidRequest(
    noHeading().message,
    missing.map((name) => ({ pointer: '', detail: `has no column ${name}` })),
  )
}

function readRow(
  { line, cells }: CsvRow,
  sheet: {
    columns: readonly string[]
    separator: Separator
    readInstant: (text: string) => number | undefined
  },
): ChargedRow {
  const text = (column: string) => cells[sheet.columns.indexOf(column)]?.trim() ?? ''
  const callId = text('call_id') || null
  const answered = text('answered_at').replace(' ', 'T')
  const answeredAt = instantForm.test(answered) ? sheet.readInstant(answered) : undefined
  const duration = text('duration_seconds')
  const price = sheet.separator === ';' ? text('price').replace(',', '.') : text('price')
  const fault = (why: string) => ({ line, callId, fault: why })
  if (answeredAt === undefined)
    return fault('answered_at is not a valid RFC 3339 timestamp such as 2026-01-02T10:00:05Z')
  if (!/^\d{1,7}$/.test(duration) || Number(duration) > maxCallSeconds) {
    return fault('duration_seconds is not a whole number up to 2678400')
  }
  if (!isDecimalText(price)) return fault('price is not a decimal number')
  return {
    line,
    callId,
    client: text('client'),
    to: text('to'),
    answeredAt,
    durationSeconds: Number(duration),
    price: new Decimal(price),
  }
}
