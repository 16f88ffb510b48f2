/**
 * Answers that are made while they are read: reports, price lists, calls of an invoice, faults of an import.
 *
 * Each has a place as long as it lasts, is made ahead of its reader by a bounded piece, and ends with a reader that has
 * left or takes nothing. The first piece is made before the answer begins, so that whatever is wrong with a request is
 * answered as a problem. A failure later cuts the connection: half a file is never taken for a whole one.
 */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import type { FairPlaces, LeavePlace } from '../../quotas/fair-places.ts'
import { requireIdentity } from './authentication.ts'
import { openDownloadPlaces } from './download-places.ts'
import { whenGone } from './reader-gone.ts'
import { endWhenStalled, usualStallMs } from './stalled-reader.ts'

export interface Download {
  contentType: string
  /** null: shown, not saved. */
  fileName: string | null
  chunks: AsyncIterable<string | Uint8Array>
}

/** Made and not yet taken: an answer below that leaves its connection to PostgreSQL though nobody reads it. */
const readAheadBytes = 1024 * 1024

export class Downloads {
  readonly #places: FairPlaces
  readonly #stallMs: number

  constructor({ metrics, stallMs = usualStallMs }: { metrics: Registry; stallMs?: number | undefined }) {
    this.#places = openDownloadPlaces(metrics)
    this.#stallMs = stallMs
  }

  /**
   * Answers with what `open` makes when there is a place for it. `gone` aborts when the reader has left: whatever `open`
   * waits for, or reads from, has to end then.
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    open: (gone: AbortSignal) => Promise<Download>,
  ): Promise<FastifyReply> {
    const gone = whenGone(request, reply)
    endWhenStalled(request, reply, this.#stallMs)
    let leave: LeavePlace = () => {}
    try {
      leave = await this.#places.take(requireIdentity(request), gone)
      const { contentType, fileName, chunks } = await open(gone)
      const file = await beginReading(chunks)
      if (gone.aborted || request.raw.method === 'HEAD') await file.return()
      gone.throwIfAborted()
      reply.type(contentType)
      if (fileName !== null) reply.header('content-disposition', `attachment; filename="${fileName}"`)
      if (request.raw.method === 'HEAD') {
        leave()
        return reply.send('')
      }
      const stream = Readable.from(file, { objectMode: false, highWaterMark: readAheadBytes })
      stream.once('close', leave)
      gone.addEventListener('abort', () => {
        leave()
        stream.destroy()
      })
      return reply.send(stream)
    } catch (error) {
      leave()
      if (gone.aborted) return reply.hijack()
      throw error
    }
  }

  /** Nobody waits for a service that stops; what has begun goes on. */
  close(): void {
    this.#places.close()
  }
}

interface Pieces<Piece> extends AsyncIterable<Piece> {
  next(): Promise<IteratorResult<Piece, unknown>>
  return(): Promise<IteratorResult<Piece, unknown>>
}

/**
 * Makes pieces until rows have been read, so that a query that fails does so before the answer's first byte. No
 * generator: one that is given up before its first step would not end what it wraps.
 */
async function beginReading<Piece>(chunks: AsyncIterable<Piece>): Promise<Pieces<Piece>> {
  const rest = chunks[Symbol.asyncIterator]()
  const made = [await rest.next(), await rest.next()]
  const pieces: Pieces<Piece> = {
    next: async () => made.shift() ?? rest.next(),
    return: async () => (await rest.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => pieces,
  }
  return pieces
}
