/** Carriers' rating profiles, and who needs a carrier. */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { carrierRatingProfiles } from '../schema.ts'

export type CarrierProfileRow = typeof carrierRatingProfiles.$inferSelect

export async function listCarrierProfiles(
  tx: Tx,
  carrierId: string,
  page: PagePlace,
): Promise<CarrierProfileRow[]> {
  return tx
    .select()
    .from(carrierRatingProfiles)
    .where(and(eq(carrierRatingProfiles.carrierId, carrierId), afterPlace(carrierRatingProfiles, page)))
    .orderBy(...inOrder(carrierRatingProfiles, page))
    .limit(page.limit)
}

export async function findCarrierProfile(
  tx: Tx,
  place: { carrierId: string; id: string },
  lock: 'none' | 'update',
): Promise<CarrierProfileRow | undefined> {
  const query = tx
    .select()
    .from(carrierRatingProfiles)
    .where(and(eq(carrierRatingProfiles.carrierId, place.carrierId), eq(carrierRatingProfiles.id, place.id)))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertCarrierProfile(
  tx: Tx,
  values: typeof carrierRatingProfiles.$inferInsert,
): Promise<CarrierProfileRow> {
  const [row] = await tx.insert(carrierRatingProfiles).values(values).returning()
  if (!row) throw new Error('an inserted rating profile of a carrier was not returned')
  return row
}

export async function updateCarrierProfile(
  tx: Tx,
  change: { id: string; ratingPlanId: string; activatesAt: number },
): Promise<CarrierProfileRow> {
  const { id, ratingPlanId, activatesAt } = change
  const [row] = await tx
    .update(carrierRatingProfiles)
    .set({ ratingPlanId, activatesAt, revision: sql`${carrierRatingProfiles.revision} + 1` })
    .where(eq(carrierRatingProfiles.id, id))
    .returning()
  if (!row) throw new Error(`rating profile ${id} vanished while it was locked`)
  return row
}

export async function deleteCarrierProfile(tx: Tx, id: string): Promise<void> {
  await tx.delete(carrierRatingProfiles).where(eq(carrierRatingProfiles.id, id))
}

/** Has any call been summed for it? Its sums name it for good. */
export async function hasCarrierCalls(tx: Tx, carrierId: string): Promise<boolean> {
  const [row] = await tx.execute<{ found: boolean }>(sql`
    select exists (select from carrier_rollups where carrier_id = ${carrierId}) as found`)
  return row?.found ?? false
}
