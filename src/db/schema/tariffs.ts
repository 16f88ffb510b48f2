/** What calls cost: rate decks and plans in immutable versions, profiles, imports. */
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
import { createdAt, exact, instant, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

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
    /** The system whose import made it, such as `cgrates`; null: made by hand. */
    source: text('source'),
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
    /** Kept to its deck by triggers that look once a statement: a foreign key looks at each of 300,000 rows. */
    rateDeckId: uuid('rate_deck_id').notNull(),
    prefix: text('prefix').notNull(),
    fromVersion: integer('from_version').notNull(),
    /** First version that no longer has it; null: still in force. */
    toVersion: integer('to_version'),
    destination: text('destination').notNull(),
    /** Decimal text with up to 10 decimals, kept as numbers of the tariff's shape: { connectFee, steps, minimumPrice, maximumPrice, maximumPriceAction, blocked }, and where they say something graceSeconds, highRisk */
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

/** How the rate sheets of one carrier are read. Written by the API. */
export const importMappings = pgTable(
  'import_mappings',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** As `SheetMapping` has it. */
    mapping: jsonb('mapping').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique().on(t.brandId, t.name)],
)

/** Days that windows of plans are asked for, such as public holidays. Plans keep them with each version. Written by the API. */
export const calendars = pgTable(
  'calendars',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** As `CalendarDays` in `shapes/settings.ts` has them. */
    days: jsonb('days').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique().on(t.brandId, t.name)],
)

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
    /** As a deck's. */
    source: text('source'),
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
    /** [{ rateDeckId, weight, days, from, to }], with originPrefixes where the entry is of some callers, and calendarId, calendar, calendarDays where it asks a calendar */
    entries: jsonb('entries').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.ratingPlanId, t.version] })],
)

/** Those who take a brand's calls on, and what they take for it. Written by the API. */
export const carriers = pgTable(
  'carriers',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    /** As events name it. */
    code: text('code').notNull(),
    currency: text('currency').notNull(),
    timeZone: text('time_zone').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique().on(t.brandId, t.code)],
)

/** A carrier's plan from an instant on. Written by the API. */
export const carrierRatingProfiles = pgTable(
  'carrier_rating_profiles',
  {
    id: uuid('id').primaryKey(),
    carrierId: uuid('carrier_id')
      .notNull()
      .references(() => carriers.id, { onDelete: 'cascade' }),
    ratingPlanId: uuid('rating_plan_id')
      .notNull()
      .references(() => ratingPlans.id),
    activatesAt: instant('activates_at').notNull(),
    revision: revision(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('one_carrier_profile_per_instant').on(t.carrierId, t.activatesAt),
    index('carrier_profiles_of_plan').on(t.ratingPlanId),
  ],
)

/** 1 base is `rate` quote from an instant on, until the pair's next one. Written by the API. */
export const exchangeRates = pgTable(
  'exchange_rates',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    base: text('base').notNull(),
    quote: text('quote').notNull(),
    rate: exact('rate').notNull(),
    validFrom: instant('valid_from').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [unique('one_exchange_rate_per_instant').on(t.brandId, t.base, t.quote, t.validFrom)],
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
    /** Which legs it prices: `outbound` or `inbound`. */
    direction: text('direction').$type<'outbound' | 'inbound'>().notNull().default('outbound'),
    activatesAt: instant('activates_at').notNull(),
    revision: revision(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('one_profile_per_instant').on(t.clientId, t.direction, t.activatesAt),
    check('profile_direction_known', sql`${t.direction} in ('outbound', 'inbound')`),
    index('profiles_of_plan').on(t.ratingPlanId),
  ],
)
