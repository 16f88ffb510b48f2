/**
 * The outboxes: facts for the broker and mails for people, written with what they tell.
 */
import type postgres from 'postgres'
import type { Fact } from '../../calls/facts.ts'
import { instantText } from '../columns.ts'
import type { Sql, Tx } from '../connection.ts'
import { outbox } from '../schema.ts'

export function appendFacts(tx: Sql, facts: readonly Fact[]): Promise<unknown> {
  return tx`
    insert into outbox (id, subject, body, also_to, created_at)
    select id, subject, body, also_to, created_at::timestamptz
    from unnest(
      ${facts.map((fact) => fact.id)}::uuid[],
      ${facts.map((fact) => fact.subject)}::text[],
      ${facts.map((fact) => fact.body)}::text[],
      ${facts.map((fact) => fact.alsoTo)}::text[],
      ${facts.map((fact) => instantText(fact.createdAt))}::text[]
    ) as given (id, subject, body, also_to, created_at)`.execute()
}

/** The same in a transaction of the API. */
export async function insertFacts(tx: Tx, facts: readonly Fact[]): Promise<void> {
  await tx.insert(outbox).values([...facts])
}

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
