/**
 * Calls with the price another system charged, from CSV text that comes in pieces.
 *
 * Columns in any order: `client` (id or SIP domain), `to`, `answered_at` (`read-foreign-instant.ts`), a duration with its
 * unit (`read-duration.ts`), `price` (-1: the other system did not rate it), and `call_id` if there is one. Comma,
 * semicolon or tab; a decimal comma only with semicolons. Throws `InvalidRequest` for a heading that names no such columns;
 * a bad row is told.
 */
import { InvalidRequest } from '../errors.ts'
import { Decimal, isDecimalText } from '../money.ts'
import { findSeparator, type Separator } from '../tariffs/csv-columns.ts'
import { type BrokenCsvRow, type CsvRow, CsvSplitter } from '../tariffs/split-csv.ts'
import { type DurationUnit, readDuration } from './read-duration.ts'
import { readForeignInstant } from './read-foreign-instant.ts'

export interface ChargedCall {
  line: number
  callId: string | null
  client: string
  to: string
  answeredAt: number
  durationSeconds: number
  /** null: not rated. */
  price: Decimal | null
}

export type ChargedRow = ChargedCall | { line: number; callId: string | null; fault: string }

export interface ChargedCallsOptions {
  /** RFC 3339 to milliseconds. */
  readInstant: (text: string) => number | undefined
  /** Of times without an offset; null: there are none. */
  timeZone: string | null
  /** Of a column `duration` without units; null: they have units. */
  durationUnit: DurationUnit | null
}

const needed = ['client', 'to', 'answered_at', 'price'] as const
/** Of the column `duration` the unit stands in each cell, or with the request. */
const durationColumns = {
  duration_seconds: 'seconds',
  duration_milliseconds: 'milliseconds',
  duration_ms: 'milliseconds',
  duration_nanoseconds: 'nanoseconds',
  duration_ns: 'nanoseconds',
  duration: null,
} as const satisfies Record<string, DurationUnit | null>
const durationNames = Object.keys(durationColumns) as (keyof typeof durationColumns)[]
const isDuration = (name: string): name is keyof typeof durationColumns =>
  Object.hasOwn(durationColumns, name)
/** A file's first line is no longer. */
const maxHeadingLength = 65_536

export async function* readChargedCalls(
  pieces: AsyncIterable<string>,
  options: ChargedCallsOptions,
): AsyncGenerator<ChargedRow> {
  let start = ''
  let sheet: { splitter: CsvSplitter; separator: Separator } | undefined
  let columns: string[] | undefined
  const toChargedRows = function* (rows: readonly (CsvRow | BrokenCsvRow)[]): Generator<ChargedRow> {
    for (const row of rows) {
      if ('broken' in row)
        yield { line: row.line, callId: null, fault: 'its quotes do not pair, or it is too long' }
      else if (!columns) columns = readHeading(row.cells)
      else if (row.cells.some((cell) => cell.trim() !== ''))
        yield readRow(row, { columns, separator: sheet?.separator ?? ',', ...options })
    }
  }
  for await (const piece of pieces) {
    if (!sheet) {
      start += start === '' ? piece.replace(/^\uFEFF/, '') : piece
      if (!start.includes('\n')) {
        if (start.length > maxHeadingLength) throw noHeading()
        continue
      }
      const separator = findSeparator(start.split('\n', 1)[0] ?? '')
      sheet = { splitter: new CsvSplitter(separator), separator }
      yield* toChargedRows(sheet.splitter.push(start))
    } else yield* toChargedRows(sheet.splitter.push(piece))
  }
  if (sheet) yield* toChargedRows(sheet.splitter.end())
  if (!columns) throw noHeading()
}

function noHeading(): InvalidRequest {
  return new InvalidRequest(
    `The first line names the columns ${needed.join(', ')}, one of ${durationNames.join(', ')}, and call_id if there is one.`,
  )
}

function readHeading(cells: readonly string[]): string[] {
  const columns = cells.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const faults = needed.filter((name) => !columns.includes(name)).map((name) => `has no column ${name}`)
  const durations = columns.filter(isDuration)
  if (durations.length === 0) faults.push('has no column duration_seconds')
  if (durations.length > 1) faults.push(`has several durations: ${durations.join(', ')}`)
  if (faults.length === 0) return columns
  throw new InvalidRequest(
    noHeading().message,
    faults.map((detail) => ({ pointer: '', detail })),
  )
}

function readRow(
  { line, cells }: CsvRow,
  sheet: ChargedCallsOptions & { columns: readonly string[]; separator: Separator },
): ChargedRow {
  const text = (column: string) => cells[sheet.columns.indexOf(column)]?.trim() ?? ''
  const number = (column: string) => (sheet.separator === ';' ? text(column).replace(',', '.') : text(column))
  const callId = text('call_id') || null
  const fault = (why: string) => ({ line, callId, fault: why })
  const answered = readForeignInstant(text('answered_at'), sheet)
  if ('fault' in answered) return fault(`answered_at ${answered.fault}`)
  const column = sheet.columns.find(isDuration) ?? 'duration'
  const durationSeconds = readDuration(number(column), durationColumns[column] ?? sheet.durationUnit)
  if (durationSeconds === undefined) {
    const why =
      column === 'duration' && sheet.durationUnit === null
        ? 'is not a duration with its unit, such as 85s, 1m25s or 85000ms, of up to 31 days'
        : 'is not a duration of up to 31 days'
    return fault(`${column} ${why}`)
  }
  const price = number('price')
  if (!isDecimalText(price)) return fault('price is not a decimal number')
  const theirs = new Decimal(price)
  return {
    line,
    callId,
    client: text('client'),
    to: text('to'),
    answeredAt: answered.at,
    durationSeconds,
    price: theirs.eq(notRated) ? null : theirs,
  }
}

/** What systems write for a call that they could not price. */
const notRated = -1
