/**
 * Which version of a plan or deck is in force at an instant, and which are reachable from now on?
 *
 * The last one that has taken effect; the first for all time before the second.
 */
import type { StoredPlanVersion, StoredRateDeckVersion } from '../db/tariffs/stored-tariffs.ts'
import { type RateDeckVersion, RateTableNotLoaded, type Tariffs } from '../rating/tariff.ts'
import type { ConfigurationMemory } from './configuration-memory.ts'
import type { RateTableCache, RateTableKey } from './rate-table-cache.ts'

export class TariffsInForce implements Tariffs {
  readonly #memory: ConfigurationMemory
  readonly #tables: RateTableCache
  readonly #choose: typeof findVersion

  constructor(memory: ConfigurationMemory, tables: RateTableCache, choose: typeof findVersion) {
    this.#memory = memory
    this.#tables = tables
    this.#choose = choose
  }

  findPlan(ratingPlanId: string, at: number): StoredPlanVersion | undefined {
    const plan = this.#memory.plans.get(ratingPlanId)
    return plan && this.#choose(plan.versions, at)
  }

  findDeck(rateDeckId: string, at: number): RateDeckVersion | undefined {
    const deck = this.#memory.rateDecks.get(rateDeckId)
    const inForce = deck && this.#choose(deck.versions, at)
    if (!inForce) return undefined
    const loaded = this.#tables.find(rateDeckId, inForce.version)
    if (!loaded) throw new RateTableNotLoaded(rateDeckId, inForce.version)
    return loaded
  }
}

/** Undefined where there is no version at all. */
export function findVersion<Version extends { effectiveAt: number }>(
  versions: readonly Version[],
  at: number,
): Version | undefined {
  for (let i = versions.length - 1; i > 0; i--) {
    const version = versions[i]
    if (version && version.effectiveAt <= at) return version
  }
  return versions[0]
}

/** Also one that has yet to take effect. */
export function findNewestVersion<Version>(versions: readonly Version[]): Version | undefined {
  return versions.at(-1)
}

/** Deck versions that a call answered at `now` or later may be priced by. */
export function listReachable(memory: ConfigurationMemory, now: number): RateTableKey[] {
  const deckIds = new Set<string>()
  for (const plan of memory.plans.values()) {
    for (const { entries } of fromNowOn(plan.versions, now)) {
      for (const { rateDeckId } of entries) deckIds.add(rateDeckId)
    }
  }
  const keys: RateTableKey[] = []
  for (const rateDeckId of deckIds) {
    const versions: readonly StoredRateDeckVersion[] = memory.rateDecks.get(rateDeckId)?.versions ?? []
    for (const version of fromNowOn(versions, now)) keys.push({ rateDeckId, version })
  }
  return keys
}

function fromNowOn<Version extends { effectiveAt: number }>(
  versions: readonly Version[],
  now: number,
): Version[] {
  const current = findVersion(versions, now)
  return versions.filter((version) => version === current || version.effectiveAt > now)
}
