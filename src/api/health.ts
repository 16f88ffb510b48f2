/**
 * Does the process run, can it serve, and how does it fare? `/livez`, `/readyz`, `/metrics`: open, without a key, and so
 * cheap however often somebody asks.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyReply,
  type FastifyRequest,
  type onResponseHookHandler,
  type onSendHookHandler,
} from 'fastify'
import { Gauge, type Registry } from 'prom-client'
import Type from 'typebox'
import { RowHistogram } from '../call-rate-metrics.ts'
import { oneOf } from '../shapes/fields.ts'
import { version } from '../version.ts'
import type { Api } from './api.ts'
import type { ApiContext, HealthReport } from './context.ts'

const healthRoles = ['all', 'authorize', 'events', 'api'] as const
type HealthRole = (typeof healthRoles)[number]

/** Beyond it the last text is given again, at most a second old. */
const maxMetricsPerSecond = 10

export function healthRoutes(app: Api, context: ApiContext): void {
  /** Who asks while a check is under way waits for the same one. */
  const checking = new Map<HealthRole, Promise<HealthReport>>()
  const check = (role: HealthRole): Promise<HealthReport> => {
    const running = checking.get(role) ?? context.health(role).finally(() => checking.delete(role))
    checking.set(role, running)
    return running
  }
  app.get('/livez', { schema: { hide: true } }, async () => ({ status: 'ok', version }))
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
      const { role = 'all' } = request.query
      const { ok, ...said } = await check(role)
      return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'unavailable', ...said })
    },
  )
  showBuild(context.metrics)
  if (!context.settings.metricsApart) metricsRoute(app, context.metrics)
}

/** Always 1: which releases run is told by the labels. */
function showBuild(metrics: Registry): void {
  new Gauge({
    name: 'tollgate_build_info',
    help: 'The release that runs.',
    labelNames: ['version', 'node'] as const,
    registers: [metrics],
  }).set({ version, node: process.version }, 1)
}

function metricsRoute(app: Api, metrics: Registry): void {
  let second = 0
  let madeInSecond = 0
  let text: Promise<string> | undefined
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) {
      second = now
      madeInSecond = 0
    }
    if (text === undefined || madeInSecond < maxMetricsPerSecond) {
      madeInSecond++
      text = metrics.metrics()
    }
    return reply.type(metrics.contentType).send(await text)
  })
}

/** The server behind `METRICS_PORT`. */
export function buildMetricsServer(metrics: Registry): Api {
  const app = Fastify({ logger: false }).withTypeProvider<TypeBoxTypeProvider>()
  metricsRoute(app, metrics)
  return app
}

declare module 'fastify' {
  interface FastifyRequest {
    /** `performance.now()`. */
    receivedAt: number
  }
}

/**
 * Counts requests by route and status; never by address, which would hold ids and numbers. Goes before all that may refuse
 * one, and before the routes are added.
 *
 * A request ends with its answer. On routes of switches, whose answers leave at once, that is when it is handed over to be sent:
 * listening for the end of each would cost more than counting it.
 */
export function measureRequests(app: Api, metrics: Registry): void {
  const durations = new RowHistogram({
    name: 'tollgate_http_request_seconds',
    help: 'Time from a request to its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [metrics],
  })
  const measure = (request: FastifyRequest, { statusCode }: FastifyReply) => {
    const seconds = (performance.now() - request.receivedAt) / 1000
    const status = statusTexts[statusCode]
    durations.observe(seconds, request.method, request.routeOptions.url ?? 'unknown', status)
  }
  const measureMade: onSendHookHandler = (request, reply, _answer, done) => {
    measure(request, reply)
    done()
  }
  const measureSent: onResponseHookHandler = (request, reply, done) => {
    measure(request, reply)
    done()
  }
  app.decorateRequest('receivedAt', 0)
  app.addHook('onRequest', (request, reply, done) => {
    request.receivedAt = performance.now()
    // Whatever has no route.
    if (request.is404) reply.raw.once('finish', () => measure(request, reply))
    done()
  })
  app.addHook('onRoute', (route) => {
    if (route.config?.isForSwitches) route.onSend = [...[route.onSend ?? []].flat(), measureMade]
    else route.onResponse = [...[route.onResponse ?? []].flat(), measureSent]
  })
}

/** Made once, not with each request. */
const statusTexts = Array.from({ length: 600 }, (_, status) => String(status))
