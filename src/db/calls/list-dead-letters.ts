/**
 * Events that could not be applied, as operators read them.
 */
import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { deadLetters } from '../schema.ts'

export type DeadLetterRow = typeof deadLetters.$inferSelect

export async function listDeadLetters(
  tx: Tx,
  page: { reason: string | null; open: boolean; after: string | null; limit: number },
): Promise<DeadLetterRow[]> {
  return tx
    .select()
    .from(deadLetters)
    .where(
      and(
        page.reason === null ? undefined : eq(deadLetters.reason, page.reason),
        page.open ? isNull(deadLetters.redrivenAt) : undefined,
        page.after === null ? undefined : lt(deadLetters.id, page.after),
      ),
    )
    .orderBy(desc(deadLetters.id))
    .limit(page.limit)
}

export async function findDeadLetter(tx: Tx, id: string): Promise<DeadLetterRow | undefined> {
  const rows = await tx.select().from(deadLetters).where(eq(deadLetters.id, id))
  return rows[0]
}
