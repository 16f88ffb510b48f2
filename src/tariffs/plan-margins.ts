/**
 * What does a plan leave over what a carrier takes, prefix by prefix? Both by the versions in force at an instant, for a
 * call as long as the brand compares costs by. Plans of hundreds of thousands of prefixes are looked at page by page, and
 * others get their turn in between.
 */
import { setImmediate } from 'node:timers/promises'
import { NotFound, Unprocessable } from '../errors.ts'
import type { Decimal } from '../money.ts'
import type { Carrier } from '../rating/carrier.ts'
import { type Comparison, compareMargin, listPrefixes, type PrefixMargin } from '../rating/compare-margins.ts'
import type { RateTable } from '../rating/rate-table.ts'
import { selectRatingProfile } from '../rating/select-rating-profile.ts'
import type { RatingProfile, Tariffs } from '../rating/tariff.ts'
import type { Configuration } from './configuration.ts'
import type { CostOrder } from './warn-below-cost.ts'
import { withRateTables } from './with-rate-tables.ts'

export interface MarginsRequest {
  ratingPlanId: string
  carrierId: string
  /** null: of any brand. */
  brandId: string | null
  at: number
  /** Only prefixes whose margin is less; null: all. */
  below: Decimal | null
  /** The prefix that the page before ended with. */
  after: string | null
  limit: number
}

export interface PlanMargins {
  seconds: number
  currency: string
  costCurrency: string
  exchangeRate: Decimal
  rows: PrefixMargin[]
  /** Where the next page goes on; null: there is none. */
  next: string | null
}

/** So many prefixes are compared before others get their turn, and for one page. */
const prefixesAtOnce = 500
const maxPrefixesPerPage = 50_000

/** Throws `NotFound`, and 422 where the carrier has no plan or its currency no exchange rate. */
export async function comparePlanMargins(
  configuration: Configuration,
  request: MarginsRequest,
): Promise<PlanMargins> {
  const { ratingPlanId, brandId, at, after, limit, below } = request
  const plan = configuration.findPlan(ratingPlanId)
  if (!plan || (brandId !== null && plan.brandId !== brandId)) throw new NotFound('rating plan', ratingPlanId)
  const { carrier, profile: bought, exchangeRate } = requireCarrier(configuration, plan, request)
  const { tariffs } = configuration
  const profile = { ratingProfileId: '', ratingPlanId: plan.id, activatesAt: Number.NEGATIVE_INFINITY }
  const { lcrSeconds: seconds } = configuration.getBrand(plan.brandId)
  const comparison: Comparison = {
    plan: { timeZone: 'UTC', profiles: [profile], tariffs },
    carrier: { timeZone: carrier.timeZone, profiles: carrier.profiles, tariffs },
    at,
    seconds,
    exchangeRate,
  }
  const planIds = [plan.id, bought.ratingPlanId]
  const tables = await withRateTables(configuration, () =>
    planIds.flatMap((id) => listTables(tariffs, id, at)),
  )
  const rows: PrefixMargin[] = []
  let compared = 0
  let last: string | null = null
  for (const prefix of listPrefixes(tables, after)) {
    if (rows.length === limit || compared === maxPrefixesPerPage) {
      return {
        seconds,
        currency: plan.currency,
        costCurrency: carrier.currency,
        exchangeRate,
        rows,
        next: last,
      }
    }
    const row = await withRateTables(configuration, () => compareMargin(prefix, comparison))
    if (below === null || row.margin?.lt(below)) rows.push(row)
    last = prefix
    compared += 1
    if (compared % prefixesAtOnce === 0) await setImmediate()
  }
  return { seconds, currency: plan.currency, costCurrency: carrier.currency, exchangeRate, rows, next: null }
}

/** What an import compares the rows of a deck with. Throws as `comparePlanMargins`. */
export function orderCost(
  configuration: Configuration,
  deck: { brandId: string; currency: string },
  carrierId: string,
): CostOrder {
  const at = Date.now()
  const { carrier, profile, exchangeRate } = requireCarrier(configuration, deck, {
    carrierId: carrierId.toLowerCase(),
    at,
  })
  const { name, timeZone } = carrier
  const { ratingPlanId } = profile
  const { lcrSeconds: seconds } = configuration.getBrand(deck.brandId)
  return { name, timeZone, ratingPlanId, at, seconds, exchangeRate: exchangeRate.toFixed() }
}

function requireCarrier(
  configuration: Configuration,
  { brandId, currency }: { brandId: string; currency: string },
  { carrierId, at }: { carrierId: string; at: number },
): { carrier: Carrier; profile: RatingProfile; exchangeRate: Decimal } {
  const carrier = configuration.listCarriersOfBrand(brandId).find(({ id }) => id === carrierId)
  if (!carrier) throw new NotFound('carrier', carrierId)
  const profile = carrier.profiles[selectRatingProfile(carrier.profiles, at)]
  if (!profile) {
    throw new Unprocessable(
      'no_rating_profile',
      `No rating profile of the carrier "${carrier.name}" is active.`,
      [{ pointer: '/carrierId', detail: 'must be a carrier with an active rating profile' }],
    )
  }
  const base = carrier.currency
  const exchangeRate = configuration.exchangeRatesOfBrand(brandId).find(base, currency, at)
  if (!exchangeRate) {
    throw new Unprocessable('no_exchange_rate', `There is no exchange rate from ${base} to ${currency}.`, [
      { pointer: '/carrierId', detail: `needs an exchange rate with base ${base} and quote ${currency}` },
    ])
  }
  return { carrier, profile, exchangeRate }
}

/** Of a plan's entries, each deck once. Throws `RateTableNotLoaded`. */
function listTables(tariffs: Tariffs, ratingPlanId: string, at: number): RateTable[] {
  const entries = tariffs.findPlan(ratingPlanId, at)?.entries ?? []
  const deckIds = new Set(entries.map(({ rateDeckId }) => rateDeckId))
  return [...deckIds].flatMap((id) => tariffs.findDeck(id, at)?.table ?? [])
}
