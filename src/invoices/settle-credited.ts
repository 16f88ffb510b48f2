/**
 * What a credit note does to money: what the invoice had settled beyond its rest is on the account, and settles others.
 *
 * A negative invoice that settled others before it was credited gives them up again, the newest first; what was paid out
 * of it is owed. Called when the calls are freed, the note's movement is posted and the invoice has its new status.
 */
import type { Sql } from '../db/connection.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { loadAllocated, loadReceivables } from '../ledger/load-receivables.ts'
import { amountDue, updateStatus } from '../ledger/settled-invoice.ts'
import type { StoredInvoice } from './stored-invoice.ts'

export async function settleCredited(
  tx: Sql,
  ledger: Ledger,
  { invoice, actor }: { invoice: StoredInvoice; actor: string },
): Promise<void> {
  const receivables = await loadReceivables(tx, invoice.clientId)
  receivables.hold(invoice)
  updateStatus(invoice)
  const owed = amountDue(invoice)
  if (invoice.total.isNegative() && owed.gt(0)) {
    const allocated = await loadAllocated(tx, { receivables, from: invoice })
    ledger.takeBack(receivables, { allocated, amount: owed, actor })
  }
  ledger.allocate(receivables, actor)
}
