/**
 * How does a deck get another rounding? By a version that has the rates of the one before.
 */
import type { Tx } from '../db/connection.ts'
import {
  lockRateDeck,
  type PublishedVersion,
  publishRateDeckVersion,
  setRateDeckRounding,
} from '../db/tariffs/rate-deck-versions.ts'
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
  await setRateDeckRounding(tx, { rateDeckId, rounding })
  if (deck.lastVersion === 0) return undefined
  return publishRateDeckVersion(tx, {
    rateDeckId,
    version: deck.lastVersion + 1,
    rounding,
    rates: deck.lastRates,
    leadSeconds,
  })
}
