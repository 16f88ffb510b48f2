/**
 * How a call is shown to others: in answers, in facts, in exports.
 */
import { type CallField, shownCallFields } from '../db/calls/call-fields.ts'
import type { ShownCallField } from '../db/calls/call-table.ts'
import { instantText } from '../db/columns.ts'
import { compile, writeObject } from '../db/compile.ts'
import type { StoredDraw } from '../ledger/stored-draw.ts'
import { type Decimal, formatAmount } from '../money.ts'
import type { Call } from './call.ts'

/** Amounts and instants (`…At`) are text, labels and draws are never null. */
type Shown<Name extends ShownCallField> = Name extends 'labels'
  ? Record<string, string>
  : Name extends 'allowances'
    ? readonly StoredDraw[]
    : Name extends `${string}At`
      ? string | (null extends Call[Name] ? null : never)
      : Decimal extends Call[Name]
        ? string | null
        : Call[Name]

/** The contract's call without its explanation, which is long and asked for singly. */
export type CallRecord = { [Name in ShownCallField]: Shown<Name> } & {
  /** The invoice that took it. */
  invoiceId: string | null
  destinationChanged: boolean
}

/** What of a call is shown; a row of the table has it as well as a call in memory. */
export type ShownCall = Pick<Call, ShownCallField>

const makeRecord = compile<ShownCall, CallRecord>(
  writeObject([
    ...shownCallFields.map((field): [string, string] => [field.name, shownValue(field)]),
    ['destinationChanged', "from.flags.includes('destination_changed')"],
    ['invoiceId', 'null'],
  ]),
  { instantText, formatAmount },
)

export function callRecord(call: ShownCall, invoiceId: string | null = null): CallRecord {
  const record = makeRecord(call)
  record.invoiceId = invoiceId
  return record
}

function shownValue({ name, type }: CallField): string {
  const value = `from.${name}`
  if (type === 'timestamptz') return `${value} === null ? null : instantText(${value})`
  if (type === 'numeric') return `${value} === null ? null : formatAmount(${value})`
  return type === 'jsonb' ? `${value} ?? ${name === 'labels' ? '{}' : '[]'}` : value
}
