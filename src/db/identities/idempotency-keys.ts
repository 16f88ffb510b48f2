/**
 * First answers of requests that create or move money.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { idempotencyKeys } from '../schema.ts'

interface Place {
  scope: string
  key: string
}

/** Until the transaction's end nobody else works on this key. */
export async function lockIdempotencyKey(tx: Tx, { scope, key }: Place): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${scope} ${key}`}, 0))`)
}

export async function findIdempotentAnswer(
  tx: Tx,
  { scope, key }: Place,
): Promise<typeof idempotencyKeys.$inferSelect | undefined> {
  const rows = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.key, key)))
  return rows[0]
}

export async function insertIdempotentAnswer(
  tx: Tx,
  answer: typeof idempotencyKeys.$inferInsert,
): Promise<void> {
  await tx.insert(idempotencyKeys).values(answer)
}
