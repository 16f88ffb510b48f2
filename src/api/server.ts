/**
 * The HTTP door: which guards a request passes, in which order, and which routes there are.
 *
 * Order: request id, origin, key, role and right (before the body is read), hidden sections, rate limit, body (64 KiB unless a route takes more), schema,
 * route. Whatever fails on the way is answered by `problem-details.ts`.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyServerOptions, LogController } from 'fastify'
import { openIdentities } from '../identities/identify.ts'
import { accountRoutes } from './accounts/accounts.ts'
import { balanceMovementRoutes } from './accounts/balance-movements.ts'
import { statementRoutes } from './accounts/statements.ts'
import type { Api } from './api.ts'
import { listBrandRoleRights } from './brand-role-rights.ts'
import { activeCallRoutes } from './calls/active-calls.ts'
import { authorizationCheckRoutes } from './calls/authorization-checks.ts'
import { authorizationRoutes } from './calls/authorizations.ts'
import { callConflictRoutes } from './calls/call-conflicts.ts'
import { callEventRoutes } from './calls/call-events.ts'
import { callRoutes } from './calls/calls.ts'
import { limitDeadLetters } from './calls/dead-letter-quota.ts'
import { deadLetterRoutes } from './calls/dead-letters.ts'
import { engineHangupRoutes } from './calls/engine-hangups.ts'
import { engineRoutes } from './calls/engines.ts'
import { hangupRoutes } from './calls/hangup.ts'
import { reRatingRoutes } from './calls/re-ratings.ts'
import { allowancePlanRoutes } from './clients/allowance-plans.ts'
import { allowanceRoutes } from './clients/allowances.ts'
import { authorizedSourceRoutes } from './clients/authorized-sources.ts'
import { balanceAlertRoutes } from './clients/balance-alerts.ts'
import { brandRoutes } from './clients/brands.ts'
import { clientRoutes } from './clients/clients.ts'
import { corporationRoutes } from './clients/corporations.ts'
import { applicationServerRoutes, mediaRelaySetRoutes } from './clients/routing.ts'
import type { ApiContext } from './context.ts'
import { requireIdentities } from './conventions/authentication.ts'
import { readBodies } from './conventions/bodies.ts'
import { addBrowserHeaders } from './conventions/browser-headers.ts'
import { compressAnswers } from './conventions/compressed-answers.ts'
import { answerOrigins } from './conventions/cross-origin.ts'
import { Downloads } from './conventions/downloads.ts'
import { endConnections } from './conventions/end-connections.ts'
import { refuseTwoHosts } from './conventions/one-host.ts'
import {
  describeProblem,
  handleProblems,
  refuseBrokenRequest,
  sendProblem,
} from './conventions/problem-details.ts'
import { limitRates } from './conventions/rate-limit.ts'
import { openRequestLogs } from './conventions/request-log.ts'
import { answerRequestNames, nameRequest } from './conventions/request-names.ts'
import { hideSections } from './conventions/sections.ts'
import { buildSerializer } from './conventions/serialization.ts'
import { limitStrangers } from './conventions/stranger-limit.ts'
import { buildValidator } from './conventions/validation.ts'
import { spendGuardRoutes } from './guards/spend-guards.ts'
import { healthRoutes, measureRequests } from './health.ts'
import { adminRoutes } from './identities/admins.ts'
import { apiKeyRoutes } from './identities/api-keys.ts'
import { auditLogRoutes } from './identities/audit-log.ts'
import { brandAdminRoutes } from './identities/brand-admins.ts'
import { forgottenPasswordRoutes } from './identities/forgotten-passwords.ts'
import { sessionRoutes } from './identities/sessions.ts'
import { whoAmIRoute } from './identities/who-am-i.ts'
import { directDebitRunRoutes } from './invoices/direct-debit-runs.ts'
import { fixedCostRoutes } from './invoices/fixed-costs.ts'
import { invoiceDocumentRoutes } from './invoices/invoice-documents.ts'
import { invoiceDraftRoutes } from './invoices/invoice-drafts.ts'
import { invoiceIssueRoutes } from './invoices/invoice-issue.ts'
import { invoiceNumberSequenceRoutes } from './invoices/invoice-number-sequences.ts'
import { invoiceScheduleRoutes } from './invoices/invoice-schedules.ts'
import { invoiceTemplateRoutes } from './invoices/invoice-templates.ts'
import { invoiceRoutes } from './invoices/invoices.ts'
import { receivableRoutes } from './invoices/receivables.ts'
import { taxRoutes } from './invoices/taxes.ts'
import { liveRoute } from './live/live.ts'
import { mailRoutes } from './notifications/mails.ts'
import { notificationTemplateRoutes } from './notifications/notification-templates.ts'
import { describeApi } from './openapi.ts'
import { servePages } from './pages.ts'
import { reportPeriodRoutes } from './reports/report-periods.ts'
import { reportScheduleRoutes } from './reports/report-schedules.ts'
import { reportRoutes } from './reports/reports.ts'
import { calendarRoutes } from './tariffs/calendars.ts'
import { carrierRatingProfileRoutes } from './tariffs/carrier-rating-profiles.ts'
import { carrierRoutes } from './tariffs/carriers.ts'
import { currencyRoutes } from './tariffs/currencies.ts'
import { exchangeRateRoutes } from './tariffs/exchange-rates.ts'
import { importMappingRoutes } from './tariffs/import-mappings.ts'
import { importRoutes } from './tariffs/imports.ts'
import { planImportRoutes } from './tariffs/plan-imports.ts'
import { planMarginRoutes } from './tariffs/plan-margins.ts'
import { priceComparisonRoutes } from './tariffs/price-comparisons.ts'
import { priceSimulationRoutes } from './tariffs/price-simulations.ts'
import { rateDeckVersionRoutes } from './tariffs/rate-deck-versions.ts'
import { rateDeckRoutes } from './tariffs/rate-decks.ts'
import { rateFileRoutes } from './tariffs/rate-files.ts'
import { rateRoutes } from './tariffs/rates.ts'
import { ratingPlanRoutes } from './tariffs/rating-plans.ts'
import { ratingProfileRoutes } from './tariffs/rating-profiles.ts'
import { tariffImportRoutes } from './tariffs/tariff-imports.ts'
import { whatIfRoutes } from './tariffs/what-if.ts'
import { webhookDeliveryRoutes } from './webhooks/webhook-deliveries.ts'
import { webhookEndpointRoutes } from './webhooks/webhook-endpoints.ts'

export async function buildServer(context: ApiContext): Promise<Api> {
  const app = Fastify(serverOptions(context)).withTypeProvider<TypeBoxTypeProvider>()
  const { db, settings } = context
  const identities = openIdentities({
    db,
    bootstrapKey: settings.bootstrapApiKey,
    issuers: settings.jwtIssuers,
    listBrandRoleRights,
  })
  const { apiKeyCache, sessions } = identities
  app.addHook('onClose', () => identities.close())

  measureRequests(app, context.metrics)
  handleProblems(app)
  readBodies(app)
  openRequestLogs(app, context.log)
  answerRequestNames(app)
  refuseTwoHosts(app)
  await answerOrigins(app, settings.corsOrigins)
  requireIdentities(app, identities)
  hideSections(app, context)
  logRequests(app, context)
  endConnections(app)
  addBrowserHeaders(app)
  await limitRates(app)
  limitStrangers(app)
  await compressAnswers(app)
  await describeApi(app)
  await servePages(app, context)

  const downloads = new Downloads({ metrics: context.metrics, stallMs: settings.downloadStallMs })
  app.addHook('preClose', async () => downloads.close())

  limitDeadLetters(app, context)
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
  spendGuardRoutes(app, context)
  reRatingRoutes(app, context)
  taxRoutes(app, context)
  fixedCostRoutes(app, context)
  invoiceNumberSequenceRoutes(app, context)
  invoiceTemplateRoutes(app, context)
  invoiceScheduleRoutes(app, context)
  invoiceRoutes(app, context)
  invoiceDraftRoutes(app, context)
  invoiceIssueRoutes(app, context)
  directDebitRunRoutes(app, context, downloads)
  receivableRoutes(app, context)
  invoiceDocumentRoutes(app, context, downloads)
  webhookEndpointRoutes(app, context)
  webhookDeliveryRoutes(app, context)
  notificationTemplateRoutes(app, context)
  mailRoutes(app, context)
  deadLetterRoutes(app, context)
  callConflictRoutes(app, context)
  apiKeyRoutes(app, context, apiKeyCache)
  adminRoutes(app, context, sessions)
  brandAdminRoutes(app, context, sessions)
  whoAmIRoute(app, context)
  forgottenPasswordRoutes(app, context, sessions)
  liveRoute(app, context, identities)
  sessionRoutes(app, context, identities)
  auditLogRoutes(app, context)
  authorizationRoutes(app, context)
  engineRoutes(app, context)
  engineHangupRoutes(app, context)
  hangupRoutes(app, context)
  rateDeckRoutes(app, context)
  rateRoutes(app, context)
  rateDeckVersionRoutes(app, context)
  rateFileRoutes(app, context, downloads)
  ratingPlanRoutes(app, context)
  allowancePlanRoutes(app, context)
  allowanceRoutes(app, context)
  carrierRoutes(app, context)
  carrierRatingProfileRoutes(app, context)
  exchangeRateRoutes(app, context)
  planMarginRoutes(app, context)
  priceSimulationRoutes(app, context, downloads)
  authorizationCheckRoutes(app, context)
  whatIfRoutes(app, context, downloads)
  reportRoutes(app, context, downloads)
  reportScheduleRoutes(app, context)
  reportPeriodRoutes(app, context)
  calendarRoutes(app, context)
  importMappingRoutes(app, context)
  await app.register(async (scope) => importRoutes(scope, context, downloads))
  await app.register(async (scope) => tariffImportRoutes(scope, context))
  await app.register(async (scope) => planImportRoutes(scope, context))
  await app.register(async (scope) => priceComparisonRoutes(scope, context))
  await app.register(async (scope) => callEventRoutes(scope, context))
  await app.register(async (scope) => activeCallRoutes(scope, context))
  await app.ready()
  return app
}

function serverOptions({ settings }: ApiContext): FastifyServerOptions {
  return {
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
    schemaController: { compilersFactory: { buildSerializer, buildValidator } },
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, describeProblem(error)),
  }
}

function logRequests(app: Api, { log }: ApiContext): void {
  if (log?.level !== 'debug' && log?.level !== 'trace') return
  app.addHook('onResponse', (request, reply, done) => {
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
    done()
  })
}
