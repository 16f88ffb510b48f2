/**
 * May a page of another origin call this? Origins of the list `CORS_ORIGINS` may, with a key in the header; no
 * cookies are used. For any other origin there is no word of permission, and the browser refuses.
 *
 * Source: WHATWG Fetch, "CORS protocol".
 */
import cors from '@fastify/cors'
import type { Api } from '../api.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const allowedHeaders = [
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'traceparent',
  'x-request-id',
]
const exposedHeaders = [
  'etag',
  'location',
  'retry-after',
  'tollgate-replica-lag-seconds',
  'traceparent',
  'x-request-id',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'idempotency-replayed',
]
const preflightSeconds = 600

export async function answerOrigins(app: Api, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    // Other origins are answered as if there were no such thing as CORS: a preflight of theirs is 404.
    origin: (origin, answer) =>
      answer(null, origin !== undefined && origins.includes(origin) ? origin : false),
    strictPreflight: false,
    maxAge: preflightSeconds,
    ...{ methods, allowedHeaders, exposedHeaders },
  })
}
