/**
 * When does a version that is being published take effect?
 *
 * A lead after its publication where a rating profile reaches it, so that every replica holds it by then; at
 * once where none does. Whole milliseconds, as instants are cut and never rounded, and never before the
 * version before.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'

/** Taken before the instant is read, so that waiting for other changes does not eat the lead. */
export async function lockConfigurationVersion(tx: Tx): Promise<void> {
  await tx.execute(sql`select version from configuration_version for update`)
}

/** An SQL expression. `previous`: the same of the version before, or null. */
export function effectiveAfter(leadSeconds: number, previous: SQL): SQL {
  return sql`greatest(
    date_trunc('milliseconds', clock_timestamp()) + ${leadSeconds}::float8 * interval '1 second',
    ${previous})`
}
