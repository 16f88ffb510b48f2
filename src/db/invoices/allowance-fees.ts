/**
 * Fees of clients' allowances on their way to an invoice: read for its lines, taken when it is issued, freed when it is
 * credited in full.
 */
import { Decimal } from '../../money.ts'
import type { AllowanceUnit } from '../../rating/allowance.ts'
import type { AllowancePeriod } from '../../rating/allowance-period.ts'
import type { Sql } from '../connection.ts'

export interface OpenFee {
  allowanceId: string
  planName: string
  period: AllowancePeriod
  from: string
  to: string
  quantity: number
  fee: Decimal
  /** What the period gives, and what is used of it so far. */
  items: readonly { name: string; unit: AllowanceUnit; included: Decimal; used: Decimal }[]
}

const isOpen = (tx: Sql, { clientId, to }: { clientId: string; to: string }) => tx`
  p.client_id = ${clientId} and p.status = 'active' and p.fee > 0 and p.invoice_id is null and p.from_day < ${to}::text::date`

/** Of periods that began before `to` and whose fee is on no invoice yet. Sent at once. */
export async function loadOpenFees(tx: Sql, of: { clientId: string; to: string }): Promise<OpenFee[]> {
  const rows = await tx`
    select p.allowance_id, p.from_day, p.to_day, p.fee, plan.name as plan_name, plan.period, a.quantity,
           coalesce((
             select json_agg(
               json_build_object('name', i.name, 'unit', i.unit, 'included', (i.amount + i.rolled_over)::text, 'used', i.used::text)
               order by i.place
             )::text
             from allowance_items i
             where i.allowance_id = p.allowance_id and i.from_day = p.from_day
           ), '[]') as items
    from allowance_periods p
    join client_allowances a on a.id = p.allowance_id
    join allowance_plans plan on plan.id = a.allowance_plan_id
    where ${isOpen(tx, of)}
    order by plan.name, a.from_day, a.created_at, a.id, p.from_day`.execute()
  return rows.map((row) => ({
    allowanceId: row.allowance_id,
    planName: row.plan_name,
    period: row.period,
    from: row.from_day,
    to: row.to_day,
    quantity: row.quantity,
    fee: new Decimal(row.fee),
    items: (
      JSON.parse(row.items) as { name: string; unit: AllowanceUnit; included: string; used: string }[]
    ).map(({ included, used, ...item }) => ({
      ...item,
      included: new Decimal(included),
      used: new Decimal(used),
    })),
  }))
}

/** They stand on the invoice from now on. Answers what of them was posted when the periods began. Sent at once. */
export async function takeFees(
  tx: Sql,
  { invoiceId, ...of }: { clientId: string; to: string; invoiceId: string },
): Promise<Decimal> {
  const rows = await tx`
    update allowance_periods p
    set invoice_id = ${invoiceId}
    where ${isOpen(tx, of)}
    returning p.fee, p.fee_by`.execute()
  return sumPosted(rows)
}

/** They may stand on another invoice: what was posted stays so. Answers that sum. */
export async function freeFees(tx: Sql, invoiceId: string): Promise<Decimal> {
  const rows = await tx`
    update allowance_periods
    set invoice_id = null
    where invoice_id = ${invoiceId}
    returning fee, fee_by`.execute()
  return sumPosted(rows)
}

function sumPosted(rows: readonly Record<string, string>[]): Decimal {
  return rows.reduce((sum, row) => (row.fee_by === 'movement' ? sum.plus(row.fee ?? 0) : sum), new Decimal(0))
}
