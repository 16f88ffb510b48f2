/**
 * The field shapes that several resources share: how an id, an amount, a zone or an address is written in JSON.
 *
 * A field that may be null is one type with two names (`type: ["string", "null"]`), not a choice of two schemas:
 * a wrong value then gets one complaint, not three.
 */
import Type, { type Static, type TSchema } from 'typebox'

type Plain = TSchema & { type?: unknown; enum?: unknown[] }

export function nullable<Schema extends TSchema>(schema: Schema) {
  const plain: Plain = schema
  return Type.Unsafe<Static<Schema> | null>({
    ...plain,
    type: Array.isArray(plain.type) ? [...plain.type, 'null'] : [plain.type, 'null'],
    ...(plain.enum ? { enum: [...plain.enum, null] } : {}),
  })
}

export function oneOf<const Values extends readonly string[]>(values: Values, description?: string) {
  return Type.Unsafe<Values[number]>({
    type: 'string',
    enum: [...values],
    ...(description === undefined ? {} : { description }),
  })
}

/** An object that has a name in the API's description. */
export function named<Properties extends Record<string, TSchema>>(title: string, properties: Properties) {
  return Type.Object(properties, { additionalProperties: false, title })
}

export function closed<Properties extends Record<string, TSchema>>(
  properties: Properties,
  description?: string,
) {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  })
}

/** A word of a closed list as a row has it: the database holds it to the list, to the compiler it is text. */
export function stored(word: TSchema) {
  return Type.Unsafe<string>(word)
}

/** Text for people: no control characters, not only blanks. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 255,
  // Blanks first and apart, so that a text is read once: where both parts take a letter, each cut is tried.
  pattern: '^[^\\S\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$',
  description: 'Text without control characters, and not of blanks alone.',
})
/** As `Name`, and may be empty. */
export const FreeText = Type.String({
  maxLength: 1000,
  description: 'Text without control characters but tabs and line ends.',
  pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
})
export const Uuid = Type.String({ format: 'uuid' })
/** A date and a time with an offset; whether the calendar has it is another question. */
export const instantPattern = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$'
export const Instant = Type.String({
  pattern: instantPattern,
  description: 'RFC 3339, answered in UTC with Z.',
  examples: ['2026-01-02T10:00:05.000Z'],
})
export const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'YYYY-MM-DD, local to the client.',
  examples: ['2026-01-02'],
})
/** Signed; up to 6 decimals, as an account keeps them. */
export const Amount = Type.String({
  pattern: '^-?(?:0|[1-9]\\d{0,11})(?:\\.\\d{1,6})?$',
  description: 'Decimal text.',
  examples: ['12.5'],
})
export const nonNegativeAmountPattern = '^(?:0|[1-9]\\d{0,11})(?:\\.\\d{1,6})?$'
export const NonNegativeAmount = Type.String({
  pattern: nonNegativeAmountPattern,
  description: 'Decimal text, not negative.',
  examples: ['50'],
})
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.', examples: ['EUR'] })
export const Country = Type.String({
  pattern: '^[A-Z]{2}$',
  description: 'ISO 3166-1 alpha-2.',
  examples: ['ES'],
})
export const Language = Type.String({
  pattern: '^[a-z]{2,3}(-[A-Z]{2})?$',
  description: 'BCP 47.',
  examples: ['es'],
})
export const WallClock = Type.String({ pattern: '^[0-9]{2}:[0-9]{2}$', examples: ['08:00'] })
export const TimeZone = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$',
  maxLength: 64,
  description: 'IANA time zone.',
  examples: ['Europe/Madrid'],
})
const plainAddress = '[^\\s@<>()\\[\\],;:"\\\\\\p{Cc}]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
/** No blanks, brackets, commas or control characters: nothing that could end a mail header. */
export const Email = Type.String({
  pattern: `^${plainAddress}`,
  maxLength: 254,
  examples: ['noc@acme.example.com'],
})
/** As `Email`, and no two dots in a row, which no server takes. */
export const MailAddress = Type.String({
  pattern: `^(?!.*\\.\\.)${plainAddress}`,
  maxLength: 254,
  examples: ['billing@telco.example.com'],
})
/** What may be dialled for a special or free number. */
export const DialledNumber = Type.String({ pattern: '^\\+?[0-9*#]{1,18}$', examples: ['112'] })
export const Numbering = closed(
  {
    countryCode: Type.String({ pattern: '^[1-9][0-9]{0,2}$' }),
    internationalPrefixes: Type.Array(Type.String({ pattern: '^[0-9]{1,8}$' }), { maxItems: 10 }),
    nationalPrefix: Type.String({ pattern: '^[0-9]{0,8}$' }),
    nationalLengths: Type.Array(Type.Integer({ minimum: 1, maximum: 18 }), { maxItems: 18 }),
  },
  'How national numbers become E.164.',
)
/** The switch that owns a leg, as its events name it. Hang-ups come on the subject `engines.<name>.hangup`. */
export const EngineName = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  description: 'One token of a NATS subject: 1 to 64 letters, digits, "_" and "-".',
  examples: ['sbc-1'],
})
/** Path parameters are free text: what is no id names nothing and is answered 404. */
export const PathId = Type.String({ maxLength: 1024 })
