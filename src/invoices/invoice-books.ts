/**
 * How does an invoice move an account? By one movement, under the lock of the account's row.
 */
import { lockAccounts, writeAccounts } from '../db/accounts.ts'
import type { Sql } from '../db/connection.ts'
import { appendMovements, type Movement } from '../db/movements.ts'
import type { Account } from '../limits/account.ts'
import type { Decimal } from '../money.ts'
import { newId } from '../uuid.ts'

export async function lockAccount(tx: Sql, clientId: string): Promise<Account> {
  const [account] = await lockAccounts(tx, [clientId])
  if (!account) throw new Error(`client ${clientId} has no account`)
  return account
}

/** The movement and the account's row, to be written before the commit. */
export function post(
  tx: Sql,
  account: Account,
  movement: Pick<Movement, 'kind' | 'source' | 'currency' | 'reference' | 'actor' | 'createdAt'> & {
    amount: Decimal
    invoiceId: string
  },
): Promise<unknown>[] {
  account.seq++
  account.balance = account.balance.plus(movement.amount)
  const row: Movement = {
    ...movement,
    id: newId(movement.createdAt),
    clientId: account.clientId,
    seq: account.seq,
    balanceAfter: account.balance,
    callId: null,
  }
  return [appendMovements(tx, [row]), writeAccounts(tx, [account])]
}
