/**
 * Networks that a client's outgoing calls may come from.
 */
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { authorizedSources } from '../schema.ts'

export type AuthorizedSourceRow = typeof authorizedSources.$inferSelect

export async function listAuthorizedSources(
  tx: Tx,
  clientId: string,
  page: PagePlace,
): Promise<AuthorizedSourceRow[]> {
  return tx
    .select()
    .from(authorizedSources)
    .where(and(eq(authorizedSources.clientId, clientId), afterPlace(authorizedSources, page)))
    .orderBy(...inOrder(authorizedSources, page))
    .limit(page.limit)
}

export async function findAuthorizedSource(
  tx: Tx,
  place: { clientId: string; id: string },
): Promise<AuthorizedSourceRow | undefined> {
  const rows = await tx
    .select()
    .from(authorizedSources)
    .where(and(eq(authorizedSources.clientId, place.clientId), eq(authorizedSources.id, place.id)))
  return rows[0]
}

export async function insertAuthorizedSource(
  tx: Tx,
  values: typeof authorizedSources.$inferInsert,
): Promise<AuthorizedSourceRow> {
  const [row] = await tx.insert(authorizedSources).values(values).returning()
  if (!row) throw new Error('an inserted source was not returned')
  return row
}

export async function deleteAuthorizedSource(tx: Tx, id: string): Promise<void> {
  await tx.delete(authorizedSources).where(eq(authorizedSources.id, id))
}

export async function hasAuthorizedSource(tx: Tx, clientId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: authorizedSources.id })
    .from(authorizedSources)
    .where(eq(authorizedSources.clientId, clientId))
    .limit(1)
  return rows.length > 0
}
