/**
 * How many events of a brand could not be applied since an instant?
 */
import { and, count, eq, gt } from 'drizzle-orm'
import type { Tx } from '../connection.ts'
import { deadLetters } from '../schema.ts'

/** `since`: epoch milliseconds of the events' arrival. */
export async function countDeadLetters(
  tx: Tx,
  { brandId, since }: { brandId: string; since: number },
): Promise<number> {
  const [row] = await tx
    .select({ letters: count() })
    .from(deadLetters)
    .where(and(eq(deadLetters.brandId, brandId), gt(deadLetters.receivedAt, since)))
  return row?.letters ?? 0
}
