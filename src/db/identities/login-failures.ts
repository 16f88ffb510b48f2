/**
 * Wrong passwords in a row by name, shared by all replicas.
 */
import { eq, lt, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { loginFailures } from '../schema.ts'

/** Counts one more in a row. The row stays locked until the transaction's end; rolled back, nothing is counted. */
export async function countLoginFailure(
  tx: Tx,
  subject: string,
  now: number,
): Promise<{ failures: number; locked: number | null }> {
  const [row] = await tx
    .insert(loginFailures)
    .values({ subject, failures: 1, updatedAt: now })
    .onConflictDoUpdate({
      target: loginFailures.subject,
      set: { failures: sql`${loginFailures.failures} + 1`, updatedAt: now },
    })
    .returning({ failures: loginFailures.failures, locked: loginFailures.lockedUntil })
  if (!row) throw new Error('a counted failure was not returned')
  return row
}

export async function lockLogins(tx: Tx, subject: string, until: number): Promise<void> {
  await tx.update(loginFailures).set({ lockedUntil: until }).where(eq(loginFailures.subject, subject))
}

export async function forgetLoginFailures(tx: Tx, subject: string): Promise<void> {
  await tx.delete(loginFailures).where(eq(loginFailures.subject, subject))
}

export async function removeOldLoginFailures(tx: Tx, before: number): Promise<void> {
  await tx.delete(loginFailures).where(lt(loginFailures.updatedAt, before))
}
