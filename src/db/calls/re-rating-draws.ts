/**
 * What a dry run of a re-rating supposes that its calls took of allowances: kept between its chunks, so that a call of the
 * next one finds what the calls before it have left, as in the run for real.
 */
import type { SupposedChange } from '../../ledger/account-allowances.ts'
import { Decimal, formatAmount } from '../../money.ts'
import type { Sql } from '../connection.ts'

/** Of these clients' allowances. */
export async function loadSupposedDraws(
  tx: Sql,
  { id, clientIds }: { id: string; clientIds: readonly string[] },
): Promise<SupposedChange[]> {
  const rows = await tx`
    select d.allowance_id, d.from_day, d.name, d.used, d.rolled_over
    from re_rating_draws d
    join client_allowances a on a.id = d.allowance_id
    where d.re_rating_id = ${id}
      and a.client_id = any(${clientIds as string[]}::uuid[])`
  return rows.map((row) => ({
    allowanceId: row.allowance_id,
    from: row.from_day,
    name: row.name,
    used: new Decimal(row.used),
    rolledOver: new Decimal(row.rolled_over),
  }))
}

/** Instead of what was supposed of these items before. */
export function writeSupposedDraws(
  tx: Sql,
  id: string,
  changes: readonly SupposedChange[],
): Promise<unknown> {
  return tx`
    insert into re_rating_draws (re_rating_id, allowance_id, from_day, name, used, rolled_over)
    select ${id}, allowance_id, from_day, name, used::numeric, rolled_over::numeric
    from unnest(
      ${changes.map(({ allowanceId }) => allowanceId)}::uuid[],
      ${changes.map(({ from }) => from)}::text[]::date[],
      ${changes.map(({ name }) => name)}::text[],
      ${changes.map(({ used }) => formatAmount(used))}::text[],
      ${changes.map(({ rolledOver }) => formatAmount(rolledOver))}::text[]
    ) as given (allowance_id, from_day, name, used, rolled_over)
    on conflict (re_rating_id, allowance_id, from_day, name) do update
    set used = excluded.used,
        rolled_over = excluded.rolled_over`.execute()
}

export function deleteSupposedDraws(tx: Sql, id: string): Promise<unknown> {
  return tx`delete from re_rating_draws where re_rating_id = ${id}`.execute()
}
