/**
 * Which rows of a sheet sell for less than a carrier takes? Said, never refused.
 *
 * Compared as `/v1/rating-plans/{id}/margins` does, for a call as long as the brand compares costs by, also where the
 * carrier splits a prefix of the sheet; by what the carrier takes when the import begins. Runs in the thread of the import:
 * the carrier's tables are made there, and go with it.
 */
import { setImmediate } from 'node:timers/promises'
import { listConfiguredPlans, listConfiguredRateDecks } from '../db/configuration/configuration.ts'
import type { Db, Tx } from '../db/connection.ts'
import type { ImportWarning } from '../db/tariffs/imports.ts'
import { streamComparedRates } from '../db/tariffs/rate-differences.ts'
import { Decimal, formatAmount } from '../money.ts'
import { type Comparison, compareMargin, listPrefixes } from '../rating/compare-margins.ts'
import { type RateTable, RateTableBuilder } from '../rating/rate-table.ts'
import type { RateDeckVersion, RatingPlanVersion, Rounding, Tariffs } from '../rating/tariff.ts'
import { readRateTable } from './compile-rate-table.ts'
import { findVersion } from './tariffs-in-force.ts'

/** The carrier whose cost is compared, as configuration had it when the import was ordered. */
export interface CostOrder {
  name: string
  timeZone: string
  ratingPlanId: string
  at: number
  seconds: number
  /** Decimal text: how much of the deck's currency one unit of the carrier's buys. */
  exchangeRate: string
}

export interface Cost extends CostOrder {
  plan: RatingPlanVersion | undefined
  decks: ReadonlyMap<string, RateDeckVersion>
}

/** Before the transaction of the import begins: that has the only connection. */
export async function loadCost(db: Db, order: CostOrder): Promise<Cost> {
  const { ratingPlanId, at } = order
  const { plan, decks } = await db.transaction(async (tx) => {
    const [stored] = await listConfiguredPlans(tx, [ratingPlanId])
    const inForce = stored && findVersion(stored.versions, at)
    const ids = new Set(inForce?.entries.map(({ rateDeckId }) => rateDeckId))
    return { plan: inForce, decks: await listConfiguredRateDecks(tx, [...ids]) }
  })
  const loaded = new Map<string, RateDeckVersion>()
  for (const { id: rateDeckId, versions } of decks) {
    const found = findVersion(versions, at)
    if (!found) continue
    const { version, rounding } = found
    const table = await readRateTable(db, { rateDeckId, version })
    loaded.set(rateDeckId, { rateDeckId, version, rounding, table })
  }
  return { ...order, plan, decks: loaded }
}

const maxNamed = 100
/** Compared before the thread hears anything else. */
const prefixesAtOnce = 5_000

/** Of the rates that this transaction has compared with the deck's. `rounding`: the deck's. */
export async function warnBelowCost(tx: Tx, cost: Cost, rounding: Rounding): Promise<ImportWarning[]> {
  const lines = new Map<string, number>()
  const builder = new RateTableBuilder()
  for await (const rows of streamComparedRates(tx)) {
    for (const { line, ...rate } of rows) {
      builder.add(rate)
      if (line !== null) lines.set(rate.prefix, line)
    }
  }
  const sheet = builder.build()
  const comparison: Comparison = {
    plan: pricingOf(sheet, rounding),
    carrier: {
      timeZone: cost.timeZone,
      profiles: [{ ratingProfileId: '', ratingPlanId: cost.ratingPlanId, activatesAt: always }],
      tariffs: { findPlan: () => cost.plan, findDeck: (id) => cost.decks.get(id) },
    },
    at: cost.at,
    seconds: cost.seconds,
    exchangeRate: new Decimal(cost.exchangeRate),
  }
  const warnings: ImportWarning[] = []
  let found = 0
  let compared = 0
  const tables = [sheet, ...[...cost.decks.values()].map(({ table }) => table)]
  for (const prefix of listPrefixes(tables, null)) {
    compared += 1
    if (compared % prefixesAtOnce === 0) await setImmediate()
    const row = sheet.longestMatch(prefix === '*' ? '' : prefix)
    const line = row < 0 ? undefined : lines.get(sheet.prefixAt(row))
    if (line === undefined) continue
    const { price, margin } = compareMargin(prefix, comparison)
    if (!margin?.isNegative()) continue
    found += 1
    if (found > maxNamed) continue
    const costs = formatAmount((price ?? margin).minus(margin))
    const detail = `${cost.seconds} s to ${prefix} sell for ${formatAmount(price ?? margin)}, ${cost.name} takes ${costs}.`
    warnings.push({ line, code: 'below_cost', detail })
  }
  if (found > maxNamed) {
    const detail = `… and ${found - maxNamed} more of these.`
    warnings.push({ line: null, code: 'below_cost', detail })
  }
  return warnings
}

const always = Number.NEGATIVE_INFINITY

/** A deck priced as if it were all of a plan. */
function pricingOf(table: RateTable, rounding: Rounding): Comparison['plan'] {
  const rateDeckId = ''
  const entry = { rateDeckId, weight: 0, days: null, from: '00:00', to: '24:00', originPrefixes: null }
  const plan: RatingPlanVersion = { ratingPlanId: '', version: 1, timeZone: null, entries: [entry] }
  const deck = { rateDeckId, version: 1, rounding, table }
  const tariffs: Tariffs = { findPlan: () => plan, findDeck: () => deck }
  return {
    timeZone: 'UTC',
    profiles: [{ ratingProfileId: '', ratingPlanId: '', activatesAt: always }],
    tariffs,
  }
}
