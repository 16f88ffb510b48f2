/**
 * How long has something waited to leave? The oldest fact and the oldest mail that are still here.
 */
import { parseInstant } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface OldestWaiting {
  /** Epoch milliseconds; null: nothing waits. */
  fact: number | null
  mail: number | null
}

/** Found by the indexes of what waits: it costs the same however much has left. */
export async function findOldestWaiting(sql: Sql): Promise<OldestWaiting> {
  const [row] = await sql`
    select (select created_at from outbox where published_at is null order by id limit 1) as fact,
           (select min(created_at) from mails where status = 'pending') as mail`
  const read = (text: string | null | undefined) => (text == null ? null : parseInstant(text))
  return { fact: read(row?.fact), mail: read(row?.mail) }
}
