/**
 * A step of a rate as it is answered: the price per `perSeconds` from a second of the call on.
 */
import Type from 'typebox'
import { closed } from './fields.ts'

export const Price = Type.String({
  maxLength: 40,
  description: 'Decimal text, 0 to 1,000,000 with up to 10 decimals.',
  examples: ['0.06'],
})

export const Step = closed({
  fromSecond: Type.Integer(),
  rate: Price,
  perSeconds: Type.Integer(),
  incrementSeconds: Type.Integer(),
})
