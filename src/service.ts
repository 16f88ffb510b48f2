/**
 * The whole service: opens its parts in order and closes them in reverse. No logic of its own.
 *
 * Databases and broker first, then configuration, then who needs them; HTTP last, so that nobody is answered
 * before everything is there. Closing: take nothing new, answer who waits, finish batches, send what is written.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { buildMetricsServer } from './api/health.ts'
import { buildServer } from './api/server.ts'
import type { WaitingServer } from './api/waiting-server.ts'
import { Authorizer } from './calls/authorize/authorize-calls.ts'
import { openCallMetrics, watchGeoIpAge } from './calls/call-metrics.ts'
import type { CallsContext } from './calls/calls-context.ts'
import { GrantedLegFacts } from './calls/granted-leg-facts.ts'
import { CallGuards } from './calls/guards/call-guards.ts'
import { loadAllGuardHistory } from './calls/guards/load-guard-history.ts'
import { openLeaseMetrics } from './calls/leases/lease-metrics.ts'
import { Leases } from './calls/leases/leases.ts'
import { ChangedClients } from './calls/running/changed-clients.ts'
import { EngineHeartbeats } from './calls/running/engine-heartbeats.ts'
import { findParties } from './calls/settle/find-parties.ts'
import { settleCalls } from './calls/settle/settle-calls.ts'
import { openBrokerMarks } from './db/calls/broker-marks.ts'
import { closeDatabase, openDatabase } from './db/connection.ts'
import { isInfrastructureFailure } from './db/failures.ts'
import { migrate } from './db/migrate.ts'
import { closeOldFiles, makeDataFolder } from './embedded/data-folder.ts'
import { type EmbeddedNatsServer, startNatsServer } from './embedded/nats-server.ts'
import { startPostgres } from './embedded/postgres.ts'
import { startAuthorizationResponder } from './events/authorization-responder.ts'
import { openBroker } from './events/broker.ts'
import { openBrokerMetrics } from './events/broker-metrics.ts'
import { startCallConsumer } from './events/call-consumer.ts'
import { startGuardExchange } from './events/guard-exchange.ts'
import { openLeaseCallBacks } from './events/lease-call-backs.ts'
import { startLegFactsExchange } from './events/leg-facts-exchange.ts'
import { startOutboxRelay } from './events/outbox-relay.ts'
import { publishCallEvents } from './events/publish-call-events.ts'
import { openOfflineCallRecord } from './events/record-offline-calls.ts'
import { redriveDeadLetter } from './events/redrive-dead-letter.ts'
import { callsStream } from './events/streams.ts'
import { openFailPoint } from './fail-points.ts'
import { openGeoIp } from './geoip.ts'
import { ensurePlatformKey } from './identities/ensure-platform-key.ts'
import { openResetFacts } from './identities/password-resets.ts'
import { attachInvoices } from './invoices/attach-invoices.ts'
import { findReminderFacts } from './invoices/remind-invoices.ts'
import { isSourceAllowed } from './limits/source-filter.ts'
import { openMailer } from './mailer.ts'
import { startMailDelivery } from './notifications/deliver-mails.ts'
import { findTemplates } from './notifications/find-templates.ts'
import type { Config } from './process/config.ts'
import { watchHealth } from './process/health.ts'
import { OpenParts } from './process/open-parts.ts'
import { openStandby } from './process/open-standby.ts'
import { openProcessMetrics } from './process/process-metrics.ts'
import { startSweepers } from './process/sweepers.ts'
import { migrateWhenThere, whenPostgresIsThere } from './process/wait-for-postgres.ts'
import { startBacklogWatch } from './process/watch-backlogs.ts'
import { watchTimeZoneAge } from './process/watch-time-zone-age.ts'
import { attachReportsInTurn } from './reports/attach-reports.ts'
import { Configuration } from './tariffs/configuration.ts'
import { Importer } from './tariffs/import-rates.ts'
import { startWebhookDelivery } from './webhooks/deliver-webhooks.ts'
import { openWebhookMetrics } from './webhooks/webhook-metrics.ts'

export interface Service {
  /** `http://host:port` */
  url: string
  natsUrl: string
  /** The users of an embedded nats-server, and the file that holds them; null where NATS_URL names another. */
  nats: Pick<EmbeddedNatsServer, 'users' | 'usersFile' | 'areUsersNew'> | null
  databaseUrl: string
  /** The platform key, where this start has made it. */
  firstKey: string | undefined
  /** Resolves with the reason when an embedded server exited by itself. */
  failed: Promise<string>
}

/**
 * `ready` rejects with one sentence that says what to do where it cannot start; what was open is closed then.
 * `close` may be called at any time, also while it starts, and takes no longer than it is told.
 */
export function startService(
  config: Config,
  log: Logger,
): { ready: Promise<Service>; close(timeoutMs?: number): Promise<void> } {
  const parts = new OpenParts(log)
  const stopped = new AbortController()
  let closing: Promise<void> | undefined
  const opened: Opened = (...part) => {
    parts.add(...part)
    if (closing) throw new Error('Stopped while starting.')
  }
  const close = (timeoutMs = closeMs) => {
    stopped.abort()
    closing ??= parts.closeAll(timeoutMs)
    return closing
  }
  const ready = openParts(config, log, opened, stopped.signal).catch(async (error) => {
    await closing
    await parts.closeAll(closeMs)
    throw error
  })
  return { ready, close }
}

type Opened = OpenParts['add']

const closeMs = 14_000
/** The same of the sources and of what is compiled from them. */
const builtPages = fileURLToPath(new URL('../dist/pages', import.meta.url))

async function openParts(
  config: Config,
  log: Logger,
  opened: Opened,
  stopped: AbortSignal,
): Promise<Service> {
  closeOldFiles(makeDataFolder(config.dataDir))
  const { databaseUrl, natsUrl, nats, failures } = await openServers(config, log, opened)
  // The embedded PostgreSQL is there; any other may come later.
  let waiting: WaitingServer | undefined
  if (config.databaseUrl === null) await migrate(databaseUrl)
  else waiting = await migrateWhenThere({ databaseUrl, address: config, log, stopped })
  opened('waiting server', async () => waiting?.close())
  // It may go away again before the start is over.
  const whenThere = <Result>(step: () => Promise<Result>): Promise<Result> =>
    config.databaseUrl === null ? step() : whenPostgresIsThere({ log, stopped }, step)

  const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 10 })
  opened('worker pool', () => closeDatabase(db))
  const api = openDatabase(databaseUrl, { role: 'tollgate_api', connections: 10 })
  opened('api pool', () => closeDatabase(api))
  const downloads = openDatabase(databaseUrl, { role: 'tollgate_api', connections: 8 })
  opened('download pool', () => closeDatabase(downloads))
  const reads =
    config.databaseReadUrl === null
      ? null
      : openDatabase(config.databaseReadUrl, { role: 'tollgate_api', connections: 10 })
  opened('standby pool', async () => reads && closeDatabase(reads))
  const authorizations = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    // One for waiting legs, one for grants that are written behind, one for leases.
    connections: 3,
    // Nobody waits for an answer that takes longer, and a line that was cut is noticed soon.
    statementTimeoutMs: 1000,
    lockTimeoutMs: 250,
    synchronousCommit: 'off',
  })
  opened('authorization pool', () => closeDatabase(authorizations))
  const firstKey = config.bootstrapApiKey === null ? await whenThere(() => ensurePlatformKey(api)) : undefined

  const configuration = await whenThere(() => Configuration.open(db, { databaseUrl, log }))
  opened('configuration', () => configuration.close())
  const broker = await openBroker({
    url: natsUrl,
    caFile: config.natsCaFile,
    anonymous: config.natsAllowAnonymous ? 'allowed' : 'refused',
    log,
  })
  opened('broker', () => broker.close(), { maxMs: 2000 })
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const standby =
    reads &&
    openStandby({
      primary: db,
      standby: reads,
      maxLagSeconds: config.databaseReadMaxLagSeconds,
      metrics,
      log,
    })
  opened('standby watch', async () => standby?.close())
  openProcessMetrics(metrics, { pools: { worker: db, authorizations, api, downloads } })

  const atFailPoint = openFailPoint(config.failPoint)
  const relay = startOutboxRelay({ broker, db, log, atFailPoint })
  opened('outbox relay', () => relay.close())
  const mailer = openMailer({
    smtpUrl: config.smtpUrl,
    from: config.mailFrom,
    folder: join(config.dataDir, 'mail'),
  })
  opened('mailer', async () => mailer.close())
  const attachReports = attachReportsInTurn({ worker: db, api: downloads, clock: Date.now })
  let url = ''
  const findResetFacts = openResetFacts({ db: api, origin: () => config.publicUrl ?? url })
  const mails = startMailDelivery({
    db,
    mailer,
    log,
    atFailPoint,
    findTemplates: (mail) => findTemplates(db.$client, mail),
    async findPresentFacts(mail) {
      return mail.kind === 'password-reset' ? findResetFacts(mail) : findReminderFacts(db.$client, mail)
    },
    makeAttachments: async (attachments) => [
      ...(await attachInvoices(db.$client, attachments)),
      ...(await attachReports(attachments)),
    ],
  })
  opened('mail delivery', () => mails.close(), { maxMs: 8000 })

  const webhookMetrics = openWebhookMetrics(metrics)
  const webhooks = startWebhookDelivery({
    db,
    privateHosts: config.webhookPrivateHosts,
    log,
    onAttempt: webhookMetrics.count,
  })
  opened('webhook delivery', () => webhooks.close(), { maxMs: 11_000 })

  const geoIp = openGeoIp(config.geoipDb)
  watchGeoIpAge(metrics, { builtAt: geoIp.builtAt, clock: Date.now, log })
  watchTimeZoneAge(metrics, { version: process.versions.tz ?? '', clock: Date.now, log })
  const offlineCalls = openOfflineCallRecord({
    broker,
    file: join(config.dataDir, 'blind-calls.ndjson'),
    log,
  })
  const tracer = await openTracer(config.tracesEndpoint)
  opened('traces', async () => tracer?.close(), { maxMs: 2000 })
  const callMetrics = openCallMetrics(metrics)
  const guards = new CallGuards({ configuration, clock: Date.now })
  guards.tripped.count(({ action, limit }) => callMetrics.guardsTripped.inc({ action, limit }))
  const grantedLegFacts = new GrantedLegFacts(Date.now)
  const context: CallsContext = {
    db,
    authorizationSql: authorizations.$client,
    // An engine gives up after 500 ms.
    authorizationTimeoutMs: 400,
    configuration,
    emergencyNumbers: new Set(config.emergencyNumbers),
    isSourceAllowed: (client, sourceIp) => isSourceAllowed(client, sourceIp, geoIp.countryOf),
    clock: Date.now,
    onCommitted(what) {
      if (what.facts) relay.wake()
      if (what.mails) mails.wake()
    },
    onEnded: (call) => authorizer.noteEnded(call),
    atFailPoint,
    metrics: callMetrics,
    tracer,
    guards,
    engineHeartbeats: new EngineHeartbeats(),
    grantedLegFacts,
    recordOfflineCall: (call) => offlineCalls.record(call),
    log,
  }
  const replica = randomUUID()
  const guardExchange = startGuardExchange({ broker, guards, replica, log })
  opened('guard exchange', async () => guardExchange.close())
  const legFactsExchange = startLegFactsExchange({ broker, grantedLegFacts, replica, log })
  opened('leg facts exchange', async () => legFactsExchange.close())
  await whenThere(() => loadAllGuardHistory(context))
  const leaseCallBacks = openLeaseCallBacks({ broker, log })
  const leases = new Leases(context, { mode: config.leases, askReplica: leaseCallBacks.ask })
  context.leases = leases
  openLeaseMetrics(metrics, leases)
  opened('leases', () => leases.close(), { maxMs: 3000 })
  leaseCallBacks.answer(leases)
  opened('lease call-backs', async () => leaseCallBacks.close())
  const changedClients = new ChangedClients(configuration)
  const authorizer = new Authorizer(context)
  opened('authorizer', () => authorizer.close())
  const { reportsDir, recordsMaxAgeDays } = config
  const sweepers = startSweepers({
    context,
    changedClients,
    offlineCalls,
    api: downloads,
    reportsDir,
    importsDir: join(config.dataDir, 'imports'),
    recordsMaxAgeDays,
  })
  opened('sweepers', () => sweepers.close())

  const consumer = startCallConsumer({
    broker,
    settle: (batch) => settleCalls(context, batch),
    isInfrastructureFailure,
    log,
    worker: `${hostname()}:${config.port}`,
    marks: openBrokerMarks(db, callsStream),
    atFailPoint,
  })
  opened('call consumer', (timeoutMs) => consumer.close(timeoutMs), { maxMs: 8000 })
  const backlogs = startBacklogWatch({ db, consumer, metrics, log })
  opened('backlogs', () => backlogs.close())
  openBrokerMetrics(metrics, { broker, streams: consumer.streams, clock: Date.now })
  const responder = startAuthorizationResponder({
    broker,
    authorizer,
    log,
    tracer,
    onAnswer: (seconds, path) => callMetrics.authorizationSeconds.observe(seconds, 'nats', path),
  })
  opened('authorization responder', () => responder.close(), { maxMs: 2000 })

  const importer = await whenThere(() =>
    Importer.open({
      db,
      databaseUrl,
      configuration,
      leadSeconds: config.tariffLeadSeconds,
      folder: join(config.dataDir, 'imports'),
      log,
    }),
  )
  opened('importer', () => importer.close())
  const server = await buildServer({
    db: api,
    downloads,
    standby: standby ?? undefined,
    worker: db,
    configuration,
    authorizer,
    calls: context,
    publishCallEvents: (events, scope) =>
      publishCallEvents(
        { broker, findParties: (read) => findParties(context, read, Date.now()) },
        events,
        scope,
      ),
    redriveDeadLetter: (tx, id) => redriveDeadLetter({ tx, broker, now: Date.now() }, id),
    importer,
    health: watchHealth({
      pools: { worker: db, authorizations, api, downloads },
      broker,
      settling: () => consumer.settling(),
      details: () => backlogs.details(),
    }),
    settings: {
      ...config,
      metricsApart: config.metricsPort !== null,
      pagesDir: config.isWebOn ? builtPages : null,
    },
    metrics,
    log,
  })
  opened('http', () => server.close())
  await waiting?.close()
  url = await server.listen({ host: config.host, port: config.port })
  if (config.metricsPort !== null) {
    const metricsServer = buildMetricsServer(metrics)
    opened('metrics', () => metricsServer.close())
    await metricsServer.listen({ host: config.host, port: config.metricsPort })
  }
  log.info({ event: 'ready', url, nats: withoutPassword(natsUrl) })
  return { url, natsUrl, nats, databaseUrl, firstKey, failed: Promise.race(failures) }
}

/** Embedded PostgreSQL and nats-server, where no variable names others. */
async function openServers(config: Config, log: Logger, opened: Opened) {
  const say = (line: string) => log.info({ event: 'embedded_server' }, line)
  const { dataDir } = config
  const failures: Promise<string>[] = []
  let { databaseUrl, natsUrl } = config
  let nats: EmbeddedNatsServer | null = null
  if (databaseUrl === null) {
    const postgres = await startPostgres({ dataDir, log: say })
    opened('postgres', () => postgres.stop(), { isServer: true })
    failures.push(postgres.ended)
    databaseUrl = postgres.url
  }
  if (natsUrl === null) {
    nats = await startNatsServer({ dataDir, bin: config.natsServerBin, log: say })
    const { stop } = nats
    opened('nats-server', stop, { isServer: true })
    failures.push(nats.ended)
    natsUrl = nats.url
  }
  return { databaseUrl, natsUrl, nats, failures }
}

/** A URL that may be shown. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/g, '//…@')
}

/** What sends traces is loaded where somebody wants them. */
async function openTracer(endpoint: string | null) {
  if (endpoint === null) return null
  const { openTracing } = await import('./tracing/open-tracing.ts')
  return openTracing({ endpoint })
}
