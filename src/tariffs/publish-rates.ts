/**
 * How does a list of rates become a deck's next version? `PUT /v1/rate-decks/{id}/rates` replaces them all.
 *
 * Every faulty rate is named, nothing is written if there is one. The difference to the version before is
 * written in one transaction; a list equal to the deck makes no version. Answers once this replica acts on it.
 */
import { setImmediate } from 'node:timers/promises'
import type { Db } from '../db/connection.ts'
import { getRateDeck, lockRateDeck, publishRateDeckVersion } from '../db/tariffs/rate-deck-versions.ts'
import {
  allowLongStatements,
  applyDifferences,
  compareStagedRates,
  RateStaging,
  type RatesSummary,
  type StagedRate,
} from '../db/tariffs/staged-rates.ts'
import { type InputFault, InvalidRequest } from '../errors.ts'
import type { Rounding } from '../rating/tariff.ts'
import { canonicalRate, type RateInput, termsText } from './canonical-rate.ts'
import type { Configuration } from './configuration.ts'
import { findRateFaults } from './find-rate-faults.ts'

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
  /** What is allowed, but seldom meant: a step no call can reach. */
  warnings: InputFault[]
}

const maxNamed = 1_000
/** So many are checked or written before others get their turn on the event loop. */
const batchRates = 2_000

/** Throws `NotFound`, and `InvalidRequest` with a pointer to each fault. */
export async function publishRates(
  context: PublishContext,
  order: { rateDeckId: string; rates: readonly RateInput[] },
): Promise<PublishedRates> {
  const { rateDeckId } = order
  const { rounding } = await getRateDeck(context.db, rateDeckId)
  const { staged, warnings } = await readRates(order.rates, rounding)
  const published = await context.db.transaction(async (tx) => {
    await allowLongStatements(tx)
    const staging = await RateStaging.create(tx)
    for (let at = 0; at < staged.length; at += batchRates) {
      await staging.add(staged.slice(at, at + batchRates))
    }
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
  if (!('configurationVersion' in published)) return { ...published, effectiveAt: null, warnings }
  await context.configuration.reach(published.configurationVersion)
  const { version, effectiveAt, summary } = published
  return { version, effectiveAt, summary, warnings }
}

export function hasDifference({ added, changed, removed }: RatesSummary): boolean {
  return added + changed + removed > 0
}

async function readRates(
  inputs: readonly RateInput[],
  rounding: Rounding,
): Promise<{ staged: StagedRate[]; warnings: InputFault[] }> {
  const staged: StagedRate[] = []
  const faults: InputFault[] = []
  const warnings: InputFault[] = []
  const places = new Map<string, number>()
  for (const [place, input] of inputs.entries()) {
    if (place % batchRates === batchRates - 1) await setImmediate()
    const rate = canonicalRate(input)
    const found = findRateFaults(rate, rounding)
    const told = ({ field, detail }: { field: string; detail: string }) => ({
      pointer: `/${place}/${field}`,
      detail,
    })
    faults.push(...found.errors.map(told))
    if (warnings.length < maxNamed) warnings.push(...found.warnings.map(told))
    const former = places.get(rate.prefix)
    if (former !== undefined) {
      faults.push({
        pointer: `/${place}/prefix`,
        detail: `The prefix ${rate.prefix} stands at /${former}, too.`,
      })
    }
    places.set(rate.prefix, place)
    staged.push({
      line: place,
      prefix: rate.prefix,
      destination: rate.destination,
      terms: termsText(rate),
      intervalStart: 0,
      given: '',
    })
  }
  if (faults.length > 0) {
    const named = faults.slice(0, maxNamed)
    throw new InvalidRequest(`The list has ${faults.length} faults; no rate was changed.`, named)
  }
  return { staged, warnings }
}
