/**
 * What ties a call's price down: a charge that was made, an invoice that it stands on.
 */

import type { Sql } from '../connection.ts'
import { type CallKey, callKey } from './calls.ts'

/** Of these calls those that have ever been charged, by `callKey`: what follows is a correction. */
export async function findChargedCalls(tx: Sql, keys: readonly CallKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await tx`
    select distinct wanted.client_id, wanted.call_id
    from unnest(
      ${keys.map((key) => key.clientId)}::uuid[],
      ${keys.map((key) => key.callId)}::text[]
    ) as wanted (client_id, call_id)
    join movements
      on movements.client_id = wanted.client_id
      and movements.kind in ('charge', 'overrun')
      and movements.source = 'call:' || wanted.call_id`
  return new Set(rows.map((row) => callKey({ clientId: row.client_id, callId: row.call_id })))
}

/** Rollup row → the invoice that took it, of those that an invoice has. */
export async function findInvoicesOfRollups(
  tx: Sql,
  rollupIds: readonly string[],
): Promise<Map<string, string>> {
  if (rollupIds.length === 0) return new Map()
  const rows = await tx`
    select id, invoice_id
    from call_rollups
    where id = any(${rollupIds as string[]}::uuid[])
      and invoice_id is not null`
  return new Map(rows.map((row) => [row.id, row.invoice_id]))
}
