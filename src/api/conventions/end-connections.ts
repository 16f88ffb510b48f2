/**
 * What becomes of open connections when the service stops? Answers are finished; then their connections end.
 *
 * Node 20 and Fastify 5.12 end those that are idle at that moment. Left over are those being answered, which would
 * stay open for another request, and those that have sent nothing yet, as browsers and load balancers keep them in
 * store: either would hold up the service for a minute.
 */

import type { Socket } from 'node:net'
import type { Api } from '../api.ts'

export function endConnections(app: Api): void {
  const sockets = new Set<Socket>()
  let isClosing = false
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  app.addHook('preClose', async () => {
    isClosing = true
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  })
  app.addHook('onResponse', (_request, _reply, done) => {
    if (isClosing) setImmediate(() => app.server.closeIdleConnections())
    done()
  })
}
