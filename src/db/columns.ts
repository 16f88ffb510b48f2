/**
 * How the domain's values stand in PostgreSQL.
 *
 * An amount is `numeric` and a Decimal, an instant `timestamptz(3)` and milliseconds since 1970 in UTC, a
 * local day `date` and text. Every connection runs in UTC, so the text of an instant always ends in `+00`.
 */
import { sql } from 'drizzle-orm'
import { customType, integer } from 'drizzle-orm/pg-core'
import { Decimal, formatAmount } from '../money.ts'

/** Amounts of money: up to 6 decimals, as a deck rounds to 0-6. */
export const amount = customType<{ data: Decimal; driverData: string }>({
  dataType: () => 'numeric(20,6)',
  toDriver: (value) => formatAmount(value),
  fromDriver: (value) => new Decimal(value),
})

/** Numbers that keep every decimal: unit prices, quantities, percents. */
export const exact = customType<{ data: Decimal; driverData: string }>({
  dataType: () => 'numeric',
  toDriver: (value) => formatAmount(value),
  fromDriver: (value) => new Decimal(value),
})

export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamptz(3)',
  toDriver: (value) => instantText(value),
  fromDriver: (value) => parseInstant(value),
})

export const localDay = customType<{ data: string; driverData: string }>({ dataType: () => 'date' })

export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

export const createdAt = () => instant('created_at').notNull().default(sql`now()`)
export const updatedAt = () => instant('updated_at').notNull().default(sql`now()`)
/** Grows by one with each change; the ETag. */
export const revision = () => integer('revision').notNull().default(1)

/** Milliseconds to RFC 3339 with `Z`, as PostgreSQL and the wire take it. */
export function instantText(at: number): string {
  // Of the same instant it is often asked many times in a row: all that is granted within a millisecond.
  if (at !== lastAt) {
    lastText = new Date(at).toISOString()
    lastAt = at
  }
  return lastText
}

let lastAt = Number.NaN
let lastText = ''

/** PostgreSQL's text of a timestamptz on a connection in UTC (`2026-01-02 10:00:05.25+00`) to milliseconds. */
export function parseInstant(text: string): number {
  const at = Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
  if (Number.isNaN(at)) throw new Error(`"${text}" is not a timestamp of a connection in UTC`)
  return at
}

/** The same for a column that may be null. */
export function findInstant(text: string | null): number | null {
  return text === null ? null : parseInstant(text)
}

/**
 * PostgreSQL's text of a timestamptz as `instantText` writes it, without reading it as a date: for rows that are only shown.
 * What is finer than a millisecond is cut. Throws for the text of a connection that is not in UTC.
 */
export function shownInstant<Text extends string | null>(text: Text): Text
export function shownInstant(text: string | null): string | null {
  if (text === null) return null
  if (!text.endsWith('+00')) throw new Error(`"${text}" is not a timestamp of a connection in UTC`)
  const ms = text.slice(20, Math.min(text.length - 3, 23)).padEnd(3, '0')
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${ms}Z`
}
