/**
 * May a page of another origin call this? Origins of the list `CORS_ORIGINS` may, with a key in the header; no
 * cookies are used. For any other origin there is no word of permission, and the browser refuses.
 *
 * Source: WHATWG Fetch, "CORS protocol".
 */
import type { Api } from '../api.ts'

const methods = 'GET, POST, PUT, PATCH, DELETE'
const sent = 'authorization, content-type, idempotency-key, if-match, traceparent, x-request-id'
const shown =
  'etag, location, retry-after, traceparent, x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, idempotency-replayed'
const preflightSeconds = '600'

export function answerOrigins(app: Api, origins: readonly string[]): void {
  if (origins.length === 0) return
  app.addHook('onRequest', async (request, reply) => {
    reply.header('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined || !origins.includes(origin)) return
    reply.header('access-control-allow-origin', origin)
    reply.header('access-control-expose-headers', shown)
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return
    return reply
      .code(204)
      .header('access-control-allow-methods', methods)
      .header('access-control-allow-headers', sent)
      .header('access-control-max-age', preflightSeconds)
      .send()
  })
}
