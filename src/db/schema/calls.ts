/** Legs of calls from grant to price: the calls, what they sum up to, what contradicted or was denied, and their re-rating. */
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
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { callColumns } from '../calls/call-table.ts'
import { amount, createdAt, exact, instant, localDay } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

/** Priced calls summed by client, local day of the answer, direction and destination; what invoices take. Written with each charge. */
export const callRollups = pgTable(
  'call_rollups',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** The client's: the walls between tenants are asked of each row. */
    brandId: uuid('brand_id').notNull(),
    day: localDay('day').notNull(),
    /** Of outbound calls; null: the row sums inbound ones. */
    destination: text('destination'),
    /** Of inbound calls, which are summed apart: what the rate of the client's own number is called. */
    inboundDestination: text('inbound_destination'),
    /** The invoice that took it; a call that comes later opens a new row. */
    invoiceId: uuid('invoice_id'),
    /** No call is added any more: its invoice was credited, or it corrects one. Another invoice may take it. */
    freed: boolean('freed').notNull().default(false),
    /** At whose terms, where not at those of the invoice that takes it: the row changes calls, or they came late for a minimum. */
    correctsInvoiceId: uuid('corrects_invoice_id'),
    /** The invoice whose line had charged these calls: the row is what changed since. null: it is the calls themselves. */
    changesInvoiceId: uuid('changes_invoice_id'),
    calls: integer('calls').notNull(),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }).notNull(),
    billedSeconds: bigint('billed_seconds', { mode: 'number' }).notNull(),
    amount: amount('amount').notNull(),
  },
  (t) => [
    uniqueIndex('one_open_rollup')
      .on(t.clientId, t.day, t.destination)
      .where(sql`${t.invoiceId} is null and not ${t.freed}`),
    uniqueIndex('one_open_inbound_rollup')
      .on(t.clientId, t.day, t.inboundDestination)
      .where(sql`${t.invoiceId} is null and not ${t.freed} and ${t.inboundDestination} is not null`),
    check('rollup_of_one_direction', sql`(${t.destination} is null) <> (${t.inboundDestination} is null)`),
    index('rollups_without_invoice').on(t.clientId, t.day).where(sql`${t.invoiceId} is null`),
    index('rollups_by_day').on(t.clientId, t.day),
    index('rollups_of_invoice').on(t.invoiceId),
    index('rollups_that_correct').on(t.correctsInvoiceId).where(sql`${t.correctsInvoiceId} is not null`),
  ],
)

/** Priced outbound calls summed by client, local day, destination and country of the number; what reports read. Written with each charge. */
export const countryRollups = pgTable(
  'country_rollups',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** The client's: the walls between tenants are asked of each row. */
    brandId: uuid('brand_id').notNull(),
    day: localDay('day').notNull(),
    destination: text('destination').notNull(),
    /** As calls have it. Calls without one, of before it was kept, are in no row. */
    country: text('country').notNull(),
    calls: integer('calls').notNull(),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }).notNull(),
    billedSeconds: bigint('billed_seconds', { mode: 'number' }).notNull(),
    amount: amount('amount').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.destination, t.country] })],
)

/**
 * Calls that a carrier took on, summed by client, local day, destination and carrier, in the client's currency. Written with each
 * settlement, kept when the details of calls are removed.
 */
export const carrierRollups = pgTable(
  'carrier_rollups',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** The client's: row-level security asks each row. */
    brandId: uuid('brand_id').notNull(),
    day: localDay('day').notNull(),
    destination: text('destination').notNull(),
    carrierId: uuid('carrier_id').notNull(),
    /** Those with a margin; the amounts are theirs. */
    calls: integer('calls').notNull(),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }).notNull(),
    price: amount('price').notNull(),
    margin: amount('margin').notNull(),
    /** Those without: the carrier had no rate for the number, or nobody gave an exchange rate. */
    callsWithoutCost: integer('calls_without_cost').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.destination, t.carrierId] })],
)

/**
 * One leg of one client, from its grant or its first event on; its fields: `calls/call-table.ts`. Never partitioned: its key guards against
 * charging twice. Calls of months that are over move to `old_calls`, and leave their key in `removed_calls`.
 */
export const calls = pgTable('calls', callColumns, (t) => [
  primaryKey({ columns: [t.clientId, t.callId] }),
  foreignKey({ columns: [t.clientId], foreignColumns: [clients.id] }),
  index('calls_by_client').on(t.clientId, t.createdAt.desc(), t.callId),
  index('calls_by_brand').on(t.brandId, t.createdAt.desc(), t.callId),
  index('calls_by_age').on(t.createdAt.desc(), t.callId, t.clientId),
  // Who called this number, without going through the others.
  index('calls_by_number').on(t.toNormalized, t.createdAt.desc(), t.callId, t.clientId),
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
])

/** Engines that tell which of their legs still stand, so that a silent leg of theirs means something. Written each second. */
export const engines = pgTable(
  'engines',
  {
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    engine: text('engine').notNull(),
    /** Last heartbeat of any of its legs. */
    heartbeatAt: instant('sign_at').notNull(),
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
  (t) => [
    unique('one_conflict_per_digest').on(t.clientId, t.callId, t.half, t.digest),
    index('call_conflicts_by_time').on(t.receivedAt.desc(), t.id),
  ],
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

/** Sums of `denials` by brand, for those who watch: a client's day counts as in its zone. Written with them. */
export const denialSums = pgTable(
  'denial_sums',
  {
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    /** Of the clients that were denied. */
    timeZone: text('time_zone').notNull(),
    day: localDay('day').notNull(),
    reason: text('reason').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.brandId, t.timeZone, t.reason] })],
)

/** Granted authorizations, counted by brand and day of UTC, for those who watch. Added up each second by each replica. */
export const grants = pgTable(
  'grants',
  {
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    day: localDay('day').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.brandId, t.day] })],
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

/** What a dry run of a re-rating supposes that its calls took of allowances so far. Written by its chunks, gone when it is done. */
export const reRatingDraws = pgTable(
  're_rating_draws',
  {
    reRatingId: uuid('re_rating_id')
      .notNull()
      .references(() => reRatings.id, { onDelete: 'cascade' }),
    allowanceId: uuid('allowance_id').notNull(),
    /** First day of the period. */
    fromDay: localDay('from_day').notNull(),
    name: text('name').notNull(),
    /** More than the item says. */
    used: exact('used').notNull(),
    rolledOver: exact('rolled_over').notNull(),
  },
  (t) => [primaryKey({ columns: [t.reRatingId, t.allowanceId, t.fromDay, t.name] })],
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
  // No foreign key: who waived what stays known when the details of the call are gone.
  (t) => [primaryKey({ columns: [t.clientId, t.callId] })],
)
