/** Adds to the sums of what carriers took on, one statement a batch. */
import type { Sql } from '../../db/connection.ts'
import { type Decimal, formatAmount } from '../../money.ts'

export interface CarrierChange {
  clientId: string
  brandId: string
  day: string
  destination: string
  carrierId: string
  calls: number
  durationSeconds: number
  price: Decimal
  margin: Decimal
  callsWithoutCost: number
}

export async function addToCarrierRollups(tx: Sql, changes: readonly CarrierChange[]): Promise<void> {
  await tx`
    insert into carrier_rollups as sums (client_id, brand_id, day, destination, carrier_id, calls, duration_seconds,
                                         price, margin, calls_without_cost)
    select client_id, brand_id, day::date, destination, carrier_id, calls::integer, duration_seconds::bigint,
           price::numeric, margin::numeric, calls_without_cost::integer
    from unnest(
      ${changes.map((change) => change.clientId)}::uuid[],
      ${changes.map((change) => change.brandId)}::uuid[],
      ${changes.map((change) => change.day)}::text[],
      ${changes.map((change) => change.destination)}::text[],
      ${changes.map((change) => change.carrierId)}::uuid[],
      ${changes.map((change) => String(change.calls))}::text[],
      ${changes.map((change) => String(change.durationSeconds))}::text[],
      ${changes.map((change) => formatAmount(change.price))}::text[],
      ${changes.map((change) => formatAmount(change.margin))}::text[],
      ${changes.map((change) => String(change.callsWithoutCost))}::text[]
    ) as given (client_id, brand_id, day, destination, carrier_id, calls, duration_seconds, price, margin,
                calls_without_cost)
    on conflict (client_id, day, destination, carrier_id) do update
    set calls = sums.calls + excluded.calls,
        duration_seconds = sums.duration_seconds + excluded.duration_seconds,
        price = sums.price + excluded.price,
        margin = sums.margin + excluded.margin,
        calls_without_cost = sums.calls_without_cost + excluded.calls_without_cost`
}
