/** A client with an allowance, and what stands in the books of it. */
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { openAllowancePeriods } from '../../src/calls/allowances/open-allowance-periods.ts'
import type { CallsContext } from '../../src/calls/calls-context.ts'
import type { CallDesk } from './a-call-desk.ts'

export interface Bundle {
  items?: {
    name?: string
    unit?: string
    amount: number | string
    prefixes?: string[]
    coversConnectFee?: boolean
    rollover?: boolean
    weight?: number
  }[]
  fee?: string
  period?: string
  from?: string
  /** Whose replica opens its periods. */
  context?: CallsContext
}

/** The client has a plan from a day on; its periods are opened as the API does. Answers the allowance's id. */
export async function subscribe(desk: CallDesk, clientId: string, bundle: Bundle): Promise<string> {
  const [planId, id] = [randomUUID(), randomUUID()]
  // Plans are the API's to write.
  const owner = postgres(desk.databaseUrl, { max: 1 })
  const items = (bundle.items ?? []).map((item) => ({
    ...{
      name: 'minutes',
      unit: 'seconds',
      prefixes: ['34'],
      coversConnectFee: true,
      rollover: false,
      weight: 10,
    },
    ...item,
  }))
  const fee = bundle.fee ?? '0'
  await owner`
    insert into allowance_plans (id, brand_id, name, currency, period, fee, items)
    select ${planId}, brand_id, ${planId}, currency, ${bundle.period ?? 'month'}, ${fee}::text::numeric, ${JSON.stringify(items)}::text::jsonb
    from clients where id = ${clientId}`
  await owner`
    insert into allowance_plan_versions (allowance_plan_id, version, effective_at, fee, items)
    values (${planId}, 1, '2020-01-01T00:00:00Z', ${fee}::text::numeric, ${JSON.stringify(items)}::text::jsonb)`
  await owner`
    insert into client_allowances (id, client_id, allowance_plan_id, from_day, email, next_period_at)
    values (${id}, ${clientId}, ${planId}, ${bundle.from ?? '2026-01-01'}, 'ana@example.com', now())`
  await owner.end()
  await desk.refresh()
  await openAllowancePeriods(bundle.context ?? desk.context, { clientId, at: desk.now() })
  return id
}

/** As the books have it once all leases are back. */
export async function findItem(desk: CallDesk, allowanceId: string, from = '2026-01-01') {
  const [owner] = await desk.sql`select client_id from client_allowances where id = ${allowanceId}`
  await desk.endLeases(owner?.client_id)
  const [row] = await desk.sql`
    select amount::float, rolled_over::float, used::float, reserved::float
    from allowance_items where allowance_id = ${allowanceId} and from_day = ${from}`
  return row ? { ...row } : undefined
}
