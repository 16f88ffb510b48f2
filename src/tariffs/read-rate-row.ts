/**
 * What does one row of a rate sheet say, and what is wrong with it?
 *
 * A row gives the rate of its codes, or one interval of it: `initial_increment` differing from `increment` makes two
 * steps. Amounts keep every decimal. Which values are allowed is decided by `checkRate`, the same as for JSON; here each
 * fault gets its column.
 */
import { remember } from '../bounded-cache.ts'
import type { ImportFault, ImportWarning } from '../db/tariffs/imports.ts'
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rate, Step } from '../rating/rate.ts'
import { makeRateFields, rateFieldNames, rateFields, valueUnlessGiven } from '../rating/rate-fields.ts'
import type { Rounding } from '../rating/tariff.ts'
import { canonicalDecimal, termsText } from './canonical-rate.ts'
import type { RateColumn, SheetColumn } from './csv-columns.ts'
import { findRateFaults } from './find-rate-faults.ts'
import { PrefixTable } from './prefix-table.ts'
import { AmountReader } from './sheet-amounts.ts'
import { type CodeRules, readCodes } from './sheet-codes.ts'
import { type DateRules, readInstant } from './sheet-dates.ts'
import { readIncrements, readSeconds } from './sheet-increments.ts'
import type { PlacedCondition, SheetLayout } from './sheet-layout.ts'
import { columnNamed, type SheetMapping } from './sheet-mapping.ts'
import { meansCurrency } from './sheet-units.ts'

export interface SheetRules {
  layout: SheetLayout
  mapping: SheetMapping
  /** Semicolons between cells leave the comma free for decimals. */
  mayHaveCommas: boolean
  rounding: Rounding
  /** Of the deck; null: not known, and nothing is held against it. */
  currency: string | null
}

export type SheetRow = { staged: StagedRate; warnings: ImportWarning[] } | { faults: ImportFault[] }

const maxNameLength = 255
const brokenText = 'Save the file as UTF-8 text, or state its encoding in a mapping.'
const yes = new Set(['true', '1', 'yes', 'y'])
const no = new Set(['false', '0', 'no', 'n', ''])
/** Of one rate's fields, where each comes from. */
const columnOfField: Record<string, RateColumn> = {
  prefix: 'prefix',
  destination: 'destination',
  rate: 'rate',
  perSeconds: 'per_seconds',
  incrementSeconds: 'increment',
  fromSecond: 'interval_start',
  ...makeColumns(),
}

function makeColumns(): Record<string, RateColumn> {
  return Object.fromEntries(rateFieldNames.map((name) => [name, rateFields[name].column]))
}

/** Rows that differ in codes, name and date alone are most of a sheet: what the others say is read once. */
const maxRememberedRows = 20_000
const maxRememberedDates = 1_000
const columnsOfItself: readonly SheetColumn[] = ['prefix', 'prefix_to', 'destination', 'effective_at']

type Terms = Pick<StagedRate, 'terms' | 'intervalStart' | 'given'>

export class RateRowReader {
  readonly #rules: SheetRules
  readonly #amounts: AmountReader
  readonly #constants: ReadonlyMap<SheetColumn, string>
  readonly #codeRules: CodeRules
  /** Where the sheet has names for codes. */
  readonly #table: PrefixTable | undefined
  readonly #known = new Map<string, Terms>()
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
    const row = new Row(cells, line, this.#rules, this.#constants, this.#amounts)
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
  #instantOf(row: Row): number {
    const text = row.text('effective_at')
    if (text === '') return 0
    const rules: DateRules = this.#rules.mapping
    const instant = this.#dates.get(text) ?? readInstant(text, rules)
    remember(this.#dates, text, instant, maxRememberedDates)
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

function stage(line: number, prefix: string, name: string, terms: Terms, effectiveAt: number): StagedRate {
  const { intervalStart, given } = terms
  return { line, prefix, destination: name || prefix, terms: terms.terms, intervalStart, given, effectiveAt }
}

function holds({ place, values }: PlacedCondition, cells: readonly string[]): boolean {
  return values.has((cells[place] ?? '').trim().toLowerCase())
}

/** What a row says beside its codes, name and date; its faults are with the row. */
function readTerms(row: Row, prefix: string, rounding: Rounding): Terms {
  const intervalStart = row.seconds('interval_start') ?? 0
  const rate = readRate(row, prefix, intervalStart)
  row.checkCells()
  if (row.faults.length === 0) row.addRateFaults(rate, rounding)
  return { terms: termsText(rate), intervalStart, given: row.given() }
}

function readRate(row: Row, prefix: string, intervalStart: number): Rate {
  const fields = makeRateFields((_, field) => {
    const column = field.column as RateColumn
    if (field.kind === 'flag') return row.flag(column)
    if (field.kind === 'optional-flag') return row.text(column) === '' ? null : row.flag(column)
    if (field.kind === 'seconds') return row.seconds(column) ?? 0
    return field.words ? row.word(column, field.words) : (row.amount(column) ?? valueUnlessGiven(field))
  })
  const rate = row.amount('rate') ?? (fields.blocked ? '0' : '')
  const per = row.per
  const ofRate = { prefix, destination: row.text('destination') || prefix, ...fields }
  if (per !== 'call') {
    const perSeconds = row.seconds('per_seconds') ?? (per === 'second' ? 1 : 60)
    return { ...ofRate, steps: readSteps(row, { intervalStart, rate, perSeconds }) }
  }
  if (fields.connectFee !== '0') {
    row.fault('connect_fee', 'contradicting_value', 'The rate is a price per call, which is the fee itself.')
  }
  return { ...ofRate, connectFee: rate, steps: readSteps(row, { intervalStart, rate: '0', perSeconds: 60 }) }
}

function readSteps(row: Row, from: { intervalStart: number; rate: string; perSeconds: number }): Step[] {
  const { increment, initial } = row.increments()
  const step = (fromSecond: number, incrementSeconds: number): Step => ({
    fromSecond,
    rate: from.rate,
    perSeconds: from.perSeconds,
    incrementSeconds,
  })
  if (initial === increment) return [step(from.intervalStart, increment)]
  return [step(from.intervalStart, initial), step(from.intervalStart + initial, increment)]
}

class Row {
  readonly faults: ImportFault[] = []
  readonly warnings: ImportWarning[] = []
  /** Of which time the row's rate is the price; known once the rate is read. */
  per: 'minute' | 'second' | 'call' | null
  readonly #cells: readonly string[]
  readonly #line: number
  readonly #rules: SheetRules
  readonly #constants: ReadonlyMap<SheetColumn, string>
  readonly #amounts: AmountReader

  constructor(
    cells: readonly string[],
    line: number,
    rules: SheetRules,
    constants: ReadonlyMap<SheetColumn, string>,
    amounts: AmountReader,
  ) {
    this.#cells = cells
    this.#line = line
    this.#rules = rules
    this.#constants = constants
    this.#amounts = amounts
    this.per = rules.mapping.unit ?? rules.layout.units.rate?.per ?? null
  }

  text(column: SheetColumn): string {
    return this.#written(column) || (this.#constants.get(column) ?? '')
  }

  /** As the file has it; several columns are joined, a name with blanks and everything else with nothing. */
  #written(column: SheetColumn): string {
    const places = this.#rules.layout.places[column]
    if (places === undefined) return ''
    if (places.length === 1) return (this.#cells[places[0] as number] ?? '').trim()
    const cells = places.map((place) => (this.#cells[place] ?? '').trim())
    return column === 'destination' ? cells.filter((cell) => cell !== '').join(' ') : cells.join('')
  }

  codes(rules: CodeRules): string[] {
    const { prefix: places = [], prefix_to: to } = this.#rules.layout.places
    const read =
      places.length === 1 && to === undefined
        ? readCodes({ heads: [], codes: this.#written('prefix') }, rules)
        : readCodes(
            {
              heads: places.slice(0, -1).map((place) => (this.#cells[place] ?? '').trim()),
              codes: (this.#cells[places.at(-1) ?? -1] ?? '').trim(),
              to: this.#written('prefix_to'),
            },
            rules,
          )
    if (Array.isArray(read)) return read
    // Broken text has a fault of its own, which names the cell.
    if (isBroken(this.#written('prefix'))) this.fault('prefix', 'invalid_text', brokenText)
    else this.fault('prefix', read.code, read.detail)
    return []
  }

  codesOfName(table: PrefixTable): readonly string[] {
    const name = this.text('prefix')
    const found = table.find(name)
    if (name === '') this.fault('prefix', 'missing_value', 'The name is missing.')
    else if (!found) this.fault('prefix', 'unknown_name', table.faultDetail)
    if (found && found.others.length > 0) {
      const detail = `"${name}" is taken with numbers of ${found.others.join(', ')} where the sheet does not name them.`
      this.warnings.push({ line: this.#line, code: 'covers_other_countries', detail })
    }
    return found?.prefixes ?? []
  }

  /** null: not given. */
  amount(column: RateColumn): string | null {
    const text = this.#written(column)
    if (text === '') {
      const constant = this.#constants.get(column)
      return constant === undefined ? null : canonicalDecimal(constant)
    }
    const read = this.#amounts.read(text, this.#rules.layout.units[column])
    if ('code' in read) {
      this.fault(column, read.code, read.detail)
      return '0'
    }
    if (column === 'rate' && read.per !== null) this.#takeUnit(read.per)
    return read.amount
  }

  #takeUnit(per: 'minute' | 'second' | 'call'): void {
    const { unit } = this.#rules.mapping
    if (unit !== undefined && unit !== per) {
      this.fault('rate', 'contradicting_unit', `The cell says ${per}, the mapping ${unit}.`)
    }
    this.per = per
  }

  /** Undefined: not given, or told as a fault. */
  seconds(column: RateColumn): number | undefined {
    const text = this.text(column)
    if (text === '') return undefined
    const seconds = readSeconds(text, this.#rules.layout.units[column])
    if (seconds === undefined) this.fault(column, 'invalid_number', 'This is not a whole number of seconds.')
    return seconds
  }

  increments(): { initial: number; increment: number } {
    const given = readIncrements(this.text('increment'), this.#rules.layout.units.increment)
    if (given === undefined) {
      this.fault(
        'increment',
        'invalid_number',
        'This is not a whole number of seconds, and not two such as 60/1.',
      )
    }
    const increment = given?.increment || 1
    const first = this.seconds('initial_increment') || undefined
    const initial = given?.initial || undefined
    if (first !== undefined && initial !== undefined && first !== initial) {
      const detail = `The increments begin with ${initial}, the column initial_increment says ${first}.`
      this.fault('increment', 'contradicting_value', detail)
    }
    return { increment, initial: first ?? initial ?? increment }
  }

  flag(column: RateColumn): boolean {
    const text = this.text(column).toLowerCase()
    if (!yes.has(text) && !no.has(text)) this.fault(column, 'invalid_value', 'Write true or false.')
    return yes.has(text)
  }

  word<Word extends string>(column: RateColumn, words: readonly [Word, ...Word[]]): Word {
    const text = this.text(column).toLowerCase()
    const word = words.find((one) => one === text)
    if (word === undefined && text !== '') this.fault(column, 'invalid_value', `Write ${words.join(' or ')}.`)
    return word ?? words[0]
  }

  checkCells(): void {
    const { columns, isIgnored } = this.#rules.layout
    for (const [place, cell] of this.#cells.entries()) {
      const name = columns[place] ?? null
      if (name === null && isIgnored(place)) continue
      if (name === null && cell.trim() !== '') {
        this.faults.push(
          makeFault(this.#line, null, 'too_many_columns', 'The row has more columns than the header.', cell),
        )
      }
      if (name !== 'prefix' && isBroken(cell)) {
        this.faults.push(makeFault(this.#line, name, 'invalid_text', brokenText, cell))
      }
    }
    if (this.text('destination').length > maxNameLength) {
      this.fault('destination', 'too_long', `A name has at most ${maxNameLength} characters.`)
    }
    if (this.text('rate') === '' && !this.flag('blocked')) {
      this.fault('rate', 'missing_value', 'The rate is missing.')
    }
    const currency = this.text('currency')
    if (currency !== '' && !meansCurrency(currency, this.#rules.currency)) {
      const detail = `The row is in ${currency}, the rate deck in ${this.#rules.currency}.`
      this.fault('currency', 'wrong_currency', detail)
    }
  }

  addRateFaults(rate: Rate, rounding: Rounding): void {
    const { errors, warnings } = findRateFaults(rate, rounding)
    for (const { field, code, detail } of errors) {
      this.fault(columnOfField[field.split('/').at(-1) ?? ''] ?? 'prefix', code, detail)
    }
    // An interval by itself looks as if the seconds before it were free: its prefix is looked at as a whole.
    if ((rate.steps[0]?.fromSecond ?? 0) > 0) return
    this.warnings.push(...warnings.map(({ code, detail }) => ({ line: this.#line, code, detail })))
  }

  fault(column: SheetColumn, code: string, detail: string): void {
    this.faults.push(makeFault(this.#line, column, code, detail, this.text(column)))
  }

  /** What further intervals of the prefix may not say otherwise. */
  given(): string {
    return this.#rules.layout.columns
      .filter((column) => column !== undefined && sharedFields[column] && this.#written(column) !== '')
      .join(' ')
  }
}

/** Columns that say something of the whole prefix, not of one interval, and the field each sets. */
export const sharedFields: Partial<Record<SheetColumn, keyof Rate>> = {
  destination: 'destination',
  ...Object.fromEntries(rateFieldNames.map((name) => [rateFields[name].column, name])),
}

/** NUL, which PostgreSQL does not store, and what stands for bytes that are no UTF-8. */
function isBroken(text: string): boolean {
  return text.includes('\u0000') || text.includes('\ufffd')
}

const maxValueShown = 100

export function makeFault(
  line: number,
  column: string | null,
  code: string,
  detail: string,
  value: string | null,
): ImportFault {
  return { line, column, code, detail, value: value?.slice(0, maxValueShown) ?? null }
}
