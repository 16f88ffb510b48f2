/**
 * What Tollgate publishes: the shapes of the CloudEvents on `BILLING`, for the description in docs/asyncapi.yaml.
 * Fields may be added; readers ignore what they do not know.
 */
import Type, { type Static, type TSchema } from 'typebox'
import type { CallRecord } from '../calls/call-record.ts'
import type { FactType } from '../calls/facts.ts'

const Instant = Type.String({ description: 'RFC 3339, in UTC with Z.' })
const Amount = Type.String({ description: 'Decimal text.' })
const Day = Type.String({ description: 'YYYY-MM-DD, of the time zone beside it.' })
const Id = Type.String({ description: 'UUID version 7.' })
const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

const CallData = Type.Object(
  {
    callId: Type.String(),
    clientId: Id,
    direction: Type.String({ enum: ['outbound', 'inbound'] }),
    from: nullable(Type.String()),
    to: Type.String(),
    toNormalized: nullable(Type.String()),
    startedAt: nullable(Instant),
    answeredAt: nullable(Instant),
    endedAt: nullable(Instant),
    durationSeconds: nullable(Type.Integer()),
    billedSeconds: nullable(Type.Integer()),
    status: Type.String(),
    reason: nullable(Type.String()),
    price: nullable(Amount),
    currency: nullable(Type.String()),
    destination: nullable(Type.String()),
    prefix: nullable(Type.String()),
    ratingPlanId: nullable(Id),
    ratingProfileId: nullable(Id),
    rateDeckId: nullable(Id),
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
export const callDataOf = (record: CallRecord): Static<typeof CallData> => record

const aboutTheDay = {
  clientId: Id,
  day: Day,
  timeZone: Type.String(),
  amount: Amount,
  currency: Type.String(),
}

export const factData = {
  'billing.calls.priced': CallData,
  'billing.calls.rejected': CallData,
  'billing.calls.hangup': Type.Object({
    callId: Type.String(),
    clientId: Id,
    engine: nullable(Type.String()),
    engineRef: nullable(Type.String()),
    reason: Type.String({
      description:
        'A reason of a denied authorization, maximum_price_reached, maximum_duration_reached or by_operator.',
    }),
    sip: Type.Object({ code: Type.Integer(), phrase: Type.String() }),
    q850: Type.Integer(),
    announcement: nullable(Type.String()),
    at: Instant,
    endBy: Instant,
  }),
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
    clientId: Id,
    balance: Amount,
    threshold: Amount,
    currency: Type.String(),
  }),
  'billing.invoices.issued': Type.Object(
    { clientId: Id, number: Type.String(), currency: Type.String(), total: Amount },
    { description: 'The invoice as `GET /v1/invoices/{id}` shows it.' },
  ),
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
    data: factData[type],
  })
}
