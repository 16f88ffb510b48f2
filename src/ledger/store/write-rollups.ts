/**
 * Priced calls summed by client, local day, direction and destination: the rows that invoices take; and by country beside, for
 * reports.
 */
import type { Sql } from '../../db/connection.ts'
import { type Decimal, formatAmount } from '../../money.ts'
import type { Change } from './find-first-invoices.ts'

/** What a batch adds to, or takes from, a sum. */
export interface SumChange {
  clientId: string
  brandId: string
  day: string
  direction: 'outbound' | 'inbound'
  destination: string
  calls: number
  durationSeconds: number
  billedSeconds: number
  amount: Decimal
}

/** Of the open row of a client, day and destination. */
export interface RollupChange extends SumChange, Change {
  /** Id for the row if there is none yet. */
  id: string
}

/** Of the row of a client, day, destination and country. */
export interface CountryChange extends SumChange {
  country: string
}

/**
 * Adds the changes; answers the ids of the rows in the order of the changes. What corrects an invoice, or
 * changes freed calls, is a new row that takes no more calls, so it never meets the open one of its day.
 */
export async function addToRollups(tx: Sql, changes: readonly RollupChange[]): Promise<string[]> {
  const inbound = changes.filter(({ direction }) => direction === 'inbound')
  if (inbound.length === 0) return addInDirection(tx, changes, 'outbound')
  const outbound = changes.filter(({ direction }) => direction === 'outbound')
  const [ids, inboundIds] = await Promise.all([
    addInDirection(tx, outbound, 'outbound'),
    addInDirection(tx, inbound, 'inbound'),
  ])
  const id = new Map<RollupChange, string | undefined>()
  for (const [i, change] of outbound.entries()) id.set(change, ids[i])
  for (const [i, change] of inbound.entries()) id.set(change, inboundIds[i])
  return changes.flatMap((change) => id.get(change) ?? [])
}

async function addInDirection(
  tx: Sql,
  changes: readonly RollupChange[],
  direction: 'outbound' | 'inbound',
): Promise<string[]> {
  if (changes.length === 0) return []
  const [destination, isOpen] =
    direction === 'outbound'
      ? [tx`destination`, tx`invoice_id is null and not freed`]
      : [tx`inbound_destination`, tx`invoice_id is null and not freed and inbound_destination is not null`]
  const rows = await tx`
    insert into call_rollups (id, client_id, brand_id, day, ${destination}, freed, corrects_invoice_id,
                              changes_invoice_id, calls, duration_seconds, billed_seconds, amount)
    select id, client_id, brand_id, day::date, destination, freed::boolean, corrects_invoice_id::uuid,
           changes_invoice_id::uuid, calls::integer, duration_seconds::bigint,
           billed_seconds::bigint, amount::numeric
    from unnest(
      ${changes.map((change) => change.id)}::uuid[],
      ${changes.map((change) => change.clientId)}::uuid[],
      ${changes.map((change) => change.brandId)}::uuid[],
      ${changes.map((change) => change.day)}::text[],
      ${changes.map((change) => change.destination)}::text[],
      ${changes.map((change) => String(change.freed))}::text[],
      ${changes.map((change) => change.correctsInvoiceId)}::text[],
      ${changes.map((change) => change.changesInvoiceId)}::text[],
      ${changes.map((change) => String(change.calls))}::text[],
      ${changes.map((change) => String(change.durationSeconds))}::text[],
      ${changes.map((change) => String(change.billedSeconds))}::text[],
      ${changes.map((change) => formatAmount(change.amount))}::text[]
    ) as given (id, client_id, brand_id, day, destination, freed, corrects_invoice_id, changes_invoice_id, calls,
                duration_seconds, billed_seconds, amount)
    on conflict (client_id, day, ${destination}) where ${isOpen} do update
    set calls = call_rollups.calls + excluded.calls,
        duration_seconds = call_rollups.duration_seconds + excluded.duration_seconds,
        billed_seconds = call_rollups.billed_seconds + excluded.billed_seconds,
        amount = call_rollups.amount + excluded.amount
    returning id`
  return rows.map((row) => row.id)
}

export async function addToCountryRollups(tx: Sql, changes: readonly CountryChange[]): Promise<void> {
  await tx`
    insert into country_rollups as sums (country, client_id, brand_id, day, destination, calls, duration_seconds,
                                         billed_seconds, amount)
    select country, client_id, brand_id, day::date, destination, calls::integer, duration_seconds::bigint,
           billed_seconds::bigint, amount::numeric
    from unnest(
      ${changes.map((change) => change.country)}::text[],
      ${changes.map((change) => change.clientId)}::uuid[],
      ${changes.map((change) => change.brandId)}::uuid[],
      ${changes.map((change) => change.day)}::text[],
      ${changes.map((change) => change.destination)}::text[],
      ${changes.map((change) => String(change.calls))}::text[],
      ${changes.map((change) => String(change.durationSeconds))}::text[],
      ${changes.map((change) => String(change.billedSeconds))}::text[],
      ${changes.map((change) => formatAmount(change.amount))}::text[]
    ) as given (country, client_id, brand_id, day, destination, calls, duration_seconds, billed_seconds, amount)
    on conflict (client_id, day, destination, country) do update
    set calls = sums.calls + excluded.calls,
        duration_seconds = sums.duration_seconds + excluded.duration_seconds,
        billed_seconds = sums.billed_seconds + excluded.billed_seconds,
        amount = sums.amount + excluded.amount`
}
