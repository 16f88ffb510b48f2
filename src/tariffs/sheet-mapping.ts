/**
 * How is a rate sheet to be read whose headings do not say it all? What the user states of one carrier's sheets, kept
 * under a name or sent along with a file. Whatever is left out is as in a sheet without a mapping.
 */
import { DateTime, IANAZone } from 'luxon'
import { type InputFault, InvalidRequest } from '../errors.ts'
import { mappedColumns, type SheetColumn } from './csv-columns.ts'
import { findCalendarFault } from './entry-calendar.ts'
import { listKey, type NamedPrefixes } from './prefix-table.ts'
import { type SheetWindow, windowMapping } from './sheet-windows.ts'

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
  /** The prefix column has names; their prefixes stand in this list, or are those of countries in the numbering data. */
  prefixTable?: 'numbering' | readonly NamedPrefixes[]
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
  /** Columns of other times of day: the sheet makes a plan with a deck for each. */
  windows?: readonly SheetWindow[]
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
  const faults = mapping.windows ? listWindowFaults(mapping, mapping.windows) : listFaults(mapping)
  if (faults.length === 0) return
  throw new InvalidRequest(
    'The mapping cannot be used.',
    faults.map(({ pointer, detail }) => ({ pointer: `${at}/${pointer}`, detail })),
  )
}

/** What is wrong with the mapping of each window: with its own columns, or, once, with what all share. */
function listWindowFaults(mapping: SheetMapping, windows: readonly SheetWindow[]): InputFault[] {
  const faults = new Map<string, InputFault>()
  for (const [place, window] of windows.entries()) {
    const add = (pointer: string, detail: string) => faults.set(pointer, { pointer, detail })
    if (window.columns.rate === undefined) add(`windows/${place}/columns`, 'must have rate')
    for (const name of ['prefix', 'prefixTo', 'effectiveAt']) {
      if (window.columns[name] !== undefined)
        add(`windows/${place}/columns/${name}`, 'is the same in all windows')
    }
    const calendarFault = findCalendarFault(window)
    if (calendarFault) add(`windows/${place}/calendar`, calendarFault)
    const former = windows.findIndex(({ name }) => name === window.name)
    if (former < place) add(`windows/${place}/name`, `stands at /windows/${former}, too`)
    for (const { pointer, detail } of listFaults(windowMapping(mapping, window))) {
      const [list, name = ''] = pointer.split('/')
      const isOwn = list === 'columns' && window.columns[name] !== undefined
      add(isOwn ? `windows/${place}/${pointer}` : pointer, detail)
    }
  }
  return [...faults.values()]
}

/** Their pointers begin in the mapping, without a slash. */
function listFaults(mapping: SheetMapping): InputFault[] {
  const faults: InputFault[] = []
  const fault = (pointer: string, detail: string) => faults.push({ pointer, detail })
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
  if (mapping.prefixTable !== undefined) checkPrefixTable(mapping, fault)
  if (mapping.unit !== undefined && saysPer) fault('unit', 'says the same as perSeconds: give one of them')
  return faults
}

function checkPrefixTable(
  { prefixTable, columns, strip, prepend }: SheetMapping,
  fault: (place: string, detail: string) => void,
): void {
  if (columns?.prefix === undefined)
    fault('columns', 'must have prefix, the column of names: there is a prefixTable')
  if (columns?.prefixTo !== undefined) fault('columns/prefixTo', 'has no meaning beside a prefixTable')
  for (const [name, value] of Object.entries({ strip, prepend })) {
    if (value !== undefined) fault(name, 'has no meaning beside a prefixTable')
  }
  if (typeof prefixTable !== 'object') return
  const places = new Map<string, number>()
  for (const [place, { name }] of prefixTable.entries()) {
    const former = places.get(listKey(name))
    if (former !== undefined) fault(`prefixTable/${place}/name`, `stands at /prefixTable/${former}, too`)
    places.set(listKey(name), place)
  }
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
