/**
 * Which number has the last change of configuration got? Triggers count it; its row stays locked until the commit
 * of a change, so the number read after a write is the write's own.
 */
import type { Sql, Tx } from './connection.ts'
import { configurationVersion } from './schema.ts'

export async function readConfigurationVersion(tx: Tx): Promise<number> {
  const [row] = await tx.select({ version: configurationVersion.version }).from(configurationVersion)
  if (!row) throw new Error('configuration_version is empty')
  return row.version
}

/** The same within a batch. */
export async function findConfigurationVersion(sql: Sql): Promise<number> {
  const [row] = await sql`select version from configuration_version`
  return Number(row?.version ?? 0)
}
