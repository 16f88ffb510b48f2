/**
 * Which column of a sheet is which? By its mapping, else by its headings. Nothing is guessed from cells: a sheet
 * without headings that are known, and without a mapping, cannot be read.
 */
import type { ImportFault } from '../db/tariffs/imports.ts'
import type { SheetColumn } from './csv-columns.ts'
import { columnNames, type Heading, readHeading, sameHeading } from './sheet-headings.ts'
import {
  type ColumnReference,
  columnNamed,
  type RowCondition,
  type SheetMapping,
  toReferences,
} from './sheet-mapping.ts'
import { meansCurrency, type StatedUnits } from './sheet-units.ts'
import type { CsvRow } from './split-csv.ts'

export interface PlacedCondition {
  place: number
  values: ReadonlySet<string>
}

export interface SheetLayout {
  /** Of each place of a row; undefined: none of ours. */
  columns: readonly (SheetColumn | undefined)[]
  /** The places whose cells a column joins, in order. */
  places: Partial<Record<SheetColumn, readonly number[]>>
  units: Partial<Record<SheetColumn, StatedUnits>>
  /** Places whose cells count for nothing. */
  isIgnored: (place: number) => boolean
  onlyRows: readonly PlacedCondition[]
  removeWhere: readonly PlacedCondition[]
  /** The heading of each place, as it stands there. */
  headings: readonly string[]
  /** Line of the header; null: there is none, and the first row is one of data. */
  headerLine: number | null
  /** Of the header alone; with any of them no row can be read. */
  faults: readonly ImportFault[]
}

/** Of the first rows of a sheet, wherever its header is looked for. */
export const maxRowsBeforeHeader = 50
const maxSeen = 12

/** The layout, or undefined where no line has the headings that are looked for. */
export function findLayout(
  head: readonly CsvRow[],
  mapping: SheetMapping,
  currency: string | null,
): SheetLayout | undefined {
  const rows = head.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  if (isWithoutHeader(mapping)) return readLayout(undefined, mapping, currency)
  if (typeof mapping.headerLine === 'number') {
    const row = rows.find(({ line }) => line === mapping.headerLine)
    return row && hasHeadings(row, mapping, 'some') ? readLayout(row, mapping, currency) : undefined
  }
  // A line that has all it takes, wherever it stands; else a first line that has some, whose faults are then told.
  const whole = rows.slice(0, maxRowsBeforeHeader).find((row) => hasHeadings(row, mapping, 'all'))
  const [first] = rows
  if (whole) return readLayout(whole, mapping, currency)
  return first && hasHeadings(first, mapping, 'some') ? readLayout(first, mapping, currency) : undefined
}

/** What is told where there is no layout. */
export function headerNotRecognised(head: readonly CsvRow[], mapping: SheetMapping): ImportFault {
  const asked = typeof mapping.headerLine === 'number' ? mapping.headerLine : null
  const seen = head.find(({ line, cells }) =>
    asked === null ? cells.some((cell) => cell.trim() !== '') : line === asked,
  )
  const shown =
    seen?.cells
      .slice(0, maxSeen)
      .map((cell) => cell.trim().slice(0, 40))
      .join(' | ') ?? ''
  return {
    line: seen?.line ?? asked,
    column: null,
    code: 'header_not_recognised',
    detail:
      `The sheet needs a line of headings with prefix and rate, or a mapping that says which column is which. ` +
      `Seen in line ${seen?.line ?? asked ?? 1}: ${shown === '' ? 'nothing' : shown}.`,
    value: shown,
  }
}

function isWithoutHeader({ headerLine, columns }: SheetMapping): boolean {
  if (headerLine !== undefined || columns === undefined) return headerLine === null || headerLine === 0
  const references = Object.values(columns).flatMap((column) => toReferences(column))
  return references.length > 0 && references.every((reference) => typeof reference === 'number')
}

function hasHeadings({ cells }: CsvRow, mapping: SheetMapping, which: 'all' | 'some'): boolean {
  const { columns = {}, constants = {} } = mapping
  const named = Object.values(columns).flatMap((column) => toReferences(column))
  const has = (reference: ColumnReference) => findColumn(cells, reference) >= 0
  const headings = cells.map((cell) => readHeading(cell).column)
  const isThere = (name: 'prefix' | 'rate') =>
    columns[name] !== undefined || constants[name] !== undefined || headings.includes(name)
  if (which === 'all') return named.every(has) && isThere('prefix') && isThere('rate')
  return named.length > 0
    ? named.some((reference) => typeof reference === 'string' && has(reference))
    : headings.some((column) => column !== undefined)
}

/** −1: there is none. */
function findColumn(cells: readonly string[], reference: ColumnReference): number {
  if (typeof reference === 'number') return reference - 1
  return cells.findIndex((cell) => sameHeading(cell, reference))
}

function readLayout(header: CsvRow | undefined, mapping: SheetMapping, currency: string | null): SheetLayout {
  return new LayoutReader(header, mapping, currency).read()
}

class LayoutReader {
  readonly #header: CsvRow | undefined
  readonly #headings: readonly Heading[]
  readonly #mapping: SheetMapping
  readonly #currency: string | null
  readonly #columns: (SheetColumn | undefined)[] = []
  readonly #places: Partial<Record<SheetColumn, number[]>> = {}
  readonly #units: Partial<Record<SheetColumn, StatedUnits>> = {}
  readonly #faults: ImportFault[] = []
  /** Named for another purpose: by conditions, or to be ignored. */
  readonly #used = new Set<number>()

  constructor(header: CsvRow | undefined, mapping: SheetMapping, currency: string | null) {
    this.#header = header
    this.#headings = (header?.cells ?? []).map(readHeading)
    this.#mapping = mapping
    this.#currency = currency
  }

  read(): SheetLayout {
    const { onlyRows = [], removeWhere = [], ignoreColumns } = this.#mapping
    const ignored = new Set<number>()
    if (Array.isArray(ignoreColumns)) {
      for (const reference of ignoreColumns) ignored.add(this.#find(reference))
    }
    this.#takeMapped()
    const conditions = [onlyRows, removeWhere].map((list) => list.map((condition) => this.#place(condition)))
    this.#takeHeadings(ignored)
    this.#checkNeeded()
    const isIgnored = (place: number) =>
      this.#columns[place] === undefined &&
      (ignoreColumns === true || ignored.has(place) || this.#used.has(place))
    return {
      columns: this.#columns,
      places: this.#places,
      units: this.#units,
      isIgnored,
      onlyRows: conditions[0] ?? [],
      removeWhere: conditions[1] ?? [],
      headings: this.#headings.map(({ text }) => text),
      headerLine: this.#header?.line ?? null,
      faults: this.#faults,
    }
  }

  #takeMapped(): void {
    for (const [name, column] of Object.entries(this.#mapping.columns ?? {})) {
      for (const reference of toReferences(column)) {
        const place = this.#find(reference)
        if (place >= 0) this.#take(columnNamed(name), place)
      }
    }
  }

  /** Headings that the mapping leaves to themselves. */
  #takeHeadings(ignored: ReadonlySet<number>): void {
    const { columns = {}, constants = {}, ignoreColumns } = this.#mapping
    const isTaken = (column: SheetColumn) => this.#places[column] !== undefined
    // Who names columns and ignores the others means these alone; what no rate can do without is still looked for.
    const isOpen = (column: SheetColumn) =>
      Object.keys(columns).length === 0 ||
      ignoreColumns !== true ||
      ['prefix', 'rate', 'destination'].includes(column)
    const mapped = new Set(Object.keys(this.#places))
    for (const [place, { text, column, isCountry }] of this.#headings.entries()) {
      if (ignored.has(place) || this.#columns[place] !== undefined || text === '') continue
      if (column !== undefined && isOpen(column) && !mapped.has(column)) {
        if (isTaken(column)) this.#fault(text, 'repeated_column', `The column ${column} stands twice.`)
        else if (constants.rate === undefined || column !== 'rate') this.#take(column, place)
        continue
      }
      if (isCountry || this.#used.has(place) || ignoreColumns === true) continue
      const detail =
        column === undefined
          ? `No column is called "${text}": there are ${columnNames}. A mapping can name it or ignore it.`
          : `The mapping takes ${column} from another column than "${text}": let it ignore this one.`
      this.#fault(text, 'unknown_column', detail)
    }
    const country = this.#headings.findIndex(({ isCountry }) => isCountry)
    if (country < 0) return
    if (
      !isTaken('destination') &&
      !ignored.has(country) &&
      this.#columns[country] === undefined &&
      isOpen('destination')
    ) {
      this.#take('destination', country)
    } else this.#used.add(country)
  }

  #take(column: SheetColumn, place: number): void {
    this.#columns[place] ??= column
    const places = this.#places[column]
    if (places) places.push(place)
    else this.#places[column] = [place]
    const units = this.#headings[place]?.units
    if (!units) return
    this.#units[column] ??= units
    this.#checkUnits(column, this.#headings[place]?.text ?? '', units)
  }

  #checkUnits(column: SheetColumn, text: string, { currency, per, isCents, rest }: StatedUnits): void {
    if (currency !== null && !meansCurrency(currency, this.#currency)) {
      const detail = `The heading says ${currency}, the rate deck is in ${this.#currency}.`
      this.#fault(text, 'wrong_currency', detail)
    }
    const { unit, scale } = this.#mapping
    if (column !== 'rate') {
      if (isCents && !meansCents(scale)) this.#contradicts(text, 'cents', `scale ${scale}`)
      return
    }
    if (rest === 'sec') {
      const detail = `"${text}" may be a price per second or an increment: map it, and state the unit.`
      if (unit === undefined) this.#fault(text, 'ambiguous_unit', detail)
    }
    const stated = per ?? (rest === 'min' ? 'minute' : null)
    if (stated !== null && unit !== undefined && stated !== unit) this.#contradicts(text, stated, unit)
    if (isCents && !meansCents(scale)) this.#contradicts(text, 'cents', `scale ${scale}`)
  }

  #contradicts(text: string, heading: string, mapping: string): void {
    this.#fault(text, 'contradicting_unit', `The heading says ${heading}, the mapping ${mapping}.`)
  }

  #checkNeeded(): void {
    const constants = this.#mapping.constants ?? {}
    for (const needed of ['prefix', 'rate'] as const) {
      if (this.#places[needed] || (needed === 'rate' && constants.rate !== undefined)) continue
      if (needed === 'rate' && constants.blocked === true) continue
      this.#fault(needed, 'missing_column', `The column ${needed} is missing.`)
    }
  }

  #place({ column, in: values }: RowCondition): PlacedCondition {
    const place = this.#find(column)
    if (place >= 0) this.#used.add(place)
    return { place, values: new Set(values.map((value) => value.trim().toLowerCase())) }
  }

  /** −1: it is told as missing. */
  #find(reference: ColumnReference): number {
    if (typeof reference === 'number') return reference - 1
    const places = this.#headings.flatMap(({ text }, place) => (sameHeading(text, reference) ? [place] : []))
    if (places.length > 1) {
      const detail = `"${reference}" stands above several columns: give the position of the one meant.`
      this.#fault(reference, 'repeated_column', detail)
    }
    if (places.length === 0) {
      this.#fault(
        reference,
        'missing_column',
        `The mapping names the column "${reference}", which is missing.`,
      )
    }
    return places[0] ?? -1
  }

  #fault(column: string, code: string, detail: string): void {
    this.#faults.push({ line: this.#header?.line ?? 1, column, code, detail, value: column })
  }
}

/** A scale that the user states takes the place of cents in a heading: they mean the same, and count once. */
function meansCents(scale: string | undefined): boolean {
  return scale === undefined || Number(scale) === 0.01
}
