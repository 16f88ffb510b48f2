/**
 * Is the chain of each client's movements whole: numbered 1, 2, 3 …, each with the balance it left?
 */
import { type Check, maxDifferences } from './check.ts'

export const movementChains: Check = {
  id: 'I4',
  name: 'movement-chains',
  claim: 'Movements are numbered without a gap, and each shows the balance after it.',
  over: 'clients',
  async find(sql, { clientIds }) {
    const links = await sql`
      select client_id, seq, place, trim_scale(balance_after)::text as balance_after, trim_scale(due)::text as due
      from (
        select client_id, seq, balance_after,
               row_number() over chain as place,
               lag(balance_after, 1, 0::numeric) over chain + amount as due
        from movements
        where client_id = any(${clientIds}::uuid[])
        window chain as (partition by client_id order by seq)
      ) link
      where seq <> place or balance_after <> due
      limit ${maxDifferences}`
    const heads = await sql`
      select a.client_id, a.seq, coalesce(m.last, 0) as last
      from accounts a
      left join (
        select client_id, max(seq) as last
        from movements
        where client_id = any(${clientIds}::uuid[])
        group by client_id
      ) m on m.client_id = a.client_id
      where a.client_id = any(${clientIds}::uuid[])
        and a.seq <> coalesce(m.last, 0)
      limit ${maxDifferences}`
    return [
      ...links.map((row) => ({
        where: { clientId: row.client_id, seq: String(row.seq) },
        detail:
          row.seq === row.place
            ? `movement ${row.seq} of client ${row.client_id} leaves ${row.balance_after}, where ${row.due} would follow from the one before it`
            : `movement ${row.seq} of client ${row.client_id} stands at place ${row.place} of its chain`,
      })),
      ...heads.map((row) => ({
        where: { clientId: row.client_id },
        detail: `the account of client ${row.client_id} counts ${row.seq} movements, the last one is number ${row.last}`,
      })),
    ]
  },
}
