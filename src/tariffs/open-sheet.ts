/**
 * What rows of cells does a file have? CSV in any of its dialects, or a workbook: told apart by their first bytes. Its
 * first rows are read at once, to find out what its columns are.
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { openWorkbook } from './read-workbook.ts'
import { findLayout, maxRowsBeforeHeader, type SheetLayout } from './sheet-layout.ts'
import type { SheetMapping } from './sheet-mapping.ts'
import { type BrokenCsvRow, type CsvRow, CsvSplitter } from './split-csv.ts'

export type RowLot = readonly (CsvRow | BrokenCsvRow)[]

export interface OpenSheet {
  format: 'csv' | 'xlsx'
  /** null: a workbook has none. */
  separator: string | null
  encoding: string | null
  /** The first rows; `lots` has them, too. */
  head: readonly CsvRow[]
  /** Undefined: the columns are not known. */
  layout: SheetLayout | undefined
  /** Other sheets of the workbook. */
  sheets: readonly string[]
  lots: AsyncIterable<RowLot>
}

export interface SheetFile {
  file: string
  mapping: SheetMapping
  /** Of the deck; null: not known. */
  currency: string | null
}

const headBytes = 65_536
const separators = [';', '\t', '|', ','] as const
/** A ZIP archive, which a workbook is. */
const zipMark = Buffer.from('PK\u0003\u0004')

/** Throws `InvalidWorkbook` for a workbook that cannot be read. */
export async function openSheet({ file, mapping, currency }: SheetFile): Promise<OpenSheet> {
  const first = await readFirstBytes(file)
  if (first.subarray(0, zipMark.length).equals(zipMark)) {
    const workbook = await openWorkbook(file, mapping)
    const { head, sheets, lots } = workbook
    const layout = findLayout(head, mapping, currency)
    return { format: 'xlsx', separator: null, encoding: null, head, layout, sheets, lots }
  }
  const encoding = mapping.encoding ?? detectEncoding(first)
  // What the sheet says of its end is not looked at: a last character may be cut in two.
  const decoded = new TextDecoder(encoding).decode(first, { stream: true })
  const text = decoded.includes('\r') && !decoded.includes('\n') ? decoded.replaceAll('\r', '\n') : decoded
  const isCrOnly = text !== decoded
  const stated = /^sep=(.)\r?\n/i.exec(text)?.[1]
  const read = (separator: string) => splitHead(text, separator, stated !== undefined)
  const fixed = mapping.separator ?? stated
  const tried = fixed === undefined ? separators : [fixed]
  const opened = (separator: string, head: CsvRow[], layout: SheetLayout | undefined): OpenSheet => ({
    format: 'csv',
    separator,
    encoding,
    head,
    layout,
    sheets: [],
    lots: splitFile(file, { separator, encoding, isCrOnly, skipsFirst: stated !== undefined }),
  })
  for (const separator of tried) {
    const head = read(separator)
    const layout = findLayout(head, mapping, currency)
    if (layout && layout.headerLine !== null && layout.faults.length === 0)
      return opened(separator, head, layout)
  }
  const separator = fixed ?? likeliestSeparator(read)
  const head = read(separator)
  return opened(separator, head, findLayout(head, mapping, currency))
}

/** By its mark, else UTF-8: what is none is refused cell by cell, unless the mapping says what it is. */
function detectEncoding(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/** The one that cuts a row of the head into the most cells, so that what is not recognised is told as it stands. */
function likeliestSeparator(read: (separator: string) => CsvRow[]): string {
  let likeliest = ','
  let max = 1
  for (const separator of separators) {
    const rows = read(separator).slice(0, maxRowsBeforeHeader)
    const cells = Math.max(0, ...rows.map((row) => row.cells.length))
    if (cells <= max) continue
    likeliest = separator
    max = cells
  }
  return likeliest
}

function splitHead(text: string, separator: string, skipsFirst: boolean): CsvRow[] {
  const splitter = new CsvSplitter(separator)
  const rows = [...splitter.push(text)]
  if (text.length < headBytes / 2) rows.push(...splitter.end())
  const whole = rows.filter((row): row is CsvRow => 'cells' in row)
  return skipsFirst ? whole.filter(({ line }) => line > 1) : whole
}

async function* splitFile(
  file: string,
  how: { separator: string; encoding: string; isCrOnly: boolean; skipsFirst: boolean },
): AsyncGenerator<RowLot, void, undefined> {
  const splitter = new CsvSplitter(how.separator)
  // The decoder drops a byte order mark, and writes U+FFFD for what is no text in the encoding.
  const decoder = new TextDecoder(how.encoding)
  const lines = how.isCrOnly ? (text: string) => text.replaceAll('\r', '\n') : (text: string) => text
  let skips = how.skipsFirst
  for await (const bytes of createReadStream(file)) {
    const rows = splitter.push(lines(decoder.decode(bytes, { stream: true })))
    if (skips && rows.length > 0) {
      rows.shift()
      skips = false
    }
    yield rows
  }
  yield splitter.push(lines(decoder.decode()))
  yield splitter.end()
}

async function readFirstBytes(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(headBytes) })
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
