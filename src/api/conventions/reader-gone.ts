/**
 * Has the one who asked left? Aborts when the connection has ended, and when the answer has.
 *
 * The answer's own `close` is not enough: one that stands behind another on its connection (HTTP pipelining) never gets it
 * where the connection ends before its turn (Node 20).
 */
import type { FastifyReply, FastifyRequest } from 'fastify'

export function whenGone(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const { socket } = request
  const leave = () => {
    socket.off('close', leave)
    gone.abort(new Error('The one who asked has hung up.'))
  }
  // As many as wait on one connection; each takes its own away.
  socket.setMaxListeners?.(0)
  socket.on('close', leave)
  reply.raw.once('close', leave)
  if (socket.destroyed) leave()
  return gone.signal
}
