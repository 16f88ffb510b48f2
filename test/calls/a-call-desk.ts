/**
 * Everything the stories of a call need, on a real database: brands and clients with valid defaults, decks,
 * a clock that stands still until it is moved, and the books as plain text for comparison.
 */
import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import type { AuthorizationAnswer } from '../../src/calls/authorize/authorization-answer.ts'
import { Authorizer } from '../../src/calls/authorize/authorize-calls.ts'
import type { AuthorizationRequest, CallEvent } from '../../src/calls/call-messages.ts'
import { openCallMetrics } from '../../src/calls/call-metrics.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import { GrantedLegFacts } from '../../src/calls/granted-leg-facts.ts'
import { CallGuards } from '../../src/calls/guards/call-guards.ts'
import { Leases } from '../../src/calls/leases/leases.ts'
import { type LegFacts, legFacts } from '../../src/calls/leg-facts.ts'
import type { OfflineCall } from '../../src/calls/offline-call.ts'
import { ChangedClients } from '../../src/calls/running/changed-clients.ts'
import { EngineHeartbeats } from '../../src/calls/running/engine-heartbeats.ts'
import { meterCalls } from '../../src/calls/running/meter-calls.ts'
import { settleCalls } from '../../src/calls/settle/settle-calls.ts'
import { closeDatabase, openDatabase } from '../../src/db/connection.ts'
import { isSourceAllowed } from '../../src/limits/source-filter.ts'
import type { Step } from '../../src/rating/rate.ts'
import { Configuration } from '../../src/tariffs/configuration.ts'
import { testDatabaseUrl } from '../servers.ts'

/** A message that says none of them. */
export const noLegFacts = Object.fromEntries(Object.keys(legFacts).map((name) => [name, null])) as LegFacts

export interface ClientSettings {
  name?: string
  sipDomain?: string
  billingMethod?: 'postpaid' | 'prepaid' | 'pseudoprepaid' | 'none'
  timeZone?: string
  currency?: string
  maxCalls?: number
  maxDailyUsage?: string | null
  maxDailyUsageEmail?: string | null
  creditLimit?: string | null
  balance?: string
  suspended?: boolean
  failurePolicy?: 'deny' | 'allow'
  filterByIp?: boolean
  corporationId?: string
  /** null: no rating profile. */
  ratingPlanId?: string | null
}

/** As the service does by default: grants from leases, wherever a client has enough left. `LEASES=off` tells the same stories without. */
const isLeasing = process.env.LEASES !== 'off'

export type CallDesk = Awaited<ReturnType<typeof openCallDesk>>

/** A desk whose clock begins at `at`. */
export async function openCallDesk(at = '2026-01-14T10:00:00Z', url?: string) {
  const databaseUrl = url ?? (await testDatabaseUrl())
  const db = openDatabase(databaseUrl, { role: 'tollgate_worker', connections: 4 })
  const authorizations = openDatabase(databaseUrl, {
    role: 'tollgate_worker',
    connections: 2,
    lockTimeoutMs: 250,
    synchronousCommit: 'off',
  })
  const sql = db.$client
  const log = { info() {}, warn() {}, error() {} }
  const configuration = await Configuration.open(db, { databaseUrl, log })
  let now = Date.parse(at)
  const offlineCalls: OfflineCall[] = []
  const registry = new Registry()
  const context: CallsContext = {
    db,
    authorizationSql: authorizations.$client,
    authorizationTimeoutMs: 10_000,
    configuration,
    emergencyNumbers: new Set(['112', '911']),
    isSourceAllowed: (client, sourceIp) => isSourceAllowed(client, sourceIp, () => undefined),
    clock: () => now,
    onCommitted: () => {},
    onEnded: (call) => authorizer.noteEnded(call),
    metrics: openCallMetrics(registry),
    tracer: null,
    guards: new CallGuards({ configuration, clock: () => now }),
    engineHeartbeats: new EngineHeartbeats(),
    grantedLegFacts: new GrantedLegFacts(() => now),
    recordOfflineCall: async (call) => {
      offlineCalls.push(call)
    },
    log,
  }
  const leases = isLeasing ? new Leases(context, { mode: 'on', askReplica: async () => {} }) : undefined
  if (leases) context.leases = leases
  const changedClients = new ChangedClients(configuration)
  const authorizer = new Authorizer(context)

  /** So that the books hold all that was granted as calls. */
  async function endLeases(clientId: string): Promise<void> {
    await leases?.callBack({ clientIds: [clientId], brandIds: [] })
  }

  async function aBrand(
    settings: { maxCalls?: number; specialNumbers?: string[]; freeNumbers?: string[] } = {},
  ) {
    const id = randomUUID()
    await sql`
      insert into brands (id, name, currency, time_zone, language, max_calls)
      values (${id}, ${id}, 'EUR', 'UTC', 'en', ${settings.maxCalls ?? 0})`
    await sql`
      insert into brand_terms (brand_id, version, effective_at, special_numbers, free_numbers)
      values (${id}, 1, '2020-01-01T00:00:00Z', ${settings.specialNumbers ?? []}::text[],
              ${settings.freeNumbers ?? []}::text[])`
    return id
  }

  /** Spain mobile at 0.06 a minute by the second, all else at 0.12 with a fee of 0.05; 99 is blocked. */
  async function aPlan(
    brandId: string,
    settings: {
      steps?: Step[]
      connectFee?: string
      /** At which a call is hung up. */
      maximumPrice?: string
      currency?: string
      decimals?: number
    } = {},
  ) {
    const deckId = randomUUID()
    const planId = randomUUID()
    const currency = settings.currency ?? 'EUR'
    const perSecond = (rate: string): Step[] => [{ fromSecond: 0, rate, perSeconds: 60, incrementSeconds: 1 }]
    const terms = (
      steps: Step[],
      connectFee: string,
      { blocked = false, maximumPrice }: { blocked?: boolean; maximumPrice?: string | undefined } = {},
    ) =>
      JSON.stringify({
        connectFee,
        steps,
        minimumPrice: null,
        maximumPrice: maximumPrice ?? null,
        maximumPriceAction: maximumPrice === undefined ? 'free' : 'hang-up',
        blocked,
      })
    const spain = terms(settings.steps ?? perSecond('0.06'), settings.connectFee ?? '0', settings)
    const decimals = settings.decimals ?? 4
    await sql`
      insert into rate_decks (id, brand_id, name, currency, rounding_mode, rounding_decimals)
      values (${deckId}, ${brandId}, ${deckId}, ${currency}, 'up', ${decimals})`
    await sql`
      insert into rates (rate_deck_id, prefix, from_version, destination, terms)
      values
        (${deckId}, '346', 1, 'Spain mobile', ${spain}),
        (${deckId}, '44', 1, 'United Kingdom', ${terms(perSecond('0.12'), '0.05')}),
        (${deckId}, '99', 1, 'Nowhere', ${terms(perSecond('9'), '0', { blocked: true })})`
    await sql`
      insert into rate_deck_versions (rate_deck_id, version, effective_at, rounding_mode, rounding_decimals, rates)
      values (${deckId}, 1, '2020-01-01T00:00:00Z', 'up', ${decimals}, 3)`
    await sql`
      insert into rating_plans (id, brand_id, name, currency) values (${planId}, ${brandId}, ${planId}, ${currency})`
    const entries = [{ rateDeckId: deckId, weight: 10, days: null, from: '00:00', to: '24:00' }]
    await sql`
      insert into rating_plan_versions (rating_plan_id, version, effective_at, entries)
      values (${planId}, 1, '2020-01-01T00:00:00Z', ${JSON.stringify(entries)})`
    return planId
  }

  async function aClient(brandId: string, settings: ClientSettings = {}) {
    const id = randomUUID()
    const method = settings.billingMethod ?? 'postpaid'
    const domain = settings.sipDomain ?? `${id}.example.com`
    const zone = settings.timeZone ?? 'UTC'
    const currency = settings.currency ?? 'EUR'
    const balance = settings.balance ?? '0'
    await sql`
      insert into clients (id, brand_id, name, sip_domain, features, billing_method, language, time_zone, currency,
        max_calls, max_daily_usage, max_daily_usage_email, credit_limit, suspended, failure_policy, filter_by_ip,
        portal_visibility, notification_templates, recording)
      values (${id}, ${brandId}, ${settings.name ?? id}, ${domain}, array['billing'], ${method}, 'en', ${zone},
        ${currency}, ${settings.maxCalls ?? 0}, ${settings.maxDailyUsage ?? null}::numeric,
        ${settings.maxDailyUsageEmail ?? null}, ${settings.creditLimit ?? null}::numeric,
        ${settings.suspended ?? false}, ${settings.failurePolicy ?? 'deny'}, ${settings.filterByIp ?? false},
        '{}', '{}', '{"onDemand":"off","serviceCode":null,"clientMayRemove":true}')`
    await sql`
      insert into client_terms (client_id, version, effective_at, sip_domain, time_zone, billing_method, corporation_id)
      values (${id}, 1, '2020-01-01T00:00:00Z', ${domain}, ${zone}, ${method}, ${settings.corporationId ?? null})`
    const isEmpty = Number(balance) === 0
    await sql`
      insert into accounts (client_id, currency, balance, seq)
      values (${id}, ${currency}, ${balance}::numeric, ${isEmpty ? 0 : 1})`
    if (!isEmpty) {
      await sql`
        insert into movements (client_id, seq, id, kind, source, amount, balance_after, currency, actor, created_at)
        values (${id}, 1, ${randomUUID()}, 'top-up', 'opening', ${balance}::numeric, ${balance}::numeric, ${currency},
                'test', now())`
    }
    if (settings.ratingPlanId) {
      await sql`
        insert into rating_profiles (id, client_id, rating_plan_id, activates_at)
        values (${randomUUID()}, ${id}, ${settings.ratingPlanId}, '2000-01-01T00:00:00Z')`
    }
    return id
  }

  return {
    databaseUrl,
    sql,
    context,
    configuration,
    authorizer,
    aBrand,
    aPlan,
    aClient,
    /** A brand, a plan and a client of it, ready to call. */
    async aCaller(settings: ClientSettings = {}) {
      const brandId = await aBrand()
      const ratingPlanId = settings.ratingPlanId === null ? null : await aPlan(brandId)
      const clientId = await aClient(brandId, { ...settings, ratingPlanId })
      await configuration.refresh()
      return { brandId, clientId, ratingPlanId }
    },
    /** The client has this name from then on. */
    async rename(clientId: string, sipDomain: string, effectiveAt: string) {
      await sql`update clients set sip_domain = ${sipDomain} where id = ${clientId}`
      await sql`
        insert into client_terms (client_id, version, effective_at, sip_domain, time_zone, billing_method, corporation_id)
        select client_id, version + 1, ${effectiveAt}::timestamptz, ${sipDomain}, time_zone, billing_method, corporation_id
        from client_terms where client_id = ${clientId} order by version desc limit 1`
      await configuration.refresh()
    },
    /** A client that was made when it took its name. */
    async aTaker(brandId: string, settings: ClientSettings, takenAt: string) {
      const id = await aClient(brandId, settings)
      await sql`update client_terms set effective_at = ${takenAt}::timestamptz where client_id = ${id}`
      await configuration.refresh()
      return id
    },
    refresh: () => configuration.refresh(),
    now: () => now,
    moveClock(seconds: number) {
      now += seconds * 1000
    },
    async authorize(
      request: { client: string; callId: string } & Partial<AuthorizationRequest>,
      scope: { brandId: string | null } = { brandId: null },
    ): Promise<AuthorizationAnswer> {
      const ask = async () =>
        authorizer.authorize(
          {
            direction: 'outbound',
            from: '+34911000111',
            to: '+34600111222',
            sourceIp: null,
            toClient: null,
            fromClient: null,
            at: now,
            ...noLegFacts,
            ...request,
          },
          { brandId: scope.brandId, deadlineAt: now + 2000 },
        )
      const asked = ask()
      // Where PostgreSQL is away there is none, and what is asked is answered all the same.
      if (leases) await asked.then(({ clientId }) => leases.size(clientId ? [clientId] : [])).catch(() => {})
      return asked
    },
    endLeases,
    offlineCalls,
    /** A counter as `/metrics` shows it: `calls_total{status="expired"}`; 0 where it has not counted yet. */
    async counted(name: string): Promise<number> {
      const lines = (await registry.metrics()).split('\n')
      const line = lines.find((line) => line.startsWith(`tollgate_${name} `))
      return line === undefined ? 0 : Number(line.split(' ').at(-1))
    },
    /** One tick of the meter; answers how many calls it changed. */
    meter: () => meterCalls(context, changedClients),
    settle: (...events: CallEvent[]) => settleCalls(context, { events, undeliverable: [] }),
    async account(clientId: string) {
      await endLeases(clientId)
      const [row] = await sql`
        select trim_scale(balance)::text as balance, trim_scale(reserved)::text as reserved, running_calls
        from accounts where client_id = ${clientId}`
      return { ...row }
    },
    async call(clientId: string, callId: string) {
      await endLeases(clientId)
      const [row] = await sql`
        select status, reason, trim_scale(price)::text as price, billed_seconds, duration_seconds, destination,
               usage_day, flags
        from all_calls where client_id = ${clientId} and call_id = ${callId}`
      return row ? { ...row } : undefined
    },
    async movements(clientId: string) {
      await endLeases(clientId)
      const rows = await sql`
        select kind, trim_scale(amount)::text as amount, trim_scale(balance_after)::text as balance_after, call_id
        from movements where client_id = ${clientId} and source <> 'opening' order by seq`
      return rows.map((row) => ({ ...row }))
    },
    async usage(clientId: string) {
      await endLeases(clientId)
      const rows = await sql`
        select day, trim_scale(amount)::text as amount, trim_scale(reserved)::text as reserved,
               limit_reached_at is not null as reached
        from daily_usage where client_id = ${clientId} order by day`
      return rows.map((row) => ({ ...row }))
    },
    async facts(clientId: string) {
      const rows =
        await sql`select body from outbox where subject like ${`%${clientId}`} order by created_at, id`
      return rows.map((row) => JSON.parse(row.body))
    },
    async deadLetters() {
      const rows = await sql`select reason, detail, body from dead_letters order by id`
      return rows.map((row) => ({ ...row }))
    },
    async close() {
      await authorizer.close()
      await leases?.close()
      await configuration.close()
      await closeDatabase(authorizations)
      await closeDatabase(db)
    },
  }
}

/** An event as the door hands it over; the test states only what matters. */
export function anEvent(
  event: Partial<CallEvent> & Pick<CallEvent, 'kind' | 'client' | 'callId'>,
): CallEvent {
  const isHalf = event.kind === 'start' || event.kind === 'end'
  const body = JSON.stringify(event)
  return {
    direction: 'outbound',
    from: isHalf ? '+34911000111' : null,
    to: isHalf ? '+34600111222' : null,
    toClient: null,
    fromClient: null,
    startedAt: null,
    answeredAt: undefined,
    endedAt: null,
    at: null,
    cause: null,
    sipCode: null,
    endedBy: null,
    carrier: null,
    ...noLegFacts,
    delivery: {
      subject: `calls.${event.kind}`,
      body,
      subjectClient: null,
      brandId: null,
      receivedAt: Date.parse('2026-01-14T10:00:00Z'),
      deliveries: 1,
    },
    ...event,
  }
}

/** Start and end of one call: set up at `startedAt`, answered 5 s later, ended after `seconds`. */
export function aCallOf(
  client: string,
  callId: string,
  facts: { startedAt?: string; seconds?: number; to?: string } = {},
): { start: CallEvent; answer: CallEvent; end: CallEvent } {
  const startedAt = Date.parse(facts.startedAt ?? '2026-01-14T09:00:00Z')
  const answeredAt = startedAt + 5000
  const endedAt = answeredAt + (facts.seconds ?? 60) * 1000
  const leg = { client, callId, ...(facts.to !== undefined && { to: facts.to }) }
  return {
    start: anEvent({ kind: 'start', ...leg, startedAt }),
    answer: anEvent({ kind: 'answer', client, callId, answeredAt, at: answeredAt }),
    end: anEvent({ kind: 'end', ...leg, startedAt, answeredAt, endedAt, cause: 16 }),
  }
}
