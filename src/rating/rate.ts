/** A rate as the API, the sheets and the store know it: decimal text, before it is compiled into a table. */
import type { RateFieldValues } from './rate-fields.ts'

export interface Step {
  /** The step counts from the first increment that starts at or after this second of the call. */
  fromSecond: number
  /** Decimal text, 0 to 1,000,000 with up to 10 decimals, for `perSeconds` seconds. */
  rate: string
  perSeconds: number
  /** 1 to 86,400. */
  incrementSeconds: number
}

export interface Rate extends RateFieldValues {
  /** Digits, or `*` for what nothing longer matches. */
  prefix: string
  destination: string
  /** Ascending by `fromSecond`, at least one. */
  steps: Step[]
}
