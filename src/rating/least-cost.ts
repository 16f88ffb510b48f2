/**
 * Which carriers take a call to a number, and who takes least for it?
 *
 * Each carrier's plan prices a call of so many seconds as it prices one that was made. Costs are compared in one currency:
 * carriers whose currency has no exchange rate into it come last, those without a rate for the number, or with a blocked
 * one, are left out, equal ones stand by their codes. A call that nothing changes during costs the same whenever it is
 * asked for, so its cost is made once for equal terms of a deck.
 */
import { type Decimal, formatAmount } from '../money.ts'
import { rateAtAnswer } from './call-walk.ts'
import type { Carrier } from './carrier.ts'
import { compilePlan } from './compiled-plan.ts'
import type { ExchangeRates } from './exchange-rates.ts'
import type { RatedCall } from './match-rate.ts'
import { priceAtRate } from './price-call.ts'
import type { CompiledTerms } from './rate-terms.ts'
import { selectRatingProfile } from './select-rating-profile.ts'

export interface CarrierOffer {
  code: string
  /** Of the call, in the carrier's currency. */
  cost: string
  currency: string
}

export interface CallToRoute extends Omit<RatedCall, 'timeZone' | 'profiles'> {
  /** How long the call is that is compared. */
  seconds: number
  /** In which costs are compared. */
  currency: string
  exchangeRates: ExchangeRates
}

/** Of a call of `seconds`; `compared`: exchanged by `rate`. */
interface Cost {
  seconds: number
  amount: Decimal
  text: string
  rate: Decimal | undefined
  compared: Decimal | undefined
}

interface ComparedOffer {
  offer: CarrierOffer
  /** undefined: there is no exchange rate. */
  compared: Decimal | undefined
}

/** Throws `RateTableNotLoaded`. */
export function orderByCost(call: CallToRoute, carriers: Iterable<Carrier>): CarrierOffer[] {
  const offers: ComparedOffer[] = []
  for (const carrier of carriers) {
    const cost = findCost(call, carrier)
    if (cost === undefined) continue
    const rate = call.exchangeRates.find(carrier.currency, call.currency, call.answeredAt)
    if (cost.rate !== rate) {
      cost.rate = rate
      cost.compared = rate && cost.amount.times(rate)
    }
    const offer = { code: carrier.code, cost: cost.text, currency: carrier.currency }
    offers.push({ offer, compared: cost.compared })
  }
  return offers.sort(byCost).map(({ offer }) => offer)
}

function byCost(one: ComparedOffer, other: ComparedOffer): number {
  const { compared } = one
  if (!compared !== !other.compared) return compared ? -1 : 1
  const order = compared && other.compared ? compared.cmp(other.compared) : 0
  return order || (one.offer.code < other.offer.code ? -1 : 1)
}

/** By the terms of a deck that nothing changes during the call. */
const steadyCosts = new WeakMap<CompiledTerms, Cost>()

/** undefined: the carrier does not take the number. */
function findCost(call: CallToRoute, carrier: Carrier): Cost | undefined {
  const terms = findSteadyTerms(call, carrier)
  if (terms?.blocked || terms === null) return undefined
  const known = terms && steadyCosts.get(terms)
  if (known?.seconds === call.seconds) return known
  const cost = makeCost(call, carrier)
  if (terms && cost) steadyCosts.set(terms, cost)
  return cost
}

/**
 * The terms that price the whole call, where that is plain: one deck, open at all times to every caller, and no other plan
 * before the end. null: the deck has no rate for the number; undefined: it is not that plain.
 */
function findSteadyTerms(
  { to, answeredAt, seconds, tariffs }: CallToRoute,
  { profiles }: Carrier,
): CompiledTerms | null | undefined {
  const place = selectRatingProfile(profiles, answeredAt)
  const profile = profiles[place]
  if (profile === undefined) return null
  const next = profiles[place + 1]
  if (next !== undefined && next.activatesAt < answeredAt + seconds * 1000) return undefined
  const plan = tariffs.findPlan(profile.ratingPlanId, answeredAt)
  const [entry, ...others] = plan?.entries ?? []
  if (plan === undefined || entry === undefined || others.length > 0) return undefined
  const { windows, origins } = compilePlan(plan)
  if (windows.boundaries.length > 0 || origins !== undefined) return undefined
  const table = tariffs.findDeck(entry.rateDeckId, answeredAt)?.table
  const row = table?.longestMatch(to) ?? -1
  return table === undefined || row < 0 ? null : table.termsAt(row)
}

function makeCost(call: CallToRoute, { timeZone, profiles }: Carrier): Cost | undefined {
  const { to, from, numbering, answeredAt, tariffs, seconds } = call
  const numbers = { to, from, numbering, answeredAt, tariffs }
  const priced = { ...numbers, timeZone, profiles, durationSeconds: seconds }
  const first = rateAtAnswer(priced)
  if ('reason' in first) return undefined
  const amount = priceAtRate(priced, first)
  return { seconds, amount, text: formatAmount(amount), rate: undefined, compared: undefined }
}
