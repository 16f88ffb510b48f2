/**
 * How does a body become a value? JSON alone, by one parser; an empty body is none.
 *
 * Refused, because something else would be stored than was sent: bytes that are no UTF-8, halves of surrogate pairs,
 * packed bodies (a few KiB of gzip can be any size), and members named `__proto__` or `constructor`. And what is deeper
 * than anything we take, because walking it would end in an overflow of the stack. More than 1 MiB is parsed in a thread.
 */

import { UnsupportedEncoding } from '../../errors.ts'
import type { Api } from '../api.ts'
import { parseLargeJson } from './large-bodies.ts'
import { type JsonLimits, parseJson } from './parse-json.ts'
import { tenantKey } from './request-scope.ts'

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

export const jsonTypes = ['application/json', 'application/merge-patch+json']

/** Beyond it, parsing would hold the event loop. */
const maxBytesHere = 1024 * 1024
/** Lists and objects in up to 1 MiB: a thousand call events with their labels, many times over. */
const maxCountHere = 20_000

/** `halves` of surrogate pairs `passed`: the route looks at each of its messages itself. */
export function parseJsonBodies(app: Api, types: string[], halves: JsonLimits['halves']): void {
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    if (bytes.length > maxBytesHere) {
      parseLargeJson(tenantKey(request), bytes, halves).then((value) => done(null, value), done)
      return
    }
    let value: unknown
    try {
      value = bytes.length === 0 ? undefined : parseJson(bytes, { maxCount: maxCountHere, halves })
    } catch (error) {
      return done(error as Error)
    }
    done(null, value)
  })
}
