/**
 * How would a sheet be read, and what is doubtful about it? For whoever makes a mapping: what was found, a mapping that
 * says it in words, and the first rows as an import would take them. What cannot be known is a doubt, never a guess.
 */
import { open } from 'node:fs/promises'
import { DateTime } from 'luxon'
import type { ImportFault } from '../db/tariffs/imports.ts'
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rounding } from '../rating/tariff.ts'
import { mappedColumns, type SheetColumn } from './csv-columns.ts'
import { type OpenSheet, openSheet } from './open-sheet.ts'
import { readRateSheet } from './read-rate-sheet.ts'
import { headerNotRecognised, type SheetLayout } from './sheet-layout.ts'
import type { MappedColumn, SheetMapping } from './sheet-mapping.ts'
import { type SheetWindow, windowMapping } from './sheet-windows.ts'
import type { CsvRow } from './split-csv.ts'
import { InvalidWorkbook } from './workbook/invalid-workbook.ts'

export interface InspectedSheet {
  separator: string | null
  encoding: string | null
  headerLine: number | null
  columns: { position: number; heading: string; column: string | null; sample: string }[]
  mapping: SheetMapping
  doubts: Doubt[]
  rows: InspectedRow[]
}

export interface Doubt {
  line: number | null
  column: string | null
  code: string
  detail: string
}

export type InspectedRow =
  | {
      line: number
      prefix: string
      destination: string
      terms: object
      effectiveAt: number | null
      isRemoved: boolean
    }
  | { line: number | null; errors: ImportFault[] }

const maxRows = 20
const maxSampled = 64 * 1024
const dateFormats = [
  'd/M/yyyy',
  'M/d/yyyy',
  'd.M.yyyy',
  'd-M-yyyy',
  'M-d-yyyy',
  'yyyy/M/d',
  'yyyyMMdd',
  'd-MMM-yyyy',
  'd MMM yyyy',
  'MMM d, yyyy',
]

export interface InspectOrder {
  file: string
  /** What is stated already. */
  mapping?: SheetMapping
  rounding: Rounding
  currency: string | null
}

export async function inspectSheet({
  file,
  mapping = {},
  rounding,
  currency,
}: InspectOrder): Promise<InspectedSheet> {
  const [window] = mapping.windows ?? []
  if (window) return inspectWindow({ file, mapping, rounding, currency }, window)
  const doubts: Doubt[] = []
  const stated = { ...(await guessEncoding(file, mapping, doubts)), ...mapping }
  let sheet: OpenSheet
  try {
    sheet = await openSheet({ file, mapping: stated, currency })
  } catch (error) {
    if (!(error instanceof InvalidWorkbook)) throw error
    doubts.push({ line: null, column: null, code: error.code, detail: error.message })
    return { separator: null, encoding: null, headerLine: null, columns: [], mapping, doubts, rows: [] }
  }
  const { layout, head, separator, encoding } = sheet
  const found = { ...stated, ...describe(sheet), ...suggestIgnored(layout, stated, doubts) }
  if (layout) Object.assign(found, suggestFormats(layout, head, found, doubts))
  else doubts.push(headerNotRecognised(head, stated))
  return {
    separator,
    encoding,
    headerLine: layout?.headerLine ?? null,
    columns: describeColumns(sheet),
    mapping: found,
    doubts: doubts.map(({ line, column, code, detail }) => ({ line, column, code, detail })),
    rows: layout ? await readFirstRows({ file, mapping: found, rounding, currency }) : [],
  }
}

/** The other windows are read alike, from their columns. */
async function inspectWindow(order: InspectOrder, window: SheetWindow): Promise<InspectedSheet> {
  const { mapping = {} } = order
  const found = await inspectSheet({ ...order, mapping: windowMapping(mapping, window) })
  const detail = `The mapping has windows, which make a rating plan: the rows are those of "${window.name}".`
  return {
    ...found,
    mapping: { ...found.mapping, ...mapping },
    doubts: [{ line: null, column: null, code: 'windows_need_plan', detail }, ...found.doubts],
  }
}

/** Bytes that are no UTF-8 are most often of Windows; both that and UTF-16 without its mark are said to be a doubt. */
async function guessEncoding(file: string, mapping: SheetMapping, doubts: Doubt[]): Promise<SheetMapping> {
  if (mapping.encoding !== undefined) return {}
  const bytes = await readFirst(file)
  if (bytes.subarray(0, 2).toString('latin1') === 'PK' || (bytes[0] ?? 0) >= 0xfe) return {}
  const doubt = (encoding: string): SheetMapping => {
    const detail = `The file is not UTF-8; read as ${encoding}: look at the letters of its names.`
    doubts.push({ line: null, column: null, code: 'encoding_assumed', detail })
    return { encoding }
  }
  const zeros = bytes.filter((byte) => byte === 0).length
  if (zeros > bytes.length / 4) return doubt(bytes[0] === 0 ? 'utf-16be' : 'utf-16le')
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return {}
  } catch {
    return doubt('windows-1252')
  }
}

async function readFirst(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(maxSampled) })
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** What was found, in a mapping's words. */
function describe({ format, separator, encoding, layout, sheets }: OpenSheet): SheetMapping {
  const found: SheetMapping = {}
  if (format === 'csv' && separator !== null) found.separator = separator
  if (encoding !== null) found.encoding = encoding
  if (format === 'xlsx' && sheets[0] !== undefined && sheets.length > 1) found.sheet = sheets[0]
  if (!layout) return found
  const names = new Map(Object.entries(mappedColumns).map(([name, column]) => [column, name]))
  const columns = Object.entries(layout.places).map(([column, places]): [string, MappedColumn] => {
    const references = places.map((place) => referenceTo(place, layout))
    const [only] = references
    return [
      names.get(column as SheetColumn) ?? column,
      references.length === 1 && only !== undefined ? only : references,
    ]
  })
  return { ...found, headerLine: layout.headerLine, columns: Object.fromEntries(columns) }
}

function referenceTo(place: number, { headings }: SheetLayout): string | number {
  const heading = headings[place] ?? ''
  const isClear = heading !== '' && headings.filter((other) => other === heading).length === 1
  return isClear ? heading : place + 1
}

function suggestIgnored(
  layout: SheetLayout | undefined,
  mapping: SheetMapping,
  doubts: Doubt[],
): SheetMapping {
  if (!layout) return {}
  doubts.push(...layout.faults)
  const unknown = layout.faults
    .filter(({ code }) => code === 'unknown_column')
    .map(({ column }) => column ?? '')
  if (unknown.length === 0 || mapping.ignoreColumns === true) return {}
  return { ignoreColumns: [...(mapping.ignoreColumns || []), ...unknown] }
}

function suggestFormats(
  layout: SheetLayout,
  head: readonly CsvRow[],
  mapping: SheetMapping,
  doubts: Doubt[],
): SheetMapping {
  const listCells = (column: SheetColumn) =>
    head
      .filter(({ line }) => line > (layout.headerLine ?? 0))
      .map(({ cells }) => (layout.places[column] ?? []).map((place) => cells[place]?.trim() ?? '').join(''))
      .filter((cell) => cell !== '')
  const found: SheetMapping = {}
  const amounts = listCells('rate')
  if (mapping.decimalMark === undefined && amounts.some((cell) => cell.includes(','))) {
    if (amounts.some((cell) => cell.includes('.'))) {
      const detail =
        'Prices have commas and dots: state which is the decimal mark, and which that of thousands.'
      doubts.push({ line: null, column: 'rate', code: 'ambiguous_number', detail })
    } else {
      found.decimalMark = ','
      if (amounts.every((cell) => !cell.includes(',') || /\d,\d{3}$/.test(cell))) {
        const detail = 'Commas stand before three digits each: they were taken for decimal marks.'
        doubts.push({ line: null, column: 'rate', code: 'decimal_mark_assumed', detail })
      }
    }
  }
  const dates = listCells('effective_at').filter((cell) => !/^\d{4}-\d{2}-\d{2}/.test(cell))
  if (mapping.dateFormat === undefined && dates.length > 0) {
    const fitting = dateFormats.filter((format) =>
      dates.every((date) => DateTime.fromFormat(date, format, { zone: 'utc', locale: 'en' }).isValid),
    )
    const [only] = fitting
    if (fitting.length === 1 && only !== undefined) found.dateFormat = only
    else {
      const detail = `Dates such as ${dates[0]} may be written as ${fitting.join(' or ') || 'nothing known'}: state dateFormat.`
      doubts.push({ line: null, column: 'effectiveAt', code: 'ambiguous_date', detail })
    }
  }
  return found
}

function describeColumns({ head, layout }: OpenSheet): InspectedSheet['columns'] {
  const headerLine = layout?.headerLine ?? null
  const header = head.find(({ line }) => line === headerLine)
  const first = head.find(
    ({ line, cells }) => line > (headerLine ?? 0) && cells.some((cell) => cell.trim() !== ''),
  )
  const names = new Map(Object.entries(mappedColumns).map(([name, column]) => [column, name]))
  const count = Math.min(200, Math.max(header?.cells.length ?? 0, first?.cells.length ?? 0))
  return Array.from({ length: count }, (_, place) => {
    const column = layout?.columns[place]
    return {
      position: place + 1,
      heading: (header?.cells[place] ?? '').trim().slice(0, 255),
      column: column === undefined ? null : (names.get(column) ?? column),
      sample: (first?.cells[place] ?? '').trim().slice(0, 100),
    }
  })
}

async function readFirstRows(order: Required<InspectOrder>): Promise<InspectedRow[]> {
  const rows: InspectedRow[] = []
  for await (const lot of readRateSheet(order.file, order.rounding, order)) {
    for (const row of lot) {
      if (rows.length === maxRows) return rows
      rows.push(
        'faults' in row ? { line: row.faults[0]?.line ?? null, errors: row.faults } : show(row.staged),
      )
    }
  }
  return rows
}

function show({ line, prefix, destination, terms, effectiveAt = 0, isRemoval }: StagedRate): InspectedRow {
  return {
    line,
    prefix,
    destination,
    terms: JSON.parse(terms),
    effectiveAt: effectiveAt === 0 ? null : effectiveAt,
    isRemoved: isRemoval ?? false,
  }
}
