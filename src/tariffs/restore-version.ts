/**
 * How does a deck go back to what an earlier version of it was? By a next version with the rates and the rounding of that one:
 * versions are never changed, and calls in between keep their price. Answers once this replica acts on it.
 */
import {
  getRateDeckVersion,
  lockRateDeck,
  publishRateDeckVersion,
  setRateDeckRounding,
} from '../db/tariffs/rate-deck-versions.ts'
import { applyDifferences, compareStagedRates } from '../db/tariffs/rate-differences.ts'
import { allowLongStatements, RateStaging } from '../db/tariffs/staged-rates.ts'
import { hasDifference, type PublishContext, type PublishedRates } from './publish-rates.ts'

/** A deck that is so already gets no version. Throws `NotFound`. */
export async function restoreVersion(
  context: PublishContext,
  former: { rateDeckId: string; version: number },
): Promise<PublishedRates> {
  const { rateDeckId } = former
  const published = await context.db.transaction(async (tx) => {
    await allowLongStatements(tx)
    const deck = await lockRateDeck(tx, rateDeckId)
    const { rounding } = await getRateDeckVersion(tx, former)
    const staging = await RateStaging.create(tx)
    await staging.addVersion(former)
    const summary = await compareStagedRates(tx, { rateDeckId, mode: 'replace' })
    const isRoundedSo = deck.rounding.mode === rounding.mode && deck.rounding.decimals === rounding.decimals
    if (isRoundedSo && !hasDifference(summary)) return { summary, version: deck.lastVersion }
    const version = deck.lastVersion + 1
    await setRateDeckRounding(tx, { rateDeckId, rounding })
    const rates = await applyDifferences(tx, { rateDeckId, version })
    const { leadSeconds } = context
    const order = { rateDeckId, version, rounding, rates, leadSeconds }
    return { summary, ...(await publishRateDeckVersion(tx, order)) }
  })
  if (!('configurationVersion' in published)) return { ...published, effectiveAt: null }
  await context.configuration.reach(published.configurationVersion)
  const { version, effectiveAt, summary } = published
  return { version, effectiveAt, summary }
}
