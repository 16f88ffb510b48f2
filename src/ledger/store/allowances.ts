/**
 * Periods of allowances and their items: read and written under the accounts' locks.
 */
import type postgres from 'postgres'
import { findInstant, parseInstant } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { Decimal, formatAmount } from '../../money.ts'
import type { LoadedPeriod, PeriodItem } from '../account-allowances.ts'

/** Those of the clients that end after their day. Sent at once. */
export async function loadAllowancePeriods(
  tx: Sql,
  wanted: readonly { clientId: string; day: string }[],
): Promise<LoadedPeriod[]> {
  const rows = await tx`
    select p.client_id, p.allowance_id, p.from_day, p.to_day, p.active_from, a.from_day as subscribed_from, a.created_at,
           i.name, i.place, i.prefixes, i.unit, i.covers_connect_fee, i.rollover, i.weight, i.amount, i.rolled_over, i.used,
           i.reserved, i.leased, i.told_percent
    from unnest(
      ${wanted.map(({ clientId }) => clientId)}::uuid[],
      ${wanted.map(({ day }) => day)}::text[]::date[]
    ) as wanted (client_id, day)
    join allowance_periods p on p.client_id = wanted.client_id and p.to_day > wanted.day
    join client_allowances a on a.id = p.allowance_id
    left join allowance_items i on i.allowance_id = p.allowance_id and i.from_day = p.from_day
    order by p.allowance_id, p.from_day, i.place`.execute()
  const periods: (LoadedPeriod & { items: PeriodItem[] })[] = []
  for (const row of rows) {
    let period = periods.at(-1)
    if (period?.allowanceId !== row.allowance_id || period?.from !== row.from_day) {
      period = {
        clientId: row.client_id,
        allowanceId: row.allowance_id,
        from: row.from_day,
        to: row.to_day,
        activeFrom: findInstant(row.active_from),
        items: [],
      }
      periods.push(period)
    }
    if (row.name !== null) period?.items.push(readItem(row))
  }
  return periods
}

function readItem(row: postgres.Row): PeriodItem {
  return {
    allowanceId: row.allowance_id,
    from: row.from_day,
    to: row.to_day,
    subscribedFrom: row.subscribed_from,
    createdAt: parseInstant(row.created_at),
    name: row.name,
    place: row.place,
    prefixes: row.prefixes,
    unit: row.unit,
    coversConnectFee: row.covers_connect_fee,
    rollover: row.rollover,
    weight: row.weight,
    amount: new Decimal(row.amount),
    rolledOver: new Decimal(row.rolled_over),
    used: new Decimal(row.used),
    reserved: new Decimal(row.reserved),
    leased: new Decimal(row.leased),
    toldPercent: row.told_percent,
  }
}

export function writeAllowanceItems(tx: Sql, items: readonly PeriodItem[]): Promise<unknown> {
  return tx`
    update allowance_items i
    set rolled_over = given.rolled_over::numeric,
        used = given.used::numeric,
        reserved = given.reserved::numeric,
        leased = given.leased::numeric,
        told_percent = given.told_percent::smallint
    from unnest(
      ${items.map((item) => item.allowanceId)}::uuid[],
      ${items.map((item) => item.from)}::text[]::date[],
      ${items.map((item) => item.name)}::text[],
      ${items.map((item) => formatAmount(item.rolledOver))}::text[],
      ${items.map((item) => formatAmount(item.used))}::text[],
      ${items.map((item) => formatAmount(item.reserved))}::text[],
      ${items.map((item) => formatAmount(item.leased))}::text[],
      ${items.map((item) => String(item.toldPercent))}::text[]
    ) as given (allowance_id, from_day, name, rolled_over, used, reserved, leased, told_percent)
    where i.allowance_id = given.allowance_id
      and i.from_day = given.from_day
      and i.name = given.name`.execute()
}
