/** Which prefixes can no call of a client be priced by? */
import { sql } from 'drizzle-orm'
import { maxPrefixDigits } from '../../rating/prefix.ts'
import type { Tx } from '../connection.ts'

/**
 * Those that share no number with a rate of the newest versions of the client's plans for outbound calls; in the given order.
 * Digits alone are compared by `between`, which every collation puts in the same order.
 */
export async function listPrefixesWithoutRate(
  tx: Tx,
  { clientId, prefixes }: { clientId: string; prefixes: readonly string[] },
): Promise<string[]> {
  const rows = await tx.execute<{ prefix: string }>(sql`
    with decks as materialized (
      select distinct (entry ->> 'rateDeckId')::uuid as id
      from rating_profiles profile
      cross join lateral (
        select entries
        from rating_plan_versions
        where rating_plan_id = profile.rating_plan_id
        order by version desc
        limit 1
      ) plan
      cross join lateral jsonb_array_elements(plan.entries) entry
      where profile.client_id = ${clientId}
        and profile.direction = 'outbound'
    )
    select given.prefix
    from unnest(${sql.param([...prefixes])}::text[]) with ordinality as given (prefix, place)
    cross join lateral (select replace(given.prefix, '*', '') as digits) number
    where not exists (
        select
        from decks
        join rates on rates.rate_deck_id = decks.id
        where rates.to_version is null
          and rates.prefix = any(
            array(select left(number.digits, n) from generate_series(1, length(number.digits)) n) || array['*']
          )
      )
      and not exists (
        select
        from decks
        join rates on rates.rate_deck_id = decks.id
        where rates.to_version is null
          and rates.prefix between number.digits and rpad(number.digits, ${maxPrefixDigits}::integer, '9')
      )
    order by given.place`)
  return rows.map(({ prefix }) => prefix)
}
