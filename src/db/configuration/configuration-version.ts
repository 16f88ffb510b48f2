/**
 * Which number has the last change of configuration got? Triggers count it; its row stays locked until the commit
 * of a change, so the number read after a write is the write's own.
 */
import { sql } from 'drizzle-orm'
import type { Db, Sql, Tx } from '../connection.ts'

export async function readConfigurationVersion(db: Db | Tx): Promise<number> {
  const [row] = await db.execute<{ version: string }>(sql`select version from configuration_version`)
  return readVersion(row)
}

/** The same within a batch. */
export async function readVersionInBatch(tx: Sql): Promise<number> {
  const [row] = await tx<{ version: string }[]>`select version from configuration_version`
  return readVersion(row)
}

function readVersion(row: { version: string } | undefined): number {
  if (!row) throw new Error('configuration_version has no row: the migrations did not run to their end')
  return Number(row.version)
}
