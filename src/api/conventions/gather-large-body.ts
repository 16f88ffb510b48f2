/**
 * The bytes of a large body, in memory that threads share: written there as they come and handed to a thread without a
 * copy. Joining and copying 16 MiB holds the event loop for up to 40 ms, in which no call is answered.
 *
 * A brand sends 64 MiB of them within half a minute; only reading more from its sockets would keep the process busy.
 * The platform's own keys are not counted.
 */
import { errorCodes, type FastifyRequest } from 'fastify'
import { QuotaReached } from '../../errors.ts'
import type { Api } from '../api.ts'
import { requireIdentity } from './authentication.ts'
import { jsonTypes } from './json-types.ts'
import { RateCounter } from './rate-counter.ts'

const mebibyte = 1024 * 1024
/** Beyond it a body is large. */
export const maxSmallBytes = mebibyte
const maxBytesInSpan = 64 * mebibyte
const spanMs = 30_000

/** For all routes of a scope of their own: `read` makes the route's body of the bytes. */
export function readLargeBodies(
  scope: Api,
  bodyLimit: number,
  read: (request: FastifyRequest, bytes: Buffer) => unknown,
): void {
  scope.removeContentTypeParser(jsonTypes)
  scope.addContentTypeParser(jsonTypes, async (request: FastifyRequest, payload: AsyncIterable<Buffer>) =>
    read(request, await gather(payload, request, bodyLimit)),
  )
}

const sent = new RateCounter()

function countBytes(brandId: string | null, bytes: number): void {
  if (brandId === null) return
  const { current, ttl } = sent.count(brandId, spanMs, bytes)
  if (current <= maxBytesInSpan) return
  throw new QuotaReached(
    'too_many_large_bodies',
    `You have sent more than 64 MiB in bodies of over 1 MiB within ${spanMs / 1000} s: wait, or import files as CSV.`,
    Math.ceil(ttl / 1000),
  )
}

async function gather(
  payload: AsyncIterable<Buffer>,
  request: FastifyRequest,
  limit: number,
): Promise<Buffer> {
  const { brandId } = requireIdentity(request)
  // NaN where the sender has not said it.
  const declared = Number(request.headers['content-length'])
  if (declared > limit) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
  if (declared > maxSmallBytes) countBytes(brandId, declared)
  // Its room is only an address until something is written there.
  const memory = new SharedArrayBuffer(0, { maxByteLength: limit })
  const bytes = new Uint8Array(memory)
  let length = 0
  for await (const chunk of payload) {
    if (length + chunk.length > limit) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
    if (Number.isNaN(declared) && length > maxSmallBytes) countBytes(brandId, chunk.length)
    memory.grow(length + chunk.length)
    bytes.set(chunk, length)
    length += chunk.length
  }
  if (!Number.isNaN(declared) && declared !== length)
    throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH()
  return Buffer.from(memory as unknown as ArrayBuffer, 0, length)
}
