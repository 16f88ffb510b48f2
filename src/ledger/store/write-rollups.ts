/**
 * Priced calls summed by client, local day and destination: the rows that invoices take; and by country beside, for reports.
 */
import type { Sql } from '../../db/connection.ts'
import { type Decimal, formatAmount } from '../../money.ts'

/** What a batch adds to, or takes from, a sum. */
interface SumChange {
  clientId: string
  brandId: string
  day: string
  destination: string
  calls: number
  durationSeconds: number
  billedSeconds: number
  amount: Decimal
}

/** Of the open row of a client, day and destination. */
export interface RollupChange extends SumChange {
  /** Id for the row if there is none yet. */
  id: string
}

/** Of the row of a client, day, destination and country. */
export interface CountryChange extends SumChange {
  country: string
}

/** Adds the changes; answers the ids of the open rows in the order of the changes. */
export async function addToRollups(tx: Sql, changes: readonly RollupChange[]): Promise<string[]> {
  const rows = await tx`
    insert into call_rollups as sums (id, ${columns(tx)})
    select id::uuid, ${values(tx)}
    from ${given(tx, changes, { named: 'id', as: changes.map((change) => change.id) })}
    on conflict (client_id, day, destination) where invoice_id is null and not freed do update
    ${addition(tx)}
    returning id`
  return rows.map((row) => row.id)
}

export async function addToCountryRollups(tx: Sql, changes: readonly CountryChange[]): Promise<void> {
  await tx`
    insert into country_rollups as sums (country, ${columns(tx)})
    select country, ${values(tx)}
    from ${given(tx, changes, { named: 'country', as: changes.map((change) => change.country) })}
    on conflict (client_id, day, destination, country) do update
    ${addition(tx)}`
}

function columns(tx: Sql) {
  return tx`client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds, amount`
}

function values(tx: Sql) {
  return tx`client_id, brand_id, day::date, destination, calls::integer, duration_seconds::bigint,
            billed_seconds::bigint, amount::numeric`
}

function given(tx: Sql, changes: readonly SumChange[], own: { named: string; as: string[] }) {
  return tx`unnest(
      ${own.as}::text[],
      ${changes.map((change) => change.clientId)}::uuid[],
      ${changes.map((change) => change.brandId)}::uuid[],
      ${changes.map((change) => change.day)}::text[],
      ${changes.map((change) => change.destination)}::text[],
      ${changes.map((change) => String(change.calls))}::text[],
      ${changes.map((change) => String(change.durationSeconds))}::text[],
      ${changes.map((change) => String(change.billedSeconds))}::text[],
      ${changes.map((change) => formatAmount(change.amount))}::text[]
    ) as given (${tx(own.named)}, ${columns(tx)})`
}

function addition(tx: Sql) {
  return tx`set calls = sums.calls + excluded.calls,
        duration_seconds = sums.duration_seconds + excluded.duration_seconds,
        billed_seconds = sums.billed_seconds + excluded.billed_seconds,
        amount = sums.amount + excluded.amount`
}
