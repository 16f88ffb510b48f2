/**
 * Which rows does a page of named things begin after, and in which order do they come? By their making, which the
 * id of a UUID version 7 tells, or by name and then by id, so that no two rows have one place.
 */
import { asc, desc, gt, lt, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

export interface PageOrder {
  by: 'createdAt' | 'name'
  direction: 'ascending' | 'descending'
  /** The name of the last row shown, where `by` is `name`; null: at the beginning. */
  afterName: string | null
}

export interface PagePlace {
  limit: number
  /** The id after which the page begins; null: at the beginning. */
  after: string | null
  /** Newest first without one. */
  order?: PageOrder
}

interface ListedTable {
  id: PgColumn
  /** Absent: never asked for by name. */
  name?: PgColumn
}

const newestFirst: PageOrder = { by: 'createdAt', direction: 'descending', afterName: null }

export function afterPlace({ id, name }: ListedTable, page: PagePlace): SQL | undefined {
  const { by, direction, afterName } = page.order ?? newestFirst
  if (page.after === null) return undefined
  if (by === 'createdAt') return direction === 'ascending' ? gt(id, page.after) : lt(id, page.after)
  if (!name) throw new Error('a list without names was asked for by name')
  const place = sql`(${afterName ?? ''}, ${page.after}::uuid)`
  return direction === 'ascending' ? sql`(${name}, ${id}) > ${place}` : sql`(${name}, ${id}) < ${place}`
}

export function inOrder({ id, name }: ListedTable, page: PagePlace): SQL[] {
  const { by, direction } = page.order ?? newestFirst
  const towards = direction === 'ascending' ? asc : desc
  return by === 'createdAt' || !name ? [towards(id)] : [towards(name), towards(id)]
}
