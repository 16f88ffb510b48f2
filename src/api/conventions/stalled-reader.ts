/**
 * An answer that its reader stops taking is ended, so that what it holds is free for others.
 *
 * Node's timer of a response starts anew with each write, and when it runs out looks whether the socket has got rid of
 * anything meanwhile: so a stalled reader is noticed after one to two times the limit. Where nothing waits to be taken, it
 * is we who are slow, and nobody is ended for that.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Without a byte taken. */
export const usualStallMs = 15_000

export function endWhenStalled(request: FastifyRequest, reply: FastifyReply, stallMs: number): void {
  const { raw } = reply
  // `inject` has no socket.
  if (request.socket.timeout === undefined) return
  raw.setTimeout(stallMs, () => {
    if (raw.writableLength === 0) {
      raw.setTimeout(stallMs)
      return
    }
    request.log.info(
      { event: 'download_stalled', route: request.routeOptions.url, stallMs },
      'a reader has taken nothing for too long: its answer is ended',
    )
    raw.destroy()
  })
}
