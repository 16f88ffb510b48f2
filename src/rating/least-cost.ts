/**
 * Which carriers take a call to a number, and who takes least for it?
 *
 * Each carrier's plan prices a call of so many seconds as it prices one that was made. Costs are compared in one currency:
 * carriers whose currency has no exchange rate into it come last, those without a rate for the number, or with a blocked
 * one, are left out, equal ones stand by their codes. A call that nothing changes during costs the same whenever it is
 * asked for, so its cost is remembered for the rates of a deck that cost the same.
 */
import { remember } from '../bounded-cache.ts'
import { type Decimal, formatAmount } from '../money.ts'
import { rateAtAnswer } from './call-walk.ts'
import type { Carrier } from './carrier.ts'
import { compilePlan } from './compiled-plan.ts'
import type { ExchangeRates } from './exchange-rates.ts'
import type { RatedCall } from './match-rate.ts'
import { priceAtRate } from './price-call.ts'
import { selectRatingProfile } from './select-rating-profile.ts'
import type { RateDeckVersion, RatingPlanVersion } from './tariff.ts'

/** Shared by calls: never change one. */
export interface CarrierOffer {
  readonly code: string
  /** Of the call, in the carrier's currency. */
  readonly cost: string
  readonly currency: string
}

export interface CallToRoute extends Omit<RatedCall, 'timeZone' | 'profiles'> {
  /** How long the call is that is compared. */
  seconds: number
  /** In which costs are compared. */
  currency: string
  exchangeRates: ExchangeRates
}

interface ComparedOffer {
  offer: CarrierOffer
  /** In the currency of the comparison; undefined: there is no exchange rate. */
  compared: Decimal | undefined
  /** The nearest number to it: where two differ, the amounts differ in the same direction. ∞: there is no exchange rate. */
  nearest: number
}

/** Throws `RateTableNotLoaded`. */
export function orderByCost(call: CallToRoute, carriers: Iterable<Carrier>): CarrierOffer[] {
  const offers: ComparedOffer[] = []
  for (const carrier of carriers) {
    const rate = call.exchangeRates.find(carrier.currency, call.currency, call.answeredAt)
    const offer = findOffer(call, carrier, rate)
    if (offer) offers.push(offer)
  }
  return offers.sort(byCost).map(({ offer }) => offer)
}

function byCost(one: ComparedOffer, other: ComparedOffer): number {
  if (one.nearest !== other.nearest) return one.nearest < other.nearest ? -1 : 1
  const order = one.compared && other.compared ? one.compared.cmp(other.compared) : 0
  return order || (one.offer.code < other.offer.code ? -1 : 1)
}

/** A carrier whose one deck prices each call from its begin to its end, as long as all of this is the same. */
interface SteadyRoute {
  plan: RatingPlanVersion
  deck: RateDeckVersion
  seconds: number
  exchangeRate: Decimal | undefined
  /** By the terms of the deck; null: they are blocked. */
  offers: Map<number, ComparedOffer | null>
}

const steadyRoutes = new WeakMap<Carrier, SteadyRoute>()

/** null, undefined: the carrier does not take the number. */
function findOffer(
  call: CallToRoute,
  carrier: Carrier,
  exchangeRate: Decimal | undefined,
): ComparedOffer | null | undefined {
  const route = findSteadyRoute(call, carrier, exchangeRate)
  if (!route) return makeOffer(call, carrier, exchangeRate)
  const { table } = route.deck
  const row = table.longestMatch(call.to)
  if (row < 0) return undefined
  const terms = table.termsIdAt(row)
  const known = route.offers.get(terms)
  if (known !== undefined) return known
  return remember(route.offers, terms, makeOffer(call, carrier, exchangeRate) ?? null)
}

/** undefined: it is not that plain, and the walk of the call decides. */
function findSteadyRoute(
  call: CallToRoute,
  carrier: Carrier,
  exchangeRate: Decimal | undefined,
): SteadyRoute | undefined {
  const { answeredAt, seconds, tariffs } = call
  const place = selectRatingProfile(carrier.profiles, answeredAt)
  const profile = carrier.profiles[place]
  const next = carrier.profiles[place + 1]
  if (!profile || (next && next.activatesAt < answeredAt + seconds * 1000)) return undefined
  const plan = tariffs.findPlan(profile.ratingPlanId, answeredAt)
  const entry = plan?.entries[0]
  const deck = entry && tariffs.findDeck(entry.rateDeckId, answeredAt)
  if (!plan || !deck) return undefined
  const known = steadyRoutes.get(carrier)
  if (
    known?.plan === plan &&
    known.deck === deck &&
    known.seconds === seconds &&
    known.exchangeRate === exchangeRate
  ) {
    return known
  }
  if (!isSteady(plan)) return undefined
  const route: SteadyRoute = { plan, deck, seconds, exchangeRate, offers: new Map() }
  steadyRoutes.set(carrier, route)
  return route
}

/** One deck, open at all times to every caller. */
function isSteady(plan: RatingPlanVersion): boolean {
  const { windows, origins } = compilePlan(plan)
  return plan.entries.length === 1 && windows.boundaries.length === 0 && origins === undefined
}

function makeOffer(
  call: CallToRoute,
  { code, currency, timeZone, profiles }: Carrier,
  exchangeRate: Decimal | undefined,
): ComparedOffer | undefined {
  const { to, from, numbering, answeredAt, tariffs, seconds } = call
  const numbers = { to, from, numbering, answeredAt, tariffs }
  const priced = { ...numbers, timeZone, profiles, durationSeconds: seconds }
  const first = rateAtAnswer(priced)
  if ('reason' in first) return undefined
  const amount = priceAtRate(priced, first)
  const compared = exchangeRate && amount.times(exchangeRate)
  const nearest = compared?.toNumber() ?? Number.POSITIVE_INFINITY
  return { offer: { code, cost: formatAmount(amount), currency }, compared, nearest }
}
