/**
 * How a call is shown to others: in answers, in facts, in exports.
 */
import { instantText } from '../db/columns.ts'
import { formatAmount } from '../money.ts'
import type { Call } from './call.ts'

/** What of a call is shown; a row of the table has it as well as a call in memory. */
export type ShownCall = Omit<
  Call,
  | 'status'
  | 'direction'
  | 'labels'
  | 'startDigest'
  | 'answerDigest'
  | 'endDigest'
  | 'hangupReason'
  | 'hangupEndBy'
  | 'hangupCount'
> & { status: string; direction: string; labels: unknown }

/** The contract's call without its explanation, which is long and asked for singly. */
export function callRecord(call: ShownCall, invoiceId: string | null = null) {
  const at = (value: number | null) => (value === null ? null : instantText(value))
  return {
    callId: call.callId,
    clientId: call.clientId,
    direction: call.direction,
    from: call.from,
    to: call.to,
    toNormalized: call.toNormalized,
    startedAt: at(call.startedAt),
    answeredAt: at(call.answeredAt),
    endedAt: at(call.endedAt),
    durationSeconds: call.durationSeconds,
    billedSeconds: call.billedSeconds,
    status: call.status,
    reason: call.reason,
    price: call.price === null ? null : formatAmount(call.price),
    currency: call.currency,
    destination: call.destination,
    prefix: call.prefix,
    ratingPlanId: call.ratingPlanId,
    ratingProfileId: call.ratingProfileId,
    rateDeckId: call.rateDeckId,
    usageDay: call.usageDay,
    invoiceId,
    labels: (call.labels ?? {}) as Record<string, string>,
    engine: call.engine,
    engineRef: call.engineRef,
    sipCallId: call.sipCallId,
    forwardedFrom: call.forwardedFrom,
    toClientId: call.toClientId,
    fromClientId: call.fromClientId,
    special: call.special,
    internal: call.internal,
    cause: call.cause,
    sipCode: call.sipCode,
    endedBy: call.endedBy,
    flags: call.flags,
    destinationChanged: call.flags.includes('destination_changed'),
    authorizedAt: at(call.authorizedAt),
    expiresAt: at(call.expiresAt),
    maxDurationSeconds: call.maxDurationSeconds,
    createdAt: instantText(call.createdAt),
    settledAt: at(call.settledAt),
  }
}

export type CallRecord = ReturnType<typeof callRecord>
