/** Limits against toll fraud: the guards, for whom one is lifted for a while, and when which of them tripped. */
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, exact, instant, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

/** What legs of a kind may come to in a while. A brand's guard holds for each of its clients singly. Written by the API. */
export const spendGuards = pgTable(
  'spend_guards',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    /** null: each client of the brand. */
    clientId: uuid('client_id').references(() => clients.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    enabled: boolean('enabled').notNull(),
    /** { days, from, to, timeZone }; null: always. */
    when: jsonb('when'),
    /** Leading digits; null: whatever number. */
    prefixes: text('prefixes').array(),
    /** true: high-risk numbers alone. */
    highRisk: boolean('high_risk'),
    /** { spendPerHour, spendPerDay, callsPerMinute, runningCalls, distinctNumbersPerHour, newCountries }, those that are set. */
    limits: jsonb('limits').notNull(),
    action: text('action').notNull(),
    /** Who is told; null: the client's address of its daily limit, else the brand's. */
    email: text('email'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index('guards_of_brand').on(t.brandId, t.id),
    index('guards_of_client').on(t.clientId),
    check('guard_action_known', sql`${t.action} in ('alert', 'deny', 'deny-and-hang-up')`),
    check('guard_asks_for_risk_or_nothing', sql`${t.highRisk}`),
  ],
)

/** Until when a guard lets a client's legs pass. Written by the API; a later lift replaces the one before. */
export const guardLifts = pgTable(
  'guard_lifts',
  {
    guardId: uuid('guard_id')
      .notNull()
      .references(() => spendGuards.id, { onDelete: 'cascade' }),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    until: instant('until').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.guardId, t.clientId] })],
)

/** A guard that tripped for a client, once per hour; stays when the guard is gone. Written each half second by whoever decides calls. */
export const guardEvents = pgTable(
  'guard_events',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    guardId: uuid('guard_id').notNull(),
    guardName: text('guard_name').notNull(),
    action: text('action').notNull(),
    /** The limit that was reached first in that hour. */
    limitName: text('limit_name').notNull(),
    /** As the guard has it: an amount in its currency, a number, or an action. */
    limitValue: text('limit_value').notNull(),
    /** Of amounts. */
    currency: text('currency'),
    hourAt: instant('hour_at').notNull(),
    trippedAt: instant('tripped_at').notNull(),
    lastAt: instant('last_at').notNull(),
    /** Legs that the guard has refused in that hour. */
    refused: integer('refused').notNull(),
    /** What the legs that count had come to when it tripped, in the guard's currency; null: no limit of money. */
    spent: exact('spent'),
  },
  (t) => [
    unique('one_guard_event_per_hour').on(t.guardId, t.clientId, t.hourAt),
    index('guard_events_of_brand').on(t.brandId, t.trippedAt),
  ],
)
