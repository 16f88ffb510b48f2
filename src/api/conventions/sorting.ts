/**
 * In which orders can a list be had? `?sort=` takes the fields that the list names, with a minus before them for
 * descending; without it the first of them, descending.
 *
 * Each field has the shape of its places: texts that tell a row from every other, so that of equal values none is
 * shown twice or left out. A cursor belongs to its order, and names it unless it is the usual one.
 */
import Type from 'typebox'
import type { PageOrder, PagePlace } from '../../db/page.ts'
import { oneOf } from '../../shapes/fields.ts'
import { type PlacePart, readCursor, uuidText } from './pagination.ts'

export interface SortQuery {
  sort?: string
  cursor?: string
}

export interface SortOrder<Field extends string> {
  by: Field
  direction: 'ascending' | 'descending'
  /** Of the last row shown; null: at the beginning. */
  place: string[] | null
  /** How cursors name this order; null: the usual one. */
  named: string | null
}

export interface Sorts<Field extends string> {
  /** For the schema of the list's query. */
  query: { sort: ReturnType<typeof sortWords> }
  /** Throws `InvalidRequest` for a cursor of another list or order. */
  read(query: SortQuery): SortOrder<Field>
}

export function sortsBy<Field extends string>(
  shapes: Readonly<Record<Field, readonly PlacePart[]>>,
): Sorts<Field> {
  const fields = Object.keys(shapes) as Field[]
  const words = fields.flatMap((field) => [`-${field}`, field])
  const usual = words[0]
  return {
    query: { sort: sortWords(words) },
    read({ sort = usual, cursor }) {
      const by = fields.find((field) => sort === field || sort === `-${field}`)
      if (by === undefined) throw new Error(`the schema let the sort "${sort}" pass`)
      const named = sort === usual || sort === undefined ? null : sort
      const parts = [...shapes[by], ...(named === null ? [] : [new RegExp(`^${named}$`)])]
      const place = readCursor(cursor, parts)?.slice(0, shapes[by].length) ?? null
      return { by, direction: sort === by ? 'ascending' : 'descending', place, named }
    },
  }
}

function sortWords(words: readonly string[]) {
  return Type.Optional(oneOf(words, 'A minus before the field: descending.'))
}

/** What a cursor holds: the place of a row in an order. */
export function rowPlace({ named }: { named: string | null }, place: readonly string[]): string[] {
  return named === null ? [...place] : [...place, named]
}

export type AgeOrName = 'createdAt' | 'name'
/** Of lists whose rows have no name: by their making, which the id tells. */
export const byAge = sortsBy({ createdAt: [uuidText] })
/** Of lists of named things. */
export const byAgeOrName = sortsBy({ createdAt: [uuidText], name: [uuidText, /^[^\0]{1,255}$/] })

/** As queries take it. */
export function readPagePlace(order: SortOrder<AgeOrName>): Pick<PagePlace, 'after'> & { order: PageOrder } {
  const { by, direction, place } = order
  return { after: place?.[0] ?? null, order: { by, direction, afterName: place?.[1] ?? null } }
}

/** The place of a row, for the cursor. */
export function makeNamedPlace(order: SortOrder<AgeOrName>, row: { id: string; name?: string }): string[] {
  return rowPlace(order, order.by === 'name' ? [row.id, row.name ?? ''] : [row.id])
}
