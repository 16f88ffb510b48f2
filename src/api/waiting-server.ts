/**
 * What is answered while the service waits for PostgreSQL: it runs (`/livez` 200) and is not ready (`/readyz` 503, with
 * what is missing). Everything else is 503 too, with a time to come again; a browser comes again by itself.
 */
import Fastify from 'fastify'

export interface WaitingServer {
  close(): Promise<unknown>
}

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="2">
<title>Tollgate</title>
<p>The service is starting. The page comes by itself.</p>
</html>
`

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
  app.setNotFoundHandler(async (request, reply) => {
    reply.code(503).header('retry-after', '5')
    if (request.headers.accept?.startsWith('text/html')) return reply.type('text/html').send(page)
    return reply.type('application/problem+json').send({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'service_unavailable',
      detail: 'The service is starting: repeat later.',
    })
  })
  await app.listen({ host, port })
  return { close: () => app.close() }
}
