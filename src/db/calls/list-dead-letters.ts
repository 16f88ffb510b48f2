/**
 * Events that could not be applied, as operators read them.
 */
import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { deadLetters } from '../schema.ts'

export type DeadLetterRow = typeof deadLetters.$inferSelect

export async function listDeadLetters(
  tx: Tx,
  page: {
    reason: string | null
    open: boolean
    direction: 'ascending' | 'descending'
    /** receivedAt and id of the last row shown. */
    place: readonly string[] | null
    limit: number
  },
): Promise<DeadLetterRow[]> {
  const towards = page.direction === 'ascending' ? asc : desc
  return tx
    .select()
    .from(deadLetters)
    .where(
      and(
        page.reason === null ? undefined : eq(deadLetters.reason, page.reason),
        page.open ? isNull(deadLetters.redrivenAt) : undefined,
        page.place === null ? undefined : isBehind(page.place, page.direction),
      ),
    )
    .orderBy(towards(deadLetters.receivedAt), towards(deadLetters.id))
    .limit(page.limit)
}

/** Letters of one batch may have come at one instant. */
function isBehind([receivedAt = '', id = '']: readonly string[], direction: 'ascending' | 'descending'): SQL {
  const row = sql`(${deadLetters.receivedAt}, ${deadLetters.id})`
  const place = sql`(${receivedAt}::timestamptz, ${id}::uuid)`
  return direction === 'ascending' ? sql`${row} > ${place}` : sql`${row} < ${place}`
}

export async function findDeadLetter(tx: Tx, id: string): Promise<DeadLetterRow | undefined> {
  const rows = await tx.select().from(deadLetters).where(eq(deadLetters.id, id))
  return rows[0]
}
