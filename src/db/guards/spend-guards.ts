/**
 * Guards against toll fraud, and for whom they are lifted.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { guardLifts, spendGuards } from '../schema.ts'

export type GuardRow = typeof spendGuards.$inferSelect
export type GuardValues = Omit<
  GuardRow,
  'id' | 'brandId' | 'clientId' | 'revision' | 'createdAt' | 'updatedAt'
>

export async function listSpendGuards(
  tx: Tx,
  page: PagePlace & { brandId: string | null; clientId: string | null },
): Promise<GuardRow[]> {
  return tx
    .select()
    .from(spendGuards)
    .where(
      and(
        afterPlace(spendGuards, page),
        page.brandId === null ? undefined : eq(spendGuards.brandId, page.brandId),
        page.clientId === null ? undefined : eq(spendGuards.clientId, page.clientId),
      ),
    )
    .orderBy(...inOrder(spendGuards, page))
    .limit(page.limit)
}

export async function findSpendGuard(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<GuardRow | undefined> {
  const query = tx.select().from(spendGuards).where(eq(spendGuards.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertSpendGuard(
  tx: Tx,
  guard: GuardValues & { id: string; brandId: string; clientId: string | null; createdAt: number },
): Promise<GuardRow> {
  const [row] = await tx.insert(spendGuards).values(guard).returning()
  if (!row) throw new Error('an inserted guard was not returned')
  return row
}

export async function updateSpendGuard(
  tx: Tx,
  id: string,
  values: GuardValues,
  now: number,
): Promise<GuardRow> {
  const [row] = await tx
    .update(spendGuards)
    .set({ ...values, revision: sql`${spendGuards.revision} + 1`, updatedAt: now })
    .where(eq(spendGuards.id, id))
    .returning()
  if (!row) throw new Error(`guard ${id} vanished while it was locked`)
  return row
}

export async function deleteSpendGuard(tx: Tx, id: string): Promise<void> {
  await tx.delete(spendGuards).where(eq(spendGuards.id, id))
}

/** Instead of the lift before, earlier or later. */
export async function liftGuard(
  tx: Tx,
  lift: { guardId: string; clientId: string; brandId: string; until: number; now: number },
): Promise<void> {
  const { now, ...values } = lift
  await tx
    .insert(guardLifts)
    .values({ ...values, createdAt: now })
    .onConflictDoUpdate({
      target: [guardLifts.guardId, guardLifts.clientId],
      set: { until: lift.until, createdAt: now },
    })
}
