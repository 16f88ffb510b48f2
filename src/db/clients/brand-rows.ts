/**
 * Rows of plain tables that differ only in their columns: listed, found, made, changed, deleted. A brand owns them, or
 * the platform where the table has no brand.
 *
 * A resource with rules of its own has a file of its own.
 */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'

export type OwnedTable = PgTable & { id: PgColumn; brandId: PgColumn }
type PlainTable = PgTable & { id: PgColumn; brandId?: PgColumn; name?: PgColumn; revision: PgColumn }
export interface PlainRow {
  id: string
  revision: number
  createdAt: number
  updatedAt: number
}
export interface BrandRow extends PlainRow {
  brandId: string
}

export interface BrandRows<Row extends PlainRow> {
  list(tx: Tx, page: PagePlace & { brandId?: string | null }): Promise<Row[]>
  find(tx: Tx, id: string, lock: 'none' | 'update'): Promise<Row | undefined>
  insert(tx: Tx, values: Partial<Row>): Promise<Row>
  update(tx: Tx, id: string, values: Partial<Row>, now: number): Promise<Row>
  remove(tx: Tx, id: string): Promise<void>
}

/** `Row` is the table's own row type; drizzle cannot carry it through a table that is an argument. */
export function brandRows<Row extends PlainRow>(table: PlainTable): BrandRows<Row> {
  const first = (rows: unknown[], what: string): Row => {
    const [row] = rows as Row[]
    if (!row) throw new Error(`${what} gave no row`)
    return row
  }
  return {
    async list(tx, page) {
      const rows = await tx
        .select()
        .from(table as PgTable)
        .where(
          and(
            afterPlace(table, page),
            table.brandId && page.brandId ? eq(table.brandId, page.brandId) : undefined,
          ),
        )
        .orderBy(...inOrder(table, page))
        .limit(page.limit)
      return rows as Row[]
    },
    async find(tx, id, lock) {
      const query = tx
        .select()
        .from(table as PgTable)
        .where(eq(table.id, id))
      const rows = await (lock === 'update' ? query.for('update') : query)
      return (rows as Row[])[0]
    },
    async insert(tx, values) {
      return first(await tx.insert(table).values(values).returning(), 'an insert')
    },
    async update(tx, id, values, now) {
      const set = { ...values, revision: sql`${table.revision} + 1`, updatedAt: now }
      return first(await tx.update(table).set(set).where(eq(table.id, id)).returning(), 'an update')
    },
    async remove(tx, id) {
      await tx.delete(table).where(eq(table.id, id))
    },
  }
}

/** Those of the ids whose row is there and the brand's. */
export async function listIdsOfBrand(
  tx: Tx,
  table: OwnedTable,
  { ids, brandId }: { ids: readonly string[]; brandId: string },
): Promise<Set<string>> {
  const rows = await tx
    .select({ id: table.id })
    .from(table as PgTable)
    .where(and(inArray(table.id, [...ids]), eq(table.brandId, brandId)))
  return new Set(rows.map(({ id }) => String(id)))
}
