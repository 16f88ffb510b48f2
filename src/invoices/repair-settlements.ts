/**
 * Invoices that are due although what settled them is on the books: their rows are made to say so again.
 *
 * Payments and allocations are the books, the invoice's row is what they add up to. No money moves and nothing is published: the
 * row is written anew, and money that waited beside an open invoice settles it, each client in a transaction of its own behind
 * the lock of its account. Run again it finds nothing.
 */
import { inBatch } from '../db/batch.ts'
import { findInvoices, writeSettledAmounts } from '../db/invoices/invoices.ts'
import { listUnevenClients, listUnevenInvoices } from '../db/invoices/uneven-settlements.ts'
import { loadReceivables } from '../ledger/load-receivables.ts'
import { lockAccount } from '../ledger/lock-ledger.ts'
import { amountDue, updateStatus } from '../ledger/settled-invoice.ts'
import { formatAmount } from '../money.ts'
import type { InvoicesContext } from './invoices-context.ts'

export interface RepairedInvoice {
  clientId: string
  number: string
  /** What the row said was due, and what is. */
  before: string
  after: string
}

/** Each invoice of which something else is due than before. */
export async function repairSettlements(context: InvoicesContext, actor: string): Promise<RepairedInvoice[]> {
  const repaired: RepairedInvoice[] = []
  for (const clientId of await listUnevenClients(context.sql)) {
    repaired.push(...(await repairClient(context, { clientId, actor })))
  }
  return repaired
}

async function repairClient(
  { sql, clock }: InvoicesContext,
  { clientId, actor }: { clientId: string; actor: string },
): Promise<RepairedInvoice[]> {
  const { before, after } = await inBatch(sql, async ({ tx, commitAfter }) => {
    const now = clock()
    const { ledger } = await lockAccount(tx, { clientId, now })
    const uneven = new Map((await listUnevenInvoices(tx, clientId)).map(({ id, settled }) => [id, settled]))
    const open = await loadReceivables(tx, clientId)
    const invoices = await findInvoices(tx, [
      ...new Set([...uneven.keys(), ...open.invoices.map(({ id }) => id)]),
    ])
    const before = new Map(invoices.map((invoice) => [invoice.id, amountDue(invoice)]))
    const wrong = invoices.filter(({ id }) => uneven.has(id))
    for (const invoice of wrong) {
      invoice.paidAmount = uneven.get(invoice.id) ?? invoice.paidAmount
      invoice.updatedAt = now
      updateStatus(invoice)
    }
    await Promise.all(wrong.map((invoice) => writeSettledAmounts(tx, invoice)))
    ledger.allocate(await loadReceivables(tx, clientId), actor)
    await commitAfter(ledger.write(tx))
    return { before, after: await findInvoices(sql, [...before.keys()]) }
  })
  return after.flatMap((invoice) => {
    const [was, is] = [before.get(invoice.id), amountDue(invoice)]
    if (was === undefined || was.eq(is)) return []
    return { clientId, number: invoice.number ?? '', before: formatAmount(was), after: formatAmount(is) }
  })
}
