/**
 * What Tollgate publishes: the shapes of the CloudEvents on `BILLING`, for the description in docs/asyncapi.yaml.
 * Fields may be added; readers ignore what they do not know.
 */
import Type, { type Static, type TSchema } from 'typebox'
import { callStatuses } from '../calls/call.ts'
import type { CallRecord } from '../calls/call-record.ts'
import type { FactType } from '../ledger/fact.ts'
import { guardActions, guardLimits } from '../limits/spend-guard.ts'
import { allowanceUnits } from '../rating/allowance.ts'
import { Amount, Day, Instant, nullable, oneOf, stored, Uuid } from '../shapes/fields.ts'
import { Hangup } from '../shapes/hangup.ts'
import { RejectionReason } from '../shapes/reasons.ts'
import { NamedGuard } from '../shapes/spend-guard.ts'

/** Seconds and calls are integers, money is decimal text. */
const ItemQuantity = Type.Union([Type.Integer(), Amount])

const CallData = Type.Object(
  {
    callId: Type.String(),
    clientId: Uuid,
    direction: stored(oneOf(['outbound', 'inbound'])),
    from: nullable(Type.String()),
    to: Type.String(),
    toNormalized: nullable(Type.String()),
    startedAt: nullable(Instant),
    answeredAt: nullable(Instant),
    endedAt: nullable(Instant),
    durationSeconds: nullable(Type.Integer()),
    billedSeconds: nullable(Type.Integer()),
    status: stored(oneOf(callStatuses)),
    reason: nullable(stored(RejectionReason)),
    price: nullable(Amount),
    currency: nullable(Type.String()),
    destination: nullable(Type.String()),
    prefix: nullable(Type.String()),
    ratingPlanId: nullable(Uuid),
    ratingProfileId: nullable(Uuid),
    rateDeckId: nullable(Uuid),
    usageDay: nullable(Day),
    labels: Type.Record(Type.String(), Type.String()),
    engine: nullable(Type.String()),
    flags: Type.Array(Type.String(), {
      description:
        'What was odd: no_start, destination_changed, late_end, unauthorized …; overrun: it cost more than the balance and the credit covered.',
    }),
  },
  { description: 'A call without its explanation, as `GET /v1/calls/{clientId}/{callId}` shows it.' },
)

/** Fails to compile when a published call loses a field that is promised here. */
export const toCallData = (record: CallRecord): Static<typeof CallData> => record

const aboutTheDay = {
  clientId: Uuid,
  day: Day,
  timeZone: Type.String(),
  amount: Amount,
  currency: Type.String(),
}

export const factData = {
  'billing.calls.priced': CallData,
  'billing.calls.rejected': CallData,
  'billing.calls.hangup': Type.Object(Hangup.properties),
  'billing.usage.warning': Type.Object({
    ...aboutTheDay,
    limit: Amount,
    percent: Type.Integer({
      description:
        '50 or 80: the highest mark passed, once each. A call that passes several tells the last of them; one that reaches the limit tells that alone.',
    }),
  }),
  'billing.usage.limit-reached': Type.Object({
    ...aboutTheDay,
    reserved: Amount,
    limit: nullable(Amount),
    limitReachedAt: Instant,
  }),
  'billing.balance.low': Type.Object({
    clientId: Uuid,
    balance: Amount,
    threshold: Amount,
    currency: Type.String(),
  }),
  'billing.invoices.issued': Type.Object(
    { clientId: Uuid, number: Type.String(), currency: Type.String(), total: Amount },
    { description: 'The invoice as `GET /v1/invoices/{id}` shows it.' },
  ),
  'billing.allowances.low': Type.Object({
    clientId: Uuid,
    allowanceId: Uuid,
    from: Type.String({ description: 'First day of the period.' }),
    to: Type.String({ description: 'The first day after it.' }),
    item: Type.String(),
    unit: oneOf(allowanceUnits),
    percent: Type.Integer({ description: '80 or 100: a call that passes both tells 100 alone.' }),
    amount: ItemQuantity,
    used: ItemQuantity,
    left: ItemQuantity,
    at: Instant,
  }),
  'billing.guards.tripped': Type.Object({
    clientId: Uuid,
    guard: NamedGuard,
    action: oneOf(guardActions, 'What the guard does for this limit.'),
    limit: Type.Object({
      name: oneOf(guardLimits),
      value: Type.String({ description: 'As the guard has it: an amount, a number, or `alert` or `deny`.' }),
    }),
    spent: nullable({ ...Amount, description: 'What counted when it tripped; null: no limit of money.' }),
    currency: Type.String(),
    at: Instant,
  }),
} as const satisfies Record<FactType, TSchema>

export function cloudEventSchema(type: FactType): TSchema {
  return Type.Object({
    specversion: Type.Literal('1.0'),
    id: Type.String({
      description: 'UUID version 7; the same as the header Nats-Msg-Id. Repeats have the same.',
    }),
    source: Type.String(),
    type: Type.Literal(type),
    subject: Type.String({ description: "The client's id." }),
    time: Instant,
    datacontenttype: Type.Literal('application/json'),
    traceparent: Type.Optional(
      Type.String({ description: 'W3C Trace Context, where the service is traced.' }),
    ),
    data: factData[type],
  })
}
