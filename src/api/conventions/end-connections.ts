/**
 * What becomes of open connections when the service stops? Answers are finished; then their connections end.
 *
 * Node 20 and Fastify 5.12 end those that are idle at that moment. Left over are those being answered, which would
 * stay open for another request, and those that have sent nothing yet, as browsers and load balancers keep them in
 * store: either would hold up the service for a minute.
 */

import type { Socket } from 'node:net'
import type { Api } from '../api.ts'

const lookMs = 20

export function endConnections(app: Api): void {
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  app.addHook('preClose', async () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    // Looked for while it stops, so that no answer pays for it before.
    const timer = setInterval(() => app.server.closeIdleConnections(), lookMs).unref()
    app.server.once('close', () => clearInterval(timer))
  })
}
