/** A rate as the API, the sheets and the store know it: decimal text, before it is compiled into a table. */

export interface Step {
  /** The step counts from the first increment that starts at or after this second of the call. */
  fromSecond: number
  /** Decimal text, 0 to 1,000,000 with up to 10 decimals, for `perSeconds` seconds. */
  rate: string
  perSeconds: number
  /** 1 to 86,400. */
  incrementSeconds: number
}

export interface Rate {
  /** Digits, or `*` for what nothing longer matches. */
  prefix: string
  destination: string
  /** Decimal text. */
  connectFee: string
  /** Ascending by `fromSecond`, at least one. */
  steps: Step[]
  /** Decimal text; null: none. At most the deck's decimals. */
  minimumPrice: string | null
  maximumPrice: string | null
  /** `free`: never more than the maximum; `hang-up`: the granted duration ends there. */
  maximumPriceAction: 'free' | 'hang-up'
  /** A blocked prefix is known and never sold. */
  blocked: boolean
}
