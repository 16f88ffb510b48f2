/**
 * Has each call moved exactly its price, once, and does each movement name a cause that exists?
 */
import { type Check, maxDifferences } from './check.ts'

export const callMovements: Check = {
  id: 'I5',
  name: 'call-movements',
  claim:
    'A cause has one movement of a kind; charge, overrun and corrections of a call add up to minus its price.',
  over: 'clients',
  async find(sql, { clientIds, from, before }) {
    const doubled = await sql`
      select client_id, kind || '' as kind, source || '' as source, count(*) as rows
      from movements
      where client_id = any(${clientIds}::uuid[])
      group by client_id, kind || '', source || ''
      having count(*) <> 1
      limit ${maxDifferences}`
    const uneven = await sql`
      with moved as (
        select client_id, call_id, sum(amount) as sum
        from movements
        where client_id = any(${clientIds}::uuid[])
          and kind in ('charge', 'overrun', 'correction')
          and call_id is not null
        group by client_id, call_id
      ), charged as (
        select client_id, call_id, price, usage_day
        from all_calls
        where client_id = any(${clientIds}::uuid[])
        union all
        select client_id, call_id, price, usage_day
        from calls_without_details
        where client_id = any(${clientIds}::uuid[])
      )
      select client_id, call_id, charged.client_id is null as "isMissing",
             trim_scale(coalesce(price, 0))::text as price, trim_scale(coalesce(sum, 0))::text as sum
      from charged
      full join moved using (client_id, call_id)
      where coalesce(price, 0) + coalesce(sum, 0) <> 0
        and (usage_day is null or ((${from}::date is null or usage_day >= ${from}::date)
                               and (${before}::date is null or usage_day < ${before}::date)))
      limit ${maxDifferences}`
    const causeless = await sql`
      select client_id, seq, kind
      from movements
      where client_id = any(${clientIds}::uuid[])
        and (source = ''
          or (kind in ('charge', 'overrun') and call_id is null)
          or (kind in ('invoice', 'payment') and invoice_id is null))
      limit ${maxDifferences}`
    return [
      ...doubled.map((row) => ({
        where: { clientId: row.client_id, source: row.source },
        detail: `client ${row.client_id} has ${row.rows} movements "${row.kind}" of the one cause ${row.source}`,
      })),
      ...uneven.map((row) => ({
        where: { clientId: row.client_id, callId: row.call_id },
        detail: row.isMissing
          ? `movements of ${row.sum} name call ${row.call_id} of client ${row.client_id}, which does not exist`
          : `call ${row.call_id} of client ${row.client_id} costs ${row.price}, its movements add up to ${row.sum}`,
      })),
      ...causeless.map((row) => ({
        where: { clientId: row.client_id, seq: String(row.seq) },
        detail: `movement ${row.seq} of client ${row.client_id} is a "${row.kind}" of nothing`,
      })),
    ]
  },
}
