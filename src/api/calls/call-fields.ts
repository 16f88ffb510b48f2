/**
 * What is a call in JSON? As `calls/call-record.ts` makes it; what a portal hides is optional.
 */
import Type, { type TSchema } from 'typebox'
import { callStatuses } from '../../calls/call.ts'
import { type CallField, type CallFieldType, shownCallFields } from '../../db/calls/call-fields.ts'
import { emptyView, hiddenCallFields } from '../../identities/portal-view.ts'
import { allowanceUnits } from '../../rating/allowance.ts'
import { Amount, Currency, closed, Day, Instant, named, nullable, oneOf, Uuid } from '../../shapes/fields.ts'
import { RejectionReason } from '../../shapes/reasons.ts'

const ofType: Record<CallFieldType, TSchema> = {
  uuid: Uuid,
  text: Type.String(),
  integer: Type.Integer(),
  smallint: Type.Integer(),
  boolean: Type.Boolean(),
  numeric: Amount,
  timestamptz: Instant,
  date: Day,
  jsonb: Type.Record(Type.String(), Type.String()),
  'text[]': Type.Array(Type.String()),
}
/** Those whose type says too little. */
const ofField: Record<string, TSchema> = {
  direction: oneOf(['outbound', 'inbound']),
  status: oneOf(callStatuses),
  reason: RejectionReason,
  currency: Currency,
  allowances: Type.Array(
    closed({
      allowanceId: Uuid,
      /** First day of the period. */
      from: Day,
      item: Type.String(),
      unit: oneOf(allowanceUnits),
      /** Seconds and calls are integers, money is decimal text. */
      amount: Type.Union([Type.Integer(), Amount]),
    }),
  ),
}
/** A portal may hide them. */
const optional = new Set([...hiddenCallFields(emptyView), 'currency'])

const shownFields = {
  ...Object.fromEntries(shownCallFields.map((field) => [field.name, fieldSchema(field)])),
  invoiceId: Type.Optional(nullable(Uuid)),
  destinationChanged: Type.Boolean(),
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
  /** What it would cost if it ended now. */
  priceSoFar: Type.Optional(nullable(Amount)),
})

function fieldSchema({ name, type, isNullable }: CallField): TSchema {
  const schema = ofField[name] ?? ofType[type]
  // Labels are an empty object where a call has none.
  const given = isNullable && type !== 'jsonb' ? nullable(schema) : schema
  return optional.has(name) ? Type.Optional(given) : given
}
