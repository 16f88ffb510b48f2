/**
 * Has a posting taken the balance below a threshold? Then the fact and the mails go out with it.
 *
 * Runs in the posting's transaction, behind its movement, under the account's lock.
 */
import { lowBalanceNews } from '../calls/tell-low-balance.ts'
import { listBalanceAlerts } from '../db/clients/balance-alerts.ts'
import { findClient } from '../db/clients/clients.ts'
import type { Tx } from '../db/connection.ts'
import { insertMails } from '../db/messages/mails.ts'
import { insertFacts } from '../db/messages/outbox.ts'
import type { Decimal } from '../money.ts'

export async function tellLowBalance(
  tx: Tx,
  change: { clientId: string; before: Decimal; after: Decimal; seq: number; now: number },
): Promise<void> {
  if (change.after.gte(change.before)) return
  const alerts = await listBalanceAlerts(tx, change.clientId)
  if (alerts.length === 0) return
  const client = await findClient(tx, change.clientId, 'none')
  if (!client) throw new Error(`client ${change.clientId} has an account and is not there`)
  const { facts, mails } = lowBalanceNews(alerts, { ...change, client })
  if (facts.length > 0) await insertFacts(tx, facts)
  if (mails.length > 0) await insertMails(tx, mails)
}
