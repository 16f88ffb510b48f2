/** The shape of a mapping in requests and answers; what it means stands in `tariffs/sheet-mapping.ts`. */
import Type, { type TSchema } from 'typebox'
import { InvalidRequest } from '../../errors.ts'
import type { SchemaFault } from '../../shapes/describe-faults.ts'
import { closed, Name, oneOf, TimeZone } from '../../shapes/fields.ts'
import { mappedColumns } from '../../tariffs/csv-columns.ts'
import { checkMapping, type SheetMapping, sheetEncodings } from '../../tariffs/sheet-mapping.ts'
import { parseJson } from '../conventions/parse-json.ts'
import { buildValidator, readFaults } from '../conventions/validation.ts'
import { entryWindow } from './read-tariff-lines.ts'

const maxPosition = 16_384
/** A choice by type alone: see conventions/bound-validation.ts. */
const reference = {
  type: ['string', 'integer'],
  minLength: 1,
  maxLength: 255,
  minimum: 1,
  maximum: maxPosition,
}
const Reference = Type.Unsafe<string | number>({
  ...reference,
  description: 'A heading, or a position from 1.',
})
const Column = Type.Unsafe<string | number | (string | number)[]>({
  ...reference,
  type: ['string', 'integer', 'array'],
  items: reference,
  minItems: 1,
  maxItems: 8,
  description: 'A heading, a position from 1, or a list of them that is joined.',
})
const Constant = Type.Unsafe<string | number | boolean>({
  type: ['string', 'integer', 'boolean'],
  maxLength: 255,
  description: 'Amounts as decimal text.',
})
const Condition = closed({
  column: Reference,
  in: Type.Array(Type.String({ maxLength: 255 }), { minItems: 1, maxItems: 100 }),
})
const named = <Schema extends TSchema>(schema: Schema) =>
  closed(Object.fromEntries(Object.keys(mappedColumns).map((name) => [name, Type.Optional(schema)])))
/** A choice by type alone, as `Column`. */
const PrefixTable = Type.Unsafe<NonNullable<SheetMapping['prefixTable']>>({
  type: ['string', 'array'],
  pattern: '^numbering$',
  maxItems: 2000,
  items: closed({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    prefixes: Type.Array(Type.String({ pattern: '^([0-9]{1,18}|\\*)$' }), { minItems: 1, maxItems: 1000 }),
  }),
  description:
    'The prefix column has names: "numbering" takes them for countries (names or ISO 3166 letters), a list gives their prefixes.',
  examples: ['numbering'],
})
const Digits = Type.String({ pattern: '^[0-9]{1,18}$' })

export const Mapping = Type.Unsafe<SheetMapping>(
  closed(
    {
      sheet: Type.Optional(
        Type.Unsafe<string | number>({
          type: ['string', 'integer'],
          minLength: 1,
          maxLength: 31,
          minimum: 1,
          description: 'Of a workbook: its name, or its position from 1.',
        }),
      ),
      headerLine: Type.Optional(
        Type.Unsafe<number | null>({
          type: ['integer', 'null'],
          minimum: 0,
          maximum: 50,
          description: 'null or 0: there is none, and columns are positions.',
        }),
      ),
      separator: Type.Optional(
        Type.String({ pattern: '^[^"\\r\\n]$', description: 'One character.', examples: [';'] }),
      ),
      encoding: Type.Optional(oneOf(sheetEncodings)),
      decimalMark: Type.Optional(oneOf(['.', ','])),
      thousandsMark: Type.Optional(oneOf(['.', ',', ' ', "'"])),
      dateFormat: Type.Optional(
        Type.String({ minLength: 1, maxLength: 60, description: 'Luxon tokens.', examples: ['dd/MM/yyyy'] }),
      ),
      timeZone: Type.Optional(TimeZone),
      columns: Type.Optional(named(Column)),
      constants: Type.Optional(named(Constant)),
      prefixTable: Type.Optional(PrefixTable),
      unit: Type.Optional(oneOf(['minute', 'second', 'call'])),
      scale: Type.Optional(
        Type.String({
          pattern: '^(?=.*[1-9])(?:0|[1-9][0-9]{0,8})(?:\\.[0-9]{1,10})?$',
          description: 'Multiplies every amount of the file.',
        }),
      ),
      strip: Type.Optional(Digits),
      prepend: Type.Optional(Digits),
      onlyRows: Type.Optional(Type.Array(Condition, { maxItems: 10 })),
      removeWhere: Type.Optional(Type.Array(Condition, { maxItems: 10 })),
      duplicates: Type.Optional(oneOf(['refuse', 'identical', 'last', 'dearest'])),
      ignoreColumns: Type.Optional(
        Type.Unsafe<boolean | (string | number)[]>({
          type: ['boolean', 'array'],
          items: reference,
          maxItems: 200,
          description: 'true: every column that is not known or named; false: none.',
        }),
      ),
      skipTrailer: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      windows: Type.Optional(
        Type.Array(closed({ name: Name, columns: named(Column), ...entryWindow }), {
          minItems: 1,
          maxItems: 50,
          description:
            'Of a sheet with prices for several times of day: each makes a deck, and an entry of the plan.',
        }),
      ),
    },
    'How a sheet is read whose headings do not say it all: see docs/rate-sheets.md.',
  ),
)

interface ShapeCheck {
  (value: unknown): boolean
  errors?: unknown[] | null
}
let compiled: ShapeCheck | undefined

/** Of a part of a multipart body. Throws `InvalidRequest` with pointers into `/mapping`. */
export function parseMapping(text: Buffer): SheetMapping {
  const value = parseJson(text, { maxCount: 10_000, halves: 'refused' })
  const compile = buildValidator({}, { customOptions: {} })
  compiled ??= compile({ schema: Mapping, method: 'POST', url: '', httpPart: 'body' } as never) as ShapeCheck
  if (!compiled(value)) {
    const faults = readFaults((compiled.errors ?? []) as SchemaFault[])
    throw new InvalidRequest(
      'The mapping does not have the expected shape.',
      faults.map((fault) => ({ ...fault, pointer: `/mapping${fault.pointer}` })),
    )
  }
  checkMapping(value as SheetMapping, '/mapping')
  return value as SheetMapping
}
