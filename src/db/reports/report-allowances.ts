/**
 * Periods of allowances with their items, by client, then by their days.
 */
import { heldByGrants } from '../calls/granted-draws.ts'
import type { ReportQuery } from './report-rows.ts'

export interface AllowancesQuery {
  brandId: string | null
  clientId: string | null
  /** Periods that have a day among these, half open; null: no limit. */
  from: string | null
  to: string | null
  showsFee: boolean
  /** What is used of money is what calls cost. */
  showsMoney: boolean
}

/** Columns: as `allowances-report.ts` names them. */
export function reportAllowances(query: AllowancesQuery): ReportQuery {
  const { brandId, clientId, from, to, showsFee, showsMoney } = query
  return (sql) => sql`
    select c.id, c.name, a.id, plan.id, plan.name, a.quantity, p.from_day, p.to_day, p.status, plan.currency,
           ${showsFee ? sql`p.fee,` : sql``} i.name, i.unit, i.amount, i.rolled_over, i.used, i.reserved + held.amount,
           i.amount + i.rolled_over - i.used - i.reserved - held.amount
    from allowance_periods p
    join client_allowances a on a.id = p.allowance_id
    join allowance_plans plan on plan.id = a.allowance_plan_id
    join clients c on c.id = p.client_id
    left join allowance_items i on i.allowance_id = p.allowance_id and i.from_day = p.from_day
    cross join lateral (select ${sql.unsafe(heldByGrants({ period: 'p', item: 'i' }))} as amount) held
    where true
      ${brandId === null ? sql`` : sql`and c.brand_id = ${brandId}`}
      ${clientId === null ? sql`` : sql`and p.client_id = ${clientId}`}
      ${from === null ? sql`` : sql`and p.to_day > ${from}::text::date`}
      ${to === null ? sql`` : sql`and p.from_day < ${to}::text::date`}
      ${showsMoney ? sql`` : sql`and i.unit is distinct from 'money'`}
    order by c.name, c.id, p.from_day, a.id, i.place`
}
