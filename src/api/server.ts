/**
 * The HTTP door: which guards a request passes, in which order, and which routes there are.
 *
 * Order: request id, origin, load, key, role and right (before the body is read), hidden sections, rate limit, body (64 KiB unless a route takes more), schema,
 * route. Whatever fails on the way is answered by `problem-details.ts`.
 */
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify'
import { UnsupportedEncoding } from '../errors.ts'
import { openIdentities } from '../identities/identify.ts'
import { accountRoutes } from './accounts.ts'
import { activeCallRoutes } from './active-calls.ts'
import { adminRoutes } from './admins.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { auditLogRoutes } from './audit-log.ts'
import { requireIdentities } from './authentication.ts'
import { authorizationRoutes } from './authorizations.ts'
import { authorizedSourceRoutes } from './authorized-sources.ts'
import { balanceAlertRoutes } from './balance-alerts.ts'
import { balanceMovementRoutes } from './balance-movements.ts'
import { brandRoutes } from './brands.ts'
import { callEventRoutes } from './call-events.ts'
import { callRoutes } from './calls.ts'
import { clientRoutes } from './clients.ts'
import type { ApiContext } from './context.ts'
import { corporationRoutes } from './corporations.ts'
import { answerOrigins } from './cross-origin.ts'
import { currencyRoutes } from './currencies.ts'
import { deadLetterRoutes } from './dead-letters.ts'
import { engineHangupRoutes } from './engine-hangups.ts'
import { engineRoutes } from './engines.ts'
import { fixedCostRoutes } from './fixed-costs.ts'
import { hangupRoutes } from './hangup.ts'
import { healthRoutes, measureRequests } from './health.ts'
import { importRoutes } from './imports.ts'
import { invoiceDocumentRoutes } from './invoice-documents.ts'
import { invoiceDraftRoutes } from './invoice-drafts.ts'
import { invoiceIssueRoutes } from './invoice-issue.ts'
import { invoiceNumberSequenceRoutes } from './invoice-number-sequences.ts'
import { invoiceScheduleRoutes } from './invoice-schedules.ts'
import { invoiceTemplateRoutes } from './invoice-templates.ts'
import { invoiceRoutes } from './invoices.ts'
import { mailRoutes } from './mails.ts'
import { notificationTemplateRoutes } from './notification-templates.ts'
import { describeApi } from './openapi.ts'
import { priceComparisonRoutes } from './price-comparisons.ts'
import { priceSimulationRoutes } from './price-simulations.ts'
import { handleProblems, problemOf, refuseBrokenRequest, sendProblem } from './problem-details.ts'
import { RateCounter } from './rate-counter.ts'
import { rateDeckRoutes } from './rate-decks.ts'
import { rateRoutes } from './rates.ts'
import { ratingPlanRoutes } from './rating-plans.ts'
import { ratingProfileRoutes } from './rating-profiles.ts'
import { reRatingRoutes } from './re-ratings.ts'
import { receivableRoutes } from './receivables.ts'
import { reportScheduleRoutes } from './report-schedules.ts'
import { reportRoutes } from './reports.ts'
import { answerRequestNames, nameRequest } from './request-names.ts'
import { applicationServerRoutes, mediaRelaySetRoutes } from './routing.ts'
import { hideSections } from './sections.ts'
import { sessionRoutes } from './sessions.ts'
import { statementRoutes } from './statements.ts'
import { taxRoutes } from './taxes.ts'
import { buildValidator } from './validation.ts'

/** Requests a second on average, counted over two seconds, for keys other than engines' and the platform's. */
const requestsPerSecond = 300

export async function buildServer(context: ApiContext): Promise<FastifyInstance> {
  const app = Fastify(serverOptions(context))
  const { db, settings } = context
  const identities = openIdentities({
    db,
    bootstrapKey: settings.bootstrapApiKey,
    issuers: settings.jwtIssuers,
  })
  const { keyRing, sessions } = identities
  app.addHook('onClose', () => identities.close())

  handleProblems(app)
  readBodies(app)
  answerRequestNames(app)
  answerOrigins(app, settings.corsOrigins)
  requireIdentities(app, identities)
  hideSections(app, context)
  measureRequests(app, context.metrics)
  logRequests(app)
  await app.register(helmet, { contentSecurityPolicy: false })
  await app.register(rateLimit, {
    max: requestsPerSecond * 2,
    timeWindow: 2000,
    store: RateCounter,
    allowList: ({ identity }) => !identity || identity.role === 'engine' || identity.role === 'platform',
    keyGenerator: ({ identity }) => identity?.countedAs ?? 'none',
  })
  await describeApi(app)

  healthRoutes(app, context)
  currencyRoutes(app)
  brandRoutes(app, context)
  clientRoutes(app, context)
  authorizedSourceRoutes(app, context)
  ratingProfileRoutes(app, context)
  accountRoutes(app, context)
  balanceAlertRoutes(app, context)
  balanceMovementRoutes(app, context)
  statementRoutes(app, context)
  corporationRoutes(app, context)
  mediaRelaySetRoutes(app, context)
  applicationServerRoutes(app, context)
  callRoutes(app, context)
  reRatingRoutes(app, context)
  taxRoutes(app, context)
  fixedCostRoutes(app, context)
  invoiceNumberSequenceRoutes(app, context)
  invoiceTemplateRoutes(app, context)
  invoiceScheduleRoutes(app, context)
  invoiceRoutes(app, context)
  invoiceDraftRoutes(app, context)
  invoiceIssueRoutes(app, context)
  receivableRoutes(app, context)
  invoiceDocumentRoutes(app, context)
  notificationTemplateRoutes(app, context)
  mailRoutes(app, context)
  deadLetterRoutes(app, context)
  apiKeyRoutes(app, context, keyRing)
  adminRoutes(app, context, sessions)
  sessionRoutes(app, sessions)
  auditLogRoutes(app, context)
  authorizationRoutes(app, context)
  engineRoutes(app, context)
  engineHangupRoutes(app, context)
  activeCallRoutes(app, context)
  hangupRoutes(app, context)
  rateDeckRoutes(app, context)
  rateRoutes(app, context)
  ratingPlanRoutes(app, context)
  priceSimulationRoutes(app, context)
  reportRoutes(app, context)
  reportScheduleRoutes(app, context)
  await app.register(async (scope) => importRoutes(scope, context))
  await app.register(async (scope) => priceComparisonRoutes(scope, context))
  await app.register(async (scope) => callEventRoutes(scope, context))
  await app.ready()
  return app
}

function serverOptions({ log, settings }: ApiContext): FastifyServerOptions {
  return {
    ...(log ? { loggerInstance: log } : {}),
    // Fastify's own lines would carry addresses with telephone numbers in them.
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: nameRequest,
    bodyLimit: 64 * 1024,
    connectionTimeout: 60_000,
    // A file of 1 GiB has to fit in.
    requestTimeout: 300_000,
    keepAliveTimeout: 72_000,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    routerOptions: { maxParamLength: 1024 },
    return503OnClosing: true,
    schemaController: { compilersFactory: { buildValidator } },
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, problemOf(error)),
  }
}

/**
 * JSON alone, by one parser; a member named `__proto__` or `constructor` is refused, an empty body is none. Packed
 * bodies are refused: a few KiB of gzip can be any size.
 */
function readBodies(app: FastifyInstance): void {
  app.addHook('preParsing', (request, reply, payload, done) => {
    const encoding = request.headers['content-encoding']
    if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return done(null, payload)
    reply.header('accept-encoding', 'identity')
    done(new UnsupportedEncoding(encoding.slice(0, 40)))
  })
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request, text, done) => (text === '' ? done(null, undefined) : parseJson(request, String(text), done)),
  )
}

function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      {
        event: 'request',
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        actor: request.identity?.countedAs ?? null,
      },
      'request',
    )
  })
}
