/**
 * Accounts and the counters of brands: locked first and in ascending order, written last.
 */
import type { Account } from '../../limits/account.ts'
import { Decimal, formatAmount } from '../../money.ts'
import type { Sql } from '../connection.ts'

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
 * `skip locked` leaves out those that another batch holds.
 * `execute()` sends it now: a query that is only awaited goes out behind others that are executed after it, and
 * calls would be read before the lock is had.
 */
export async function lockAccounts(
  tx: Sql,
  clientIds: readonly string[],
  mode: 'wait' | 'skip locked' = 'wait',
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

export function writeAccounts(tx: Sql, accounts: readonly Account[]): Promise<unknown> {
  return tx`
    update accounts
    set balance = given.balance::numeric,
        reserved = given.reserved::numeric,
        running_calls = given.running_calls::integer,
        seq = given.seq::bigint
    from unnest(
      ${accounts.map((account) => account.clientId)}::uuid[],
      ${accounts.map((account) => formatAmount(account.balance))}::text[],
      ${accounts.map((account) => formatAmount(account.reserved))}::text[],
      ${accounts.map((account) => String(account.runningCalls))}::text[],
      ${accounts.map((account) => String(account.seq))}::text[]
    ) as given (client_id, balance, reserved, running_calls, seq)
    where accounts.client_id = given.client_id`.execute()
}

/** Running calls of brands that have a Max calls. Locked before any account. */
export async function lockBrandCounters(
  tx: Sql,
  brandIds: readonly string[],
  mode: 'wait' | 'skip locked' = 'wait',
): Promise<Map<string, number>> {
  const rows = await tx`
    select brand_id, running_calls
    from brand_counters
    where brand_id = any(${brandIds as string[]}::uuid[])
    order by brand_id
    for update ${mode === 'wait' ? tx`` : tx`skip locked`}`.execute()
  return new Map(rows.map((row) => [row.brand_id, row.running_calls]))
}

export function writeBrandCounters(tx: Sql, counters: ReadonlyMap<string, number>): Promise<unknown> {
  return tx`
    update brand_counters
    set running_calls = given.running_calls::integer
    from unnest(
      ${[...counters.keys()]}::uuid[],
      ${[...counters.values()].map(String)}::text[]
    ) as given (brand_id, running_calls)
    where brand_counters.brand_id = given.brand_id`.execute()
}
