/**
 * Facts as they were told, for those who watch: read from the outbox, which keeps them for days.
 */
import type { Sql } from '../connection.ts'

export interface ToldFact {
  id: string
  subject: string
  /** CloudEvent as JSON text. */
  body: string
}

/** The oldest ones behind an id, in the order of ids, without those that are known. */
export async function readFacts(
  sql: Sql,
  { after, except, limit }: { after: string; except: readonly string[]; limit: number },
): Promise<ToldFact[]> {
  return sql<ToldFact[]>`
    select id, subject, body
    from outbox
    where id > ${after}::uuid and id <> all(${[...except]}::uuid[])
    order by id
    limit ${limit}`
}
