/**
 * The instants at which the versions of a deck or plan take effect, and the one change of them that is allowed.
 */
import { sql } from 'drizzle-orm'
import { instantText, parseInstant } from '../columns.ts'
import type { Tx } from '../connection.ts'

/** Ascending by version, locked against a publication at the same time; empty where the tenant has no such thing. */
export async function lockVersionInstants(
  tx: Tx,
  thing: { of: 'rate-deck' | 'rating-plan'; id: string },
): Promise<{ brandId: string | null; versions: { version: number; effectiveAt: number }[] }> {
  const [owner, rows] =
    thing.of === 'rate-deck'
      ? [
          await tx.execute<{ brand_id: string }>(
            sql`select brand_id from rate_decks where id = ${thing.id} for no key update`,
          ),
          await tx.execute<{ version: number; effective_at: string }>(sql`
            select version, effective_at from rate_deck_versions where rate_deck_id = ${thing.id} order by version`),
        ]
      : [
          await tx.execute<{ brand_id: string }>(
            sql`select brand_id from rating_plans where id = ${thing.id} for no key update`,
          ),
          await tx.execute<{ version: number; effective_at: string }>(sql`
            select version, effective_at from rating_plan_versions
            where rating_plan_id = ${thing.id} order by version`),
        ]
  return {
    brandId: owner[0]?.brand_id ?? null,
    versions: rows.map((row) => ({ version: row.version, effectiveAt: parseInstant(row.effective_at) })),
  }
}

export async function moveVersionInstant(
  tx: Tx,
  moved: { of: 'rate-deck' | 'rating-plan'; id: string; version: number; to: number },
): Promise<void> {
  const to = sql`${instantText(moved.to)}::timestamptz`
  await tx.execute(
    moved.of === 'rate-deck'
      ? sql`
        update rate_deck_versions set effective_at = ${to}
        where rate_deck_id = ${moved.id} and version = ${moved.version}`
      : sql`
        update rating_plan_versions set effective_at = ${to}
        where rating_plan_id = ${moved.id} and version = ${moved.version}`,
  )
}
