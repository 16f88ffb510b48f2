/**
 * A whole API on a database of its own, and keys of every role for two brands.
 */

import { sql } from 'drizzle-orm'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { Registry } from 'prom-client'
import type { ApiContext } from '../../src/api/context.ts'
import { buildServer } from '../../src/api/server.ts'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import { openCallMetrics } from '../../src/calls/call-metrics.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import { GrantedLegFacts } from '../../src/calls/granted-leg-facts.ts'
import { CallGuards } from '../../src/calls/guards/call-guards.ts'
import { EngineHeartbeats } from '../../src/calls/running/engine-heartbeats.ts'
import { closeDatabase, type DatabaseOptions, openDatabase } from '../../src/db/connection.ts'
import { Configuration } from '../../src/tariffs/configuration.ts'
import { Importer } from '../../src/tariffs/import-rates.ts'
import { testDatabaseUrl, testFolder } from '../servers.ts'

export const platformKey = 'platform-key-of-the-tests'

const quiet = { info() {}, warn() {}, error() {} }

export const testSettings: ApiContext['settings'] = {
  webhookPrivateHosts: new Set(),
  bootstrapApiKey: platformKey,
  tariffLeadSeconds: 5,
  metricsApart: false,
  trustedProxies: [],
  corsOrigins: [],
  jwtIssuers: [],
  emergencyNumbers: ['112', '911'],
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any
  headers: Record<string, unknown>
}

export interface TestApi {
  app: FastifyInstance
  context: ApiContext
  /** As its owner, who may do everything. */
  databaseUrl: string
  callsContext: CallsContext
  /** Sends as the platform unless `key` says who. */
  send(
    method: string,
    url: string,
    options?: { body?: unknown; key?: string | null; headers?: Record<string, string> },
  ): Promise<Answer>
  close(): Promise<void>
}

export async function openTestApi(
  { clock = Date.now, ...changes }: Partial<ApiContext> & { clock?: () => number } = {},
  pool: Partial<DatabaseOptions> = {},
  downloadPool: Partial<DatabaseOptions> = pool,
): Promise<TestApi> {
  const url = await testDatabaseUrl()
  const db = openDatabase(url, { role: 'tollgate_api', connections: 4, ...pool })
  const downloads = openDatabase(url, { role: 'tollgate_api', connections: 4, ...downloadPool })
  const worker = openDatabase(url, { role: 'tollgate_worker', connections: 4 })
  const configuration = await Configuration.open(worker, { databaseUrl: url, log: quiet })
  const importer = await Importer.open({
    db: worker,
    configuration,
    leadSeconds: 5,
    databaseUrl: url,
    folder: testFolder(),
    log: quiet,
  })
  const callsContext: CallsContext = {
    db: worker,
    authorizationSql: worker.$client,
    authorizationTimeoutMs: 10_000,
    configuration,
    log: quiet,
    emergencyNumbers: new Set(['112', '911']),
    isSourceAllowed: () => true,
    clock,
    onCommitted: () => {},
    onEnded: () => {},
    metrics: openCallMetrics(new Registry()),
    tracer: null,
    guards: new CallGuards({ configuration, clock: Date.now }),
    engineHeartbeats: new EngineHeartbeats(),
    grantedLegFacts: new GrantedLegFacts(clock),
    recordOfflineCall: async () => {},
  }
  const authorizer = new Authorizer(callsContext)
  const context: ApiContext = {
    db,
    downloads,
    worker,
    configuration,
    authorizer,
    calls: callsContext,
    importer,
    publishCallEvents: async (events) => ({ accepted: events.length, rejected: [] }),
    redriveDeadLetter: async (tx, id) => {
      await tx.execute(sql`update dead_letters set redriven_at = now() where id = ${id}`)
    },
    health: async () => ({ ok: true, checks: {}, notices: [], details: {} }),
    settings: testSettings,
    metrics: new Registry(),
    ...changes,
  }
  const app = await buildServer(context)
  return {
    app,
    context,
    databaseUrl: url,
    callsContext,
    async send(method, path, options = {}) {
      const key = options.key === undefined ? platformKey : options.key
      const response = await app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url: path,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(typeof options.body === 'string' ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body === undefined
          ? {}
          : { payload: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
      })
      return {
        status: response.statusCode,
        body:
          response.body.startsWith('{') || response.body.startsWith('[') ? response.json() : response.body,
        headers: response.headers,
      }
    },
    async close() {
      await app.close()
      await authorizer.close()
      await importer.close()
      await configuration.close()
      await closeDatabase(db)
      await closeDatabase(downloads)
      await closeDatabase(worker)
    },
  }
}

/** By database: names are the same whatever ran before. */
const madeTenants = new Map<string, number>()

/** A brand, with a client of its own and a key of each role. */
export async function makeTenant(api: TestApi, { timeZone = 'Europe/Madrid' } = {}) {
  const n = (madeTenants.get(api.databaseUrl) ?? 0) + 1
  madeTenants.set(api.databaseUrl, n)
  const brand = await must(
    api.send('POST', '/v1/brands', {
      body: { name: `Brand ${n}`, currency: 'EUR', timeZone },
    }),
  )
  const client = await must(
    api.send('POST', '/v1/clients', {
      body: { brandId: brand.id, name: 'Acme', sipDomain: `acme${n}.example.com` },
    }),
  )
  const keyFor = async (role: string, more: object = {}) =>
    (await must(api.send('POST', '/v1/api-keys', { body: { name: role, role, brandId: brand.id, ...more } })))
      .key as string
  return {
    brandId: brand.id as string,
    clientId: client.id as string,
    brandKey: await keyFor('brand'),
    clientKey: await keyFor('client', { clientId: client.id }),
    financeKey: await keyFor('finance'),
    engineKey: await keyFor('engine'),
  }
}

/** The body of an answer that must have gone well. */
export async function must(answer: Promise<Answer>) {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
  return body
}
