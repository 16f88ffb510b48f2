/**
 * A table that another system has written as CSV: rows by the names of their columns.
 *
 * Lines that begin with `#` are comments. The heading, with `#` or without, stands before the first row and names at
 * least the columns that are needed; without one the columns are those that the caller expects, in their order. Comma,
 * semicolon or tab. `NULL`, `\N` and nothing at all are null. Undefined where there is no such file.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findSeparator, type Separator } from '../tariffs/csv-columns.ts'
import { CsvSplitter } from '../tariffs/split-csv.ts'

export interface TableRow {
  file: string
  line: number
  /** As it stands, for people. */
  text: string
  /** Of the column with one of these names; null: empty or no such column. */
  get(...names: string[]): string | null
}

export interface TableFormat {
  file: string
  /** A heading names all of these, each by one of its names. */
  needed: readonly (readonly string[])[]
  /** Columns of a file without a heading, in their order. */
  columns?: (firstCells: readonly string[]) => readonly string[]
  /** What two spellings of one heading have in common. */
  keyOf?: (heading: string) => string
  /** What counts where the first line has it, whatever it has more of. */
  usualSeparator?: Separator
}

export async function readTable(folder: string, format: TableFormat): Promise<TableRow[] | undefined> {
  const { file, columns = () => [], keyOf = plain } = format
  let text: string
  try {
    text = (await readFile(join(folder, file), 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const { comments, data } = apart(text)
  const firstLine = /\S.*/.exec(data)?.[0] ?? ''
  const { usualSeparator } = format
  const separator =
    usualSeparator && firstLine.includes(usualSeparator) ? usualSeparator : findSeparator(firstLine)
  const splitter = new CsvSplitter(separator)
  const isHeading = (cells: readonly string[]) => {
    const keys = cells.map(keyOf)
    return format.needed.every((names) => names.some((name) => keys.includes(keyOf(name))))
  }
  let keys = comments
    .map((comment) => comment.split(separator))
    .find(isHeading)
    ?.map(keyOf)
  const rows: TableRow[] = []
  for (const row of [...splitter.push(data), ...splitter.end()]) {
    if ('broken' in row) throw new Error(`${file} line ${row.line}: the quotes do not pair`)
    const { cells, line } = row
    if (cells.every((cell) => cell.trim() === '')) continue
    if (!keys) {
      const isNamed = isHeading(cells)
      keys = (isNamed ? cells : columns(cells)).map(keyOf)
      if (isNamed) continue
    }
    const places = keys
    const get = (...wanted: string[]) => findCell(cells, places, wanted.map(keyOf))
    rows.push({ file, line, text: cells.join(separator), get })
  }
  return rows
}

/** Comments are blanked out, so that rows keep their lines and a quote in a comment pairs with none. */
function apart(text: string): { comments: string[]; data: string } {
  const comments: string[] = []
  let isBeforeRows = true
  const lines = text.split('\n').map((line) => {
    if (!line.startsWith('#')) {
      if (line.trim() !== '') isBeforeRows = false
      return line
    }
    if (isBeforeRows) comments.push(line)
    return ''
  })
  return { comments, data: lines.join('\n') }
}

/** `#Id`, `rate_increment` and `rateIncrement` are one name each, however written. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Of the first of the wanted columns that has something in it. */
function findCell(
  cells: readonly string[],
  keys: readonly string[],
  wanted: readonly string[],
): string | null {
  for (const key of wanted) {
    const cell = cells[keys.indexOf(key)]?.trim() ?? ''
    if (cell !== '' && cell !== 'NULL' && cell !== '\\N') return cell
  }
  return null
}
