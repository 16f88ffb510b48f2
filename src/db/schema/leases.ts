/** What replicas have set aside of accounts, and the legs that they have granted from it. */
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { StoredDraw } from '../../ledger/stored-draw.ts'
import { amount, instant, localDay } from '../columns.ts'
import { clients } from './clients.ts'

/**
 * Money, slots and parts of allowances that one replica may grant without asking. They hold what it has not granted yet and what stands in
 * `lease_grants`; a grant that becomes a call takes its part to the account. Changed under the account's lock, but for
 * `renewed_at`, which its holder writes each second, and `marked`.
 */
export const leases = pgTable(
  'leases',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    /** One lease, from its making to its return. */
    epoch: uuid('epoch').notNull(),
    /** The process that holds it. */
    replica: uuid('replica').notNull(),
    brandId: uuid('brand_id').notNull(),
    /** The local day that the money counts against. */
    day: localDay('day').notNull(),
    /** Set aside of the balance and of the day alike. */
    money: amount('money').notNull().default(sql`0`),
    clientSlots: integer('client_slots').notNull().default(0),
    brandSlots: integer('brand_slots').notNull().default(0),
    /** Set aside of items of allowances, which say the sum of all. */
    allowances: jsonb('allowances').$type<readonly StoredDraw[]>().notNull().default([]),
    renewedAt: instant('renewed_at').notNull().default(sql`clock_timestamp()`),
    /** Called back: it is not renewed any more. */
    marked: boolean('marked').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.epoch] }),
    index('leases_by_replica').on(t.replica),
    index('leases_by_brand').on(t.brandId),
    check('lease_not_negative', sql`${t.money} >= 0 and ${t.clientSlots} >= 0 and ${t.brandSlots} >= 0`),
  ],
)

/**
 * A leg granted from a lease and not begun: as narrow as it can be, for it is written on the path that a ringing phone
 * waits on. Whoever locks its account and reads its call takes it for one of `calls`, and writes it there. A row without
 * an epoch is a mark: somebody has begun, ended or released the leg, so a grant of it that is written later holds nothing.
 */
export const leaseGrants = pgTable(
  'lease_grants',
  {
    clientId: uuid('client_id').notNull(),
    callId: text('call_id').notNull(),
    /** Of the lease that pays for it; null: a mark. */
    epoch: uuid('epoch'),
    reserved: amount('reserved').notNull().default(sql`0`),
    reservedSeconds: integer('reserved_seconds').notNull().default(0),
    reservedDay: localDay('reserved_day').notNull(),
    clientSlot: boolean('client_slot').notNull().default(false),
    brandSlot: boolean('brand_slot').notNull().default(false),
    /** Of items of allowances. */
    heldAllowances: jsonb('held_allowances').$type<readonly StoredDraw[]>(),
    /** Of a mark: when it was left. */
    authorizedAt: instant('authorized_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** What else a call takes from its grant, as JSON; null: a mark. */
    facts: text('facts'),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.callId] }),
    index('lease_grants_by_end').on(t.expiresAt),
    check('mark_holds_nothing', sql`(${t.epoch} is null) = (${t.facts} is null)`),
  ],
)
