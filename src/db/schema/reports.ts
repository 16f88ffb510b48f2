/** Reports that repeat themselves, and the periods they owe. */
import { sql } from 'drizzle-orm'
import {
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
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, instant, localDay, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

/** Reports that make themselves, of one client or of a whole brand. Written by the API. */
export const reportSchedules = pgTable(
  'report_schedules',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** null: all clients of the brand. */
    clientId: uuid('client_id').references(() => clients.id),
    report: text('report').notNull(),
    format: text('format').notNull(),
    /** Of CSV. */
    flavour: text('flavour').notNull(),
    /** Of the spreadsheet flavour: BCP 47; null: decimal point and commas. */
    locale: text('locale'),
    /** { status?, direction?, toNormalized?, destination?, label?, datedBy? } as the report's query takes them. */
    filter: jsonb('filter').notNull().default({}),
    groupBy: text('group_by'),
    unit: text('unit').notNull(),
    every: smallint('every').notNull().default(1),
    /** First local day of the first period. */
    firstDay: localDay('first_day').notNull(),
    /** Where days end and instants are shown; null: the client's zone, or the brand's. */
    timeZone: text('time_zone'),
    /** Waited for after the last day, so that calls that run across midnight are in. */
    delayMinutes: smallint('delay_minutes').notNull().default(60),
    /** Either these … */
    emails: text('emails').array().notNull().default([]),
    /** … or a folder below REPORTS_DIR/<brand>, and not both. */
    directory: text('directory'),
    enabled: boolean('enabled').notNull().default(true),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    check('report_schedule_unit_known', sql`${t.unit} in ('day', 'week', 'month')`),
    check('report_schedule_every_positive', sql`${t.every} between 1 and 366`),
    check('report_goes_one_way', sql`(cardinality(${t.emails}) > 0) <> (${t.directory} is not null)`),
  ],
)

/** A period that a schedule owes, from the moment it is over; none is skipped. Written by the runner; goes with its schedule. */
export const reportSchedulePeriods = pgTable(
  'report_schedule_periods',
  {
    scheduleId: uuid('schedule_id')
      .notNull()
      .references(() => reportSchedules.id, { onDelete: 'cascade' }),
    /** 0, 1, 2 … from the schedule's first day. */
    index: integer('index').notNull(),
    periodFrom: localDay('period_from').notNull(),
    periodTo: localDay('period_to').notNull(),
    /** `done`: the file is in its folder, or the mails are in their outbox. */
    status: text('status').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** While a replica works on it, when another may. */
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** { code, detail } of the last attempt that failed. */
    lastError: jsonb('last_error'),
    /** Below REPORTS_DIR, where it was written. */
    file: text('file'),
    /** How many rows the report has; null: it is not made yet, as one by mail until that is sent. */
    rowCount: integer('row_count'),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.scheduleId, t.index] }),
    index('report_periods_due').on(t.nextAttemptAt).where(sql`${t.status} <> 'done'`),
    check('report_period_status_known', sql`${t.status} in ('pending', 'failed', 'done')`),
  ],
)
