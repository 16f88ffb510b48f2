/**
 * Every table of Tollgate: what a row means, who writes it, when it appears.
 *
 * Row-level security, grants, triggers and roles stand in the migrations beside the tables they guard
 * (`drizzle/`), since drizzle's schema language has no words for most of them.
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { amount, exact, instant, localDay } from './columns.ts'

const createdAt = () => instant('created_at').notNull().default(sql`now()`)
const updatedAt = () => instant('updated_at').notNull().default(sql`now()`)
/** Grows by one with each change; the ETag. */
const revision = () => integer('revision').notNull().default(1)

/** The operators that sell; the tenants. Written by the API. */
export const brands = pgTable('brands', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  currency: text('currency').notNull(),
  timeZone: text('time_zone').notNull(),
  language: text('language').notNull(),
  /** Running external calls of all clients together; 0: unlimited. */
  maxCalls: integer('max_calls').notNull().default(0),
  specialNumbers: text('special_numbers').array().notNull().default(sql`'{}'`),
  freeNumbers: text('free_numbers').array().notNull().default(sql`'{}'`),
  numbering: jsonb('numbering'),
  maxRingSeconds: integer('max_ring_seconds').notNull().default(600),
  lostEndPolicy: text('lost_end_policy').notNull().default('zero'),
  /** Reason → { sip, phrase, q850, announcement }, where the brand wants other codes than the built-in ones. */
  reasonOverrides: jsonb('reason_overrides').notNull().default({}),
  /** What stands on invoices as the issuer. */
  issuer: jsonb('issuer'),
  /** A PNG or JPEG as a data URL. */
  logo: text('logo'),
  revision: revision(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
})

/** Settings of a brand that decide a price or a day, as versions in force from an instant on. Written with the brand. */
export const brandTerms = pgTable(
  'brand_terms',
  {
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    effectiveAt: instant('effective_at').notNull(),
    specialNumbers: text('special_numbers').array().notNull(),
    freeNumbers: text('free_numbers').array().notNull(),
    numbering: jsonb('numbering'),
  },
  (t) => [primaryKey({ columns: [t.brandId, t.version] })],
)

/** Running external calls of a brand that has a Max calls: locked before its clients' accounts. */
export const brandCounters = pgTable('brand_counters', {
  brandId: uuid('brand_id')
    .primaryKey()
    .references(() => brands.id, { onDelete: 'cascade' }),
  runningCalls: integer('running_calls').notNull().default(0),
})

/** Clients of one brand that call each other free. Written by the API. */
export const corporations = pgTable(
  'corporations',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique().on(t.brandId, t.name)],
)

/** Media relays a leg may be sent through. Written by the platform. */
export const mediaRelaySets = pgTable('media_relay_sets', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  /** [{ name, address }] */
  relays: jsonb('relays').notNull(),
  revision: revision(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
})

/** Application servers that calls are distributed over. Written by the platform. */
export const applicationServers = pgTable('application_servers', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  address: text('address').notNull(),
  revision: revision(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
})

/** Who pays: virtual PBXs with a SIP domain. Written by the API. */
export const clients = pgTable(
  'clients',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** Lower case. */
    sipDomain: text('sip_domain').notNull().unique(),
    suspended: boolean('suspended').notNull().default(false),
    features: text('features').array().notNull(),
    billingMethod: text('billing_method').notNull(),
    corporationId: uuid('corporation_id').references(() => corporations.id),
    language: text('language').notNull(),
    countryCode: text('country_code'),
    timeZone: text('time_zone').notNull(),
    currency: text('currency').notNull(),
    numbering: jsonb('numbering'),
    maxCalls: integer('max_calls').notNull().default(0),
    maxCallSeconds: integer('max_call_seconds').notNull().default(10800),
    filterByIp: boolean('filter_by_ip').notNull().default(false),
    geoIpAllowedCountries: text('geo_ip_allowed_countries').array().notNull().default(sql`'{}'`),
    /** null: no daily limit; 0: no paid call at all. */
    maxDailyUsage: amount('max_daily_usage'),
    maxDailyUsageEmail: text('max_daily_usage_email'),
    /** null: no limit for postpaid, 0 for the others. */
    creditLimit: amount('credit_limit'),
    invoiceData: jsonb('invoice_data'),
    taxIds: uuid('tax_ids').array().notNull().default(sql`'{}'`),
    portalVisibility: jsonb('portal_visibility').notNull(),
    notificationTemplates: jsonb('notification_templates').notNull(),
    outgoingDdi: text('outgoing_ddi'),
    mediaRelaySetId: uuid('media_relay_set_id').references(() => mediaRelaySets.id),
    distributeMethod: text('distribute_method').notNull().default('hash'),
    applicationServerId: uuid('application_server_id').references(() => applicationServers.id),
    recording: jsonb('recording').notNull(),
    failurePolicy: text('failure_policy').notNull().default('deny'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    check(
      'billing_method_known',
      sql`${t.billingMethod} in ('postpaid', 'prepaid', 'pseudoprepaid', 'none')`,
    ),
    check('billing_needs_the_feature', sql`${t.billingMethod} = 'none' or 'billing' = any(${t.features})`),
    check(
      'round_robin_without_queues',
      sql`${t.distributeMethod} <> 'roundRobin' or not (${t.features} && array['queues', 'conferences'])`,
    ),
    check('sip_domain_lower_case', sql`${t.sipDomain} = lower(${t.sipDomain})`),
  ],
)

/** Settings of a client that decide a price or a day, as versions in force from an instant on. Written with the client. */
export const clientTerms = pgTable(
  'client_terms',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    effectiveAt: instant('effective_at').notNull(),
    sipDomain: text('sip_domain').notNull(),
    timeZone: text('time_zone').notNull(),
    /** `none` where the billing feature is off, too. */
    billingMethod: text('billing_method').notNull(),
    corporationId: uuid('corporation_id'),
    numbering: jsonb('numbering'),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.version] })],
)

/** Networks a client's outgoing calls may come from. Written by the API. */
export const authorizedSources = pgTable(
  'authorized_sources',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** An address or CIDR range, v4 or v6. */
    cidr: text('cidr').notNull(),
    createdAt: createdAt(),
  },
  (t) => [unique().on(t.clientId, t.cidr)],
)

/** Mails an address when a balance falls below a threshold. Written by the API. */
export const balanceAlerts = pgTable(
  'balance_alerts',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** May be negative: a postpaid client's debt. */
    threshold: amount('threshold').notNull(),
    email: text('email').notNull(),
    revision: revision(),
    createdAt: createdAt(),
  },
  (t) => [unique().on(t.clientId, t.threshold, t.email)],
)

/** A client's money record: made with the client, changed by stories that hold its row lock. */
export const accounts = pgTable(
  'accounts',
  {
    clientId: uuid('client_id')
      .primaryKey()
      .references(() => clients.id),
    currency: text('currency').notNull(),
    /** The sum of its movements. */
    balance: amount('balance').notNull().default(sql`0`),
    /** The sum of its calls' reservations. */
    reserved: amount('reserved').notNull().default(sql`0`),
    /** Calls that hold a slot of the client's Max calls. */
    runningCalls: integer('running_calls').notNull().default(0),
    /** Number of its last movement. */
    seq: bigint('seq', { mode: 'number' }).notNull().default(0),
  },
  (t) => [
    check('running_calls_not_negative', sql`${t.runningCalls} >= 0`),
    check('reserved_not_negative', sql`${t.reserved} >= 0`),
  ],
)

/** One signed, immutable change of a balance, with its cause. Inserted in the transaction that causes it, never changed. */
export const movements = pgTable(
  'movements',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** 1, 2, 3 … within the client. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
    id: uuid('id').notNull(),
    kind: text('kind').notNull(),
    /** What caused it, unique with the kind: `call:<callId>`, `key:<Idempotency-Key>`, `invoice:<id>` … */
    source: text('source').notNull(),
    amount: amount('amount').notNull(),
    balanceAfter: amount('balance_after').notNull(),
    currency: text('currency').notNull(),
    callId: text('call_id'),
    invoiceId: uuid('invoice_id'),
    reference: text('reference'),
    /** Who: `system`, or an API key's or an admin's name and id. */
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.seq] }),
    unique('one_movement_per_cause').on(t.clientId, t.kind, t.source),
    check(
      'kind_known',
      sql`${t.kind} in ('top-up', 'adjustment', 'charge', 'overrun', 'correction', 'invoice', 'payment')`,
    ),
  ],
)

/** What a client spent on one of its local days, with what its running calls hold of it. Written with each charge and reservation. */
export const dailyUsage = pgTable(
  'daily_usage',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    day: localDay('day').notNull(),
    amount: amount('amount').notNull().default(sql`0`),
    reserved: amount('reserved').notNull().default(sql`0`),
    /** First of: usage ≥ limit, a denial for it, a hang-up for it. */
    limitReachedAt: instant('limit_reached_at'),
    /** When the fact and the mail of that day were written to the outboxes. */
    limitToldAt: instant('limit_told_at'),
    /** Highest share of the limit already told: 0, 50 or 80. */
    warnedPercent: smallint('warned_percent').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day] })],
)

/** Priced calls summed by client, local day of the answer and destination; what invoices take. Written with each charge. */
export const callRollups = pgTable(
  'call_rollups',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    day: localDay('day').notNull(),
    destination: text('destination').notNull(),
    /** The invoice that took it; a call that comes later opens a new row. */
    invoiceId: uuid('invoice_id'),
    /** Its invoice was credited in full: another may take it, but no call is added any more. */
    freed: boolean('freed').notNull().default(false),
    calls: integer('calls').notNull(),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }).notNull(),
    billedSeconds: bigint('billed_seconds', { mode: 'number' }).notNull(),
    amount: amount('amount').notNull(),
  },
  (t) => [
    uniqueIndex('one_open_rollup')
      .on(t.clientId, t.day, t.destination)
      .where(sql`${t.invoiceId} is null and not ${t.freed}`),
    index('rollups_without_invoice').on(t.clientId, t.day).where(sql`${t.invoiceId} is null`),
    index('rollups_by_day').on(t.clientId, t.day),
    index('rollups_of_invoice').on(t.invoiceId),
  ],
)

/** One leg of one client, from its grant or its first event on. Never partitioned: its key guards against charging twice. */
export const calls = pgTable(
  'calls',
  {
    clientId: uuid('client_id').notNull(),
    callId: text('call_id').notNull(),
    brandId: uuid('brand_id').notNull(),
    status: text('status').notNull(),
    /** Why it was rejected; from the authorization's list of reasons. */
    reason: text('reason'),
    direction: text('direction').notNull(),
    from: text('from_number'),
    to: text('to_number').notNull(),
    toNormalized: text('to_normalized'),
    toClientId: uuid('to_client_id'),
    sipCallId: text('sip_call_id'),
    forwardedFrom: text('forwarded_from'),
    engine: text('engine'),
    engineRef: text('engine_ref'),
    labels: jsonb('labels'),
    special: boolean('special').notNull().default(false),
    internal: boolean('internal').notNull().default(false),

    authorizedAt: instant('authorized_at'),
    /** When a grant that no start follows gives back what it holds. */
    expiresAt: instant('expires_at'),
    maxDurationSeconds: integer('max_duration_seconds'),
    holdsClientSlot: boolean('holds_client_slot').notNull().default(false),
    holdsBrandSlot: boolean('holds_brand_slot').notNull().default(false),
    reserved: amount('reserved').notNull().default(sql`0`),
    /** The day whose usage shows the reservation. */
    reservedDay: localDay('reserved_day'),
    /** Seconds of the call that the reservation buys. */
    reservedSeconds: integer('reserved_seconds').notNull().default(0),

    startedAt: instant('started_at'),
    answeredAt: instant('answered_at'),
    endedAt: instant('ended_at'),
    /** Last sign of life: start, answer, alive or the engine's list. */
    aliveAt: instant('alive_at'),
    /** Digests of the facts of the accepted halves. */
    startDigest: text('start_digest'),
    answerDigest: text('answer_digest'),
    endDigest: text('end_digest'),
    cause: smallint('cause'),
    sipCode: smallint('sip_code'),
    endedBy: text('ended_by'),
    /** An end without answer time that still waits for its start or answer: unanswered for now after this instant. */
    answerAwaitedUntil: instant('answer_awaited_until'),
    /** Ended by event, charged by policy, flagged: `no_start`, `destination_changed`, `late_end`, `overrun`, `unauthorized` … */
    flags: text('flags').array().notNull().default(sql`'{}'`),

    durationSeconds: integer('duration_seconds'),
    billedSeconds: integer('billed_seconds'),
    price: amount('price'),
    currency: text('currency'),
    destination: text('destination'),
    prefix: text('prefix'),
    ratingPlanId: uuid('rating_plan_id'),
    ratingProfileId: uuid('rating_profile_id'),
    rateDeckId: uuid('rate_deck_id'),
    usageDay: localDay('usage_day'),
    rollupId: uuid('rollup_id'),
    /** Compact JSON, see rating/explanation.ts. */
    explanation: text('explanation'),

    /** Hang-up asked for: reason and the instant by which the leg must be down. */
    hangupReason: text('hangup_reason'),
    hangupEndBy: instant('hangup_end_by'),
    hangupCount: integer('hangup_count').notNull().default(0),
    /** When the meter looks at it next; null: it does not run. */
    meterAt: instant('meter_at'),

    createdAt: instant('created_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.callId] }),
    foreignKey({ columns: [t.clientId], foreignColumns: [clients.id] }),
    index('calls_by_client').on(t.clientId, t.createdAt.desc(), t.callId),
    index('calls_by_brand').on(t.brandId, t.createdAt.desc(), t.callId),
    // What reports count beside the rollup: few of the calls, found without touching the others.
    index('calls_unanswered')
      .on(t.brandId, t.clientId, t.usageDay, t.destination)
      .where(
        sql`${t.status} = 'unanswered' and ${t.direction} = 'outbound' and not ${t.special} and not ${t.internal}`,
      ),
    index('calls_running').on(t.clientId).where(sql`${t.status} in ('authorized', 'started')`),
    // What the meter looks for four times a second.
    index('calls_to_meter').on(t.meterAt).where(sql`${t.meterAt} is not null`),
    // Legs of an engine, those silent for longest first.
    index('calls_by_engine').on(t.engine, t.aliveAt).where(sql`${t.status} = 'started'`),
    check(
      'status_known',
      sql`${t.status} in ('authorized', 'started', 'priced', 'unpriced', 'unanswered', 'rejected', 'expired', 'lost-end')`,
    ),
    check(
      'priced_has_a_price',
      sql`${t.status} <> 'priced' or (${t.price} is not null and ${t.rollupId} is not null)`,
    ),
    check(
      'rejected_has_a_reason',
      sql`${t.status} <> 'rejected' or (${t.price} is null and ${t.reason} is not null)`,
    ),
  ],
)

/** Engines that tell which of their legs still stand, so that a silent leg of theirs means something. Written each second. */
export const engines = pgTable(
  'engines',
  {
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    engine: text('engine').notNull(),
    /** Last sign of life of any of its legs. */
    signAt: instant('sign_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.brandId, t.engine] })],
)

/** An event that contradicts an accepted half of its call: kept, told, without effect on money. Written by the settlement. */
export const callConflicts = pgTable(
  'call_conflicts',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    callId: text('call_id').notNull(),
    half: text('half').notNull(),
    digest: text('digest').notNull(),
    body: text('body').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [unique('one_conflict_per_digest').on(t.clientId, t.callId, t.half, t.digest)],
)

/** Denied authorizations, counted by client, local day and reason. Added up each second by each replica. */
export const denials = pgTable(
  'denials',
  {
    /** The nil UUID where the client is unknown. */
    clientId: uuid('client_id').notNull(),
    day: localDay('day').notNull(),
    reason: text('reason').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.reason] })],
)

/** Facts to publish, written with what they tell; the relay marks them when the broker has them. */
export const outbox = pgTable(
  'outbox',
  {
    /** The fact's id and its `Nats-Msg-Id`. */
    id: uuid('id').primaryKey(),
    subject: text('subject').notNull(),
    /** CloudEvent as JSON text. */
    body: text('body').notNull(),
    /** Core subject that gets the same message, for hang-up commands. */
    alsoTo: text('also_to'),
    createdAt: instant('created_at').notNull(),
    publishedAt: instant('published_at'),
  },
  (t) => [index('outbox_waiting').on(t.id).where(sql`${t.publishedAt} is null`)],
)

/** Mails to send, written with what they tell; sent with back-off by the deliverer. */
export const mails = pgTable(
  'mails',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').notNull(),
    /** One mail per cause: `<client>:<day>` for a daily limit. */
    source: text('source').notNull(),
    brandId: uuid('brand_id').notNull(),
    clientId: uuid('client_id').references(() => clients.id),
    recipient: text('recipient').notNull(),
    /** What the template may show. */
    content: jsonb('content').notNull(),
    /** Names of stored attachments, made when the mail is sent: [{ kind, id }] */
    attachments: jsonb('attachments').notNull().default([]),
    status: text('status').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    lastError: text('last_error'),
    sentAt: instant('sent_at'),
    /** Where it went when no SMTP server is set. */
    file: text('file'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('one_mail_per_cause').on(t.kind, t.source),
    index('mails_waiting').on(t.nextAttemptAt).where(sql`${t.status} = 'pending'`),
    check('mail_status_known', sql`${t.status} in ('pending', 'sent', 'failed')`),
  ],
)

/** Events that could not be applied, with the reason and the raw body. Written by the consumer. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: uuid('id').primaryKey(),
    /** Known where the event's client is. */
    brandId: uuid('brand_id'),
    clientId: uuid('client_id'),
    subject: text('subject').notNull(),
    reason: text('reason').notNull(),
    detail: text('detail').notNull(),
    /** As received; base64 with the prefix `base64:` where it is no UTF-8. */
    body: text('body').notNull(),
    receivedAt: instant('received_at').notNull(),
    deliveries: integer('deliveries').notNull(),
    redrivenAt: instant('redriven_at'),
  },
  (t) => [index('dead_letters_by_time').on(t.receivedAt.desc(), t.id)],
)

/** How far a worker has read the broker's stream, to notice a broker that lost what it acknowledged. Written last in each batch. */
export const brokerMarks = pgTable(
  'broker_marks',
  {
    stream: text('stream').notNull(),
    worker: text('worker').notNull(),
    streamCreatedAt: text('stream_created_at').notNull(),
    highSeq: bigint('high_seq', { mode: 'number' }).notNull(),
    highEventDigest: text('high_event_digest').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.stream, t.worker] })],
)

/** Rates in one currency. Written by the API. */
export const rateDecks = pgTable(
  'rate_decks',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    currency: text('currency').notNull(),
    /** As last set; what counts for a call stands in its version. */
    roundingMode: text('rounding_mode').notNull(),
    roundingDecimals: smallint('rounding_decimals').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique().on(t.brandId, t.name)],
)

/** Immutable versions of a deck; the first is in force for all time before the second. Written by imports and changes of rates or rounding. */
export const rateDeckVersions = pgTable(
  'rate_deck_versions',
  {
    rateDeckId: uuid('rate_deck_id')
      .notNull()
      .references(() => rateDecks.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    effectiveAt: instant('effective_at').notNull(),
    roundingMode: text('rounding_mode').notNull(),
    roundingDecimals: smallint('rounding_decimals').notNull(),
    rates: integer('rates').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.rateDeckId, t.version] })],
)

/** Rates as ranges of versions, so that an import writes only the difference. */
export const rates = pgTable(
  'rates',
  {
    rateDeckId: uuid('rate_deck_id')
      .notNull()
      .references(() => rateDecks.id, { onDelete: 'cascade' }),
    prefix: text('prefix').notNull(),
    fromVersion: integer('from_version').notNull(),
    /** First version that no longer has it; null: still in force. */
    toVersion: integer('to_version'),
    destination: text('destination').notNull(),
    /** Decimal text with up to 10 decimals, kept as numbers of the tariff's shape: { connectFee, steps, minimumPrice, maximumPrice, maximumPriceAction, blocked } */
    terms: jsonb('terms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.rateDeckId, t.prefix, t.fromVersion] }),
    index('rates_ended').on(t.rateDeckId, t.toVersion).where(sql`${t.toVersion} is not null`),
  ],
)

/** Imports of a deck's CSV: their progress and their outcome. Written by the import. */
export const imports = pgTable('imports', {
  id: uuid('id').primaryKey(),
  brandId: uuid('brand_id').notNull(),
  rateDeckId: uuid('rate_deck_id')
    .notNull()
    .references(() => rateDecks.id, { onDelete: 'cascade' }),
  mode: text('mode').notNull(),
  dryRun: boolean('dry_run').notNull(),
  status: text('status').notNull(),
  rowsRead: integer('rows_read').notNull().default(0),
  rowsTotal: integer('rows_total'),
  /** The first bad rows: [{ line, column, code, detail, value }] */
  errors: jsonb('errors').notNull().default([]),
  errorsTotal: integer('errors_total').notNull().default(0),
  warnings: jsonb('warnings').notNull().default([]),
  summary: jsonb('summary'),
  version: integer('version'),
  createdAt: createdAt(),
  finishedAt: instant('finished_at'),
})

/** Weighted decks with time windows. Written by the API. */
export const ratingPlans = pgTable(
  'rating_plans',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    currency: text('currency').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique().on(t.brandId, t.name)],
)

/** Immutable versions of a plan. Written with the plan. */
export const ratingPlanVersions = pgTable(
  'rating_plan_versions',
  {
    ratingPlanId: uuid('rating_plan_id')
      .notNull()
      .references(() => ratingPlans.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    effectiveAt: instant('effective_at').notNull(),
    /** null: the client's zone. */
    timeZone: text('time_zone'),
    /** [{ rateDeckId, weight, days, from, to }] */
    entries: jsonb('entries').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.ratingPlanId, t.version] })],
)

/** A client's plan from an instant on. Written by the API. */
export const ratingProfiles = pgTable(
  'rating_profiles',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    ratingPlanId: uuid('rating_plan_id')
      .notNull()
      .references(() => ratingPlans.id),
    activatesAt: instant('activates_at').notNull(),
    revision: revision(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('one_profile_per_instant').on(t.clientId, t.activatesAt),
    index('profiles_of_plan').on(t.ratingPlanId),
  ],
)

/** One row: the number of the last change of configuration. Its lock orders the changes as they commit. */
export const configurationVersion = pgTable('configuration_version', {
  singleton: boolean('singleton').primaryKey().default(true),
  version: bigint('version', { mode: 'number' }).notNull(),
})

/** Which thing changed at which version, so that a replica reloads only that. Written by triggers. */
export const configurationChanges = pgTable(
  'configuration_changes',
  {
    version: bigint('version', { mode: 'number' }).notNull(),
    /** `brand`, `client`, `rate-deck`, `rating-plan`, `media-relay-set`, `application-server` */
    kind: text('kind').notNull(),
    id: uuid('id').notNull(),
    changedAt: instant('changed_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.version, t.kind, t.id] })],
)

/** Keys of programs; only their SHA-256 digest is kept. Written by the API. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    role: text('role').notNull(),
    brandId: uuid('brand_id').references(() => brands.id),
    clientId: uuid('client_id').references(() => clients.id),
    scopes: text('scopes').array(),
    /** First characters, to tell keys apart. */
    prefix: text('prefix').notNull(),
    /** Hex of SHA-256 of the whole key. */
    digest: text('digest').notNull().unique(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
    createdAt: createdAt(),
  },
  (t) => [check('role_known', sql`${t.role} in ('platform', 'brand', 'client', 'engine', 'finance')`)],
)

/** First answers of requests that create or move money. Written with what they did; never expire. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** Tenant and route. */
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    brandId: uuid('brand_id'),
    bodyDigest: text('body_digest').notNull(),
    status: smallint('status').notNull(),
    response: text('response').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.key] })],
)

/** Calls priced anew by the tariffs as they stand now: what was asked, how far it is. Written by the API, then by each chunk. */
export const reRatings = pgTable(
  're_ratings',
  {
    id: uuid('id').primaryKey(),
    /** null: calls of several brands, asked for by the platform. */
    brandId: uuid('brand_id').references(() => brands.id),
    /** As asked: { filter } or { callIds }, and { backdate }. */
    request: jsonb('request').notNull(),
    dryRun: boolean('dry_run').notNull(),
    status: text('status').notNull().default('running'),
    callsTotal: integer('calls_total').notNull(),
    callsDone: integer('calls_done').notNull().default(0),
    /** { changed, unchanged, … }: how many calls came to each outcome. */
    counts: jsonb('counts').notNull().default({}),
    /** Per currency { before, after }: sums of prices as decimal text. */
    totals: jsonb('totals').notNull().default({}),
    actor: text('actor').notNull(),
    lastError: text('last_error'),
    createdAt: createdAt(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    index('re_ratings_running').on(t.id).where(sql`${t.status} = 'running'`),
    check('re_rating_status_known', sql`${t.status} in ('running', 'done', 'failed')`),
  ],
)

/** The calls of a re-rating in the order of their answers, each with what came of it. Written with the re-rating, then by chunks. */
export const reRatingCalls = pgTable(
  're_rating_calls',
  {
    reRatingId: uuid('re_rating_id')
      .notNull()
      .references(() => reRatings.id, { onDelete: 'cascade' }),
    /** 1, 2, 3 … */
    number: integer('number').notNull(),
    clientId: uuid('client_id').notNull(),
    callId: text('call_id').notNull(),
    /** null: not looked at yet. */
    outcome: text('outcome'),
    /** Why it cannot be priced, or has another reason for being rejected. */
    reason: text('reason'),
    currency: text('currency'),
    /** null: it had, or has, no price. */
    priceBefore: amount('price_before'),
    priceAfter: amount('price_after'),
    /** The invoice that it stands on. */
    invoiceId: uuid('invoice_id'),
  },
  (t) => [
    primaryKey({ columns: [t.reRatingId, t.number] }),
    check(
      're_rating_outcome_known',
      sql`${t.outcome} in ('changed', 'unchanged', 'unpriceable', 'invoiced', 'waived', 'skipped')`,
    ),
  ],
)

/** Rejected calls that somebody made free: who and why. Written with the call, never changed. */
export const callWaivers = pgTable(
  'call_waivers',
  {
    clientId: uuid('client_id').notNull(),
    callId: text('call_id').notNull(),
    reason: text('reason').notNull(),
    actor: text('actor').notNull(),
    waivedAt: instant('waived_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.callId] }),
    foreignKey({ columns: [t.clientId, t.callId], foreignColumns: [calls.clientId, calls.callId] }),
  ],
)

/** Taxes a brand puts on its invoices. Written by the API; what an invoice shows is copied into it. */
export const taxes = pgTable(
  'taxes',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** Percent. */
    rate: exact('rate').notNull(),
    category: text('category').notNull(),
    /** Why nothing is charged: exemption or reverse charge, as printed. */
    reason: text('reason'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    check('tax_category_known', sql`${t.category} in ('S', 'Z', 'E', 'AE')`),
    check('only_standard_tax_has_a_rate', sql`${t.rate} >= 0 and (${t.category} = 'S' or ${t.rate} = 0)`),
  ],
)

/** What clients pay beside calls: a seat, a line, a trunk. Written by the API. */
export const fixedCosts = pgTable(
  'fixed_costs',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    price: amount('price').notNull(),
    currency: text('currency').notNull(),
    /** `maxCalls`: as many as the client's Max calls. */
    quantityRule: text('quantity_rule').notNull().default('static'),
    /** The price is a month's, shared out by days. */
    prorate: boolean('prorate').notNull().default(false),
    /** Instead of the invoice's taxes. */
    taxId: uuid('tax_id').references(() => taxes.id),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    check('quantity_rule_known', sql`${t.quantityRule} in ('static', 'maxCalls')`),
  ],
)

/** How a series of invoice numbers looks. Written by the API. */
export const invoiceNumberSequences = pgTable(
  'invoice_number_sequences',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** May hold {yyyy}, {yy}, {mm} of the day of issue in the brand's zone. */
    prefix: text('prefix').notNull(),
    width: smallint('width').notNull(),
    start: bigint('start', { mode: 'number' }).notNull().default(1),
    resetYearly: boolean('reset_yearly').notNull().default(false),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique().on(t.brandId, t.name), unique('one_sequence_per_prefix').on(t.brandId, t.prefix)],
)

/** The last number of a series, the last lock of an issue: no gaps, whatever crashes. Written with each issued invoice. */
export const invoiceSeries = pgTable(
  'invoice_series',
  {
    numberSequenceId: uuid('number_sequence_id')
      .notNull()
      .references(() => invoiceNumberSequences.id),
    /** 0 where the count does not restart each year. */
    year: smallint('year').notNull(),
    lastNumber: bigint('last_number', { mode: 'number' }).notNull(),
    /** Numbers follow time: no invoice is dated before the one with the number before it. */
    lastIssuedAt: instant('last_issued_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.numberSequenceId, t.year] })],
)

/** Texts, colours, columns and order of sections of a brand's documents. Written by the API. */
export const invoiceTemplates = pgTable(
  'invoice_templates',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** See invoices/invoice-template.ts. */
    content: jsonb('content').notNull(),
    /** The one that invoices without a template of their own take. */
    isDefault: boolean('is_default').notNull().default(false),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    uniqueIndex('one_default_template').on(t.brandId).where(sql`${t.isDefault}`),
  ],
)

/** Pictures that issued invoices show, kept once each. Written at issue. */
export const invoiceLogos = pgTable('invoice_logos', {
  /** SHA-256 of the content, in hex. */
  digest: text('digest').primaryKey(),
  /** A data URL. */
  content: text('content').notNull(),
})

/** Invoices and credit notes, from the draft on; frozen by a trigger once issued. Written by the stories of invoices/. */
export const invoices = pgTable(
  'invoices',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    kind: text('kind').notNull(),
    /** `overdue` is no state of the row: issued, and its due date is over. */
    status: text('status').notNull().default('draft'),
    number: text('number'),
    numberSequenceId: uuid('number_sequence_id')
      .notNull()
      .references(() => invoiceNumberSequences.id),
    seriesYear: smallint('series_year'),
    seriesNumber: bigint('series_number', { mode: 'number' }),
    /** Local days of the client, half open. */
    periodFrom: localDay('period_from').notNull(),
    periodTo: localDay('period_to').notNull(),
    timeZone: text('time_zone').notNull(),
    currency: text('currency').notNull(),
    language: text('language').notNull(),
    billingMethod: text('billing_method').notNull(),
    /** What was asked for: see invoices/invoice-terms.ts. */
    terms: jsonb('terms').notNull(),
    /** Both parties as they stood at issue. */
    seller: jsonb('seller'),
    buyer: jsonb('buyer'),
    template: jsonb('template'),
    logoDigest: text('logo_digest').references(() => invoiceLogos.digest),
    /** [{ category, rate, base, amount, name, reason }] */
    taxes: jsonb('taxes').notNull().default([]),
    net: amount('net').notNull(),
    tax: amount('tax').notNull(),
    total: amount('total').notNull(),
    /** Exact sum of the prices of its calls. */
    callsAmount: amount('calls_amount').notNull().default(sql`0`),
    prepaidAmount: amount('prepaid_amount').notNull().default(sql`0`),
    paidAmount: amount('paid_amount').notNull().default(sql`0`),
    /** What credit notes took off the total. */
    creditedAmount: amount('credited_amount').notNull().default(sql`0`),
    creditsInvoiceId: uuid('credits_invoice_id'),
    reason: text('reason'),
    issuedAt: instant('issued_at'),
    dueAt: instant('due_at'),
    actor: text('actor').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique('one_invoice_per_number').on(t.numberSequenceId, t.seriesYear, t.seriesNumber),
    unique('one_invoice_per_printed_number').on(t.brandId, t.number),
    uniqueIndex('one_invoice_per_period')
      .on(t.clientId, t.periodFrom)
      .where(sql`${t.kind} = 'invoice' and ${t.status} in ('issued', 'paid')`),
    index('invoices_by_client').on(t.clientId, t.id.desc()),
    index('invoices_by_brand').on(t.brandId, t.id.desc()),
    index('credit_notes_of_invoice').on(t.creditsInvoiceId),
    check('invoice_kind_known', sql`${t.kind} in ('invoice', 'credit-note')`),
    check('invoice_status_known', sql`${t.status} in ('draft', 'issued', 'paid', 'credited')`),
    check('period_is_not_empty', sql`${t.periodFrom} < ${t.periodTo}`),
    check(
      'issued_has_number_and_date',
      sql`(${t.status} = 'draft') = (${t.number} is null) and (${t.number} is null) = (${t.issuedAt} is null)`,
    ),
    check('total_is_net_and_tax', sql`${t.total} = ${t.net} + ${t.tax}`),
    check(
      'credit_note_names_its_invoice',
      sql`(${t.kind} = 'credit-note') = (${t.creditsInvoiceId} is not null)`,
    ),
  ],
)

/** Lines of invoices, frozen with them. Written with the draft, anew at each computation, last at issue. */
export const invoiceLines = pgTable(
  'invoice_lines',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id, { onDelete: 'cascade' }),
    index: integer('index').notNull(),
    kind: text('kind').notNull(),
    description: text('description').notNull(),
    quantity: exact('quantity').notNull(),
    unitPrice: exact('unit_price').notNull(),
    net: amount('net').notNull(),
    /** [{ category, rate, name, reason }]; the first is the line's category in documents. */
    taxes: jsonb('taxes').notNull(),
    /** Of call lines alone: what they sum up. */
    destination: text('destination'),
    calls: integer('calls'),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }),
    billedSeconds: bigint('billed_seconds', { mode: 'number' }),
    callsAmount: amount('calls_amount'),
    firstDay: localDay('first_day'),
    lastDay: localDay('last_day'),
    /** Of a credit note: the line it takes back. */
    creditsIndex: integer('credits_index'),
  },
  (t) => [
    primaryKey({ columns: [t.invoiceId, t.index] }),
    check(
      'line_kind_known',
      sql`${t.kind} in ('calls', 'earlier-calls', 'fixed-cost', 'discount', 'minimum')`,
    ),
  ],
)

/** Payments of invoices, each with its movement; append-only. Written by invoices/pay-invoice.ts. */
export const invoicePayments = pgTable(
  'invoice_payments',
  {
    id: uuid('id').primaryKey(),
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    amount: amount('amount').notNull(),
    paidAt: instant('paid_at').notNull(),
    method: text('method'),
    reference: text('reference'),
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('payments_of_invoice').on(t.invoiceId), check('payment_adds', sql`${t.amount} > 0`)],
)

/** Rollup rows that an invoice held before it was credited in full: its annex still lists their calls. Written then. */
export const freedRollups = pgTable(
  'freed_rollups',
  {
    invoiceId: uuid('invoice_id')
      .notNull()
      .references(() => invoices.id),
    rollupId: uuid('rollup_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.invoiceId, t.rollupId] })],
)

/** Invoices that make themselves: for one client, or for all of a brand that a filter lets through. Written by the API. */
export const invoiceSchedules = pgTable(
  'invoice_schedules',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** null: all clients of the brand that the filter lets through. */
    clientId: uuid('client_id').references(() => clients.id),
    /** { billingMethods?, currencies?, timeZones?, languages? } */
    filter: jsonb('filter').notNull().default({}),
    unit: text('unit').notNull(),
    every: smallint('every').notNull().default(1),
    /** First local day of the first period. */
    firstDay: localDay('first_day').notNull(),
    numberSequenceId: uuid('number_sequence_id')
      .notNull()
      .references(() => invoiceNumberSequences.id),
    /** As for an invoice: taxes, fixed costs, discounts, due days … */
    terms: jsonb('terms').notNull(),
    /** Also gets each invoice by mail. */
    email: text('email'),
    enabled: boolean('enabled').notNull().default(true),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    check('schedule_unit_known', sql`${t.unit} in ('day', 'week', 'month', 'year')`),
    check('schedule_every_positive', sql`${t.every} between 1 and 366`),
  ],
)

/** A period that a schedule owes a client, from the moment it is over; never deleted, so none is skipped. Written by the runner. */
export const invoiceSchedulePeriods = pgTable(
  'invoice_schedule_periods',
  {
    scheduleId: uuid('schedule_id')
      .notNull()
      .references(() => invoiceSchedules.id),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** 0, 1, 2 … from the schedule's first day. */
    index: integer('index').notNull(),
    periodFrom: localDay('period_from').notNull(),
    periodTo: localDay('period_to').notNull(),
    /** `empty`: there was nothing to put on an invoice. */
    status: text('status').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** { code, detail, errors } of the last attempt that failed. */
    lastError: jsonb('last_error'),
    invoiceId: uuid('invoice_id'),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.scheduleId, t.clientId, t.index] }),
    index('schedule_periods_due').on(t.nextAttemptAt).where(sql`${t.status} in ('pending', 'failed')`),
    check('period_status_known', sql`${t.status} in ('pending', 'failed', 'issued', 'empty')`),
  ],
)

/** People of one client who use the portal. Written by the API. */
export const admins = pgTable(
  'admins',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** Lower case, unique within the client. */
    username: text('username').notNull(),
    name: text('name').notNull(),
    email: text('email'),
    /** `scrypt$N$r$p$salt$hash`; null: cannot log in yet. */
    passwordHash: text('password_hash'),
    suspended: boolean('suspended').notNull().default(false),
    /** Whether `rights` count; without it everything that the role `client` may do. */
    restricted: boolean('restricted').notNull().default(false),
    /** Resource → letters of `crud`. */
    rights: jsonb('rights').notNull().default({}),
    lastLoginAt: instant('last_login_at'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique('one_admin_per_username').on(t.clientId, t.username),
    check('username_lower_case', sql`${t.username} = lower(${t.username})`),
  ],
)

/** Logins of admins. Made by a login, changed by each refresh, ended by a logout; removed some time after their end. */
export const sessions = pgTable(
  'sessions',
  {
    /** Random, not of version 7: it stands in the refresh token and must not be guessed. */
    id: uuid('id').primaryKey(),
    adminId: uuid('admin_id')
      .notNull()
      .references(() => admins.id, { onDelete: 'cascade' }),
    /** Hex of SHA-256 of the secret in its access tokens. */
    secretDigest: text('secret_digest').notNull().unique(),
    /** Hex of SHA-256 of the refresh token that counts now. */
    refreshDigest: text('refresh_digest').notNull(),
    /** When it ends unless it is refreshed. */
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [index('sessions_of_admin').on(t.adminId), index('sessions_by_expiry').on(t.expiresAt)],
)

/** Wrong passwords in a row for a name, known or not, and until when no password is tried. Removed by a right one, or a day later. */
export const loginFailures = pgTable('login_failures', {
  /** Hex of SHA-256 of client and username, lower case. */
  subject: text('subject').primaryKey(),
  failures: integer('failures').notNull(),
  lockedUntil: instant('locked_until'),
  updatedAt: updatedAt(),
})

/** Secrets that our own tokens are signed with: the newest signs, older ones are still good for what they signed. */
export const signingKeys = pgTable('signing_keys', {
  id: uuid('id').primaryKey(),
  /** base64url of 32 random bytes. */
  secret: text('secret').notNull(),
  createdAt: createdAt(),
})

/** Who changed which row from what to what. Written by triggers in the transaction of the change, never changed. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: uuid('id').primaryKey().default(sql`gen_random_uuid()`),
    /** Orders rows of one instant. */
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().default(sql`now()`),
    /** As movements name it; `system` for what no request did. */
    actor: text('actor').notNull(),
    requestId: text('request_id'),
    /** Whose thing it is; null: the platform's. */
    brandId: uuid('brand_id'),
    clientId: uuid('client_id'),
    /** The table with dashes: `clients`, `rate-decks` … */
    resource: text('resource').notNull(),
    resourceId: text('resource_id').notNull(),
    action: text('action').notNull(),
    /** Column → value, of the columns that changed; secrets as `redacted`. */
    before: jsonb('before').notNull(),
    after: jsonb('after').notNull(),
  },
  (t) => [
    unique('audit_log_seq').on(t.seq),
    index('audit_log_by_brand').on(t.brandId, t.seq.desc()),
    index('audit_log_by_resource').on(t.resourceId, t.seq.desc()),
    check('audit_action_known', sql`${t.action} in ('create', 'update', 'delete')`),
  ],
)
