/**
 * In which order does a list of named things come? `?sort=` takes one of four words, nothing else; without it the
 * newest come first. A cursor belongs to its order: by name it holds the name, too.
 */
import Type from 'typebox'
import type { PageOrder, PagePlace } from '../../db/page.ts'
import { oneOf } from './fields.ts'
import { readCursor, uuidText } from './pagination.ts'

const sorts = ['-createdAt', 'createdAt', 'name', '-name'] as const

export const sortQuery = {
  sort: Type.Optional(oneOf(sorts, 'A minus before the field: descending.')),
}
export interface SortQuery {
  sort?: (typeof sorts)[number]
}

export function readSort(
  sort: SortQuery['sort'],
  cursor: string | undefined,
): Pick<PagePlace, 'after'> & { order: PageOrder } {
  const by = sort?.endsWith('name') ? 'name' : 'createdAt'
  const direction = sort === undefined || sort.startsWith('-') ? 'descending' : 'ascending'
  const place = readCursor(cursor, by === 'name' ? [uuidText, /^[^\0]{1,255}$/] : [uuidText])
  return { after: place?.[0] ?? null, order: { by, direction, afterName: place?.[1] ?? null } }
}

/** The place of a row, for the cursor. */
export function placeOf({ by }: PageOrder, row: { id: string; name?: string }): string[] {
  return by === 'name' ? [row.id, row.name ?? ''] : [row.id]
}
