/**
 * Puts a leg before the pure rules of limits and rating, with what configuration memory knows.
 */
import {
  type Holds,
  type Judgement,
  judgeLeg,
  type Leg,
  type LegPrices,
  type MatchedRate,
  type RateAnswer,
  unlimitedDuration,
} from '../limits/authorize.ts'
import { type Brand, type Client, type ClientTerms, termsAt } from '../limits/client.ts'
import { type Allowance, noAllowances } from '../rating/allowance.ts'
import { rateAtAnswer } from '../rating/call-walk.ts'
import { findRate } from '../rating/find-rate.ts'
import type { RatedCall, RateMatch } from '../rating/match-rate.ts'
import { type Numbering, normalizeNumber } from '../rating/normalize-number.ts'
import type { Rate } from '../rating/rate.ts'
import { rememberCovers } from '../rating/remembered-covers.ts'
import { rememberPrices } from '../rating/remembered-prices.ts'
import type { CallsContext } from './calls-context.ts'

export interface LegFacts {
  client: Client | undefined
  direction: 'outbound' | 'inbound'
  /** As sent; null: not known. */
  from: string | null
  to: string
  sourceIp: string | null
  toClient: Client | undefined
  fromClient: Client | undefined
  at: number
}

export interface JudgedLeg {
  leg: Leg
  judgement: Judgement
}

/** Throws `RateTableNotLoaded` where the tariff of `at` is not in memory. */
export function judge(context: CallsContext, facts: LegFacts): JudgedLeg {
  const { configuration } = context
  const { client, at } = facts
  const brand = client && configuration.findBrand(client.brandId)
  const numbering = client && brand ? findNumbering(termsAt(client.terms, at), brand, at) : null
  const leg: Leg = {
    direction: facts.direction,
    to: facts.to,
    toNormalized: normalizeNumber(facts.to, numbering),
    sourceIp: facts.sourceIp,
    toClient: facts.toClient,
    fromClient: facts.fromClient,
    at,
  }
  const judgement = judgeLeg(leg, {
    client,
    brand,
    emergencyNumbers: context.emergencyNumbers,
    isSourceAllowed: context.isSourceAllowed,
    findRate: (payer, to) => findCallableRate(context, payer, { from: facts.from, to, at }),
  })
  return { leg, judgement }
}

/** How a client's numbers are dialled: as it says itself, else as its brand says. */
export function findNumbering(terms: ClientTerms, brand: Brand, at: number): Numbering | null {
  return terms.numbering ?? termsAt(brand.terms, at).numbering
}

/** What of a leg decides its rate. */
export interface LegNumbers {
  /** As sent; null: not known. */
  from: string | null
  /** Normalized digits. */
  to: string
  at: number
}

type Tariffed = Pick<CallsContext, 'configuration'>

/** The rate in force for a leg's numbers at an instant, in the wire's shape. */
export function findLegRate(context: Tariffed, client: Client, leg: LegNumbers): RateAnswer {
  return findRate(ratedCall(context, client, leg))
}

function ratedCall(context: Tariffed, client: Client, { from, to, at }: LegNumbers): RatedCall {
  const { configuration } = context
  const terms = termsAt(client.terms, at)
  return {
    to,
    from,
    numbering: findNumbering(terms, configuration.getBrand(client.brandId), at),
    answeredAt: at,
    timeZone: terms.timeZone,
    profiles: client.profiles,
    tariffs: configuration.tariffs,
  }
}

/** A rate whose maximum hangs a call up before its first increment is over blocks the number: nobody gets 0 seconds. */
export function findCallableRate(context: Tariffed, client: Client, numbers: LegNumbers): RateAnswer {
  const answer = findLegRate(context, client, numbers)
  if (!answer.priced || !hangsUp(answer.rate)) return answer
  return unlimitedDuration(client, priceFoundLeg(context, client, numbers, answer)) > 0
    ? answer
    : { priced: false, reason: 'destination_blocked' }
}

/** Does the rate's maximum price limit how long a call may last? */
export function hangsUp({ maximumPrice, maximumPriceAction }: Rate): boolean {
  return maximumPriceAction === 'hang-up' && maximumPrice !== null
}

/** What seconds of the leg cost, and how many of them money buys, where `allowances` pay first. */
export function priceLeg(
  context: Tariffed,
  client: Client,
  leg: LegNumbers,
  allowances: readonly Allowance[] = noAllowances,
): LegPrices {
  const call = ratedCall(context, client, leg)
  const first = rateAtAnswer(call)
  if ('reason' in first)
    throw new Error(`a leg to ${leg.to.slice(0, 4)}… was judged to have a rate and has none`)
  return pricesOf(call, first, allowances)
}

/** The same of a leg whose rate was found for these numbers and this payer. */
export function priceFoundLeg(
  context: Tariffed,
  payer: Client,
  leg: LegNumbers,
  { match }: Pick<MatchedRate, 'match'>,
  allowances: readonly Allowance[] = noAllowances,
): LegPrices {
  return pricesOf(ratedCall(context, payer, leg), match, allowances)
}

function pricesOf(rated: RatedCall, first: RateMatch, allowances: readonly Allowance[]): LegPrices {
  return allowances.length === 0
    ? rememberPrices(rated, first)
    : rememberCovers({ ...rated, allowances }, first)
}

export function holdsNothing(holds: Holds): boolean {
  return !holds.clientSlot && !holds.brandSlot && !holds.money
}
