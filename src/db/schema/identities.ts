/** Who may ask: keys, admins and their sessions, signing keys, repeated requests, and the log of who changed what. */
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
  uuid,
} from 'drizzle-orm/pg-core'
import type { BrandRole } from '../../identities/brand-role.ts'
import { createdAt, instant, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

/** Keys of programs; only their SHA-256 digest is kept. Written by the API. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    role: text('role').notNull(),
    brandId: uuid('brand_id').references(() => brands.id),
    clientId: uuid('client_id').references(() => clients.id),
    scopes: text('scopes').array(),
    /** First characters, to tell keys apart. */
    prefix: text('prefix').notNull(),
    /** Hex of SHA-256 of the whole key. */
    digest: text('digest').notNull().unique(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
    createdAt: createdAt(),
  },
  (t) => [check('role_known', sql`${t.role} in ('platform', 'brand', 'client', 'engine', 'finance')`)],
)

/** First answers of requests that create or move money. Written with what they did; never expire. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** Tenant and route. */
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    brandId: uuid('brand_id'),
    /** Of what one client's own users sent. */
    clientId: uuid('client_id'),
    bodyDigest: text('body_digest').notNull(),
    status: smallint('status').notNull(),
    response: text('response').notNull(),
    /** ETag and Location of the first answer, where it had them. */
    headers: jsonb('headers').$type<Record<string, string>>().notNull().default({}),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.key] })],
)

/** People who log in: of one client for its portal, or of one brand for the console. Written by the API. */
export const admins = pgTable(
  'admins',
  {
    id: uuid('id').primaryKey(),
    /** null: of a brand. */
    clientId: uuid('client_id').references(() => clients.id, { onDelete: 'cascade' }),
    /** null: of a client. */
    brandId: uuid('brand_id').references(() => brands.id, { onDelete: 'cascade' }),
    /** What a brand's own admin may do; null: of a client. */
    role: text('role').$type<BrandRole>(),
    /** Lower case, unique within the client or the brand. */
    username: text('username').notNull(),
    name: text('name').notNull(),
    email: text('email'),
    /** `scrypt$N$r$p$salt$hash`; null: cannot log in yet. */
    passwordHash: text('password_hash'),
    suspended: boolean('suspended').notNull().default(false),
    /** Whether `rights` count; without it everything that the role `client` may do. */
    restricted: boolean('restricted').notNull().default(false),
    /** Resource → letters of `crud`. */
    rights: jsonb('rights').notNull().default({}),
    lastLoginAt: instant('last_login_at'),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique('one_admin_per_username').on(t.clientId, t.username),
    unique('one_brand_admin_per_username').on(t.brandId, t.username),
    check('admin_of_client_or_brand', sql`(${t.clientId} is null) <> (${t.brandId} is null)`),
    check('role_of_brand_admin', sql`(${t.brandId} is null) = (${t.role} is null)`),
    check('brand_role_known', sql`${t.role} in ('owner', 'operator', 'finance', 'viewer')`),
    check('username_lower_case', sql`${t.username} = lower(${t.username})`),
  ],
)

/** Logins of admins. Made by a login, changed by each refresh, ended by a logout; removed some time after their end. */
export const sessions = pgTable(
  'sessions',
  {
    /** Random, not of version 7: it stands in the refresh token and must not be guessed. */
    id: uuid('id').primaryKey(),
    adminId: uuid('admin_id')
      .notNull()
      .references(() => admins.id, { onDelete: 'cascade' }),
    /** Hex of SHA-256 of the secret in its access tokens. */
    secretDigest: text('secret_digest').notNull().unique(),
    /** Hex of SHA-256 of the refresh token that counts now. */
    refreshDigest: text('refresh_digest').notNull(),
    /** When it ends unless it is refreshed. */
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [index('sessions_of_admin').on(t.adminId), index('sessions_by_expiry').on(t.expiresAt)],
)

/**
 * Wrong passwords in a row for an account, known or not, from a network and from all; and until when no password is tried.
 * Removed by a right one, or a day later. Rows with 0 failures say that a network has had a right one, for a month.
 */
export const loginFailures = pgTable('login_failures', {
  /** Hex of SHA-256 of what is counted, client, username and network. */
  subject: text('subject').primaryKey(),
  failures: integer('failures').notNull(),
  lockedUntil: instant('locked_until'),
  updatedAt: updatedAt(),
})

/** Secrets that our own tokens are signed with: the newest signs, older ones are still good for what they signed. */
export const signingKeys = pgTable('signing_keys', {
  id: uuid('id').primaryKey(),
  /** base64url of 32 random bytes. */
  secret: text('secret').notNull(),
  createdAt: createdAt(),
})

/** Who changed which row from what to what. Written by triggers in the transaction of the change, never changed. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: uuid('id').primaryKey().default(sql`gen_random_uuid()`),
    /** Orders rows of one instant. */
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().default(sql`now()`),
    /** As movements name it; `system` for what no request did. */
    actor: text('actor').notNull(),
    requestId: text('request_id'),
    /** Whose thing it is; null: the platform's. */
    brandId: uuid('brand_id'),
    clientId: uuid('client_id'),
    /** The table with dashes: `clients`, `rate-decks` … */
    resource: text('resource').notNull(),
    resourceId: text('resource_id').notNull(),
    action: text('action').notNull(),
    /** Column → value, of the columns that changed; secrets as `redacted`. */
    before: jsonb('before').notNull(),
    after: jsonb('after').notNull(),
  },
  (t) => [
    unique('audit_log_seq').on(t.seq),
    index('audit_log_by_brand').on(t.brandId, t.seq.desc()),
    index('audit_log_by_resource').on(t.resourceId, t.seq.desc()),
    check('audit_action_known', sql`${t.action} in ('create', 'update', 'delete')`),
  ],
)
