/** What clients own and spent: their accounts, each movement of a balance, each day's usage. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { amount, instant, localDay } from '../columns.ts'
import { clients } from './clients.ts'

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
    /** Some of its calls have left `calls`: one that has no row there may be among the old or the removed ones. */
    hasRemovedCalls: boolean('has_removed_calls').notNull().default(false),
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
    // Few beside those of calls: what is shown where the price of a call is not.
    index('movements_without_call').on(t.clientId, t.seq).where(sql`${t.callId} is null`),
    check(
      'kind_known',
      sql`${t.kind} in ('top-up', 'adjustment', 'charge', 'overrun', 'correction', 'invoice', 'payment', 'fee')`,
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
    /** The client's: row-level security asks each row. */
    brandId: uuid('brand_id').notNull(),
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
  (t) => [
    primaryKey({ columns: [t.clientId, t.day] }),
    // What a brand or the platform spent today.
    index('daily_usage_by_day').on(t.day, t.brandId),
  ],
)
