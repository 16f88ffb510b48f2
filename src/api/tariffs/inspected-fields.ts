/** What an inspection of a sheet answers. */
import Type, { type Static } from 'typebox'
import { instantText } from '../../db/columns.ts'
import { closed, Instant, named, nullable } from '../../shapes/fields.ts'
import type { InspectedSheet } from '../../tariffs/inspect-sheet.ts'
import { Mapping } from './mapping-fields.ts'

export const ImportFault = closed({
  line: nullable(Type.Integer()),
  column: nullable(Type.String()),
  code: Type.String(),
  detail: Type.String(),
  value: nullable(Type.String()),
})

export const Inspected = named('InspectedSheet', {
  separator: nullable(Type.String()),
  encoding: nullable(Type.String()),
  headerLine: nullable(Type.Integer()),
  columns: Type.Array(
    closed({
      position: Type.Integer(),
      heading: Type.String(),
      column: nullable(Type.String({ description: 'What it was recognised as; null: nothing.' })),
      sample: Type.String(),
    }),
  ),
  mapping: Mapping,
  doubts: Type.Array(
    closed({
      line: nullable(Type.Integer()),
      column: nullable(Type.String()),
      code: Type.String(),
      detail: Type.String(),
    }),
  ),
  rows: Type.Array(
    closed({
      line: nullable(Type.Integer()),
      rate: Type.Unsafe<object | null>({
        type: ['object', 'null'],
        additionalProperties: true,
        description:
          'As rates are answered; null where the row has errors, or takes its prefix out of the deck.',
      }),
      prefix: nullable(Type.String()),
      effectiveAt: nullable(Instant),
      removed: Type.Boolean(),
      errors: Type.Array(ImportFault),
    }),
    { description: 'The first 20 rows as they would be read.' },
  ),
})

export function showInspected({ rows, ...sheet }: InspectedSheet): Static<typeof Inspected> {
  return {
    ...sheet,
    rows: rows.map((row) => {
      if ('errors' in row) {
        return {
          line: row.line,
          rate: null,
          prefix: null,
          effectiveAt: null,
          removed: false,
          errors: row.errors,
        }
      }
      const { line, prefix, destination, terms, effectiveAt, isRemoved } = row
      return {
        line,
        rate: isRemoved ? null : { prefix, destination, ...terms },
        prefix,
        effectiveAt: effectiveAt === null ? null : instantText(effectiveAt),
        removed: isRemoved,
        errors: [],
      }
    }),
  }
}
