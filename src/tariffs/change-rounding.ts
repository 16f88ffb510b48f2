/**
 * How does a deck get another rounding? By a version that has the rates of the one before.
 */
import { sql } from 'drizzle-orm'
import type { Tx } from '../db/connection.ts'
import { lockRateDeck, type PublishedVersion, publishRateDeckVersion } from '../db/rate-deck-versions.ts'
import type { Rounding } from '../rating/tariff.ts'

/**
 * Undefined: nothing to publish, since the deck has no rates yet or rounds so already; the deck's own row is
 * set in any case. The caller commits, and then reaches `configurationVersion`. Throws `NotFound`.
 */
export async function changeRounding(
  tx: Tx,
  change: { rateDeckId: string; rounding: Rounding; leadSeconds: number },
): Promise<PublishedVersion | undefined> {
  const { rateDeckId, rounding, leadSeconds } = change
  const deck = await lockRateDeck(tx, rateDeckId)
  if (deck.rounding.mode === rounding.mode && deck.rounding.decimals === rounding.decimals) return undefined
  await tx.execute(sql`
    update rate_decks
    set rounding_mode = ${rounding.mode}, rounding_decimals = ${rounding.decimals}
    where id = ${rateDeckId}`)
  if (deck.lastVersion === 0) return undefined
  const [last] = await tx.execute<{ rates: number }>(sql`
    select rates from rate_deck_versions where rate_deck_id = ${rateDeckId} and version = ${deck.lastVersion}`)
  return publishRateDeckVersion(tx, {
    rateDeckId,
    version: deck.lastVersion + 1,
    rounding,
    rates: last?.rates ?? 0,
    leadSeconds,
  })
}
