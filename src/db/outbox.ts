/**
 * The outboxes: facts for the broker and mails for people, written with what they tell.
 */
import type { Fact } from '../calls/facts.ts'
import { instantText } from './columns.ts'
import type { Sql } from './connection.ts'

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
