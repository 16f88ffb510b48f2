/** Who buys: the clients of a brand, their terms, where their calls may come from and what warns them. */
import { sql } from 'drizzle-orm'
import { boolean, check, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { amount, createdAt, instant, revision, updatedAt } from '../columns.ts'
import { applicationServers, brands, corporations, mediaRelaySets } from './brands.ts'

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
    /** The profile of its e-invoices; null: the brand's. */
    eInvoiceProfile: text('e_invoice_profile'),
    /** Its mandate for SEPA direct debits: { mandateId, signedDay, scheme, iban, bic, accountHolder }; null: none. */
    directDebit: jsonb('direct_debit'),
    taxIds: uuid('tax_ids').array().notNull().default(sql`'{}'`),
    /** Prices, fees, fixed costs, discounts and minimums are gross. Fixed once money exists. */
    pricesIncludeTax: boolean('prices_include_tax').notNull().default(false),
    portalVisibility: jsonb('portal_visibility').notNull(),
    notificationTemplates: jsonb('notification_templates').notNull(),
    outgoingDdi: text('outgoing_ddi'),
    mediaRelaySetId: uuid('media_relay_set_id').references(() => mediaRelaySets.id),
    distributeMethod: text('distribute_method').notNull().default('hash'),
    applicationServerId: uuid('application_server_id').references(() => applicationServers.id),
    recording: jsonb('recording').notNull(),
    failurePolicy: text('failure_policy').notNull().default('deny'),
    /** Whether money on the account settles open invoices by itself. */
    autoAllocate: boolean('auto_allocate').notNull().default(true),
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
