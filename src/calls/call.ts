/**
 * A call: one leg of one client, from its grant or its first event to its price.
 *
 * Instants are milliseconds since 1970 in UTC, amounts Decimals. A field is null until it is known.
 */
import { type CallField, type CallFieldType, callFields } from '../db/calls/call-fields.ts'
import { compile, writeObject } from '../db/compile.ts'
import type { calls } from '../db/schema/calls.ts'
import { zero } from '../money.ts'

/** How long a grant lives that no start follows. */
export const grantSeconds = 180

export const callStatuses = [
  'authorized',
  'started',
  'priced',
  'unpriced',
  'unanswered',
  'rejected',
  'expired',
  'lost-end',
] as const
export type CallStatus = (typeof callStatuses)[number]

/** Its fields stand in `db/calls/call-table.ts`. */
export type Call = typeof calls.$inferSelect

/** What a hang-up command is made of. */
export type LegToHangUp = Pick<
  Call,
  'clientId' | 'callId' | 'direction' | 'engine' | 'engineRef' | 'hangupReason' | 'hangupEndBy'
>

const emptyValues: Partial<Record<CallFieldType, string>> = {
  boolean: 'false',
  integer: '0',
  numeric: 'zero',
  'text[]': '[]',
}

/** A call of which nothing is known but who and where to. */
export const newCall: (
  facts: Pick<Call, 'clientId' | 'callId' | 'brandId' | 'direction' | 'to' | 'createdAt'>,
) => Call = compile(writeObject(callFields.map((field) => [field.name, initialValue(field)])), { zero })

function initialValue({ name, type, isNullable, hasDefault }: CallField): string {
  if (name === 'status') return "'started'"
  if (isNullable) return 'null'
  return hasDefault ? (emptyValues[type] ?? 'null') : `from.${name}`
}

/** The leg still stands, or may: it has neither ended nor been closed. */
export function isOpen(call: Call): boolean {
  return call.status === 'authorized' || call.status === 'started'
}

/** Its grant ran out, or the engine handed it back: a new authorization is decided anew. */
export function isGrantOver(call: Call, now: number): boolean {
  return (
    call.status === 'expired' ||
    (call.status === 'authorized' && call.expiresAt !== null && call.expiresAt <= now)
  )
}
