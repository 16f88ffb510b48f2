/**
 * The answer to an authorization, as one flat shape: a grant has `rate` and `routing`, a denial `reason` and its
 * codes. A choice of two shapes would say more and serialize several times slower.
 */
import Type from 'typebox'
import { Amount, Currency, closed, Instant, named, nullable, oneOf, Uuid } from './fields.ts'
import { Sip } from './hangup.ts'
import { Step } from './rate-step.ts'
import { DenialReason } from './reasons.ts'
import { NamedGuard } from './spend-guard.ts'

const Relay = closed({ name: Type.String(), address: Type.String() })

export const AuthorizationAnswer = named('AuthorizationAnswer', {
  callId: Type.String(),
  clientId: nullable(Uuid),
  allowed: Type.Boolean(),
  toNormalized: Type.Optional(nullable(Type.String())),
  special: Type.Optional(Type.Boolean()),
  internal: Type.Optional(Type.Boolean()),
  maxDurationSeconds: Type.Optional(Type.Integer()),
  expiresAt: Type.Optional(Instant),
  rate: Type.Optional(
    nullable(
      closed({
        destination: Type.String(),
        prefix: Type.String(),
        currency: Currency,
        connectFee: Amount,
        steps: Type.Array(Step),
        ratingPlanId: Uuid,
        ratingProfileId: Uuid,
        rateDeckId: Uuid,
      }),
    ),
  ),
  routing: Type.Optional(
    closed({
      outgoingDdi: nullable(Type.String()),
      mediaRelaySet: nullable(closed({ id: Uuid, name: Type.String(), relays: Type.Array(Relay) })),
      applicationServer: nullable(closed({ id: Uuid, name: Type.String(), address: Type.String() })),
      recording: closed({
        onDemand: oneOf(['off', 'sipInfo', 'serviceCode']),
        serviceCode: nullable(Type.String()),
        clientMayRemove: Type.Boolean(),
      }),
      carriers: Type.Optional({
        ...Type.Array(closed({ code: Type.String(), cost: Amount, currency: Currency })),
        description:
          'With `leastCostRouting` of the brand, of outbound legs: the carriers for the number, the cheapest first. `cost` is of a call of `lcrSeconds`, in `currency`.',
      }),
    }),
  ),
  reason: Type.Optional(DenialReason),
  guard: Type.Optional({ ...NamedGuard, description: 'With the reason `spend_guard`.' }),
  sip: Type.Optional(Sip),
  q850: Type.Optional(Type.Integer()),
  announcement: Type.Optional(nullable(Type.String())),
  language: Type.Optional(nullable(Type.String())),
})
