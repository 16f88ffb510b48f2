/**
 * Facts on their way to the broker: claimed, published, pruned. The ledger writes them.
 */
import type postgres from 'postgres'
import { instantText } from '../columns.ts'
import type { Sql } from '../connection.ts'

export interface WaitingFact {
  id: string
  subject: string
  body: string
  alsoTo: string | null
}

/**
 * The oldest facts that nobody else is publishing; locked until the transaction ends. Never read by `id > last`:
 * ids become visible out of order.
 */
export async function claimFacts(
  tx: postgres.TransactionSql,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<WaitingFact[]> {
  return tx<WaitingFact[]>`
    select id, subject, body, also_to as "alsoTo"
    from outbox
    where published_at is null
      and id <> all(${[...except]}::uuid[])
    order by id
    limit ${limit}
    for update skip locked`
}

export async function markFactsPublished(
  tx: postgres.TransactionSql,
  { ids, publishedAt }: { ids: readonly string[]; publishedAt: number },
): Promise<void> {
  await tx`
    update outbox
    set published_at = ${instantText(publishedAt)}
    where id = any(${[...ids]}::uuid[])`
}

/** Removes facts published before an instant, some thousands at a time; returns how many. */
export async function pruneFacts(db: Sql, before: number): Promise<number> {
  // Ids begin with the milliseconds of their making: the primary key finds the old ones.
  const newest = `${before.toString(16).padStart(12, '0')}`
  const bound = `${newest.slice(0, 8)}-${newest.slice(8)}-0000-0000-000000000000`
  const pruned = await db`
    delete from outbox
    where id in (
      select id
      from outbox
      where id < ${bound}::uuid
        and published_at < ${instantText(before)}
      order by id
      limit 5000
    )`
  return pruned.count
}
