/** Who sells and what it sells with: the operators, the terms they sell under, media relays and application servers. */
import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, instant, revision, updatedAt } from '../columns.ts'
import { invoiceNumberSequences } from './invoicing.ts'

/** The operators that sell; the tenants. Written by the API. */
export const brands = pgTable(
  'brands',
  {
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
    /** Local days after which the details of paid calls are removed; null: never. */
    retentionDays: integer('retention_days'),
    /** The codes it starts from: `standard`, or another system's. */
    reasonProfile: text('reason_profile').notNull().default('standard'),
    /** Reason → { sip, phrase, q850, announcement }, where the brand wants other codes than its profile's. */
    reasonOverrides: jsonb('reason_overrides').notNull().default({}),
    /** What stands on invoices as the issuer. */
    issuer: jsonb('issuer'),
    /** The profile of its e-invoices; null: `en16931`. */
    eInvoiceProfile: text('e_invoice_profile'),
    /** Numbers of its accounts in the journal: { receivables, bank, sales, tax, byTax }; null: none. */
    journalAccounts: jsonb('journal_accounts'),
    /** A PNG or JPEG as a data URL. */
    logo: text('logo'),
    /** Refuses to issue an invoice that has warnings. */
    issueOnlyWhenReady: boolean('issue_only_when_ready').notNull().default(false),
    /** Series of its credit notes; null: the series of the invoice that they correct. */
    creditNoteSequenceId: uuid('credit_note_sequence_id').references(
      (): AnyPgColumn => invoiceNumberSequences.id,
    ),
    /** Whether calls that changed after their invoice are corrected on the next one, or by a note issued with it. */
    corrections: text('corrections').notNull().default('invoice'),
    /** Who mails come from: { fromName, fromAddress, replyTo, bcc }; null: as MAIL_FROM says, under the brand's name. */
    mail: jsonb('mail'),
    /** { daysAfterDue: [3, 10, 30] }; null: nobody is reminded. */
    invoiceReminders: jsonb('invoice_reminders'),
    /** Whether a payment of an invoice is confirmed by mail. */
    paymentReceipts: boolean('payment_receipts').notNull().default(true),
    /** Whether grants name the carriers for a leg, the cheapest first. */
    leastCostRouting: boolean('least_cost_routing').notNull().default(false),
    /** The duration that costs of carriers are compared by. */
    lcrSeconds: integer('lcr_seconds').notNull().default(180),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    check('lcr_compares_a_second_or_more', sql`${t.lcrSeconds} > 0`),
    check('retention_is_a_day_or_more', sql`${t.retentionDays} > 0`),
    check('corrections_known', sql`${t.corrections} in ('invoice', 'credit-note')`),
  ],
)

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
