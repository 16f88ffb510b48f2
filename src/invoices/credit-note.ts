/**
 * What is a credit note of this invoice, before it has a number? A copy of the invoice with sums of its own.
 */
import { zero } from '../money.ts'
import { newId } from '../uuid.ts'
import type { InvoiceSums } from './invoice.ts'
import type { InvoiceWithLines, StoredInvoice } from './stored-invoice.ts'

export function makeCreditNote(
  invoice: StoredInvoice,
  sums: InvoiceSums,
  { now, ...given }: { numberSequenceId: string; reason: string | null; actor: string; now: number },
): InvoiceWithLines {
  return {
    ...invoice,
    ...given,
    id: newId(now),
    kind: 'credit-note',
    status: 'draft',
    number: null,
    lines: [...sums.lines],
    taxes: [...sums.taxes],
    net: sums.net,
    tax: sums.tax,
    total: sums.total,
    callsAmount: sums.callsAmount,
    feesAmount: zero,
    prepaidAmount: zero,
    amountDueAtIssue: null,
    paidAmount: zero,
    creditedAmount: zero,
    creditsInvoiceId: invoice.id,
    issuedAt: null,
    issueDay: null,
    dueDay: null,
    dueAt: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }
}
