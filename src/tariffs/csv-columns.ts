/**
 * Which column of a rate sheet is which?
 *
 * The contract's names in any order, the names other systems give them, or no header at all: then name,
 * prefix, rate per minute, connection charge, charge period. The separator is what the first line has most of.
 */
import type { ImportFault } from '../db/tariffs/imports.ts'
import { rateFieldNames, rateFields } from '../rating/rate-fields.ts'

const rateColumns = [
  'prefix',
  'destination',
  'rate',
  'increment',
  'initial_increment',
  'interval_start',
  'per_seconds',
  ...rateFieldNames.map((name) => rateFields[name].column),
] as const
export type RateColumn = (typeof rateColumns)[number]

/** `rate_minimum` is the least time charged, `rate_surcharge` the fee of an answered call. */
const aliases: Record<string, RateColumn> = {
  code: 'prefix',
  name: 'destination',
  price: 'rate',
  cost: 'rate',
  rate_increment: 'increment',
  charge_period: 'increment',
  rate_minimum: 'initial_increment',
  ...aliasesOfFields(),
}

function aliasesOfFields(): Record<string, RateColumn> {
  const pairs = rateFieldNames.flatMap((name) => {
    const { column, aliases = [] }: { column: RateColumn; aliases?: readonly string[] } = rateFields[name]
    return aliases.map((alias) => [alias, column])
  })
  return Object.fromEntries(pairs)
}

const withoutHeader: readonly RateColumn[] = ['destination', 'prefix', 'rate', 'connect_fee', 'increment']

export interface SheetLayout {
  columns: readonly (RateColumn | undefined)[]
  hasHeader: boolean
  /** Of the header alone; with any of them no row can be read. */
  faults: ImportFault[]
}

export function layoutOf(firstRow: readonly string[]): SheetLayout {
  const names = firstRow.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const columns = names.map(columnOf)
  if (columns.every((column) => column === undefined)) {
    return { columns: withoutHeader, hasHeader: false, faults: [] }
  }
  const faults: ImportFault[] = []
  const fault = (column: string | null, code: string, detail: string) =>
    faults.push({ line: 1, column, code, detail, value: column })
  for (const [place, column] of columns.entries()) {
    const name = names[place] ?? ''
    if (column === undefined && name !== '') {
      fault(name, 'unknown_column', `No column is called "${name}": there are ${rateColumns.join(', ')}.`)
    } else if (column !== undefined && columns.indexOf(column) < place) {
      fault(name, 'repeated_column', `The column ${column} stands twice.`)
    }
  }
  for (const needed of ['prefix', 'rate'] as const) {
    if (!columns.includes(needed)) fault(needed, 'missing_column', `The column ${needed} is missing.`)
  }
  return { columns, hasHeader: true, faults }
}

function columnOf(name: string): RateColumn | undefined {
  return (
    rateColumns.find((column) => column === name) ??
    (Object.hasOwn(aliases, name) ? aliases[name] : undefined)
  )
}

export type Separator = ',' | ';' | '\t'

/** Of the file's first line; what stands between quotes does not count. */
export function separatorOf(firstLine: string): Separator {
  const bare = firstLine.replace(/"[^"]*"/g, '')
  const count = (separator: Separator) => bare.split(separator).length
  // A decimal comma may stand in a header-less line beside the semicolons, so those are asked first.
  if (count(';') > 1 && count(';') * 2 > count(',')) return ';'
  if (count('\t') > 1) return '\t'
  return ','
}
