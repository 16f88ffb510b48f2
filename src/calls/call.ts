/**
 * A call: one leg of one client, from its grant or its first event to its price.
 *
 * Instants are milliseconds since 1970 in UTC, amounts Decimals. A field is null until it is known.
 */
import type { HangupReason } from '../limits/reasons.ts'
import { type Decimal, zero } from '../money.ts'

/** How long a grant lives that no start follows. */
export const grantSeconds = 180

export const callStatuses = [
  'authorized',
  'started',
  'priced',
  'unpriced',
  'unanswered',
  'rejected',
  'expired',
  'lost-end',
] as const
export type CallStatus = (typeof callStatuses)[number]

export interface Call {
  clientId: string
  callId: string
  brandId: string
  status: CallStatus
  /** Why it was rejected. */
  reason: string | null
  direction: 'outbound' | 'inbound'
  from: string | null
  to: string
  toNormalized: string | null
  toClientId: string | null
  fromClientId: string | null
  sipCallId: string | null
  forwardedFrom: string | null
  engine: string | null
  engineRef: string | null
  labels: Record<string, string> | null
  special: boolean
  internal: boolean

  authorizedAt: number | null
  expiresAt: number | null
  maxDurationSeconds: number | null
  holdsClientSlot: boolean
  holdsBrandSlot: boolean
  reserved: Decimal
  reservedDay: string | null
  reservedSeconds: number

  startedAt: number | null
  answeredAt: number | null
  endedAt: number | null
  aliveAt: number | null
  startDigest: string | null
  answerDigest: string | null
  endDigest: string | null
  cause: number | null
  sipCode: number | null
  endedBy: string | null
  /** The end said nothing of an answer and none is known: unanswered for now after this instant. */
  answerAwaitedUntil: number | null
  flags: string[]

  durationSeconds: number | null
  billedSeconds: number | null
  price: Decimal | null
  currency: string | null
  destination: string | null
  prefix: string | null
  ratingPlanId: string | null
  ratingProfileId: string | null
  rateDeckId: string | null
  usageDay: string | null
  rollupId: string | null
  /** Compact, see rating/explanation.ts. */
  explanation: string | null

  /** Why it is to be hung up; null: it may run on. */
  hangupReason: HangupReason | null
  hangupEndBy: number | null
  hangupCount: number
  /** When the meter looks at it next; null: it does not run. */
  meterAt: number | null

  createdAt: number
  settledAt: number | null
}

/** What a hang-up command is made of. */
export type LegToHangUp = Pick<
  Call,
  'clientId' | 'callId' | 'direction' | 'engine' | 'engineRef' | 'hangupReason' | 'hangupEndBy'
>

/** A call of which nothing is known but who and where to. */
export function newCall(
  facts: Pick<Call, 'clientId' | 'callId' | 'brandId' | 'direction' | 'to' | 'createdAt'>,
): Call {
  // Every field by its name: a spread in front of so many makes the object a slow dictionary.
  return {
    clientId: facts.clientId,
    callId: facts.callId,
    brandId: facts.brandId,
    direction: facts.direction,
    to: facts.to,
    createdAt: facts.createdAt,
    status: 'started',
    reason: null,
    from: null,
    toNormalized: null,
    toClientId: null,
    fromClientId: null,
    sipCallId: null,
    forwardedFrom: null,
    engine: null,
    engineRef: null,
    labels: null,
    special: false,
    internal: false,
    authorizedAt: null,
    expiresAt: null,
    maxDurationSeconds: null,
    holdsClientSlot: false,
    holdsBrandSlot: false,
    reserved: zero,
    reservedDay: null,
    reservedSeconds: 0,
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    aliveAt: null,
    startDigest: null,
    answerDigest: null,
    endDigest: null,
    cause: null,
    sipCode: null,
    endedBy: null,
    answerAwaitedUntil: null,
    flags: [],
    durationSeconds: null,
    billedSeconds: null,
    price: null,
    currency: null,
    destination: null,
    prefix: null,
    ratingPlanId: null,
    ratingProfileId: null,
    rateDeckId: null,
    usageDay: null,
    rollupId: null,
    explanation: null,
    hangupReason: null,
    hangupEndBy: null,
    hangupCount: 0,
    meterAt: null,
    settledAt: null,
  }
}

/** The leg still stands, or may: it has neither ended nor been closed. */
export function isOpen(call: Call): boolean {
  return call.status === 'authorized' || call.status === 'started'
}

/** Its grant ran out, or the engine handed it back: a new authorization is decided anew. */
export function isGrantOver(call: Call, now: number): boolean {
  return (
    call.status === 'expired' ||
    (call.status === 'authorized' && call.expiresAt !== null && call.expiresAt <= now)
  )
}
