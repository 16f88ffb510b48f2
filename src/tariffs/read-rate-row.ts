/**
 * What does one row of a rate sheet say, and what is wrong with it?
 *
 * A row gives one rate, or one interval of it: `initial_increment` differing from `increment` makes two steps.
 * Amounts keep every decimal; a comma is a decimal point only in files with semicolons. Which values are
 * allowed is decided by `checkRate`, the same as for JSON; here each fault gets its column.
 */
import { remember } from '../bounded-cache.ts'
import type { ImportFault, ImportWarning } from '../db/tariffs/imports.ts'
import type { StagedRate } from '../db/tariffs/staged-rates.ts'
import { normalizePrefix } from '../rating/prefix.ts'
import type { Rate, Step } from '../rating/rate.ts'
import { makeRateFields, rateFieldNames, rateFields, valueUnlessGiven } from '../rating/rate-fields.ts'
import type { Rounding } from '../rating/tariff.ts'
import { canonicalDecimal, termsText } from './canonical-rate.ts'
import type { RateColumn } from './csv-columns.ts'
import { findRateFaults } from './find-rate-faults.ts'

export interface SheetRules {
  columns: readonly (RateColumn | undefined)[]
  hasDecimalComma: boolean
  rounding: Rounding
}

export type SheetRow = { staged: StagedRate; warnings: ImportWarning[] } | { faults: ImportFault[] }

const wholeNumber = /^\d{1,9}$/
const maxNameLength = 255
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

/** Rows that differ in prefix and name alone are most of a sheet: what the others say is read once. */
const maxRememberedRows = 20_000

export class RateRowReader {
  readonly #rules: SheetRules
  readonly #prefixPlace: number
  readonly #namePlace: number
  readonly #known = new Map<string, Pick<StagedRate, 'terms' | 'intervalStart' | 'given'>>()

  constructor(rules: SheetRules) {
    this.#rules = rules
    this.#prefixPlace = rules.columns.indexOf('prefix')
    this.#namePlace = rules.columns.indexOf('destination')
  }

  read({ cells, line }: { cells: readonly string[]; line: number }): SheetRow {
    const prefix = normalizePrefix((cells[this.#prefixPlace] ?? '').trim())
    const name = (cells[this.#namePlace] ?? '').trim()
    const others = cells.filter((_, place) => place !== this.#prefixPlace && place !== this.#namePlace)
    const key = `${name === ''} ${others.join('\n')}`
    const known = this.#known.get(key)
    if (known && prefix !== undefined && name.length <= maxNameLength && !isBroken(name)) {
      return { staged: { line, prefix, destination: name || prefix, ...known }, warnings: [] }
    }
    const row = readRateRow(cells, line, this.#rules)
    if ('staged' in row && row.warnings.length === 0) {
      const { terms, intervalStart, given } = row.staged
      remember(this.#known, key, { terms, intervalStart, given }, maxRememberedRows)
    }
    return row
  }
}

/** One row by itself. */
function readRateRow(cells: readonly string[], line: number, rules: SheetRules): SheetRow {
  const row = new Row(cells, line, rules)
  const intervalStart = row.count('interval_start', 0)
  const rate = readRate(row, intervalStart)
  row.checkCells()
  if (row.faults.length === 0) row.addFaultsOf(rate, rules.rounding)
  if (row.faults.length > 0) return { faults: row.faults }
  const { prefix, destination } = rate
  const staged = { line, prefix, destination, terms: termsText(rate), intervalStart, given: row.given() }
  return { staged, warnings: row.warnings }
}

function readRate(row: Row, intervalStart: number): Rate {
  const fields = makeRateFields((_, field) => {
    const column = field.column as RateColumn
    if (field.kind === 'flag') return row.flag(column)
    if (field.kind === 'optional-flag') return row.text(column) === '' ? null : row.flag(column)
    if (field.kind === 'seconds') return row.count(column, 0)
    return field.words ? row.word(column, field.words) : (row.amount(column) ?? valueUnlessGiven(field))
  })
  const prefix = normalizePrefix(row.text('prefix')) ?? row.text('prefix')
  return {
    prefix,
    destination: row.text('destination') || prefix,
    ...fields,
    steps: readSteps(row, { intervalStart, rate: row.amount('rate') ?? (fields.blocked ? '0' : '') }),
  }
}

function readSteps(row: Row, from: { intervalStart: number; rate: string }): Step[] {
  const perSeconds = row.count('per_seconds', 60)
  const increment = row.count('increment', 1)
  const initial = row.count('initial_increment', increment)
  const step = (fromSecond: number, incrementSeconds: number): Step => ({
    fromSecond,
    rate: from.rate,
    perSeconds,
    incrementSeconds,
  })
  if (initial === increment) return [step(from.intervalStart, increment)]
  return [step(from.intervalStart, initial), step(from.intervalStart + initial, increment)]
}

class Row {
  readonly faults: ImportFault[] = []
  readonly warnings: ImportWarning[] = []
  readonly #cells: readonly string[]
  readonly #line: number
  readonly #rules: SheetRules

  constructor(cells: readonly string[], line: number, rules: SheetRules) {
    this.#cells = cells
    this.#line = line
    this.#rules = rules
  }

  text(column: RateColumn): string {
    const place = this.#rules.columns.indexOf(column)
    return place < 0 ? '' : (this.#cells[place] ?? '').trim()
  }

  /** null: not given. */
  amount(column: RateColumn): string | null {
    const text = this.text(column)
    if (text === '') return null
    return canonicalDecimal(this.#rules.hasDecimalComma ? text.replace(',', '.') : text)
  }

  count(column: RateColumn, unlessGiven: number): number {
    const text = this.text(column)
    if (text === '') return unlessGiven
    if (wholeNumber.test(text)) return Number(text)
    this.fault(column, 'invalid_number', 'This is not a whole number of seconds.')
    return unlessGiven
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
    const { columns } = this.#rules
    for (const [place, cell] of this.#cells.entries()) {
      const name = columns[place] ?? null
      if (name === null && cell.trim() !== '') {
        this.faults.push(
          faultOf(this.#line, null, 'too_many_columns', 'The row has more columns than the header.', cell),
        )
      }
      if (isBroken(cell)) {
        this.faults.push(faultOf(this.#line, name, 'invalid_text', 'Save the file as UTF-8 text.', cell))
      }
    }
    if (this.text('destination').length > maxNameLength) {
      this.fault('destination', 'too_long', `A name has at most ${maxNameLength} characters.`)
    }
    for (const needed of ['prefix', 'rate'] as const) {
      if (this.text(needed) === '' && !(needed === 'rate' && this.flag('blocked'))) {
        this.fault(needed, 'missing_value', `The ${needed} is missing.`)
      }
    }
  }

  addFaultsOf(rate: Rate, rounding: Rounding): void {
    const { errors, warnings } = findRateFaults(rate, rounding)
    for (const { field, code, detail } of errors) {
      this.fault(columnOfField[field.split('/').at(-1) ?? ''] ?? 'prefix', code, detail)
    }
    // An interval by itself looks as if the seconds before it were free: its prefix is looked at as a whole.
    if ((rate.steps[0]?.fromSecond ?? 0) > 0) return
    this.warnings.push(...warnings.map(({ code, detail }) => ({ line: this.#line, code, detail })))
  }

  fault(column: RateColumn, code: string, detail: string): void {
    this.faults.push(faultOf(this.#line, column, code, detail, this.text(column)))
  }

  /** What further intervals of the prefix may not say otherwise. */
  given(): string {
    return this.#rules.columns
      .filter((column) => column !== undefined && sharedFields[column] && this.text(column) !== '')
      .join(' ')
  }
}

/** Columns that say something of the whole prefix, not of one interval, and the field each sets. */
export const sharedFields: Partial<Record<RateColumn, keyof Rate>> = {
  destination: 'destination',
  ...Object.fromEntries(rateFieldNames.map((name) => [rateFields[name].column, name])),
}

/** NUL, which PostgreSQL does not store, and what stands for bytes that are no UTF-8. */
function isBroken(text: string): boolean {
  return text.includes('\u0000') || text.includes('\ufffd')
}

const maxValueShown = 100

export function faultOf(
  line: number,
  column: string | null,
  code: string,
  detail: string,
  value: string | null,
): ImportFault {
  return { line, column, code, detail, value: value?.slice(0, maxValueShown) ?? null }
}
