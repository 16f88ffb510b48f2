/**
 * How is a rate sheet to be read whose headings do not say it all? What the user states of one carrier's sheets, kept
 * under a name or sent along with a file. Whatever is left out is as in a sheet without a mapping.
 */
import { DateTime, IANAZone } from 'luxon'
import { type InputFault, InvalidRequest } from '../errors.ts'
import { mappedColumns, type SheetColumn } from './csv-columns.ts'

/** A heading, a position from 1, or several of them that are joined. */
export type ColumnReference = string | number
export type MappedColumn = ColumnReference | readonly ColumnReference[]

/** Rows whose cell in this column has one of these values; blanks around and the case of letters do not count. */
export interface RowCondition {
  column: ColumnReference
  in: readonly string[]
}

export interface SheetMapping {
  /** Of a workbook: its name, or its position from 1. The first where left out. */
  sheet?: string | number
  /** null or 0: the sheet has no header, and columns are positions. Left out: the first line that has the headings. */
  headerLine?: number | null
  separator?: string
  encoding?: string
  decimalMark?: '.' | ','
  thousandsMark?: '.' | ',' | ' ' | "'"
  /** Luxon tokens. ISO 8601 is read in any case. */
  dateFormat?: string
  /** Of dates and local times; UTC where left out. */
  timeZone?: string
  columns?: Readonly<Record<string, MappedColumn>>
  /** Where no column says it, or its cell is empty. */
  constants?: Readonly<Record<string, string | number | boolean>>
  unit?: 'minute' | 'second' | 'call'
  /** Multiplies every amount of the file. */
  scale?: string
  /** Taken off the front of a code that begins so, before `prepend` is put there. */
  strip?: string
  prepend?: string
  /** All of them must hold. */
  onlyRows?: readonly RowCondition[]
  /** Codes of rows for which one of them holds leave the deck. */
  removeWhere?: readonly RowCondition[]
  duplicates?: Duplicates
  ignoreColumns?: boolean | readonly ColumnReference[]
  /** How many rows at the end are none. */
  skipTrailer?: number
}

export type Duplicates = 'refuse' | 'identical' | 'last' | 'dearest'

export const sheetEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-2',
  'iso-8859-15',
  'macintosh',
] as const

/** What a schema cannot say of a mapping. Throws `InvalidRequest`; `at` points to where the mapping stands. */
export function checkMapping(mapping: SheetMapping, at = ''): void {
  const faults: InputFault[] = []
  const fault = (place: string, detail: string) => faults.push({ pointer: `${at}/${place}`, detail })
  const {
    columns = {},
    constants = {},
    headerLine,
    decimalMark,
    thousandsMark,
    dateFormat,
    timeZone,
  } = mapping

  for (const name of Object.keys(columns)) {
    if (!Object.hasOwn(mappedColumns, name)) fault(`columns/${name}`, unknownName)
    else if (Object.hasOwn(constants, name) && name === 'prefix')
      fault('constants/prefix', 'is also a column')
  }
  for (const name of Object.keys(constants)) {
    if (!Object.hasOwn(mappedColumns, name)) fault(`constants/${name}`, unknownName)
    else if (['prefix', 'prefixTo'].includes(name)) fault(`constants/${name}`, 'must be a column')
  }
  if (headerLine === null || headerLine === 0) {
    for (const [place, references] of listReferences(mapping)) {
      if (references.some((reference) => typeof reference === 'string')) {
        fault(place, 'must be a position: the sheet has no header')
      }
    }
    if (columns.prefix === undefined) fault('columns', 'must have prefix: the sheet has no header')
    if (columns.rate === undefined && constants.rate === undefined) {
      fault('columns', 'must have rate: the sheet has no header')
    }
  }
  if (decimalMark !== undefined && decimalMark === thousandsMark) {
    fault('thousandsMark', 'must differ from decimalMark')
  }
  if (timeZone !== undefined && !IANAZone.isValidZone(timeZone)) {
    fault('timeZone', 'is not a time zone that the service knows')
  }
  if (dateFormat !== undefined && !isDateFormat(dateFormat)) {
    fault('dateFormat', 'must be Luxon tokens that give year, month and day, such as dd/MM/yyyy')
  }
  const saysPer = columns.perSeconds !== undefined || constants.perSeconds !== undefined
  if (mapping.unit !== undefined && saysPer) fault('unit', 'says the same as perSeconds: give one of them')
  if (faults.length > 0) throw new InvalidRequest('The mapping cannot be used.', faults)
}

const unknownName = `must be one of ${Object.keys(mappedColumns).join(', ')}`

/** Every place of a mapping that names columns of the sheet. */
export function listReferences(mapping: SheetMapping): [string, readonly ColumnReference[]][] {
  const { columns = {}, onlyRows = [], removeWhere = [], ignoreColumns } = mapping
  return [
    ...Object.entries(columns).map(([name, column]): [string, readonly ColumnReference[]] => [
      `columns/${name}`,
      toReferences(column),
    ]),
    ...onlyRows.map(({ column }, place): [string, ColumnReference[]] => [
      `onlyRows/${place}/column`,
      [column],
    ]),
    ...removeWhere.map(({ column }, place): [string, ColumnReference[]] => [
      `removeWhere/${place}/column`,
      [column],
    ]),
    ['ignoreColumns', Array.isArray(ignoreColumns) ? ignoreColumns : []],
  ]
}

export function toReferences(column: MappedColumn): readonly ColumnReference[] {
  return typeof column === 'string' || typeof column === 'number' ? [column] : column
}

export function columnNamed(name: string): SheetColumn {
  const column = mappedColumns[name]
  if (!column) throw new Error(`a mapping was not checked: ${name}`)
  return column
}

/** Two days that differ in year, month and day are written and read back. */
function isDateFormat(format: string): boolean {
  return ['1999-01-31', '2031-12-02'].every((day) => {
    const written = DateTime.fromISO(day, { zone: 'utc', locale: 'en' })
    const read = DateTime.fromFormat(written.toFormat(format), format, { zone: 'utc', locale: 'en' })
    return read.isValid && read.toISODate() === day
  })
}
