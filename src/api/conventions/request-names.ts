/**
 * Under which name do caller and service speak of this request? Every answer carries `x-request-id`: the
 * caller's where it sends a harmless one, else a new one. A W3C `traceparent` comes back as it was sent.
 *
 * What else stands in such a header could forge lines in a log that is not JSON, so it is not taken.
 * Source: W3C Trace Context, version 00.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Api } from '../api.ts'

const harmless = /^[A-Za-z0-9._:-]{1,64}$/
const traceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Of this process, so that no two replicas give one name twice. */
const processName = randomBytes(6).toString('hex')
let count = 0

/** For Fastify's `genReqId`. */
export function nameRequest(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && harmless.test(given)
    ? given
    : `${processName}-${(++count).toString(36)}`
}

export function answerRequestNames(app: Api): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    const { traceparent: parent } = request.headers
    if (typeof parent === 'string' && traceparent.test(parent)) reply.header('traceparent', parent)
    done()
  })
}
