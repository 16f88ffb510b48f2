/**
 * A client's money settles its invoices by itself from now on: what waits on the account settles those that are open.
 *
 * Runs in the transaction of the API that changes the client.
 */
import type { Tx } from '../db/connection.ts'
import { findDriver } from '../db/tenant.ts'
import { loadReceivables } from '../ledger/load-receivables.ts'
import { lockAccount } from '../ledger/lock-ledger.ts'

export async function allocateBalance(
  tx: Tx,
  { clientId, actor, now }: { clientId: string; actor: string; now: number },
): Promise<void> {
  const connection = findDriver(tx)
  const [{ ledger }, receivables] = await Promise.all([
    lockAccount(connection, { clientId, now }),
    loadReceivables(connection, clientId),
  ])
  ledger.allocate(receivables, actor)
  await Promise.all(ledger.write(connection))
}
