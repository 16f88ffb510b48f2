/**
 * How does a list of rates become a deck's next version? `PUT /v1/rate-decks/{id}/rates` replaces them all.
 *
 * Faulty rates are named, nothing is written if there is one. The difference to the version before is
 * written in one transaction; a list equal to the deck makes no version. Answers once this replica acts on it.
 */
import type { Db } from '../db/connection.ts'
import { getRateDeck, lockRateDeck, publishRateDeckVersion } from '../db/tariffs/rate-deck-versions.ts'
import { applyDifferences, compareStagedRates, type RatesSummary } from '../db/tariffs/rate-differences.ts'
import { allowLongStatements, RateStaging, type StagedRate } from '../db/tariffs/staged-rates.ts'
import type { Rounding } from '../rating/tariff.ts'
import type { Configuration } from './configuration.ts'

export interface PublishContext {
  /** The worker's pool. */
  db: Db
  configuration: Configuration
  /** TARIFF_LEAD_SECONDS. */
  leadSeconds: number
}

export interface PublishedRates {
  /** The deck's version that has these rates. */
  version: number
  effectiveAt: number | null
  summary: RatesSummary
}

export interface PublishOrder {
  rateDeckId: string
  /**
   * The rates, checked for a deck that rounds like this, in batches: between two of them others get their turn on the
   * event loop. Throws `InvalidRequest` with a pointer to each fault.
   */
  read(rounding: Rounding): Promise<Iterable<StagedRate[]>>
}

/** Throws `NotFound`, and what `read` throws. */
export async function publishRates(
  context: PublishContext,
  { rateDeckId, read }: PublishOrder,
): Promise<PublishedRates> {
  const { rounding } = await getRateDeck(context.db, rateDeckId)
  const batches = await read(rounding)
  const published = await context.db.transaction(async (tx) => {
    await allowLongStatements(tx)
    const staging = await RateStaging.create(tx)
    for (const batch of batches) await staging.add(batch)
    const deck = await lockRateDeck(tx, rateDeckId)
    const summary = await compareStagedRates(tx, { rateDeckId, mode: 'replace' })
    if (deck.lastVersion > 0 && !hasDifference(summary)) return { summary, version: deck.lastVersion }
    const version = deck.lastVersion + 1
    const rates = await applyDifferences(tx, { rateDeckId, version })
    const { leadSeconds } = context
    return {
      summary,
      ...(await publishRateDeckVersion(tx, {
        rateDeckId,
        version,
        rounding: deck.rounding,
        rates,
        leadSeconds,
      })),
    }
  })
  if (!('configurationVersion' in published)) return { ...published, effectiveAt: null }
  await context.configuration.reach(published.configurationVersion)
  const { version, effectiveAt, summary } = published
  return { version, effectiveAt, summary }
}

export function hasDifference({
  added,
  changed,
  removed,
}: Pick<RatesSummary, 'added' | 'changed' | 'removed'>): boolean {
  return added + changed + removed > 0
}
