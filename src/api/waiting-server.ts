/**
 * What is answered while the service waits for PostgreSQL: it runs (`/livez` 200) and is not ready (`/readyz` 503, with
 * what is missing). Everything else is 503 too, with a time to come again.
 */
import Fastify from 'fastify'

export interface WaitingServer {
  close(): Promise<unknown>
}

/** `checks`: part → what is wrong with it. Rejects as a server does whose port is in use. */
export async function openWaitingServer(
  { host, port }: { host: string; port: number },
  checks: () => Record<string, string>,
): Promise<WaitingServer> {
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.get('/livez', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) =>
    reply.code(503).send({ status: 'unavailable', checks: checks() }),
  )
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(503).header('retry-after', '5').type('application/problem+json').send({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'service_unavailable',
      detail: 'The service is starting: repeat later.',
    }),
  )
  await app.listen({ host, port })
  return { close: () => app.close() }
}
