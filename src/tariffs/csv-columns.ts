/**
 * The columns that a rate sheet may have, by their own names: snake_case in sheets, camelCase in mappings.
 */
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

/** What says something of a row beside the terms of its rate. */
const rowColumns = ['prefix_to', 'effective_at', 'currency'] as const
export type SheetColumn = RateColumn | (typeof rowColumns)[number]
export const sheetColumns: readonly SheetColumn[] = [...rateColumns, ...rowColumns]

/** By their names in mappings. */
export const mappedColumns: Record<string, SheetColumn> = Object.fromEntries(
  sheetColumns.map((column) => [
    column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    column,
  ]),
)

export type Separator = ',' | ';' | '\t' | '|'

/** Of the file's first line; what stands between quotes does not count. */
export function findSeparator(firstLine: string): Separator {
  const bare = firstLine.replace(/"[^"]*"/g, '')
  const count = (separator: Separator) => bare.split(separator).length
  // A decimal comma may stand in a header-less line beside the semicolons, so those are asked first.
  if (count(';') > 1 && count(';') * 2 > count(',')) return ';'
  if (count('\t') > 1) return '\t'
  return ','
}
