/**
 * Brings a database to the schema this release expects.
 *
 * drizzle's `migrate()` takes no lock of its own: several replicas starting at once would fail on each other,
 * so an advisory lock is held around it on the same connection.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import { openPooledSql } from './pool/pooled-sql.ts'

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url))
/** Any number that nobody else uses in this database: "toll" in ASCII. */
const lockNumber = 0x746f6c6c

/** A migration may rewrite a large table. */
const noLimit = Number.POSITIVE_INFINITY
const connectTimeoutMs = 10_000

/** Applies what is missing, once, however many replicas start together. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = openPooledSql(
    databaseUrl,
    { onnotice: () => {}, connection: { lock_timeout: 60_000 } },
    { connections: 1, connectTimeoutMs, silenceMs: noLimit, waitMs: 2 * connectTimeoutMs },
  )
  try {
    await client`select pg_advisory_lock(${lockNumber})`
    await applyMigrations(drizzle(client), { migrationsFolder })
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** How many migrations this release knows. */
export function countMigrations(): number {
  return readdirSync(migrationsFolder).filter((file) => file.endsWith('.sql')).length
}
