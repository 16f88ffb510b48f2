/**
 * Rate decks as the API keeps them: name, currency, rounding. Their versions and rates are published by the
 * stories of `tariffs/`.
 */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Rounding } from '../../rating/tariff.ts'
import { readRoundingMode } from '../configuration/read-settings.ts'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { rateDecks, ratingPlans, ratingPlanVersions } from '../schema.ts'

export type RateDeckRow = typeof rateDecks.$inferSelect

export async function listRateDecks(
  tx: Tx,
  page: PagePlace & { brandId: string | null },
): Promise<RateDeckRow[]> {
  return tx
    .select()
    .from(rateDecks)
    .where(
      and(
        afterPlace(rateDecks, page),
        page.brandId === null ? undefined : eq(rateDecks.brandId, page.brandId),
      ),
    )
    .orderBy(...inOrder(rateDecks, page))
    .limit(page.limit)
}

export async function findRateDeck(
  tx: Tx,
  id: string,
  lock: 'none' | 'update',
): Promise<RateDeckRow | undefined> {
  const query = tx.select().from(rateDecks).where(eq(rateDecks.id, id))
  const rows = await (lock === 'update' ? query.for('update') : query)
  return rows[0]
}

export async function insertRateDeck(tx: Tx, values: typeof rateDecks.$inferInsert): Promise<RateDeckRow> {
  const [row] = await tx.insert(rateDecks).values(values).returning()
  if (!row) throw new Error('an inserted rate deck was not returned')
  return row
}

export async function updateRateDeck(
  tx: Tx,
  change: { id: string; name: string; currency: string; now: number },
): Promise<RateDeckRow> {
  const [row] = await tx
    .update(rateDecks)
    .set({
      name: change.name,
      currency: change.currency,
      revision: sql`${rateDecks.revision} + 1`,
      updatedAt: change.now,
    })
    .where(eq(rateDecks.id, change.id))
    .returning()
  if (!row) throw new Error(`rate deck ${change.id} vanished while it was locked`)
  return row
}

export async function deleteRateDeck(tx: Tx, id: string): Promise<void> {
  await tx.delete(rateDecks).where(eq(rateDecks.id, id))
}

/** The name of a plan of which any version has this deck: calls may have been priced by it. */
export async function findPlanWithDeck(tx: Tx, rateDeckId: string): Promise<string | undefined> {
  const rows = await tx
    .select({ name: ratingPlans.name })
    .from(ratingPlanVersions)
    .innerJoin(ratingPlans, eq(ratingPlans.id, ratingPlanVersions.ratingPlanId))
    .where(sql`${ratingPlanVersions.entries} @> ${JSON.stringify([{ rateDeckId }])}::jsonb`)
    .limit(1)
  return rows[0]?.name
}

/** How those of these names round that the brand has. */
export async function listRoundingsByName(
  tx: Tx,
  of: { brandId: string; names: readonly string[] },
): Promise<Map<string, Rounding>> {
  const rows = await tx
    .select()
    .from(rateDecks)
    .where(and(eq(rateDecks.brandId, of.brandId), inArray(rateDecks.name, [...of.names])))
  return new Map(
    rows.map(({ name, roundingMode, roundingDecimals }) => [
      name,
      { mode: readRoundingMode(roundingMode), decimals: roundingDecimals },
    ]),
  )
}
