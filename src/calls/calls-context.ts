/**
 * What the use cases of a call work with; made once in `service/open-calls.ts`.
 */
import type { Db, Sql } from '../db/connection.ts'
import type { AtFailPoint } from '../fail-points.ts'
import type { Client } from '../limits/client.ts'
import type { Log } from '../logging/log.ts'
import type { Configuration } from '../tariffs/configuration.ts'
import type { Tracer } from '../tracing/tracer.ts'
import type { Call } from './call.ts'
import type { CallMetrics } from './call-metrics.ts'
import type { GrantedLegFacts } from './granted-leg-facts.ts'
import type { CallGuards } from './guards/call-guards.ts'
import type { Leases } from './leases/leases.ts'
import type { OfflineCall } from './offline-call.ts'
import type { EngineHeartbeats } from './running/engine-heartbeats.ts'

export interface CallsContext {
  /** The pool of the role that crosses tenants. */
  db: Db
  /** Its connections do not wait for the disk at a commit, and give up on a lock after 250 ms. */
  authorizationSql: Sql
  /** How long a batch of authorizations may take; after that its legs get the failure policy of their clients. */
  authorizationTimeoutMs: number
  configuration: Configuration
  /** Emergency numbers of the whole platform, besides each brand's own. */
  emergencyNumbers: ReadonlySet<string>
  isSourceAllowed: (client: Client, sourceIp: string | null) => boolean
  /** Milliseconds since 1970. */
  clock: () => number
  metrics: CallMetrics
  /** null: nobody follows calls. */
  tracer: Tracer | null
  /** What stops toll fraud. */
  guards: CallGuards
  /** Which engines tell which of their legs stand. */
  engineHeartbeats: EngineHeartbeats
  /** What was said of legs that have no row yet. */
  grantedLegFacts: GrantedLegFacts
  /** What this replica may grant without asking; absent: nothing, and what others hold is not called back. */
  leases?: Leases
  /** Keeps what was granted while PostgreSQL did not answer, until it can be booked. */
  recordOfflineCall: (call: OfflineCall) => Promise<void>
  /** Called after a commit that left facts or mails to send. */
  onCommitted: (what: { facts: boolean; mails: boolean }) => void
  /** Called after the commit for each call that is over: its callId is used up. */
  onEnded: (call: Call) => void
  /** Called at each step, for whoever wants to die there. */
  atFailPoint?: AtFailPoint | undefined
  log: Log
}
