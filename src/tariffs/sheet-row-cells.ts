/**
 * What do the cells of one row of a rate sheet say, column by column, and what is wrong with each? Columns are found by
 * the sheet's layout, and constants of the mapping stand in for what the row leaves out.
 */
import type { ImportFault, ImportWarning } from '../db/tariffs/imports.ts'
import type { Rounding } from '../rating/tariff.ts'
import { canonicalDecimal } from './canonical-rate.ts'
import type { RateColumn, SheetColumn } from './csv-columns.ts'
import type { PrefixTable } from './prefix-table.ts'
import type { AmountReader } from './sheet-amounts.ts'
import { type CodeRules, readCodes } from './sheet-codes.ts'
import { brokenText, isBroken, makeFault } from './sheet-faults.ts'
import { readIncrements, readSeconds } from './sheet-increments.ts'
import type { SheetLayout } from './sheet-layout.ts'
import type { SheetMapping } from './sheet-mapping.ts'
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

export const maxNameLength = 255
const yes = new Set(['true', '1', 'yes', 'y'])
const no = new Set(['false', '0', 'no', 'n', ''])

export class SheetRowCells {
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

  fault(column: SheetColumn, code: string, detail: string): void {
    this.faults.push(makeFault(this.#line, column, code, detail, this.text(column)))
  }

  /** Of these columns those that the row itself says something in. */
  given(columns: Partial<Record<SheetColumn, unknown>>): string {
    return this.#rules.layout.columns
      .filter((column) => column !== undefined && columns[column] && this.#written(column) !== '')
      .join(' ')
  }

  get line(): number {
    return this.#line
  }
}
