/**
 * Was this request served before? With an `Idempotency-Key`, the same key and body get the first answer again with
 * its ETag and Location; another body is refused. A request that failed left nothing and may be repeated with its key.
 *
 * Scope: tenant and route; the digest covers the address too, so a key used for one client is no answer for
 * another. The lock lets two at once happen one after the other. Written in the transaction of what it answers.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../db/connection.ts'
import {
  findIdempotentAnswer,
  insertIdempotentAnswer,
  lockIdempotencyKey,
} from '../../db/identities/idempotency-keys.ts'
import { IdempotencyKeyReused, InvalidRequest } from '../../errors.ts'
import { requireIdentity } from './authentication.ts'

/** The header, checked; null where the caller sent none. */
export function readIdempotencyKey(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key']
  if (header === undefined) return null
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header)) {
    throw new InvalidRequest('Idempotency-Key takes 1 to 255 printable ASCII characters without blanks.')
  }
  return header
}

/** The body that `work` answers with 201: made once for a key, or each time without one. */
export async function answerOnce<Answer>(
  tx: Tx,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const key = readIdempotencyKey(request)
  if (key === null) return work()
  const { brandId, clientId } = requireIdentity(request)
  const scope = `${clientId ?? brandId ?? 'platform'} ${request.method} ${request.routeOptions.url}`
  const bodyDigest = digestRequest(request)
  await lockIdempotencyKey(tx, { scope, key })
  const first = await findIdempotentAnswer(tx, { scope, key })
  if (first) {
    if (first.bodyDigest !== bodyDigest) throw new IdempotencyKeyReused()
    reply.headers(first.headers).header('idempotency-replayed', 'true')
    return JSON.parse(first.response)
  }
  const answer = await work()
  const response = JSON.stringify(answer)
  const headers = listHeaders(reply)
  await insertIdempotentAnswer(tx, {
    scope,
    key,
    brandId,
    clientId,
    bodyDigest,
    status: 201,
    response,
    headers,
  })
  return answer
}

/** What a caller reads beside the body of a 201. */
function listHeaders(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of ['etag', 'location']) {
    const value = reply.getHeader(name)
    if (value !== undefined) headers[name] = String(value)
  }
  return headers
}

function digestRequest(request: FastifyRequest): string {
  return createHash('sha256').update(request.url).update('\n').update(canonical(request.body)).digest('hex')
}

/** One text for one meaning: the order of an object's members is none. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  // A fast digest of a password would let whoever reads the table guess it.
  const members = Object.entries(value)
    .filter(([name]) => name !== 'password')
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}
