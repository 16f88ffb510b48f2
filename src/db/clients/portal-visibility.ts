/**
 * What do a client's own users see? For stories that work from the database alone; the API asks configuration memory.
 */
import { readVisibility } from '../configuration/read-settings.ts'
import type { Sql } from '../connection.ts'
import { readJson } from '../json-column.ts'

/** Nothing where the client is not known. */
export async function readPortalVisibility(
  tx: Sql,
  clientId: string,
): Promise<ReturnType<typeof readVisibility>> {
  const [row] = await tx`select portal_visibility from clients where id = ${clientId}`
  return readVisibility(readJson(row?.portal_visibility ?? null))
}
