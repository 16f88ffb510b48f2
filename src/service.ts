/**
 * The whole service: opens its parts in order and closes them in reverse. No logic of its own.
 *
 * Databases and broker first, then configuration, then who needs them (`service/`); HTTP last, so that nobody is
 * answered before everything is there. Closing: take nothing new, answer who waits, finish batches, send what is written.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { buildMetricsServer } from './api/health.ts'
import { buildServer } from './api/server.ts'
import type { WaitingServer } from './api/waiting-server.ts'
import { findParties } from './calls/settle/find-parties.ts'
import { migrate } from './db/migrate.ts'
import { closeOldFiles, makeDataFolder } from './embedded/data-folder.ts'
import { type EmbeddedNatsServer, startNatsServer } from './embedded/nats-server.ts'
import { startPostgres } from './embedded/postgres.ts'
import { openBroker } from './events/broker.ts'
import { publishCallEvents } from './events/publish-call-events.ts'
import { redriveDeadLetter } from './events/redrive-dead-letter.ts'
import { openFailPoint } from './fail-points.ts'
import { ensurePlatformKey } from './identities/ensure-platform-key.ts'
import type { Config } from './process/config.ts'
import { watchHealth } from './process/health.ts'
import { type Opened, OpenParts } from './process/open-parts.ts'
import { openStandby } from './process/open-standby.ts'
import { openProcessMetrics } from './process/process-metrics.ts'
import { migrateWhenThere, whenPostgresIsThere } from './process/wait-for-postgres.ts'
import { openCalls } from './service/open-calls.ts'
import { openPools } from './service/open-pools.ts'
import { openSenders } from './service/open-senders.ts'
import { Configuration } from './tariffs/configuration.ts'
import { Importer } from './tariffs/import-rates.ts'

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

  const pools = openPools(config, databaseUrl, opened)
  const { worker, api, downloads, authorizations } = pools
  const firstKey = config.bootstrapApiKey === null ? await whenThere(() => ensurePlatformKey(api)) : undefined

  const configuration = await whenThere(() => Configuration.open(worker, { databaseUrl, log }))
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
    pools.standby &&
    openStandby({
      primary: worker,
      standby: pools.standby,
      maxLagSeconds: config.databaseReadMaxLagSeconds,
      metrics,
      log,
    })
  opened('standby watch', async () => standby?.close())
  openProcessMetrics(metrics, { pools: { worker, authorizations, api, downloads } })

  const atFailPoint = openFailPoint(config.failPoint)
  let url = ''
  const onCommitted = openSenders({
    config,
    pools,
    broker,
    metrics,
    log,
    opened,
    atFailPoint,
    origin: () => config.publicUrl ?? url,
  })
  const tracer = await openTracer(config.tracesEndpoint)
  opened('traces', async () => tracer?.close(), { maxMs: 2000 })
  const { context, authorizer, consumer, backlogs } = await openCalls({
    config,
    pools,
    configuration,
    broker,
    metrics,
    tracer,
    log,
    opened,
    onCommitted,
    atFailPoint,
    whenThere,
  })
  const importer = await whenThere(() =>
    Importer.open({
      db: worker,
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
    worker,
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
      pools: { worker, authorizations, api, downloads },
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
