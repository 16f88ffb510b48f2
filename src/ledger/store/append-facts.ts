/**
 * The outbox of facts: written with what they tell, published after the commit.
 */
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import type { Fact } from '../fact.ts'

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
