/**
 * What would this call cost? Answered by `priceCall`, the same that charges.
 *
 * For a client by its profiles, zone and numbering at the answer; for a plan as if a client in UTC had it alone.
 * A call of 0 seconds costs nothing, but a simulation of one names the reason where it could not be priced.
 */
import { NotFound } from '../errors.ts'
import { payerFor, termsAt } from '../limits/client.ts'
import { formatAmount } from '../money.ts'
import { type ExplanationPart, readExplanation } from '../rating/explanation.ts'
import { findRate } from '../rating/find-rate.ts'
import { type Numbering, normalizeNumber } from '../rating/normalize-number.ts'
import { type CallToPrice, priceCall } from '../rating/price-call.ts'
import type { RatingProfile } from '../rating/tariff.ts'
import type { Configuration } from './configuration.ts'
import { withRateTables } from './with-rate-tables.ts'

export interface SimulationRequest {
  /** One of the two. */
  subject: { clientId: string } | { ratingPlanId: string }
  /** As dialled. */
  to: string
  /** Who calls, as sent; left out: not known. */
  from?: string | null
  /** By which profiles of a client; `outbound` where left out. */
  direction?: 'outbound' | 'inbound'
  answeredAt: number
  durationSeconds: number
  /** Whose clients and plans may be named; null: everybody's. */
  brandId: string | null
  /** `call` where left out. */
  asOf?: PricedAsOf
}

/**
 * By the versions of plans and decks that were in force at the call's answer, or by the newest: what calls of the past
 * would cost with tariffs that were corrected since.
 */
export const pricedAsOf = ['call', 'latest'] as const
export type PricedAsOf = (typeof pricedAsOf)[number]

export type PriceSimulation =
  | {
      priced: true
      price: string
      currency: string
      billedSeconds: number
      toNormalized: string
      destination: string
      prefix: string
      rateDeckId: string
      ratingPlanId: string
      /** null: a plan was asked for. */
      ratingProfileId: string | null
      connectFee: string
      explanation: ExplanationPart[]
    }
  | { priced: false; reason: string; explanation: ExplanationPart[] }

/** Throws `NotFound` for a client or plan that is not there or not of the brand. */
export async function simulatePrice(
  configuration: Configuration,
  request: SimulationRequest,
): Promise<PriceSimulation> {
  const { answeredAt, durationSeconds } = request
  const payer = findPayer(configuration, request)
  const to = normalizeNumber(request.to, payer.numbering)
  if (to === undefined) return { priced: false, reason: 'invalid_number', explanation: [] }
  const { timeZone, numbering, profiles } = payer
  const call: CallToPrice = {
    to,
    from: request.from ?? null,
    numbering,
    answeredAt,
    durationSeconds,
    timeZone,
    profiles,
    tariffs: request.asOf === 'latest' ? configuration.latestTariffs : configuration.tariffs,
  }
  return withRateTables(configuration, () => simulate(call, payer))
}

interface Payer {
  currency: string
  timeZone: string
  numbering: Numbering | null
  profiles: readonly RatingProfile[]
}

/** Stands where a plan is asked for without a client. */
const noProfile = ''

function findPayer(configuration: Configuration, request: SimulationRequest): Payer {
  const { subject, direction = 'outbound', answeredAt, brandId } = request
  const isForeign = (owner: string) => brandId !== null && owner !== brandId
  if ('clientId' in subject) {
    const client = configuration.getClient(subject.clientId)
    if (isForeign(client.brandId)) throw new NotFound('client', subject.clientId)
    const { timeZone, numbering } = termsAt(client.terms, answeredAt)
    const { currency, profiles } = payerFor(client, direction)
    return {
      currency,
      timeZone,
      numbering: numbering ?? findBrandNumbering(configuration, client.brandId, answeredAt),
      profiles,
    }
  }
  const { ratingPlanId } = subject
  const plan = configuration.findPlan(ratingPlanId)
  if (!plan || isForeign(plan.brandId)) throw new NotFound('rating plan', ratingPlanId)
  return {
    currency: plan.currency,
    timeZone: 'UTC',
    numbering: findBrandNumbering(configuration, plan.brandId, answeredAt),
    profiles: [{ ratingProfileId: noProfile, ratingPlanId: plan.id, activatesAt: Number.NEGATIVE_INFINITY }],
  }
}

export function findBrandNumbering(
  configuration: Configuration,
  brandId: string,
  at: number,
): Numbering | null {
  return termsAt(configuration.getBrand(brandId).terms, at).numbering
}

function simulate(call: CallToPrice, { currency }: Payer): PriceSimulation {
  const priced = priceCall(call)
  if (!priced.priced) {
    return { priced: false, reason: priced.reason, explanation: readParts(priced.explanation) }
  }
  const rate = findRate(call)
  if (!rate.priced) return { priced: false, reason: rate.reason, explanation: [] }
  return {
    priced: true,
    price: formatAmount(priced.price),
    currency,
    billedSeconds: priced.billedSeconds,
    toNormalized: call.to,
    destination: rate.destination,
    prefix: rate.prefix,
    rateDeckId: rate.rateDeckId,
    ratingPlanId: rate.ratingPlanId,
    ratingProfileId: rate.ratingProfileId || null,
    connectFee: rate.rate.connectFee,
    explanation: readParts(priced.explanation),
  }
}

function readParts(compact: Parameters<typeof readExplanation>[0]): ExplanationPart[] {
  return readExplanation(compact).map((part) =>
    part.kind === 'refusal' && part.ratingProfileId === noProfile ? { ...part, ratingProfileId: null } : part,
  )
}
