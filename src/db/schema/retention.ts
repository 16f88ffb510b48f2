/** What stays of calls whose row has left `calls`: a key against charging twice, what they cost, how many nobody answered. */
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { amount, instant, localDay } from '../columns.ts'
import { clients } from './clients.ts'

/**
 * Calls whose row is in `calls` no more: no number, no label, no explanation. The key and the digests tell a late repeat, the
 * amounts keep every sum provable when the details are gone. Written when the row goes. Deleted only when a call whose details
 * are among the old ones goes back to `calls`; else kept for ever.
 */
export const removedCalls = pgTable(
  'removed_calls',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    callId: text('call_id').notNull(),
    /** null: it was never charged. */
    rollupId: uuid('rollup_id'),
    /** null: it never began. */
    usageDay: localDay('usage_day'),
    durationSeconds: integer('duration_seconds'),
    billedSeconds: integer('billed_seconds'),
    price: amount('price'),
    startDigest: text('start_digest'),
    answerDigest: text('answer_digest'),
    endDigest: text('end_digest'),
    removedAt: instant('removed_at').notNull(),
    /** null: it is in no sum by country. */
    country: text('country'),
    /** `created_at` of its row in `old_calls`, which says in which partition the details lie; null: they were removed. */
    detailsAt: instant('details_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.callId] }),
    index('removed_calls_by_rollup').on(t.rollupId),
    index('removed_calls_by_day').on(t.usageDay),
  ],
)

/** Calls nobody answered whose row is gone, counted for ASR. Added to when rows go. */
export const unansweredRollups = pgTable(
  'unanswered_rollups',
  {
    clientId: uuid('client_id')
      .notNull()
      .references(() => clients.id),
    day: localDay('day').notNull(),
    /** Empty: none was known. */
    destination: text('destination').notNull(),
    calls: integer('calls').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.destination] })],
)
