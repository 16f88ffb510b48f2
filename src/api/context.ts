/**
 * What the HTTP door needs from the rest of the service; bound once in `main.ts`.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { Registry } from 'prom-client'
import type { AuthorizationRequest } from '../calls/call-messages.ts'
import type { Db } from '../db/connection.ts'
import type { Brand, Client } from '../limits/client.ts'

/** What the routes ask of configuration memory (`tariffs/configuration.ts`). */
export interface ApiConfiguration {
  readonly version: number
  /** Resolves when this replica acts on what was written at `version`. */
  reach(version: number): Promise<void>
  /** Compares the version with PostgreSQL's and loads what changed. */
  refresh(): Promise<void>
  findClient(reference: string, at: number): Client | undefined
  findBrand(id: string): Brand | undefined
  listClients(): Iterable<Client>
}

/** What the routes ask of `calls/authorize-calls.ts`. The answer is the contract's JSON object. */
export interface ApiAuthorizer {
  authorize(
    request: AuthorizationRequest,
    scope: { brandId: string | null; deadlineAt: number },
  ): Promise<object>
  handBack(clientId: string, callId: string, scope: { brandId: string | null }): Promise<void>
}

export interface EventBatchAnswer {
  accepted: number
  rejected: { index: number; code: string; detail: string }[]
}

export interface HealthReport {
  ok: boolean
  /** Name of a part → `ok`, or what is wrong with it. */
  checks: Record<string, string>
}

export interface ApiSettings {
  bootstrapApiKey: string | null
  /** Folder for bodies of imports on their way. */
  temporaryFolder: string
  tariffLeadSeconds: number
  /** `/metrics` has a port of its own. */
  metricsApart: boolean
  /** CIDR ranges of proxies whose X-Forwarded-For counts; empty: none. */
  trustedProxies: readonly string[]
  /** Emergency numbers of every brand. */
  emergencyNumbers: readonly string[]
}

export interface ApiContext {
  /** Pool with the role `tollgate_api`. */
  db: Db
  /** Pool with the role `tollgate_worker`, for stories. */
  worker: Db
  configuration: ApiConfiguration
  authorizer: ApiAuthorizer
  /** Checks each event, `kind` and all, and resolves when the broker has the good ones. */
  publishCallEvents(events: readonly unknown[]): Promise<EventBatchAnswer>
  redriveDeadLetter(id: string): Promise<void>
  health(role: 'all' | 'authorize' | 'events' | 'api'): Promise<HealthReport>
  settings: ApiSettings
  metrics: Registry
  log?: FastifyBaseLogger
}
