/**
 * Accounts and brand counters, written last of all under their locks.
 */
import type { Sql } from '../../db/connection.ts'
import type { Account } from '../../limits/account.ts'
import { formatAmount } from '../../money.ts'

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
