/**
 * Corporations: clients of one brand that call each other free.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { corporations } from '../schema.ts'

export type CorporationRow = typeof corporations.$inferSelect

export async function listCorporations(
  tx: Tx,
  page: PagePlace & { brandId: string | null },
): Promise<CorporationRow[]> {
  return tx
    .select()
    .from(corporations)
    .where(
      and(
        afterPlace(corporations, page),
        page.brandId === null ? undefined : eq(corporations.brandId, page.brandId),
      ),
    )
    .orderBy(...inOrder(corporations, page))
    .limit(page.limit)
}

export async function findCorporation(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<CorporationRow | undefined> {
  const query = tx.select().from(corporations).where(eq(corporations.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertCorporation(
  tx: Tx,
  values: typeof corporations.$inferInsert,
): Promise<CorporationRow> {
  const [row] = await tx.insert(corporations).values(values).returning()
  if (!row) throw new Error('an inserted corporation was not returned')
  return row
}

export async function updateCorporation(
  tx: Tx,
  change: { id: string; name: string; now: number },
): Promise<CorporationRow> {
  const [row] = await tx
    .update(corporations)
    .set({ name: change.name, revision: sql`${corporations.revision} + 1`, updatedAt: change.now })
    .where(eq(corporations.id, change.id))
    .returning()
  if (!row) throw new Error(`corporation ${change.id} vanished while it was locked`)
  return row
}

export async function deleteCorporation(tx: Tx, id: string): Promise<void> {
  await tx.delete(corporations).where(eq(corporations.id, id))
}
