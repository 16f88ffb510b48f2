/**
 * What does one row of a rate sheet say, and what is wrong with it? It gives the rate of its codes, or one interval of it,
 * or takes them out of the deck.
 */
import { remember } from '../bounded-cache.ts'
import type { ImportFault, ImportWarning } from '../db/tariffs/imports.ts'
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import type { SheetColumn } from './csv-columns.ts'
import { PrefixTable } from './prefix-table.ts'
import { type RowTerms, readTerms } from './read-rate-terms.ts'
import { AmountReader } from './sheet-amounts.ts'
import type { CodeRules } from './sheet-codes.ts'
import { type DateRules, readInstant } from './sheet-dates.ts'
import { isBroken } from './sheet-faults.ts'
import type { PlacedCondition } from './sheet-layout.ts'
import { columnNamed } from './sheet-mapping.ts'
import { maxNameLength, SheetRowCells, type SheetRules } from './sheet-row-cells.ts'

export type SheetRow = { staged: StagedRate; warnings: ImportWarning[] } | { faults: ImportFault[] }

/** Rows that differ in codes, name and date alone are most of a sheet: what the others say is read once. */
const maxRememberedRows = 20_000
const maxRememberedDates = 1_000
const columnsOfItself: readonly SheetColumn[] = ['prefix', 'prefix_to', 'destination', 'effective_at']

export class RateRowReader {
  readonly #rules: SheetRules
  readonly #amounts: AmountReader
  readonly #constants: ReadonlyMap<SheetColumn, string>
  readonly #codeRules: CodeRules
  /** Where the sheet has names for codes. */
  readonly #table: PrefixTable | undefined
  readonly #known = new Map<string, RowTerms>()
  readonly #dates = new Map<string, number | string>()
  /** Places whose cells decide on nothing but the row's own codes, name and date, or on nothing. */
  readonly #isApart: (place: number) => boolean

  constructor(rules: SheetRules) {
    const { layout, mapping } = rules
    this.#rules = rules
    this.#amounts = new AmountReader({
      ...mapping,
      mayHaveCommas: rules.mayHaveCommas,
      currency: rules.currency,
    })
    this.#constants = new Map(
      Object.entries(mapping.constants ?? {}).map(([name, value]) => [columnNamed(name), String(value)]),
    )
    this.#codeRules = mapping
    this.#table = mapping.prefixTable && new PrefixTable(mapping.prefixTable)
    const apart = layout.columns.map((column, place) =>
      column === undefined ? layout.isIgnored(place) : columnsOfItself.includes(column),
    )
    this.#isApart = (place) => apart[place] ?? layout.isIgnored(place)
  }

  /** One for each code; none for a row that the mapping leaves out. */
  read({ cells, line }: { cells: readonly string[]; line: number }): SheetRow[] {
    const { onlyRows, removeWhere } = this.#rules.layout
    if (onlyRows.length > 0 && !onlyRows.every((condition) => holds(condition, cells))) return []
    const row = new SheetRowCells(cells, line, this.#rules, this.#constants, this.#amounts)
    const codes = this.#table ? row.codesOfName(this.#table) : row.codes(this.#codeRules)
    const effectiveAt = this.#instantOf(row)
    if (removeWhere.length > 0 && removeWhere.some((condition) => holds(condition, cells))) {
      if (row.faults.length > 0) return [{ faults: row.faults }]
      return codes.map((prefix) => ({ staged: { line, prefix, ...removal, effectiveAt }, warnings: [] }))
    }
    const name = row.text('destination') || (this.#table ? row.text('prefix') : '')
    const key = this.#keyOf(cells, name)
    const known = this.#known.get(key)
    if (known !== undefined && row.faults.length === 0 && name.length <= maxNameLength && !isBroken(name)) {
      return codes.map((prefix, place) => ({
        staged: stage(line, prefix, name, known, effectiveAt),
        warnings: place === 0 ? row.warnings : [],
      }))
    }
    const ofCodes = row.warnings.length
    const terms = readTerms(row, codes[0] ?? '', this.#rules.rounding)
    if (row.faults.length > 0) return [{ faults: row.faults }]
    if (row.warnings.length === ofCodes) remember(this.#known, key, terms, maxRememberedRows)
    return codes.map((prefix, place) => ({
      staged: stage(line, prefix, name, terms, effectiveAt),
      warnings: place === 0 ? row.warnings : [],
    }))
  }

  #keyOf(cells: readonly string[], name: string): string {
    let key = name === '' ? ' ' : ''
    for (let place = 0; place < cells.length; place += 1) {
      if (!this.#isApart(place)) key += `\n${cells[place]}`
    }
    return key
  }

  /** 0: at once. */
  #instantOf(row: SheetRowCells): number {
    const text = row.text('effective_at')
    if (text === '') return 0
    const rules: DateRules = this.#rules.mapping
    const instant =
      this.#dates.get(text) ?? remember(this.#dates, text, readInstant(text, rules), maxRememberedDates)
    if (typeof instant === 'number') return instant
    row.fault('effective_at', 'invalid_date', instant)
    return 0
  }
}

/** Its terms are never read; the database computes a price of all. */
const removal = {
  destination: '',
  terms: JSON.stringify({
    connectFee: '0',
    steps: [{ fromSecond: 0, rate: '0', perSeconds: 60, incrementSeconds: 1 }],
  }),
  intervalStart: 0,
  given: '',
  isRemoval: true,
}

function stage(line: number, prefix: string, name: string, terms: RowTerms, effectiveAt: number): StagedRate {
  const { intervalStart, given } = terms
  return { line, prefix, destination: name || prefix, terms: terms.terms, intervalStart, given, effectiveAt }
}

function holds({ place, values }: PlacedCondition, cells: readonly string[]): boolean {
  return values.has((cells[place] ?? '').trim().toLowerCase())
}
