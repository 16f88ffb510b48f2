/**
 * The two answers of an authorization, in the contract's shape.
 */
import { instantText } from '../../db/columns.ts'
import type { MatchedRate } from '../../limits/authorize.ts'
import { chooseCodes } from '../../limits/choose-codes.ts'
import type { Brand, Client } from '../../limits/client.ts'
import type { DenialReason } from '../../limits/reasons.ts'
import type { CarrierOffer } from '../../rating/least-cost.ts'
import type { Rate } from '../../rating/rate.ts'
import type { Configuration } from '../../tariffs/configuration.ts'
import { type RoutingFacts, routingFacts } from './routing-facts.ts'

export interface Grant {
  callId: string
  clientId: string
  allowed: true
  toNormalized: string | null
  special: boolean
  internal: boolean
  maxDurationSeconds: number
  expiresAt: string
  /** null where nothing is priced. */
  rate:
    | (Pick<Rate, 'destination' | 'prefix' | 'connectFee' | 'steps'> & {
        currency: string
        ratingPlanId: string
        ratingProfileId: string
        rateDeckId: string
      })
    | null
  routing: RoutingFacts & {
    /** Where the brand wants it: the carriers for the number, the cheapest first. */
    carriers?: readonly CarrierOffer[]
  }
}

export interface Denial {
  callId: string
  /** null: no such client. */
  clientId: string | null
  allowed: false
  reason: DenialReason
  /** Which guard refuses, with `spend_guard`. */
  guard?: { id: string; name: string }
  sip: { code: number; phrase: string }
  q850: number
  announcement?: string
  language: string | null
}

export type AuthorizationAnswer = Grant | Denial

export interface GrantedLeg {
  callId: string
  client: Client
  toNormalized: string | undefined
  kind: string
  rate: MatchedRate | null
  carriers: readonly CarrierOffer[] | undefined
  maxDurationSeconds: number
  expiresAt: number
}

export function makeGrant(leg: GrantedLeg, configuration: Configuration): Grant {
  const { client, rate, carriers } = leg
  const facts = routingFacts(client, configuration)
  return {
    callId: leg.callId,
    clientId: client.id,
    allowed: true,
    toNormalized: leg.toNormalized ?? null,
    special: leg.kind === 'special',
    internal: leg.kind === 'internal',
    maxDurationSeconds: leg.maxDurationSeconds,
    expiresAt: instantText(leg.expiresAt),
    rate: rate && {
      destination: rate.rate.destination,
      prefix: rate.rate.prefix,
      currency: client.currency,
      connectFee: rate.rate.connectFee,
      steps: rate.rate.steps,
      ratingPlanId: rate.ratingPlanId,
      ratingProfileId: rate.ratingProfileId,
      rateDeckId: rate.rateDeckId,
    },
    routing: carriers ? { ...facts, carriers } : facts,
  }
}

export function makeDenial(
  reason: DenialReason,
  leg: {
    callId: string
    direction: 'inbound' | 'outbound'
    client: Client | undefined
    brand: Brand | undefined
  },
): Denial {
  const codes = chooseCodes(reason, leg)
  return {
    callId: leg.callId,
    clientId: leg.client?.id ?? null,
    allowed: false,
    reason,
    sip: { code: codes.sip, phrase: codes.phrase },
    q850: codes.q850,
    ...(codes.announcement !== null && { announcement: codes.announcement }),
    language: leg.client?.language ?? null,
  }
}
