/**
 * A table that another system has written as CSV: rows by the names of their columns.
 *
 * The first line names the columns, with or without `#` before it; a file without such a line has the columns that
 * the caller expects. Comma, semicolon or tab. `NULL`, `\N` and nothing at all are null. Undefined where there is
 * no such file.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { separatorOf } from '../tariffs/csv-columns.ts'
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
  /** Columns of a file without a heading, in their order. */
  columns?: readonly string[]
  /** A heading has one of these words. */
  headingWords: readonly string[]
}

export async function readTable(folder: string, format: TableFormat): Promise<TableRow[] | undefined> {
  const { file, columns = [], headingWords } = format
  let text: string
  try {
    text = (await readFile(join(folder, file), 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const separator = separatorOf(text.split('\n', 1)[0] ?? '')
  const splitter = new CsvSplitter(separator)
  const lines = [...splitter.push(text), ...splitter.end()]
  const words = headingWords.map(plain)
  let names: readonly string[] = columns.map(plain)
  const rows: TableRow[] = []
  for (const [place, row] of lines.entries()) {
    if ('broken' in row) throw new Error(`${file} line ${row.line}: the quotes do not pair`)
    const { cells, line } = row
    if (cells.every((cell) => cell.trim() === '')) continue
    const isHeading = cells.some((cell) => words.includes(plain(cell)))
    if (place === 0 && isHeading) names = cells.map(plain)
    if ((place === 0 && isHeading) || cells[0]?.startsWith('#')) continue
    rows.push({ file, line, text: cells.join(separator), get: (...wanted) => cellOf(cells, names, wanted) })
  }
  return rows
}

/** `#Id`, `rate_increment` and `rateIncrement` are one name each, however written. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Of the first of the wanted columns that has something in it. */
function cellOf(
  cells: readonly string[],
  names: readonly string[],
  wanted: readonly string[],
): string | null {
  for (const name of wanted) {
    const cell = cells[names.indexOf(plain(name))]?.trim() ?? ''
    if (cell !== '' && cell !== 'NULL' && cell !== '\\N') return cell
  }
  return null
}
