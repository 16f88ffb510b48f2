/**
 * What the HTTP API needs from the rest of the service; made once in `service.ts`.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { Registry } from 'prom-client'
import type { AuthorizationAnswer } from '../calls/authorize/authorization-answer.ts'
import type { AuthorizationScope } from '../calls/authorize/authorize-calls.ts'
import type { AuthorizationRequest } from '../calls/call-messages.ts'
import type { CallsContext } from '../calls/calls-context.ts'
import type { Db, Tx } from '../db/connection.ts'
import type { TrustedIssuer } from '../identities/trusted-issuers.ts'
import type { Configuration } from '../tariffs/configuration.ts'
import type { Importer } from '../tariffs/import-rates.ts'

/** What the routes ask of `calls/authorize/authorize-calls.ts`. */
export interface ApiAuthorizer {
  authorize(
    request: AuthorizationRequest,
    scope: AuthorizationScope,
  ): AuthorizationAnswer | Promise<AuthorizationAnswer>
  releaseGrant(clientId: string, callId: string, scope: { brandId: string | null }): Promise<void>
}

export interface EventBatchAnswer {
  accepted: number
  rejected: { index: number; code: string; detail: string }[]
}

export interface HealthReport {
  ok: boolean
  /** Name of a part → `ok`, or what is wrong with it. */
  checks: Record<string, string>
  /** What happened in the last hour and has been put right, in sentences. */
  notices: readonly string[]
  details: Record<string, number>
}

export interface ApiSettings {
  bootstrapApiKey: string | null
  tariffLeadSeconds: number
  /** `/metrics` has a port of its own. */
  metricsApart: boolean
  /** CIDR ranges of proxies whose X-Forwarded-For counts; empty: none. */
  trustedProxies: readonly string[]
  /** Origins whose pages may call the API; empty: none. */
  corsOrigins: readonly string[]
  /** Hosts that webhooks may reach wherever they are. */
  webhookPrivateHosts: ReadonlySet<string>
  /** Issuers whose tokens count. */
  jwtIssuers: readonly TrustedIssuer[]
  /** Emergency numbers of every brand. */
  emergencyNumbers: readonly string[]
  /** Folder of the built portal and console; without it they are not served. */
  pagesDir?: string | null
  /** How long the reader of a streamed answer may take nothing; 15 s where it is not said. */
  downloadStallMs?: number
}

export interface ApiContext {
  /** Pool with the role `tollgate_api`. */
  db: Db
  /** The same for answers that are streamed: a reader that is slow keeps a connection of these alone. */
  downloads: Db
  /** Where reports and lists of past days may be read instead; null from it: not now. */
  standby?: { find(): Promise<{ db: Db; lagSeconds: number } | null> } | undefined
  /** Pool with the role `tollgate_worker`, for stories. */
  worker: Db
  configuration: Configuration
  authorizer: ApiAuthorizer
  /** What the stories of calls work with. */
  calls: CallsContext
  /**
   * Checks each event, `kind` and all, and resolves when the broker has the good ones. Names mean clients of the
   * brand; null: of any.
   */
  publishCallEvents(events: readonly unknown[], scope: { brandId: string | null }): Promise<EventBatchAnswer>
  /** Publishes it again and marks it in the transaction. */
  redriveDeadLetter(tx: Tx, id: string): Promise<void>
  importer: Importer
  health(role: 'all' | 'authorize' | 'events' | 'api'): Promise<HealthReport>
  settings: ApiSettings
  metrics: Registry
  log?: FastifyBaseLogger
}
