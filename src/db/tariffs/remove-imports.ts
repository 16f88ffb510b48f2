/**
 * Records of imports that are too old, and which of some are still there. What an import did stays in its deck.
 */
import { keptSince, type RecordAge } from '../clients/brand-retention.ts'
import type { Sql } from '../connection.ts'

/** Removes finished ones, at most so many; answers how many. */
export async function removeOldImports(
  sql: Sql,
  { max, ...age }: RecordAge & { max: number },
): Promise<number> {
  const gone = await sql`
    delete from imports
    where id in (
      select i.id
      from imports i
      left join brands b on b.id = i.brand_id
      where i.status not in ('queued', 'running')
        and i.created_at < ${keptSince(sql, age)}
      limit ${max}
    )`
  return gone.count
}

/** Those of the ids that have a record. */
export async function findImportsThatExist(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql`select id from imports where id = any(${[...ids]}::uuid[])`
  return new Set(rows.map((row) => row.id))
}
