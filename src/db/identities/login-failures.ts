/**
 * Wrong passwords in a row, and where right ones came from, shared by all replicas.
 */
import { and, eq, gt, inArray, lt, or, sql } from 'drizzle-orm'
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

export async function forgetLoginFailures(tx: Tx, subjects: readonly string[]): Promise<void> {
  await tx.delete(loginFailures).where(inArray(loginFailures.subject, [...subjects]))
}

/** A right log-in: a row that counts no failures. */
export async function noteRightLogin(tx: Tx, subject: string, now: number): Promise<void> {
  await tx
    .insert(loginFailures)
    .values({ subject, failures: 0, updatedAt: now })
    .onConflictDoUpdate({ target: loginFailures.subject, set: { updatedAt: now } })
}

export async function isLoginNoted(tx: Tx, subject: string): Promise<boolean> {
  const rows = await tx
    .select({ failures: loginFailures.failures })
    .from(loginFailures)
    .where(eq(loginFailures.subject, subject))
  return rows.length > 0
}

/** Both in epoch milliseconds of the last change; locks are shorter. */
export async function removeOldLogins(
  tx: Tx,
  { failuresBefore, notesBefore }: { failuresBefore: number; notesBefore: number },
): Promise<void> {
  await tx
    .delete(loginFailures)
    .where(
      and(
        lt(loginFailures.updatedAt, failuresBefore),
        or(gt(loginFailures.failures, 0), lt(loginFailures.updatedAt, notesBefore)),
      ),
    )
}
