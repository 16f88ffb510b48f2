/**
 * How many calls can be verified by what is left of them alone?
 */
import type { Db } from '../db/connection.ts'
import type { Scope } from './check.ts'

export async function countRemovedCalls(
  db: Db,
  { from, before }: Pick<Scope, 'from' | 'before'>,
): Promise<number> {
  const [row] = await db.$client`
    select count(*) as count
    from calls_without_details
    where (${from}::date is null or usage_day >= ${from}::date)
      and (${before}::date is null or usage_day < ${before}::date)`
  return Number(row?.count ?? 0)
}
