/**
 * Leases: read behind the locks of their accounts, written with them.
 */
import type { Sql } from '../../db/connection.ts'
import { voidMs } from '../../limits/lease.ts'
import { Decimal, formatAmount } from '../../money.ts'
import type { Lease } from '../lease.ts'
import { readDraws, storeDraws } from '../stored-draw.ts'

/** Sent at once. */
export async function loadLeases(tx: Sql, clientIds: readonly string[]): Promise<Lease[]> {
  const rows = await tx`
    select client_id, epoch, replica, brand_id, day, money, client_slots, brand_slots, allowances, marked,
           renewed_at < clock_timestamp() - ${voidMs}::integer * interval '1 millisecond' as is_void
    from leases
    where client_id = any(${clientIds as string[]}::uuid[])`.execute()
  return rows.map((row) => ({
    clientId: row.client_id,
    epoch: row.epoch,
    replica: row.replica,
    brandId: row.brand_id,
    day: row.day,
    money: new Decimal(row.money),
    clientSlots: row.client_slots,
    brandSlots: row.brand_slots,
    allowances: readDraws(row.allowances),
    marked: row.marked,
    isVoid: row.is_void,
    isRenewed: false,
  }))
}

/** Slots that replicas have set aside of these brands. The caller holds their counters. */
export async function sumLeasedBrandSlots(
  tx: Sql,
  brandIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx`
    select brand_id, sum(brand_slots)::integer as slots
    from leases
    where brand_id = any(${brandIds as string[]}::uuid[])
    group by brand_id`.execute()
  return new Map(rows.map((row) => [row.brand_id, row.slots]))
}

export function writeLeases(tx: Sql, leases: readonly Lease[]): Promise<unknown> {
  return tx`
    insert into leases (client_id, epoch, replica, brand_id, day, money, client_slots, brand_slots, allowances)
    select client_id, epoch, replica, brand_id, day::date, money::numeric, client_slots::integer, brand_slots::integer,
           allowances::jsonb
    from unnest(
      ${leases.map((lease) => lease.clientId)}::uuid[],
      ${leases.map((lease) => lease.epoch)}::uuid[],
      ${leases.map((lease) => lease.replica)}::uuid[],
      ${leases.map((lease) => lease.brandId)}::uuid[],
      ${leases.map((lease) => lease.day)}::text[],
      ${leases.map((lease) => formatAmount(lease.money))}::text[],
      ${leases.map((lease) => String(lease.clientSlots))}::text[],
      ${leases.map((lease) => String(lease.brandSlots))}::text[],
      ${leases.map((lease) => JSON.stringify(storeDraws(lease.allowances) ?? []))}::text[]
    ) as given (client_id, epoch, replica, brand_id, day, money, client_slots, brand_slots, allowances)
    order by client_id, epoch
    on conflict (client_id, epoch) do update
    set money = excluded.money,
        client_slots = excluded.client_slots,
        brand_slots = excluded.brand_slots,
        allowances = excluded.allowances,
        renewed_at = case
          when leases.epoch = any(${leases.filter(({ isRenewed }) => isRenewed).map(({ epoch }) => epoch)}::uuid[])
          then clock_timestamp()
          else leases.renewed_at
        end`.execute()
}

export function deleteLeases(tx: Sql, leases: readonly Lease[]): Promise<unknown> {
  return tx`
    delete from leases
    where (client_id, epoch) in (
      select client_id, epoch
      from unnest(
        ${leases.map((lease) => lease.clientId)}::uuid[],
        ${leases.map((lease) => lease.epoch)}::uuid[]
      ) as given (client_id, epoch)
    )`.execute()
}
