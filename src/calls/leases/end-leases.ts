/**
 * Leases end: their holder gives them back, or nobody has renewed them for so long that they are void. What they have
 * granted becomes calls of their accounts, the rest is free again.
 */
import { type CallKey, callKey } from '../../db/calls/calls.ts'
import { listGrantsOfLeases } from '../../db/calls/lease-grants.ts'
import type { Sql } from '../../db/connection.ts'
import type { CallsContext } from '../calls-context.ts'
import { transact } from '../transact.ts'

const batchSize = 500

export interface LeaseToEnd {
  clientId: string
  epoch: string
}

/** `onlyVoid`: those that their holder has not renewed meanwhile. Whoever holds them grants nothing from them any more. */
export async function endLeases(
  context: CallsContext,
  leases: readonly LeaseToEnd[],
  { sql, onlyVoid = false }: { sql: Sql; onlyVoid?: boolean },
): Promise<void> {
  const { configuration } = context
  const now = context.clock()
  const known = leases.filter(({ clientId }) => configuration.findClient(clientId, now))
  if (known.length === 0) return
  const epochs = new Set(known.map(({ epoch }) => epoch))
  // Most grants of a busy lease are calls by now; a transaction at a time takes over what is not.
  for (;;) {
    const keys = await listGrantsOfLeases(sql, known, batchSize)
    if (keys.length < batchSize) return end(context, { leases: known, keys, epochs, sql, onlyVoid })
    await transact(context, { calls: keys, sql, isWriteBehind: true }, () => {})
  }
}

function end(
  context: CallsContext,
  {
    leases,
    keys,
    epochs,
    sql,
    onlyVoid,
  }: {
    leases: readonly LeaseToEnd[]
    keys: readonly CallKey[]
    epochs: ReadonlySet<string>
    sql: Sql
    onlyVoid: boolean
  },
): Promise<void> {
  const accounts = leases.map(({ clientId }) => clientId)
  const wanted = { calls: keys, accounts, countsBrands: true, sql, isWriteBehind: true }
  return transact(context, wanted, ({ ledger }) => {
    for (const clientId of new Set(accounts)) {
      for (const lease of [...ledger.leases.list(clientId)]) {
        if (epochs.has(lease.epoch) && (lease.isVoid || !onlyVoid)) ledger.leases.end(lease)
      }
    }
  })
}

/** Grants that have become calls by this, whatever their leases hold. */
export async function takeOverGrants(context: CallsContext, keys: readonly CallKey[]): Promise<void> {
  const unique = [...new Map(keys.map((key) => [callKey(key), key])).values()]
  for (let from = 0; from < unique.length; from += batchSize) {
    const calls = unique.slice(from, from + batchSize)
    await transact(context, { calls, isWriteBehind: true }, () => {})
  }
}
