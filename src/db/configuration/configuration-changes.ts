/**
 * What has changed in the configuration since a version?
 *
 * Triggers number every change and note which thing it concerns; the numbers become visible in their order,
 * without gaps (see the migration `guard_tenants_and_ledger`).
 */
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../connection.ts'

/** What changed after `since`. Undefined: the list of those changes is pruned, all has to be read anew. */
export async function listConfigurationChanges(
  tx: Tx,
  range: { since: number; version: number },
): Promise<{ kind: string; id: string }[] | undefined> {
  const rows = await tx.execute<{ kind: string; id: string; changes: string }>(sql`
    select kind, id, count(*) as changes
    from configuration_changes
    where version > ${range.since} and version <= ${range.version}
    group by kind, id`)
  const found = rows.reduce((sum, row) => sum + Number(row.changes), 0)
  return found === range.version - range.since ? [...rows] : undefined
}

/** Forgets changes that every living replica has taken long ago; one that has not reads all anew. */
export async function pruneConfigurationChanges(db: Db): Promise<void> {
  await db.execute(sql`
    delete from configuration_changes
    where changed_at < now() - interval '1 day'`)
}
