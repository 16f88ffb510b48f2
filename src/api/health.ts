/**
 * Does the process run, can it serve, and how does it fare? `/livez`, `/readyz`, `/metrics`: open, without a key.
 */
import Fastify, { type FastifyInstance } from 'fastify'
import { Histogram, type Registry } from 'prom-client'
import Type from 'typebox'
import type { ApiContext } from './context.ts'
import { oneOf } from './conventions/fields.ts'

const healthRoles = ['all', 'authorize', 'events', 'api'] as const

export function healthRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get('/livez', { schema: { hide: true } }, async () => ({ status: 'ok' }))
  app.get(
    '/readyz',
    {
      schema: {
        hide: true,
        querystring: Type.Object(
          { role: Type.Optional(oneOf(healthRoles)) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { role = 'all' } = request.query as { role?: (typeof healthRoles)[number] }
      const { ok, checks, details } = await context.health(role)
      return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'unavailable', checks, details })
    },
  )
  if (!context.settings.metricsApart) metricsRoute(app, context.metrics)
}

function metricsRoute(app: FastifyInstance, metrics: Registry): void {
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
}

/** The server behind `METRICS_PORT`. */
export function buildMetricsServer(metrics: Registry): FastifyInstance {
  const app = Fastify({ logger: false })
  metricsRoute(app, metrics)
  return app
}

/** Counts requests by route and status; never by address, which would hold ids and numbers. */
export function measureRequests(app: FastifyInstance, metrics: Registry): void {
  const durations = new Histogram({
    name: 'tollgate_http_request_seconds',
    help: 'Time from a request to its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [metrics],
  })
  app.addHook('onResponse', async (request, reply) => {
    durations.observe(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: String(reply.statusCode),
      },
      reply.elapsedTime / 1000,
    )
  })
}
