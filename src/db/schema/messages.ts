/** What crosses the borders: facts to publish, mails to send, events that could not be applied, how far the broker was read. */
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
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, instant, revision, updatedAt } from '../columns.ts'
import { brands } from './brands.ts'
import { clients } from './clients.ts'

/** Facts to publish, written with what they tell; the relay marks them when the broker has them. */
export const outbox = pgTable(
  'outbox',
  {
    /** The fact's id and its `Nats-Msg-Id`. */
    id: uuid('id').primaryKey(),
    subject: text('subject').notNull(),
    /** CloudEvent as JSON text. */
    body: text('body').notNull(),
    /** Core subject that gets the same message, for hang-up commands. */
    alsoTo: text('also_to'),
    createdAt: instant('created_at').notNull(),
    publishedAt: instant('published_at'),
  },
  (t) => [index('outbox_waiting').on(t.id).where(sql`${t.publishedAt} is null`)],
)

/** Mails to send, written with what they tell; sent with back-off by the deliverer. */
export const mails = pgTable(
  'mails',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').notNull(),
    /** One mail per cause: `<client>:<day>` for a daily limit. */
    source: text('source').notNull(),
    brandId: uuid('brand_id').notNull(),
    clientId: uuid('client_id').references(() => clients.id),
    recipient: text('recipient').notNull(),
    /** What the template may show. */
    content: jsonb('content').notNull(),
    /** Names of stored attachments, made when the mail is sent: [{ kind, id }] */
    attachments: jsonb('attachments').notNull().default([]),
    status: text('status').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    lastError: text('last_error'),
    sentAt: instant('sent_at'),
    /** Where it went when no SMTP server is set. */
    file: text('file'),
    /** The mail that this one is the brand's blind copy of. */
    copyOf: uuid('copy_of'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('one_mail_per_cause').on(t.kind, t.source),
    index('mails_waiting').on(t.nextAttemptAt).where(sql`${t.status} = 'pending'`),
    index('mails_of_brand').on(t.brandId, t.id),
    // Few beside those that were sent.
    index('mails_failed').on(t.brandId).where(sql`${t.status} = 'failed'`),
    check('mail_status_known', sql`${t.status} in ('pending', 'sent', 'failed', 'cancelled')`),
  ],
)

/** A brand's own wording of one kind of mail, by language. Written by the API; read when a mail is sent. */
export const notificationTemplates = pgTable(
  'notification_templates',
  {
    id: uuid('id').primaryKey(),
    brandId: uuid('brand_id')
      .notNull()
      .references(() => brands.id),
    name: text('name').notNull(),
    kind: text('kind').notNull(),
    /** Language tag → { subject, text, html }, each a Liquid source. */
    contents: jsonb('contents').notNull(),
    /** The one for clients that have not chosen another. */
    isDefault: boolean('is_default').notNull().default(false),
    revision: revision(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique().on(t.brandId, t.name),
    uniqueIndex('one_default_notification_template').on(t.brandId, t.kind).where(sql`${t.isDefault}`),
    check(
      'notification_kind_known',
      sql`${t.kind} in ('max-daily-usage', 'low-balance', 'invoice', 'invoice-reminder', 'payment-receipt', 'call-report', 'spend-guard', 'allowance-low')`,
    ),
  ],
)

/** Events that could not be applied, with the reason and the raw body. Written by the consumer. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: uuid('id').primaryKey(),
    /** Known where the event's client is. */
    brandId: uuid('brand_id'),
    clientId: uuid('client_id'),
    subject: text('subject').notNull(),
    reason: text('reason').notNull(),
    detail: text('detail').notNull(),
    /** As received; base64 with the prefix `base64:` where it is no UTF-8. */
    body: text('body').notNull(),
    receivedAt: instant('received_at').notNull(),
    deliveries: integer('deliveries').notNull(),
    redrivenAt: instant('redriven_at'),
    /** Of subject and body: the same event again is no other letter, until it is sent again. null: an older one. */
    digest: text('digest'),
  },
  (t) => [
    index('dead_letters_by_time').on(t.receivedAt.desc(), t.id),
    index('dead_letters_open').on(t.brandId).where(sql`${t.redrivenAt} is null`),
    uniqueIndex('one_open_dead_letter').on(t.digest).where(sql`${t.redrivenAt} is null`),
  ],
)

/** How far a worker has read the broker's stream, to notice a broker that lost what it acknowledged. Written last in each batch. */
export const brokerMarks = pgTable(
  'broker_marks',
  {
    stream: text('stream').notNull(),
    worker: text('worker').notNull(),
    streamCreatedAt: text('stream_created_at').notNull(),
    highSeq: bigint('high_seq', { mode: 'number' }).notNull(),
    highEventDigest: text('high_event_digest').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.stream, t.worker] })],
)
