/**
 * What opening periods of allowances reads and writes, under the account's lock.
 */
import { findInstant, instantText, parseInstant } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { type BillingMethod, billingMethods } from '../../limits/client.ts'
import { Decimal, formatAmount } from '../../money.ts'
import type { AllowanceItem } from '../../rating/allowance.ts'
import type { AllowancePeriod } from '../../rating/allowance-period.ts'
import type { ItemAmounts } from '../../rating/allowance-rest.ts'

/** Who has allowances: what decides days and fees. */
export interface Subscriber {
  currency: string
  creditLimit: Decimal | null
  terms: readonly { effectiveAt: number; timeZone: string; billingMethod: BillingMethod }[]
}

export interface PlanItem extends AllowanceItem {
  /** Of a whole period, quantity 1: decimal text, or a number of seconds or calls. */
  amount: string | number
  rollover: boolean
}

export interface OpenPeriod {
  allowanceId: string
  from: string
  to: string
  fee: Decimal
  feeBy: 'movement' | 'line'
  status: 'active' | 'unpaid' | 'lapsed'
  activeFrom: number | null
}

export interface NewPeriod extends OpenPeriod {
  version: number
  items: readonly (ItemAmounts & Omit<PlanItem, 'amount'> & { place: number })[]
}

export interface SubscribedPlan {
  /** Of the subscription. */
  id: string
  allowancePlanId: string
  name: string
  period: AllowancePeriod
  from: string
  to: string | null
  quantity: number
  prorate: boolean
  nextPeriodAt: number | null
  /** Ascending. */
  versions: readonly { version: number; effectiveAt: number; fee: Decimal; items: readonly PlanItem[] }[]
  /** The first day without a period; null: none is open yet. */
  openUntil: string | null
  unpaid: OpenPeriod[]
  /** Of the last period, where that is active: what they have left is handed on. */
  lastItems: readonly (ItemAmounts & { name: string; unit: string })[]
}

export async function loadSubscriber(tx: Sql, clientId: string): Promise<Subscriber> {
  const rows = await tx`
    select c.currency, c.credit_limit, t.effective_at, t.time_zone, t.billing_method
    from clients c
    join client_terms t on t.client_id = c.id
    where c.id = ${clientId}
    order by t.version`.execute()
  const [first] = rows
  if (!first) throw new Error(`client ${clientId} has no terms`)
  return {
    currency: first.currency,
    creditLimit: first.credit_limit === null ? null : new Decimal(first.credit_limit),
    terms: rows.map((row) => ({
      effectiveAt: parseInstant(row.effective_at),
      timeZone: row.time_zone,
      billingMethod: billingMethods.find((method) => method === row.billing_method) ?? 'none',
    })),
  }
}

export async function loadSubscriptions(tx: Sql, clientId: string): Promise<SubscribedPlan[]> {
  const [rows, periods, items] = await Promise.all([
    tx`
      select a.id, a.allowance_plan_id, a.from_day, a.to_day, a.quantity, a.prorate, a.next_period_at, p.name, p.period,
             v.version, v.effective_at, v.fee, v.items
      from client_allowances a
      join allowance_plans p on p.id = a.allowance_plan_id
      join allowance_plan_versions v on v.allowance_plan_id = p.id
      where a.client_id = ${clientId}
      order by a.from_day, a.created_at, a.id, v.version`.execute(),
    tx`
      select allowance_id, from_day, to_day, fee, fee_by, status, active_from
      from allowance_periods
      where client_id = ${clientId}
        and (status = 'unpaid'
          or (allowance_id, from_day) in (
            select allowance_id, max(from_day) from allowance_periods where client_id = ${clientId} group by allowance_id
          ))
      order by allowance_id, from_day`.execute(),
    tx`
      select i.allowance_id, i.name, i.unit, i.rollover, i.amount, i.rolled_over, i.used, i.reserved, i.leased
      from (
        select distinct on (allowance_id) allowance_id, from_day, status
        from allowance_periods
        where client_id = ${clientId}
        order by allowance_id, from_day desc
      ) last
      join allowance_items i on i.allowance_id = last.allowance_id and i.from_day = last.from_day
      where last.status = 'active'`.execute(),
  ])
  const plans = new Map<string, SubscribedPlan & { versions: SubscribedPlan['versions'][number][] }>()
  for (const row of rows) {
    const own = periods.filter((period) => period.allowance_id === row.id)
    let plan = plans.get(row.id)
    if (!plan) {
      plan = {
        id: row.id,
        allowancePlanId: row.allowance_plan_id,
        name: row.name,
        period: row.period,
        from: row.from_day,
        to: row.to_day,
        quantity: row.quantity,
        prorate: row.prorate,
        nextPeriodAt: findInstant(row.next_period_at),
        versions: [],
        openUntil: own.at(-1)?.to_day ?? null,
        unpaid: own.filter(({ status }) => status === 'unpaid').map(readPeriod),
        lastItems: items
          .filter((item) => item.allowance_id === row.id)
          .map((item) => ({
            name: item.name,
            unit: item.unit,
            rollover: item.rollover,
            amount: new Decimal(item.amount),
            rolledOver: new Decimal(item.rolled_over),
            used: new Decimal(item.used),
            reserved: new Decimal(item.reserved),
            leased: new Decimal(item.leased),
          })),
      }
      plans.set(row.id, plan)
    }
    plan.versions.push({
      version: row.version,
      effectiveAt: parseInstant(row.effective_at),
      fee: new Decimal(row.fee),
      items: typeof row.items === 'string' ? JSON.parse(row.items) : row.items,
    })
  }
  return [...plans.values()]
}

function readPeriod(row: Record<string, string>): OpenPeriod {
  return {
    allowanceId: row.allowance_id ?? '',
    from: row.from_day ?? '',
    to: row.to_day ?? '',
    fee: new Decimal(row.fee ?? 0),
    feeBy: row.fee_by === 'line' ? 'line' : 'movement',
    status: 'unpaid',
    activeFrom: findInstant(row.active_from ?? null),
  }
}

export function insertPeriods(
  tx: Sql,
  clientId: string,
  periods: readonly NewPeriod[],
  now: number,
): Promise<unknown>[] {
  const items = periods.flatMap((period) => period.items.map((item) => ({ period, item })))
  const writes: Promise<unknown>[] = [
    tx`
      insert into allowance_periods (client_id, allowance_id, from_day, to_day, plan_version, fee, fee_by, status,
                                     active_from, created_at)
      select ${clientId}::uuid, allowance_id, from_day::date, to_day::date, plan_version::integer, fee::numeric, fee_by,
             status, active_from::timestamptz, ${instantText(now)}::timestamptz
      from unnest(
        ${periods.map((period) => period.allowanceId)}::uuid[],
        ${periods.map((period) => period.from)}::text[],
        ${periods.map((period) => period.to)}::text[],
        ${periods.map((period) => String(period.version))}::text[],
        ${periods.map((period) => formatAmount(period.fee))}::text[],
        ${periods.map((period) => period.feeBy)}::text[],
        ${periods.map((period) => period.status)}::text[],
        ${periods.map(({ activeFrom }) => (activeFrom === null ? null : instantText(activeFrom)))}::text[]
      ) as given (allowance_id, from_day, to_day, plan_version, fee, fee_by, status, active_from)`.execute(),
  ]
  if (items.length === 0) return writes
  writes.push(
    tx`
      insert into allowance_items (allowance_id, from_day, name, place, prefixes, unit, covers_connect_fee, rollover,
                                   weight, amount, rolled_over)
      select allowance_id, from_day::date, name, place::smallint, string_to_array(prefixes, ','), unit,
             covers_connect_fee::boolean, rollover::boolean, weight::integer, amount::numeric, rolled_over::numeric
      from unnest(
        ${items.map(({ period }) => period.allowanceId)}::uuid[],
        ${items.map(({ period }) => period.from)}::text[],
        ${items.map(({ item }) => item.name)}::text[],
        ${items.map(({ item }) => String(item.place))}::text[],
        ${items.map(({ item }) => item.prefixes.join(','))}::text[],
        ${items.map(({ item }) => item.unit)}::text[],
        ${items.map(({ item }) => String(item.coversConnectFee))}::text[],
        ${items.map(({ item }) => String(item.rollover))}::text[],
        ${items.map(({ item }) => String(item.weight))}::text[],
        ${items.map(({ item }) => formatAmount(item.amount))}::text[],
        ${items.map(({ item }) => formatAmount(item.rolledOver))}::text[]
      ) as given (allowance_id, from_day, name, place, prefixes, unit, covers_connect_fee, rollover, weight, amount,
                  rolled_over)`.execute(),
  )
  return writes
}

export function writePeriodStates(tx: Sql, periods: readonly OpenPeriod[]): Promise<unknown> {
  return tx`
    update allowance_periods p
    set status = given.status,
        active_from = given.active_from::timestamptz
    from unnest(
      ${periods.map((period) => period.allowanceId)}::uuid[],
      ${periods.map((period) => period.from)}::text[]::date[],
      ${periods.map((period) => period.status)}::text[],
      ${periods.map(({ activeFrom }) => (activeFrom === null ? null : instantText(activeFrom)))}::text[]
    ) as given (allowance_id, from_day, status, active_from)
    where p.allowance_id = given.allowance_id
      and p.from_day = given.from_day`.execute()
}

export function writeNextPeriods(
  tx: Sql,
  next: readonly { id: string; at: number | null }[],
): Promise<unknown> {
  return tx`
    update client_allowances a
    set next_period_at = given.next_period_at::timestamptz
    from unnest(
      ${next.map(({ id }) => id)}::uuid[],
      ${next.map(({ at }) => (at === null ? null : instantText(at)))}::text[]
    ) as given (id, next_period_at)
    where a.id = given.id`.execute()
}
