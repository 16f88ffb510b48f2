/**
 * Brand counters and accounts, locked: first of all, in ascending order.
 */
import type { Sql } from '../../db/connection.ts'
import type { Account } from '../../limits/account.ts'
import { Decimal } from '../../money.ts'

/** `skip locked` leaves out what another transaction holds. */
export type LockMode = 'wait' | 'skip locked'

/**
 * An account as it stands in the database.
 */
export interface LockedAccount extends Account {
  /** Rows of some calls are gone: what has none may be one of them. */
  hasRemovedCalls: boolean
}

/**
 * The accounts of these clients, locked in ascending id. READ COMMITTED: the statement after this one sees what
 * the holder before us has written, so calls are read there.
 * `execute()` sends it now: a query that is only awaited goes out behind others that are executed after it, and
 * calls would be read before the lock is had.
 */
export async function lockAccounts(
  tx: Sql,
  clientIds: readonly string[],
  mode: LockMode = 'wait',
): Promise<LockedAccount[]> {
  const rows = await tx`
    select client_id, balance, reserved, running_calls, seq, has_removed_calls
    from accounts
    where client_id = any(${clientIds as string[]}::uuid[])
    order by client_id
    for update ${mode === 'wait' ? tx`` : tx`skip locked`}`.execute()
  return rows.map((row) => ({
    clientId: row.client_id,
    balance: new Decimal(row.balance),
    reserved: new Decimal(row.reserved),
    runningCalls: row.running_calls,
    seq: Number(row.seq),
    hasRemovedCalls: row.has_removed_calls,
  }))
}

/** Running calls of brands that have a Max calls. Locked before any account. */
export async function lockBrandCounters(
  tx: Sql,
  brandIds: readonly string[],
  mode: LockMode = 'wait',
): Promise<Map<string, number>> {
  const rows = await tx`
    select brand_id, running_calls
    from brand_counters
    where brand_id = any(${brandIds as string[]}::uuid[])
    order by brand_id
    for update ${mode === 'wait' ? tx`` : tx`skip locked`}`.execute()
  return new Map(rows.map((row) => [row.brand_id, row.running_calls]))
}
