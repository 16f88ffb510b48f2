/**
 * What authorizes, meters and settles calls: guards and leases with what replicas tell each other of them, the authorizer behind
 * both doors, the consumer of call events, and what sweeps.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Registry } from 'prom-client'
import { Authorizer } from '../calls/authorize/authorize-calls.ts'
import { openCallMetrics, watchGeoIpAge } from '../calls/call-metrics.ts'
import type { CallsContext } from '../calls/calls-context.ts'
import { GrantedLegFacts } from '../calls/granted-leg-facts.ts'
import { CallGuards } from '../calls/guards/call-guards.ts'
import { loadAllGuardHistory } from '../calls/guards/load-guard-history.ts'
import { openLeaseMetrics } from '../calls/leases/lease-metrics.ts'
import { Leases } from '../calls/leases/leases.ts'
import { isPassingFailure } from '../calls/passing-failure.ts'
import { ChangedClients } from '../calls/running/changed-clients.ts'
import { EngineHeartbeats } from '../calls/running/engine-heartbeats.ts'
import { settleCalls } from '../calls/settle/settle-calls.ts'
import { openBrokerMarks } from '../db/calls/broker-marks.ts'
import { startAuthorizationResponder } from '../events/authorization-responder.ts'
import type { Broker } from '../events/broker.ts'
import { openBrokerMetrics } from '../events/broker-metrics.ts'
import { startCallConsumer } from '../events/call-consumer.ts'
import { startGuardExchange } from '../events/guard-exchange.ts'
import { openLeaseCallBacks } from '../events/lease-call-backs.ts'
import { startLegFactsExchange } from '../events/leg-facts-exchange.ts'
import { openOfflineCallRecord } from '../events/record-offline-calls.ts'
import { callsStream } from '../events/streams.ts'
import { openGeoIp } from '../geoip.ts'
import { isSourceAllowed } from '../limits/source-filter.ts'
import type { Log } from '../logging/log.ts'
import type { Config } from '../process/config.ts'
import type { Opened } from '../process/open-parts.ts'
import { startSweepers } from '../process/sweepers.ts'
import { startBacklogWatch } from '../process/watch-backlogs.ts'
import { watchTimeZoneAge } from '../process/watch-time-zone-age.ts'
import type { Configuration } from '../tariffs/configuration.ts'
import type { Tracer } from '../tracing/tracer.ts'
import type { Pools } from './open-pools.ts'

interface OpenCallsContext {
  config: Config
  pools: Pools
  configuration: Configuration
  broker: Broker
  metrics: Registry
  tracer: Tracer | null
  log: Log
  opened: Opened
  onCommitted: CallsContext['onCommitted']
  atFailPoint: CallsContext['atFailPoint']
  /** Waits where PostgreSQL has gone away again. */
  whenThere: <Result>(step: () => Promise<Result>) => Promise<Result>
}

export async function openCalls(given: OpenCallsContext) {
  const { config, configuration, broker, metrics, tracer, log, opened, onCommitted, atFailPoint, whenThere } =
    given
  const { worker, authorizations, downloads } = given.pools
  const geoIp = openGeoIp(config.geoipDb)
  watchGeoIpAge(metrics, { builtAt: geoIp.builtAt, clock: Date.now, log })
  watchTimeZoneAge(metrics, { version: process.versions.tz ?? '', clock: Date.now, log })
  const offlineCalls = openOfflineCallRecord({
    broker,
    file: join(config.dataDir, 'blind-calls.ndjson'),
    log,
  })
  const callMetrics = openCallMetrics(metrics)
  const guards = new CallGuards({ configuration, clock: Date.now })
  guards.tripped.count(({ action, limit }) => callMetrics.guardsTripped.inc({ action, limit }))
  const grantedLegFacts = new GrantedLegFacts(Date.now)
  const context: CallsContext = {
    db: worker,
    authorizationSql: authorizations.$client,
    // An engine gives up after 500 ms.
    authorizationTimeoutMs: 400,
    configuration,
    emergencyNumbers: new Set(config.emergencyNumbers),
    isSourceAllowed: (client, sourceIp) => isSourceAllowed(client, sourceIp, geoIp.countryOf),
    clock: Date.now,
    onCommitted,
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
  const { reportsDir, callsHotMonths, recordsMaxAgeDays } = config
  const sweepers = startSweepers({
    context,
    changedClients,
    offlineCalls,
    api: downloads,
    reportsDir,
    importsDir: join(config.dataDir, 'imports'),
    callsHotMonths,
    recordsMaxAgeDays,
  })
  opened('sweepers', () => sweepers.close())

  const consumer = startCallConsumer({
    broker,
    settle: (batch) => settleCalls(context, batch),
    isInfrastructureFailure: isPassingFailure,
    log,
    worker: `${hostname()}:${config.port}`,
    marks: openBrokerMarks(worker, callsStream),
    atFailPoint,
  })
  opened('call consumer', (timeoutMs) => consumer.close(timeoutMs), { maxMs: 8000 })
  const backlogs = startBacklogWatch({ db: worker, consumer, metrics, log })
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

  return { context, authorizer, consumer, backlogs }
}
