/**
 * How does a long list arrive in pages? `?limit=&cursor=` in, `{ data, nextCursor }` out.
 *
 * A cursor is the place of the last row shown, so a page neither repeats nor skips rows while others are added.
 * It is opaque to callers: base64url of a JSON array of texts.
 */
import Type, { type TSchema } from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { InvalidRequest } from '../../errors.ts'
import { closed, nullable } from '../../shapes/fields.ts'

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: '`nextCursor` of the page before.' })),
}

export interface PageQuery {
  limit?: number
  cursor?: string
}

export function pageSchema<Item extends TSchema>(item: Item) {
  return closed({ data: Type.Array(item), nextCursor: nullable(Type.String()) })
}

/** An id as the place of a row. */
export const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An instant as the place of a row, as `instantText` writes it. */
export const instantPlace = {
  test: (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && readInstant(text) !== undefined,
}

/** Whether a text of a cursor can be what it stands for. */
export type PlacePart = Pick<RegExp, 'test'>

export function writeCursor(place: readonly string[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** The place of a cursor, `parts` texts long; null without one. Throws `InvalidRequest`. */
export function readCursor(cursor: string | undefined, parts: readonly PlacePart[]): string[] | null {
  if (cursor === undefined) return null
  const place = parseCursor(cursor)
  const isOurs =
    Array.isArray(place) &&
    place.length === parts.length &&
    place.every((part, i) => typeof part === 'string' && parts[i]?.test(part))
  if (!isOurs)
    throw new InvalidRequest('The cursor does not belong to this list.', [
      { pointer: '/cursor', detail: 'is not valid' },
    ])
  return place
}

function parseCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** Rows were asked for one more than a page: whether there is a next page is known without counting. */
export function toPage<Row>(
  rows: Row[],
  limit: number,
  placeOf: (row: Row) => readonly string[],
): { rows: Row[]; nextCursor: string | null } {
  if (rows.length <= limit) return { rows, nextCursor: null }
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, nextCursor: last === undefined ? null : writeCursor(placeOf(last)) }
}
