/**
 * Which tariffs were in force for these calls, read from PostgreSQL without the service's own memory?
 *
 * For each call the versions of plans and decks effective at its answer, of the decks only the prefixes of its number.
 */
import { parseInstant } from '../db/columns.ts'
import { readEntries, readRoundingMode } from '../db/configuration/read-settings.ts'
import type { Sql } from '../db/connection.ts'
import type { Rate } from '../rating/rate.ts'
import type { PlanEntry, Rounding } from '../rating/tariff.ts'
import type { NaiveTariffs } from './naive-price.ts'

export interface PricedAt {
  to: string
  answeredAt: number
  ratingPlanIds: readonly string[]
}

interface PlanVersion {
  effectiveAt: number
  timeZone: string | null
  entries: PlanEntry[]
}
interface DeckVersion {
  effectiveAt: number
  version: number
  rounding: Rounding
}
interface RateRange {
  fromVersion: number
  /** The first version without it; null: all later ones have it. */
  toVersion: number | null
  rate: Rate
}

/** One element per call, in their order. */
export async function readTariffs(sql: Sql, calls: readonly PricedAt[]): Promise<NaiveTariffs[]> {
  const plans = await readPlans(sql, [...new Set(calls.flatMap(({ ratingPlanIds }) => ratingPlanIds))])
  const planVersions = [...plans.values()].flat()
  const deckIds = [
    ...new Set(planVersions.flatMap(({ entries }) => entries.map(({ rateDeckId }) => rateDeckId))),
  ]
  const decks = await readDecks(sql, deckIds)
  const rates = await readRates(sql, deckIds, [...new Set(calls.flatMap(({ to }) => listPrefixes(to)))])
  return calls.map(({ to, answeredAt, ratingPlanIds }) => {
    const tariffs: NaiveTariffs = { plans: {}, decks: {} }
    for (const ratingPlanId of ratingPlanIds) {
      const plan = inForce(plans.get(ratingPlanId) ?? [], answeredAt)
      if (!plan) continue
      tariffs.plans[ratingPlanId] = plan
      for (const { rateDeckId } of plan.entries) {
        const deck = inForce(decks.get(rateDeckId) ?? [], answeredAt)
        if (!deck) continue
        const isIn = ({ fromVersion, toVersion }: RateRange) =>
          fromVersion <= deck.version && (toVersion === null || toVersion > deck.version)
        const found = listPrefixes(to).flatMap((prefix) => rates.get(`${rateDeckId} ${prefix}`) ?? [])
        tariffs.decks[rateDeckId] = {
          rounding: deck.rounding,
          rates: found.filter(isIn).map(({ rate }) => rate),
        }
      }
    }
    return tariffs
  })
}

const listPrefixes = (to: string) => ['*', ...Array.from(to, (_digit, i) => to.slice(0, i + 1))]

/** The last that has taken effect, or the first for all time before. */
function inForce<Version extends { effectiveAt: number }>(
  versions: readonly Version[],
  at: number,
): Version | undefined {
  return versions.filter(({ effectiveAt }) => effectiveAt <= at).at(-1) ?? versions[0]
}

async function readPlans(sql: Sql, ids: readonly string[]): Promise<Map<string, PlanVersion[]>> {
  const rows = await sql`
    select rating_plan_id, effective_at, time_zone, entries
    from rating_plan_versions
    where rating_plan_id = any(${ids}::uuid[])
    order by rating_plan_id, version`
  const plans = new Map<string, PlanVersion[]>()
  for (const row of rows) {
    append(plans, row.rating_plan_id, {
      effectiveAt: parseInstant(row.effective_at),
      timeZone: row.time_zone,
      entries: readEntries(parsed(row.entries)),
    })
  }
  return plans
}

async function readDecks(sql: Sql, ids: readonly string[]): Promise<Map<string, DeckVersion[]>> {
  const rows = await sql`
    select rate_deck_id, version, effective_at, rounding_mode, rounding_decimals
    from rate_deck_versions
    where rate_deck_id = any(${ids}::uuid[])
    order by rate_deck_id, version`
  const decks = new Map<string, DeckVersion[]>()
  for (const row of rows) {
    append(decks, row.rate_deck_id, {
      effectiveAt: parseInstant(row.effective_at),
      version: row.version,
      rounding: { mode: readRoundingMode(row.rounding_mode), decimals: row.rounding_decimals },
    })
  }
  return decks
}

async function readRates(
  sql: Sql,
  deckIds: readonly string[],
  prefixes: readonly string[],
): Promise<Map<string, RateRange[]>> {
  const rows = await sql`
    select rate_deck_id, prefix, from_version, to_version, destination, terms
    from rates
    where rate_deck_id = any(${deckIds}::uuid[])
      and prefix = any(${prefixes}::text[])`
  const rates = new Map<string, RateRange[]>()
  for (const row of rows) {
    append(rates, `${row.rate_deck_id} ${row.prefix}`, {
      fromVersion: row.from_version,
      toVersion: row.to_version,
      rate: { prefix: row.prefix, destination: row.destination, ...readTerms(row.terms) },
    })
  }
  return rates
}

/** drizzle leaves JSON as text or not, by the parsers of the connection. */
export function parsed(json: unknown): unknown {
  return typeof json === 'string' ? JSON.parse(json) : json
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** What stored terms leave out means nothing said. */
function readTerms(value: unknown): Omit<Rate, 'prefix' | 'destination'> {
  const terms = parsed(value) as Omit<Rate, 'prefix' | 'destination'>
  return { ...terms, graceSeconds: terms.graceSeconds ?? 0, highRisk: terms.highRisk ?? null }
}
