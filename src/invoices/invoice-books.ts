/**
 * How does an invoice move an account? By one movement, under the lock of the account's row; alerts that the movement
 * crosses are told with it.
 */
import { lowBalanceNews } from '../calls/tell-low-balance.ts'
import { lockAccounts, writeAccounts } from '../db/accounts/accounts.ts'
import { appendMovements, type Movement } from '../db/accounts/movements.ts'
import { type AlertsOfClient, loadAlertsOf } from '../db/clients/balance-alerts.ts'
import type { Sql } from '../db/connection.ts'
import { appendMails } from '../db/messages/mails.ts'
import { appendFacts } from '../db/messages/outbox.ts'
import type { Account } from '../limits/account.ts'
import type { Decimal } from '../money.ts'
import { newId } from '../uuid.ts'

export interface LockedAccount extends Account {
  /** undefined: the client has none. */
  alerts: AlertsOfClient | undefined
}

export async function lockAccount(tx: Sql, clientId: string): Promise<LockedAccount> {
  const [[account], alerts] = await Promise.all([lockAccounts(tx, [clientId]), loadAlertsOf(tx, clientId)])
  if (!account) throw new Error(`client ${clientId} has no account`)
  return { ...account, alerts }
}

/** The movement, the account's row and what they tell, to be written before the commit. */
export function post(
  tx: Sql,
  account: LockedAccount,
  movement: Pick<Movement, 'kind' | 'source' | 'currency' | 'reference' | 'actor' | 'createdAt'> & {
    amount: Decimal
    invoiceId: string
  },
): Promise<unknown>[] {
  const before = account.balance
  account.seq++
  account.balance = before.plus(movement.amount)
  const row: Movement = {
    ...movement,
    id: newId(movement.createdAt),
    clientId: account.clientId,
    seq: account.seq,
    balanceAfter: account.balance,
    callId: null,
  }
  return [
    appendMovements(tx, [row]),
    ...tellLowBalance(tx, account, before, movement.createdAt),
    writeAccounts(tx, [account]),
  ]
}

function tellLowBalance(tx: Sql, account: LockedAccount, before: Decimal, now: number): Promise<unknown>[] {
  if (!account.alerts) return []
  const { client, alerts } = account.alerts
  const { facts, mails } = lowBalanceNews(alerts, {
    client,
    before,
    after: account.balance,
    seq: account.seq,
    now,
  })
  return [
    ...(facts.length > 0 ? [appendFacts(tx, facts)] : []),
    ...(mails.length > 0 ? [appendMails(tx, mails)] : []),
  ]
}
