/**
 * What is a call in JSON? As `calls/call-record.ts` makes it; what a portal hides is optional.
 */
import Type from 'typebox'
import { callStatuses } from '../../calls/call.ts'
import { Amount, Currency, closed, Day, Instant, named, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { RejectionReason } from '../../shapes/reasons.ts'

const shownFields = {
  callId: Type.String(),
  clientId: Uuid,
  direction: oneOf(['outbound', 'inbound']),
  from: nullable(Type.String()),
  to: Type.String(),
  toNormalized: nullable(Type.String()),
  startedAt: nullable(Instant),
  answeredAt: nullable(Instant),
  endedAt: nullable(Instant),
  durationSeconds: nullable(Type.Integer()),
  billedSeconds: nullable(Type.Integer()),
  status: oneOf(callStatuses),
  reason: nullable(RejectionReason),
  price: Type.Optional(nullable(Amount)),
  currency: Type.Optional(nullable(Currency)),
  destination: nullable(Type.String()),
  prefix: nullable(Type.String()),
  ratingPlanId: Type.Optional(nullable(Uuid)),
  ratingProfileId: Type.Optional(nullable(Uuid)),
  rateDeckId: Type.Optional(nullable(Uuid)),
  usageDay: nullable(Day),
  invoiceId: Type.Optional(nullable(Uuid)),
  labels: Type.Record(Type.String(), Type.String()),
  engine: nullable(Type.String()),
  engineRef: nullable(Type.String()),
  sipCallId: nullable(Type.String()),
  forwardedFrom: nullable(Type.String()),
  toClientId: nullable(Uuid),
  fromClientId: nullable(Uuid),
  special: Type.Boolean(),
  internal: Type.Boolean(),
  cause: nullable(Type.Integer()),
  sipCode: nullable(Type.Integer()),
  endedBy: nullable(Type.String()),
  flags: Type.Array(Type.String()),
  destinationChanged: Type.Boolean(),
  authorizedAt: nullable(Instant),
  expiresAt: nullable(Instant),
  maxDurationSeconds: Type.Optional(nullable(Type.Integer())),
  createdAt: Instant,
  settledAt: nullable(Instant),
}
export const Call = named('Call', {
  ...shownFields,
  explanation: Type.Optional(Type.Unsafe<unknown>({})),
  /** Who made it free, and why. */
  waiver: Type.Optional(closed({ reason: Type.String(), actor: Type.String(), waivedAt: Instant })),
})
export const RunningCall = named('RunningCall', {
  ...shownFields,
  reserved: Type.Optional(Amount),
})
