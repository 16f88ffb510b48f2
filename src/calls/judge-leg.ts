/**
 * Puts a leg before the pure rules of limits and rating, with what configuration memory knows.
 */
import {
  type Holds,
  type Judgement,
  judgeLeg,
  type Leg,
  type LegPrices,
  type RateAnswer,
  unlimitedDuration,
} from '../limits/authorize.ts'
import { type Client, termsAt } from '../limits/client.ts'
import type { Decimal } from '../money.ts'
import { affordableAtRate } from '../rating/affordable-duration.ts'
import { rateAtAnswer } from '../rating/call-walk.ts'
import { findRate } from '../rating/find-rate.ts'
import { normalizeNumber } from '../rating/normalize-number.ts'
import { priceAtRate } from '../rating/price-call.ts'
import type { Rate } from '../rating/rate.ts'
import type { CallsContext } from './calls-context.ts'

export interface LegFacts {
  client: Client | undefined
  direction: 'outbound' | 'inbound'
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
  const numbering =
    client && brand ? (termsAt(client.terms, at).numbering ?? termsAt(brand.terms, at).numbering) : null
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
    findRate: (payer, { toNormalized }) => callableRateOf(context, payer, toNormalized, at),
  })
  return { leg, judgement }
}

/** The rate in force for a number at an instant, in the wire's shape. */
export function rateOf(context: CallsContext, client: Client, to: string, at: number): RateAnswer {
  const { timeZone } = termsAt(client.terms, at)
  return findRate({ to, at, timeZone, profiles: client.profiles, tariffs: context.configuration.tariffs })
}

/** A rate whose maximum hangs a call up before its first increment is over blocks the number: nobody gets 0 seconds. */
function callableRateOf(context: CallsContext, client: Client, to: string, at: number): RateAnswer {
  const answer = rateOf(context, client, to, at)
  if (!answer.priced || !hangsUp(answer.rate)) return answer
  return unlimitedDuration(client, pricesOf(context, client, to, at)) > 0
    ? answer
    : { priced: false, reason: 'destination_blocked' }
}

/** Does the rate's maximum price limit how long a call may last? */
export function hangsUp({ maximumPrice, maximumPriceAction }: Rate): boolean {
  return maximumPriceAction === 'hang-up' && maximumPrice !== null
}

/** What seconds of the leg cost, and how many of them money buys. */
export function pricesOf(context: CallsContext, client: Client, to: string, at: number): LegPrices {
  const { timeZone } = termsAt(client.terms, at)
  const call = {
    to,
    answeredAt: at,
    timeZone,
    profiles: client.profiles,
    tariffs: context.configuration.tariffs,
  }
  const first = rateAtAnswer(call)
  if ('reason' in first) throw new Error(`a leg to ${to.slice(0, 4)}… was judged to have a rate and has none`)
  const priceOf = (seconds: number): Decimal => priceAtRate({ ...call, durationSeconds: seconds }, first)
  return {
    firstIncrement: priceOf(1),
    priceOf,
    secondsFor: (money, maxSeconds) => affordableAtRate({ ...call, money, maxSeconds }, first).seconds,
  }
}

export function holdsNothing(holds: Holds): boolean {
  return !holds.clientSlot && !holds.brandSlot && !holds.money
}
