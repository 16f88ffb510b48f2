/**
 * Usage of clients' local days: read and written under the account's lock.
 */
import { findInstant, instantText } from '../../db/columns.ts'
import type { Sql } from '../../db/connection.ts'
import { Decimal, formatAmount } from '../../money.ts'
import type { ClientDailyUsage, ClientDay } from '../daily-usage.ts'

/** The days that have a row. */
export async function loadDailyUsage(tx: Sql, days: readonly ClientDay[]): Promise<ClientDailyUsage[]> {
  const rows = await tx`
    select client_id, brand_id, day, amount, reserved, limit_reached_at, limit_told_at, warned_percent
    from daily_usage
    join unnest(
      ${days.map((wanted) => wanted.clientId)}::uuid[],
      ${days.map((wanted) => wanted.day)}::text[]::date[]
    ) as wanted (client_id, day) using (client_id, day)`
  return rows.map((row) => ({
    clientId: row.client_id,
    brandId: row.brand_id,
    day: row.day,
    amount: new Decimal(row.amount),
    reserved: new Decimal(row.reserved),
    limitReachedAt: findInstant(row.limit_reached_at),
    limitToldAt: findInstant(row.limit_told_at),
    warnedPercent: row.warned_percent,
  }))
}

/** A day's first row asks whose client it is; the others have it. */
export function writeDailyUsage(tx: Sql, usages: readonly ClientDailyUsage[]): Promise<unknown> {
  const instants = (value: number | null) => (value === null ? null : instantText(value))
  return tx`
    insert into daily_usage (client_id, brand_id, day, amount, reserved, limit_reached_at, limit_told_at, warned_percent)
    select client_id, coalesce(brand_id, (select clients.brand_id from clients where id = given.client_id)), day::date,
           amount::numeric, reserved::numeric,
           limit_reached_at::timestamptz, limit_told_at::timestamptz, warned_percent::smallint
    from unnest(
      ${usages.map((usage) => usage.clientId)}::uuid[],
      ${usages.map((usage) => usage.brandId)}::uuid[],
      ${usages.map((usage) => usage.day)}::text[],
      ${usages.map((usage) => formatAmount(usage.amount))}::text[],
      ${usages.map((usage) => formatAmount(usage.reserved))}::text[],
      ${usages.map((usage) => instants(usage.limitReachedAt))}::text[],
      ${usages.map((usage) => instants(usage.limitToldAt))}::text[],
      ${usages.map((usage) => String(usage.warnedPercent))}::text[]
    ) as given (client_id, brand_id, day, amount, reserved, limit_reached_at, limit_told_at, warned_percent)
    on conflict (client_id, day) do update
    set amount = excluded.amount,
        reserved = excluded.reserved,
        limit_reached_at = excluded.limit_reached_at,
        limit_told_at = excluded.limit_told_at,
        warned_percent = excluded.warned_percent`.execute()
}
