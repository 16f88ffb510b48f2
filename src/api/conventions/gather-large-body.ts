/**
 * The bytes of a large body, in memory that threads share: written there as they come and handed to a thread without a
 * copy. Joining and copying 16 MiB holds the event loop for up to 40 ms, in which no call is answered.
 */
import { errorCodes, type FastifyRequest } from 'fastify'
import type { Api } from '../api.ts'
import { jsonTypes } from './json-types.ts'

/** For all routes of a scope of their own: `read` makes the route's body of the bytes. */
export function readLargeBodies(
  scope: Api,
  bodyLimit: number,
  read: (request: FastifyRequest, bytes: Buffer) => unknown,
): void {
  scope.removeContentTypeParser(jsonTypes)
  scope.addContentTypeParser(jsonTypes, async (request: FastifyRequest, payload: AsyncIterable<Buffer>) =>
    read(request, await gather(payload, Number(request.headers['content-length']), bodyLimit)),
  )
}

/** `declared`: bytes that the sender has announced; NaN: it has not. */
async function gather(payload: AsyncIterable<Buffer>, declared: number, limit: number): Promise<Buffer> {
  if (declared > limit) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
  // Its room is only an address until something is written there.
  const memory = new SharedArrayBuffer(0, { maxByteLength: limit })
  const bytes = new Uint8Array(memory)
  let length = 0
  for await (const chunk of payload) {
    if (length + chunk.length > limit) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
    memory.grow(length + chunk.length)
    bytes.set(chunk, length)
    length += chunk.length
  }
  if (!Number.isNaN(declared) && declared !== length)
    throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH()
  return Buffer.from(memory as unknown as ArrayBuffer, 0, length)
}
