/**
 * Secrets of our own tokens, shared by all replicas.
 */
import { desc, lt, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { signingKeys } from '../schema.ts'

export type SigningKeyRow = typeof signingKeys.$inferSelect

/** Newest first. */
export async function listSigningKeys(tx: Tx): Promise<SigningKeyRow[]> {
  return tx.select().from(signingKeys).orderBy(desc(signingKeys.createdAt), desc(signingKeys.id))
}

/** Until the transaction's end nobody else makes a key. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('signing_keys', 0))`)
}

export async function insertSigningKey(tx: Tx, key: SigningKeyRow): Promise<void> {
  await tx.insert(signingKeys).values(key)
}

export async function removeSigningKeys(tx: Tx, before: number): Promise<void> {
  await tx.delete(signingKeys).where(lt(signingKeys.createdAt, before))
}
