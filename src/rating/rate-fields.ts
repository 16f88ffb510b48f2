/**
 * The fields of a rate beside its prefix, its name and its steps, one row each. From here come the type `Rate`, what is
 * filled in, the checks of amounts, the columns of sheets and price lists, and the API's schemas.
 *
 * What a field does to a price stands in `rate-terms.ts`, which compiles it, and where prices are computed.
 */
export interface RateField {
  /**
   * - `amount`: decimal text of up to 10 decimals, `0` where left out
   * - `price`: decimal text of at most the deck's decimals; null: none
   * - `word`: one of `words`, the first where left out
   * - `flag`: false where left out
   * - `optional-flag`: true, false or null: nothing is said
   * - `seconds`: a whole number, 0 where left out
   */
  kind: 'amount' | 'price' | 'word' | 'flag' | 'optional-flag' | 'seconds'
  words?: readonly [string, ...string[]]
  /** In sheets and price lists. */
  column: string
  /** Names that sheets of other systems give the column. */
  aliases?: readonly string[]
  /** Stored where it says something: a rate stored before the field was known stays equal to the same rate of today. */
  isStoredWhereSet?: true
}

export const rateFields = {
  connectFee: {
    kind: 'amount',
    column: 'connect_fee',
    aliases: ['setup_fee', 'connection_charge', 'rate_surcharge'],
  },
  minimumPrice: { kind: 'price', column: 'minimum_price' },
  maximumPrice: { kind: 'price', column: 'maximum_price' },
  /** `free`: never more than the maximum; `hang-up`: the granted duration ends there. */
  maximumPriceAction: { kind: 'word', words: ['free', 'hang-up'], column: 'maximum_price_action' },
  /** A blocked prefix is known and never sold. */
  blocked: { kind: 'flag', column: 'blocked' },
  /** A shorter call costs nothing and has no billed seconds; one that lasts as long is charged from its first second. */
  graceSeconds: {
    kind: 'seconds',
    column: 'grace_seconds',
    aliases: ['grace', 'grace_period', 'grace_time'],
    isStoredWhereSet: true,
  },
  /** Prone to fraud; null: the number's kind decides. Touches no price. */
  highRisk: { kind: 'optional-flag', column: 'high_risk', isStoredWhereSet: true },
} as const satisfies Record<string, RateField>

type RateFields = typeof rateFields
export type RateFieldName = keyof RateFields
export const rateFieldNames = Object.keys(rateFields) as RateFieldName[]

type Value<Field extends RateField> = Field['kind'] extends 'amount'
  ? string
  : Field['kind'] extends 'price'
    ? string | null
    : Field['kind'] extends 'flag'
      ? boolean
      : Field['kind'] extends 'optional-flag'
        ? boolean | null
        : Field['kind'] extends 'seconds'
          ? number
          : Field extends { words: readonly (infer Word)[] }
            ? Word
            : never

export type RateFieldValues = { [Name in RateFieldName]: Value<RateFields[Name]> }

export type RateFieldValue = string | number | boolean | null

/** A value for each field, which `fill` gives. */
export function makeRateFields(
  fill: (name: RateFieldName, field: RateField) => RateFieldValue,
): RateFieldValues {
  const values = rateFieldNames.map((name) => [name, fill(name, rateFields[name])])
  return Object.fromEntries(values) as RateFieldValues
}

/** What is meant where nothing is said. */
export function valueUnlessGiven({ kind, words }: RateField): RateFieldValue {
  if (kind === 'amount') return '0'
  if (kind === 'flag') return false
  if (kind === 'seconds') return 0
  return kind === 'word' ? (words?.[0] ?? '') : null
}
