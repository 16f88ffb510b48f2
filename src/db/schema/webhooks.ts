/** Who is told facts over HTTP: the endpoints, the secrets that sign, and each delivery of a fact to one of them. */
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, instant, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

/** Where facts are sent. Written by the API; a delivery disables one that is gone. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    /** null: facts of all clients of the brand. */
    clientId: uuid('client_id').references(() => clients.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    /** Types of facts, or all below a name: `billing.invoices.*`. */
    events: text('events').array().notNull(),
    description: text('description').notNull(),
    enabled: boolean('enabled').notNull(),
    /** Why it is off: `gone`, as its server has said; null: somebody wanted it, or it is on. */
    disabledReason: text('disabled_reason'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('webhooks_of_brand').on(t.brandId, t.id)],
)

/** What signs an endpoint's deliveries. Recoverable, since whoever signs needs it; never logged, never shown again. */
export const webhookSecrets = pgTable(
  'webhook_secrets',
  {
    id: uuid('id').primaryKey(),
    endpointId: uuid('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    /** Base64 of 32 random bytes. */
    secret: text('secret').notNull(),
    /** null: the one of now. */
    expiresAt: instant('expires_at'),
    createdAt: createdAt(),
  },
  (t) => [index('secrets_of_webhook').on(t.endpointId)],
)

/** A fact for one endpoint: written with the fact, sent after it until it is taken, or for three days. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid('id').primaryKey(),
    endpointId: uuid('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    brandId: uuid('brand_id').notNull(),
    /** The endpoint's; null: the brand's own endpoint. */
    clientId: uuid('client_id'),
    /** The fact's, the same at each attempt. */
    eventId: uuid('event_id').notNull(),
    event: text('event').notNull(),
    /** CloudEvent as JSON text. */
    body: text('body').notNull(),
    status: text('status').notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** The three days count from here: when it was written, or last sent again by hand. */
    triesSince: instant('tries_since').notNull(),
    lastAttemptAt: instant('last_attempt_at'),
    /** HTTP status of the last answer; null: there was none. */
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    deliveredAt: instant('delivered_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('one_delivery_per_fact').on(t.endpointId, t.eventId),
    index('deliveries_waiting').on(t.endpointId, t.nextAttemptAt).where(sql`${t.status} = 'pending'`),
    index('deliveries_of_brand').on(t.brandId, t.id),
    index('deliveries_by_age').on(t.createdAt),
    check('delivery_status_known', sql`${t.status} in ('pending', 'delivered', 'failed')`),
  ],
)
