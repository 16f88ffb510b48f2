/** How a brand invoices: taxes, fixed costs, number series, templates and schedules. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
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
import { amount, createdAt, exact, instant, localDay, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

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
    /** The same as a code of the list VATEX. */
    reasonCode: text('reason_code'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    check('tax_category_known', sql`${t.category} in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M')`),
    check(
      'only_charging_tax_has_a_rate',
      sql`${t.rate} >= 0 and (${t.category} in ('S', 'L', 'M') or ${t.rate} = 0)`,
    ),
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
    /** The same as a day of the brand; null where the release before gave the number. */
    lastIssueDay: localDay('last_issue_day'),
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
