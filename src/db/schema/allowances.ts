/** What clients have bought beside their calls: bundles of seconds, calls or money, and plain recurring fees. */
import { sql } from 'drizzle-orm'
import {
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
  uuid,
} from 'drizzle-orm/pg-core'
import { amount, createdAt, exact, instant, localDay, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

/** What a brand sells by the period. Written by the API; what counts for a period stands in its version. */
export const allowancePlans = pgTable(
  'allowance_plans',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    currency: text('currency').notNull(),
    period: text('period').$type<'day' | 'week' | 'month'>().notNull(),
    /** As last set: quantity 1, a whole period. */
    fee: amount('fee').notNull(),
    /** As last set: [{ name, prefixes, unit, amount, coversConnectFee, rollover, weight }]; empty: a recurring fee. */
    items: jsonb('items').notNull(),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    check('allowance_period_known', sql`${t.period} in ('day', 'week', 'month')`),
    check('allowance_fee_not_negative', sql`${t.fee} >= 0`),
  ],
)

/** Immutable versions of a plan: a period keeps the one in force when it began. Written with the plan. */
export const allowancePlanVersions = pgTable(
  'allowance_plan_versions',
  {
    allowancePlanId: uuid('allowance_plan_id')
      .notNull()
      .references(() => allowancePlans.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    effectiveAt: instant('effective_at').notNull(),
    fee: amount('fee').notNull(),
    items: jsonb('items').notNull(),
  },
  (t) => [primaryKey({ columns: [t.allowancePlanId, t.version] })],
)

/** A client has a plan, over these local days. Written by the API. */
export const clientAllowances = pgTable(
  'client_allowances',
  {
    id: uuid('id').primaryKey(),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    allowancePlanId: uuid('allowance_plan_id')
      .notNull()
      .references(() => allowancePlans.id),
    fromDay: localDay('from_day').notNull(),
    /** The first day after it; null: without end. */
    toDay: localDay('to_day'),
    quantity: integer('quantity').notNull().default(1),
    prorate: boolean('prorate').notNull().default(true),
    /** Who is told that an item is nearly used up; null: nobody by mail. */
    email: text('email'),
    /** When its next period is to be opened; null: none follows. Kept by whoever opens periods. */
    nextPeriodAt: instant('next_period_at'),
    revision: revision(),
    createdAt: createdAt(),
  },
  (t) => [
    index('allowances_of_client').on(t.clientId),
    index('allowances_to_open').on(t.nextPeriodAt).where(sql`${t.nextPeriodAt} is not null`),
    check('allowance_has_days', sql`${t.toDay} is null or ${t.toDay} > ${t.fromDay}`),
    check('allowance_quantity_positive', sql`${t.quantity} > 0`),
  ],
)

/** A period of a client's allowance, once it has begun: what it costs, and whether it gives anything. Written by the ledger. */
export const allowancePeriods = pgTable(
  'allowance_periods',
  {
    allowanceId: uuid('allowance_id')
      .notNull()
      .references(() => clientAllowances.id),
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    fromDay: localDay('from_day').notNull(),
    toDay: localDay('to_day').notNull(),
    planVersion: integer('plan_version').notNull(),
    fee: amount('fee').notNull(),
    /** `movement`: posted when the period began; `line`: of an invoice. By the billing method then. */
    feeBy: text('fee_by').$type<'movement' | 'line'>().notNull(),
    /** `unpaid`: it gives nothing yet; `lapsed`: it never will. */
    status: text('status').$type<'active' | 'unpaid' | 'lapsed'>().notNull(),
    /** Calls answered from then on may draw; null: it is not paid. */
    activeFrom: instant('active_from'),
    /** The invoice that has its fee; null: none yet. */
    invoiceId: uuid('invoice_id'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.allowanceId, t.fromDay] }),
    index('allowance_periods_of_client').on(t.clientId, t.toDay),
    index('unbilled_allowance_fees').on(t.clientId).where(sql`${t.invoiceId} is null and ${t.fee} > 0`),
    index('unpaid_allowance_periods').on(t.clientId).where(sql`${t.status} = 'unpaid'`),
    check('allowance_status_known', sql`${t.status} in ('active', 'unpaid', 'lapsed')`),
    check('active_periods_have_an_instant', sql`(${t.status} = 'active') = (${t.activeFrom} is not null)`),
  ],
)

/** An item of a period, as its plan was then, and what calls have made of it. Written by the ledger. */
export const allowanceItems = pgTable(
  'allowance_items',
  {
    allowanceId: uuid('allowance_id').notNull(),
    fromDay: localDay('from_day').notNull(),
    /** Unique within its plan. */
    name: text('name').notNull(),
    place: smallint('place').notNull(),
    prefixes: text('prefixes').array().notNull(),
    unit: text('unit').$type<'seconds' | 'calls' | 'money'>().notNull(),
    coversConnectFee: boolean('covers_connect_fee').notNull(),
    rollover: boolean('rollover').notNull(),
    weight: integer('weight').notNull(),
    amount: exact('amount').notNull(),
    /** What was left of the period before. */
    rolledOver: exact('rolled_over').notNull().default(sql`0`),
    /** The sum of what calls took. */
    used: exact('used').notNull().default(sql`0`),
    /** The sum of what running calls hold. */
    reserved: exact('reserved').notNull().default(sql`0`),
    /** Set aside by replicas: the sum of what their `leases` hold of it. */
    leased: exact('leased').notNull().default(sql`0`),
    /** Highest share of it that was told: 0, 80 or 100. */
    toldPercent: smallint('told_percent').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.allowanceId, t.fromDay, t.name] }),
    foreignKey({
      name: 'items_of_a_period',
      columns: [t.allowanceId, t.fromDay],
      foreignColumns: [allowancePeriods.allowanceId, allowancePeriods.fromDay],
    }).onDelete('cascade'),
    check(
      'nothing_is_drawn_twice',
      sql`${t.used} + ${t.reserved} + ${t.leased} <= ${t.amount} + ${t.rolledOver}`,
    ),
    check('draws_not_negative', sql`${t.used} >= 0 and ${t.reserved} >= 0 and ${t.leased} >= 0`),
  ],
)
