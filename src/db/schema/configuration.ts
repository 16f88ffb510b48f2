/** How replicas learn that configuration changed. */
import { sql } from 'drizzle-orm'
import { bigint, boolean, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../columns.ts'

/** One row: the number of the last change of configuration. Its lock orders the changes as they commit. */
export const configurationVersion = pgTable('configuration_version', {
  singleton: boolean('singleton').primaryKey().default(true),
  version: bigint('version', { mode: 'number' }).notNull(),
})

/** Which thing changed at which version, so that a replica reloads only that. Written by triggers. */
export const configurationChanges = pgTable(
  'configuration_changes',
  {
    version: bigint('version', { mode: 'number' }).notNull(),
    /** `brand`, `client`, `rate-deck`, `rating-plan`, `media-relay-set`, `application-server` */
    kind: text('kind').notNull(),
    id: uuid('id').notNull(),
    changedAt: instant('changed_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.version, t.kind, t.id] })],
)
