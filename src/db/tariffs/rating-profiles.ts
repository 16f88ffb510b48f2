/**
 * Rating profiles: a client's plan from an instant on.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { ratingPlans, ratingProfiles } from '../schema.ts'

export type RatingProfileRow = typeof ratingProfiles.$inferSelect

export async function listRatingProfiles(
  tx: Tx,
  clientId: string,
  page: PagePlace,
): Promise<RatingProfileRow[]> {
  return tx
    .select()
    .from(ratingProfiles)
    .where(and(eq(ratingProfiles.clientId, clientId), afterPlace(ratingProfiles, page)))
    .orderBy(...inOrder(ratingProfiles, page))
    .limit(page.limit)
}

export async function findRatingProfile(
  tx: Tx,
  place: { clientId: string; id: string },
  lock: 'none' | 'update',
): Promise<RatingProfileRow | undefined> {
  const query = tx
    .select()
    .from(ratingProfiles)
    .where(and(eq(ratingProfiles.clientId, place.clientId), eq(ratingProfiles.id, place.id)))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertRatingProfile(
  tx: Tx,
  values: typeof ratingProfiles.$inferInsert,
): Promise<RatingProfileRow> {
  const [row] = await tx.insert(ratingProfiles).values(values).returning()
  if (!row) throw new Error('an inserted rating profile was not returned')
  return row
}

export async function updateRatingProfile(
  tx: Tx,
  change: Pick<RatingProfileRow, 'id' | 'ratingPlanId' | 'direction' | 'activatesAt'>,
): Promise<RatingProfileRow> {
  const [row] = await tx
    .update(ratingProfiles)
    .set({
      ratingPlanId: change.ratingPlanId,
      direction: change.direction,
      activatesAt: change.activatesAt,
      revision: sql`${ratingProfiles.revision} + 1`,
    })
    .where(eq(ratingProfiles.id, change.id))
    .returning()
  if (!row) throw new Error(`rating profile ${change.id} vanished while it was locked`)
  return row
}

export async function deleteRatingProfile(tx: Tx, id: string): Promise<void> {
  await tx.delete(ratingProfiles).where(eq(ratingProfiles.id, id))
}

/** The plan that a profile is to name: of the client's brand, locked so that its currency stays. */
export async function findPlanOfBrand(
  tx: Tx,
  place: { brandId: string; ratingPlanId: string },
): Promise<{ id: string; currency: string } | undefined> {
  const rows = await tx
    .select({ id: ratingPlans.id, currency: ratingPlans.currency })
    .from(ratingPlans)
    .where(and(eq(ratingPlans.id, place.ratingPlanId), eq(ratingPlans.brandId, place.brandId)))
    .for('share')
  return rows[0]
}
