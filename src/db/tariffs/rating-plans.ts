/**
 * Rating plans as the API keeps them: name and currency, with zone and entries of the newest version. Versions
 * are published by the stories of `tariffs/`.
 */
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import {
  allCalls,
  carrierRatingProfiles,
  ratingPlans,
  ratingPlanVersions,
  ratingProfiles,
} from '../schema.ts'

export type RatingPlanRow = typeof ratingPlans.$inferSelect
export type RatingPlanVersionRow = typeof ratingPlanVersions.$inferSelect

export async function listRatingPlans(
  tx: Tx,
  page: PagePlace & { brandId: string | null },
): Promise<RatingPlanRow[]> {
  return tx
    .select()
    .from(ratingPlans)
    .where(
      and(
        afterPlace(ratingPlans, page),
        page.brandId === null ? undefined : eq(ratingPlans.brandId, page.brandId),
      ),
    )
    .orderBy(...inOrder(ratingPlans, page))
    .limit(page.limit)
}

export async function findRatingPlan(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<RatingPlanRow | undefined> {
  const query = tx.select().from(ratingPlans).where(eq(ratingPlans.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

/** The newest version of each plan, by the plan's id. */
export async function findNewestPlanVersions(
  tx: Tx,
  ratingPlanIds: string[],
): Promise<Map<string, RatingPlanVersionRow>> {
  if (ratingPlanIds.length === 0) return new Map()
  const rows = await tx
    .selectDistinctOn([ratingPlanVersions.ratingPlanId])
    .from(ratingPlanVersions)
    .where(inArray(ratingPlanVersions.ratingPlanId, ratingPlanIds))
    .orderBy(ratingPlanVersions.ratingPlanId, desc(ratingPlanVersions.version))
  return new Map(rows.map((row) => [row.ratingPlanId, row]))
}

export async function insertRatingPlan(
  tx: Tx,
  values: typeof ratingPlans.$inferInsert,
): Promise<RatingPlanRow> {
  const [row] = await tx.insert(ratingPlans).values(values).returning()
  if (!row) throw new Error('an inserted rating plan was not returned')
  return row
}

export async function updateRatingPlan(
  tx: Tx,
  change: { id: string; name: string; currency: string; now: number },
): Promise<RatingPlanRow> {
  const [row] = await tx
    .update(ratingPlans)
    .set({
      name: change.name,
      currency: change.currency,
      revision: sql`${ratingPlans.revision} + 1`,
      updatedAt: change.now,
    })
    .where(eq(ratingPlans.id, change.id))
    .returning()
  if (!row) throw new Error(`rating plan ${change.id} vanished while it was locked`)
  return row
}

export async function deleteRatingPlan(tx: Tx, id: string): Promise<void> {
  await tx.delete(ratingPlans).where(eq(ratingPlans.id, id))
}

/** Does a client's profile name the plan, or a call that it priced? */
export async function isRatingPlanUsed(tx: Tx, id: string): Promise<boolean> {
  const profiles = await tx
    .select({ id: ratingProfiles.id })
    .from(ratingProfiles)
    .where(eq(ratingProfiles.ratingPlanId, id))
    .limit(1)
  if (profiles.length > 0) return true
  const ofCarriers = await tx
    .select({ id: carrierRatingProfiles.id })
    .from(carrierRatingProfiles)
    .where(eq(carrierRatingProfiles.ratingPlanId, id))
    .limit(1)
  if (ofCarriers.length > 0) return true
  const priced = await tx
    .select({ callId: allCalls.callId })
    .from(allCalls)
    .where(eq(allCalls.ratingPlanId, id))
    .limit(1)
  return priced.length > 0
}
