/**
 * A rate in JSON: what calls to one prefix cost. Here only its shape is checked; the rules of pricing (`prefix`,
 * ranges, order of steps, decimals) are held by `tariffs/`, the same for JSON and CSV.
 */
import Type, { type TSchema } from 'typebox'
import { rateFieldNames, rateFields } from '../../rating/rate-fields.ts'
import { closed, nullable, oneOf } from '../../shapes/fields.ts'
import { Price, Step } from '../../shapes/rate-step.ts'

const prefix = Type.String({
  maxLength: 32,
  description: 'Digits, or "*" for what nothing longer matches.',
  examples: ['346'],
})
const Fields = mapFields((schema) => schema)
const FieldsGiven = mapFields((schema) => Type.Optional(schema))

export const RateGiven = closed({
  prefix,
  destination: Type.Optional(Type.String({ maxLength: 255 })),
  steps: Type.Array(
    closed({
      fromSecond: Type.Optional(Type.Integer({ default: 0 })),
      rate: Price,
      perSeconds: Type.Optional(Type.Integer({ default: 60 })),
      incrementSeconds: Type.Optional(Type.Integer({ default: 1 })),
    }),
    { minItems: 1, maxItems: 100 },
  ),
  ...FieldsGiven,
})

export const Rate = closed({
  prefix,
  destination: Type.String(),
  steps: Type.Array(Step),
  ...Fields,
})

function mapFields(as: (schema: TSchema) => TSchema): Record<string, TSchema> {
  return Object.fromEntries(rateFieldNames.map((name) => [name, as(fieldSchema(rateFields[name]))]))
}

function fieldSchema({ kind, words = [] }: { kind: string; words?: readonly string[] }): TSchema {
  if (kind === 'flag') return Type.Boolean()
  if (kind === 'optional-flag') return nullable(Type.Boolean())
  if (kind === 'seconds') return Type.Integer({ minimum: 0, maximum: 86_400 })
  if (kind === 'word') return oneOf(words)
  return kind === 'price' ? nullable(Price) : Price
}
