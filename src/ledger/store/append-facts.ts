/**
 * The outbox of facts: written with what they tell, published after the commit; and their deliveries to the webhooks that
 * ask for them, in the same statement.
 */
import { separatedTexts } from '../../db/array-text.ts'
import { instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import type { Fact } from '../fact.ts'

export function appendFacts(tx: Sql, facts: readonly Fact[]): Promise<unknown> {
  return tx`
    with given as materialized (
      select id, type, client_id, body, also_to, created_at::timestamptz as created_at
      from unnest(
        ${facts.map((fact) => fact.id)}::uuid[],
        ${facts.map((fact) => fact.type)}::text[],
        ${facts.map((fact) => fact.clientId)}::uuid[],
        string_to_array(${separatedTexts(facts.map((fact) => fact.body))}, chr(30)),
        ${facts.map((fact) => fact.alsoTo)}::text[],
        ${facts.map((fact) => instantText(fact.createdAt))}::text[]
      ) as given (id, type, client_id, body, also_to, created_at)
    ),
    told as (
      insert into outbox (id, subject, body, also_to, created_at)
      select id, type || '.' || client_id, body, also_to, created_at from given
    )
    insert into webhook_deliveries (id, endpoint_id, brand_id, client_id, event_id, event, body, status, next_attempt_at,
                                    tries_since, created_at)
    -- Its instant is the fact's: newer ones have greater ids.
    select (left(given.id::text, 15) || substr(gen_random_uuid()::text, 16))::uuid, e.id, e.brand_id, e.client_id, given.id,
           given.type, given.body, 'pending', given.created_at, given.created_at, given.created_at
    from given
    join clients c on c.id = given.client_id
    join webhook_endpoints e on e.brand_id = c.brand_id and e.enabled
    where (e.client_id is null
           or (e.client_id = c.id
               and given.type <> 'billing.calls.hangup'
               and (given.type not like 'billing.invoices.%'
                    or coalesce((c.portal_visibility ->> 'invoices')::boolean, false))))
      and exists (
        select 1
        from unnest(e.events) as asked (event)
        where event = given.type or (right(event, 2) = '.*' and starts_with(given.type, left(event, -1)))
      )
    on conflict (endpoint_id, event_id) do nothing`.execute()
}
