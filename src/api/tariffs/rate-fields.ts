/**
 * A rate in JSON: what calls to one prefix cost. Here only its shape is checked; the rules of pricing (`prefix`,
 * ranges, order of steps, decimals) are held by `tariffs/`, the same for JSON and CSV.
 */
import Type from 'typebox'
import { closed, nullable, oneOf } from '../../shapes/fields.ts'

import { Price, Step } from '../../shapes/rate-step.ts'

const prefix = Type.String({
  maxLength: 32,
  description: 'Digits, or "*" for what nothing longer matches.',
  examples: ['346'],
})
const action = oneOf(['free', 'hang-up'])

export const RateGiven = closed({
  prefix,
  destination: Type.Optional(Type.String({ maxLength: 255 })),
  connectFee: Type.Optional(Price),
  steps: Type.Array(
    closed({
      fromSecond: Type.Optional(Type.Integer({ default: 0 })),
      rate: Price,
      perSeconds: Type.Optional(Type.Integer({ default: 60 })),
      incrementSeconds: Type.Optional(Type.Integer({ default: 1 })),
    }),
    { minItems: 1, maxItems: 100 },
  ),
  minimumPrice: Type.Optional(nullable(Price)),
  maximumPrice: Type.Optional(nullable(Price)),
  maximumPriceAction: Type.Optional(action),
  blocked: Type.Optional(Type.Boolean()),
})

export const Rate = closed({
  prefix,
  destination: Type.String(),
  connectFee: Price,
  steps: Type.Array(Step),
  minimumPrice: nullable(Price),
  maximumPrice: nullable(Price),
  maximumPriceAction: action,
  blocked: Type.Boolean(),
})
