/**
 * How does a body become a value? JSON alone, by one parser, of UTF-8 as RFC 8259 asks for; an empty body is none.
 *
 * Refused, because something else would be stored than was sent: bytes that are no UTF-8, halves of surrogate pairs,
 * packed bodies (a few KiB of gzip can be any size), and members named `__proto__` or `constructor`. And what is deeper
 * than anything we take, because walking it would end in an overflow of the stack.
 */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { InvalidRequest, UnsupportedEncoding } from '../../errors.ts'

export function readBodies(app: FastifyInstance): void {
  app.addHook('preParsing', (request, reply, payload, done) => {
    const encoding = request.headers['content-encoding']
    if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return done(null, payload)
    reply.header('accept-encoding', 'identity')
    done(new UnsupportedEncoding(encoding.slice(0, 40)))
  })
  app.removeAllContentTypeParsers()
  parseJsonBodies(app, ['application/json', 'application/merge-patch+json'], 'refused')
}

/** `halves` of surrogate pairs `passed`: the route looks at each of its messages itself. */
export function parseJsonBodies(app: FastifyInstance, types: string[], halves: 'refused' | 'passed'): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    if (bytes.length === 0) return done(null, undefined)
    if (!isUtf8(bytes)) return done(new InvalidRequest('The body is no UTF-8 text.'))
    if (isDeeperThan(bytes, maxDepth)) {
      return done(new InvalidRequest(`The body has more than ${maxDepth} lists or objects in one another.`))
    }
    const text = bytes.toString('utf8')
    parseJson(request, text, (error, value) => {
      if (error?.message.includes('prototype')) return done(new InvalidRequest(forbiddenMember))
      if (!error && halves === 'refused' && escapedSurrogate.test(text) && hasHalfOfPair(value)) {
        return done(new InvalidRequest('A text of the body holds half of a surrogate pair.'))
      }
      done(error, value)
    })
  })
}

/** Lists and objects in one another; the deepest body that a route takes has about ten. */
const maxDepth = 64
const [quote, backslash, openList, openObject, closeList, closeObject] = Buffer.from('"\\[{]}')

/** Whether JSON goes deeper, found without reading it. Of bytes that are no JSON the answer means nothing. */
export function isDeeperThan(json: Buffer, max: number): boolean {
  if (json.length <= max * 2) return false
  let depth = 0
  let isText = false
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (isText) {
      if (byte === backslash) at++
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === openList || byte === openObject) {
      depth++
      if (depth > max) return true
    } else if (byte === closeList || byte === closeObject) depth--
  }
  return false
}

const forbiddenMember = 'The body has a member named "__proto__" or "constructor".'
/** How alone half of a pair can come into JSON that is UTF-8. */
const escapedSurrogate = /\\u[dD][89a-fA-F]/
/** Written again, whole pairs are characters and halves are escapes; two backslashes are one that was sent. */
const writtenHalf = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

function hasHalfOfPair(value: unknown): boolean {
  return writtenHalf.test(JSON.stringify(value) ?? '')
}
