/**
 * How does a body become a value? JSON alone, by one parser; an empty body is none.
 *
 * Refused, because something else would be stored than was sent: bytes that are no UTF-8, halves of surrogate pairs,
 * packed bodies (a few KiB of gzip can be any size), and members named `__proto__` or `constructor`. And what is deeper
 * than anything we take, because walking it would end in an overflow of the stack. Routes that take more than 1 MiB read
 * theirs by `gather-large-body.ts`.
 */

import { UnsupportedEncoding } from '../../errors.ts'
import type { Api } from '../api.ts'
import { jsonTypes } from './json-types.ts'
import { type JsonLimits, parseJson } from './parse-json.ts'

export function readBodies(app: Api): void {
  app.addHook('preParsing', (request, reply, payload, done) => {
    const encoding = request.headers['content-encoding']
    if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return done(null, payload)
    reply.header('accept-encoding', 'identity')
    done(new UnsupportedEncoding(encoding.slice(0, 40)))
  })
  app.removeAllContentTypeParsers()
  parseJsonBodies(app, jsonTypes, 'refused')
}

/** Lists and objects in up to 1 MiB: a thousand call events with their labels, many times over. */
export const maxCountHere = 20_000

/** `halves` of surrogate pairs `passed`: the route looks at each of its messages itself. */
export function parseJsonBodies(app: Api, types: string[], halves: JsonLimits['halves']): void {
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    let value: unknown
    try {
      value = bytes.length === 0 ? undefined : parseJson(bytes, { maxCount: maxCountHere, halves })
    } catch (error) {
      return done(error as Error)
    }
    done(null, value)
  })
}
