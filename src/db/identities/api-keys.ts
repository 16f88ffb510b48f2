/**
 * Keys of programs: looked up by digest on every request's way in, listed and revoked by their owners.
 */
import { and, eq, isNull, sql } from 'drizzle-orm'
import { instantText } from '../columns.ts'
import type { Db, Tx } from '../connection.ts'
import { afterPlace, inOrder, type PagePlace } from '../page.ts'
import { apiKeys } from '../schema.ts'
import { asTenant, platformTenant } from '../tenant.ts'

export type ApiKeyRow = typeof apiKeys.$inferSelect

export async function findApiKeyByDigest(db: Db, digest: string): Promise<ApiKeyRow | undefined> {
  return asTenant(db, platformTenant, async (tx) => {
    const rows = await tx.select().from(apiKeys).where(eq(apiKeys.digest, digest))
    return rows[0]
  })
}

export async function noteLastUses(db: Db, uses: readonly { id: string; at: number }[]): Promise<void> {
  const ids = uses.map(({ id }) => id)
  const instants = uses.map(({ at }) => instantText(at))
  await asTenant(db, platformTenant, (tx) =>
    tx.execute(sql`
      update api_keys set last_used_at = greatest(last_used_at, used.at)
      from unnest(${sql.param(ids)}::uuid[], ${sql.param(instants)}::text[]::timestamptz[]) as used (id, at)
      where api_keys.id = used.id`),
  )
}

export async function insertApiKey(tx: Tx, key: typeof apiKeys.$inferInsert): Promise<ApiKeyRow> {
  const [row] = await tx.insert(apiKeys).values(key).returning()
  if (!row) throw new Error('an inserted API key was not returned')
  return row
}

export async function listApiKeys(tx: Tx, page: PagePlace): Promise<ApiKeyRow[]> {
  return tx
    .select()
    .from(apiKeys)
    .where(afterPlace(apiKeys, page))
    .orderBy(...inOrder(apiKeys, page))
    .limit(page.limit)
}

export async function findApiKey(tx: Tx, id: string): Promise<ApiKeyRow | undefined> {
  const rows = await tx.select().from(apiKeys).where(eq(apiKeys.id, id))
  return rows[0]
}

/** Keeps the row: movements name their key. */
export async function revokeApiKey(tx: Tx, id: string, at: number): Promise<ApiKeyRow | undefined> {
  const rows = await tx
    .update(apiKeys)
    .set({ revokedAt: at })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning()
  return rows[0]
}

export async function hasPlatformKey(db: Db): Promise<boolean> {
  return asTenant(db, platformTenant, async (tx) => {
    const rows = await tx
      .select({ id: apiKeys.id })
      .from(apiKeys)
      .where(and(eq(apiKeys.role, 'platform'), isNull(apiKeys.revokedAt)))
      .limit(1)
    return rows.length > 0
  })
}
