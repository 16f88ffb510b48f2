/**
 * How is an issued invoice corrected? By a credit note with its own number that names it, whole or by lines.
 *
 * In full (no lines given) the note takes all that is left, turns back what the invoice and earlier notes moved, and
 * frees the calls for another invoice: the account stands as if only the calls had been. By lines it gives their
 * amount back and the calls stay where they are. Throws `Conflict`, `InvalidRequest` with the place, `Unprocessable`.
 */
import { inBatch } from '../db/batch.ts'
import type { Sql } from '../db/connection.ts'
import { insertLines, loadLines } from '../db/invoices/invoice-lines.ts'
import { freeRollups } from '../db/invoices/invoice-rollups.ts'
import { findSequence } from '../db/invoices/invoice-series.ts'
import { insertDraftRow, issueRow, listCreditNotes, writeSettledAmounts } from '../db/invoices/invoices.ts'
import { Conflict, InvalidRequest, Unprocessable } from '../errors.ts'
import { factOf } from '../ledger/fact.ts'
import { lockAccount } from '../ledger/lock-ledger.ts'
import { type Decimal, formatAmount, zero } from '../money.ts'
import { newId } from '../uuid.ts'
import {
  type CreditableLine,
  type CreditSource,
  creditLines,
  leftOf,
  type WantedCredit,
} from './credit-lines.ts'
import { getInvoicedClient, invoiceIsFinal } from './draft-invoice.ts'
import type { InvoiceSums } from './invoice.ts'
import { invoiceMails } from './invoice-mail.ts'
import { getInvoice, type InvoicesContext, lockInvoice, type Request } from './invoices-context.ts'
import { numberInvoice } from './issue-invoice.ts'
import { amountDue, type InvoiceWithLines, invoiceSummary, type StoredInvoice } from './stored-invoice.ts'
import { taxKey } from './tax-groups.ts'

export interface WantedCreditNote extends Request {
  id: string
  /** null: in full. */
  lines: readonly WantedCredit[] | null
  reason: string | null
  /** null: the invoice's own. */
  numberSequenceId: string | null
}

/** Answers the note. */
export async function creditInvoice(
  context: InvoicesContext,
  wanted: WantedCreditNote,
): Promise<InvoiceWithLines> {
  const { clientId } = await getInvoice(context.sql, wanted.id, wanted.scope)
  const issued = await inBatch(context.sql, async ({ tx, commitAfter }) => {
    const now = context.clock()
    const [{ ledger, owner }, invoice] = await Promise.all([
      lockAccount(tx, { clientId, now }),
      lockInvoice(tx, wanted.id, wanted),
    ])
    checkCreditable(invoice)
    const client = await getInvoicedClient(tx, clientId, wanted.scope)
    const source = await loadCreditSource(tx, invoice)
    const sums = creditLines(source, wanted.lines)
    if (wanted.lines !== null) checkWithinInvoice(invoice, sums)
    const note = noteOf(invoice, sums, wanted, now)
    await checkSequence(tx, note)
    const isInFull = wanted.lines === null
    // What the account gets back: see above.
    const amount = isInFull
      ? invoice.total.minus(invoice.callsAmount).minus(invoice.creditedAmount)
      : note.total.negated()
    invoice.creditedAmount = invoice.creditedAmount.minus(note.total)
    if (isComplete(source, sums)) invoice.status = 'credited'
    else if (amountDue(invoice).isZero()) invoice.status = 'paid'
    invoice.updatedAt = now
    await Promise.all([
      insertDraftRow(tx, note),
      insertLines(tx, note.id, note.lines),
      ...(isInFull ? [freeRollups(tx, invoice.id)] : []),
    ])
    const series = await numberInvoice(tx, note, client.brand.timeZone, now)
    note.status = 'issued'
    note.seller = client.brand.party
    note.buyer = client.party
    note.template = invoice.template
    note.logoDigest = invoice.logoDigest
    note.revision += 1
    ledger.mail(...invoiceMails(note, null, now))
    ledger.tell(factOf('billing.invoices.issued', clientId, invoiceSummary(note, now), now))
    ledger.post(owner, {
      kind: 'invoice',
      source: `invoice:${note.id}`,
      amount,
      reference: note.number,
      invoiceId: note.id,
      actor: wanted.actor,
    })
    await commitAfter([issueRow(tx, note, series), writeSettledAmounts(tx, invoice), ...ledger.write(tx)])
    return { note, news: ledger.news }
  })
  context.onTold(issued.news)
  return issued.note
}

function checkCreditable(invoice: StoredInvoice): void {
  if (invoice.status === 'draft') {
    throw new Conflict('invoice_not_issued', 'A draft is not credited: change it, or delete it.')
  }
  if (invoice.kind === 'credit-note' || invoice.status === 'credited') {
    throw invoiceIsFinal(invoice, 'There is nothing left to credit.')
  }
}

/**
 * A line taken back without its discount, or a discount without its lines, would give back more than was charged, or
 * charge anew under the name of a credit.
 */
function checkWithinInvoice(invoice: StoredInvoice, sums: InvoiceSums): void {
  const left = invoice.total.minus(invoice.creditedAmount)
  const given = sums.total.negated()
  const isWithin = left.isNegative() ? given.gte(left) && given.lte(0) : given.gte(0) && given.lte(left)
  if (isWithin) return
  const [gives, has] = [formatAmount(given), formatAmount(left)]
  const detail = `These lines would give back ${gives} of the ${has} ${invoice.currency} that are left: name the discounts that belong to them, too.`
  throw new Unprocessable('credit_exceeds_invoice', detail, [
    { pointer: '/lines', detail: `give back ${gives}, between 0 and ${has} is possible` },
  ])
}

async function loadCreditSource(tx: Sql, invoice: StoredInvoice): Promise<CreditSource> {
  const [lines, notes] = await Promise.all([loadLines(tx, invoice.id), listCreditNotes(tx, invoice.id)])
  const credited = (await Promise.all(notes.map((note) => loadLines(tx, note.id)))).flat()
  const creditedTaxes = new Map<string, Decimal>()
  for (const group of notes.flatMap((note) => note.taxes)) {
    creditedTaxes.set(taxKey(group), (creditedTaxes.get(taxKey(group)) ?? zero).plus(group.amount))
  }
  return {
    currency: invoice.currency,
    lines: lines.map((line, index): CreditableLine => {
      const credits = credited.filter(({ creditsIndex }) => creditsIndex === index)
      return {
        index,
        line,
        creditedQuantity: credits.reduce((sum, { quantity }) => sum.minus(quantity), zero),
        creditedNet: credits.reduce((sum, { net }) => sum.minus(net), zero),
      }
    }),
    taxes: invoice.taxes,
    creditedTaxes,
  }
}

/** Nothing of any line is left after these credits. */
function isComplete({ lines }: CreditSource, credits: InvoiceSums): boolean {
  const takenNow = new Map(credits.lines.map((line) => [line.creditsIndex, line.quantity.negated()]))
  return lines.every((from) => leftOf(from).eq(takenNow.get(from.index) ?? 0))
}

function noteOf(
  invoice: StoredInvoice,
  sums: InvoiceSums,
  wanted: WantedCreditNote,
  now: number,
): InvoiceWithLines {
  return {
    ...invoice,
    id: newId(now),
    kind: 'credit-note',
    status: 'draft',
    number: null,
    numberSequenceId: wanted.numberSequenceId ?? invoice.numberSequenceId,
    lines: [...sums.lines],
    taxes: [...sums.taxes],
    net: sums.net,
    tax: sums.tax,
    total: sums.total,
    callsAmount: zero,
    prepaidAmount: zero,
    paidAmount: zero,
    creditedAmount: zero,
    creditsInvoiceId: invoice.id,
    reason: wanted.reason,
    issuedAt: null,
    issueDay: null,
    dueDay: null,
    dueAt: null,
    actor: wanted.actor,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }
}

async function checkSequence(tx: Sql, note: StoredInvoice): Promise<void> {
  const sequence = await findSequence(tx, note.numberSequenceId)
  if (sequence?.brandId === note.brandId) return
  throw new InvalidRequest('The brand has no such number sequence.', [
    { pointer: '/numberSequenceId', detail: 'is not a known number sequence of the brand' },
  ])
}
