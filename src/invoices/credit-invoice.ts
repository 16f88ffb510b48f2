/**
 * How is an issued invoice corrected? By a credit note with its own number that names it, whole or by lines.
 *
 * A note gives back what it names. With `rebill` it also frees the calls of the lines that it takes whole, for another
 * invoice: the account stands as if only these calls had been. Without, what it gives back is a gift, and its calls are
 * never charged again. Throws `Conflict`, `InvalidRequest` with the place, `Unprocessable`.
 */
import { inBatch } from '../db/batch.ts'
import type { Sql } from '../db/connection.ts'
import { freeFees } from '../db/invoices/allowance-fees.ts'
import { insertLines, loadInvoiceLines } from '../db/invoices/invoice-lines.ts'
import { freeAllRollups, freeRollupsOfLines } from '../db/invoices/invoice-rollups.ts'
import { findSequence } from '../db/invoices/invoice-series.ts'
import { insertDraftRow, issueRow, listCreditNotes, writeSettledAmounts } from '../db/invoices/invoices.ts'
import { Conflict, InvalidRequest, Unprocessable } from '../errors.ts'
import { makeFact } from '../ledger/fact.ts'
import { lockAccount } from '../ledger/lock-ledger.ts'
import { amountDue } from '../ledger/settled-invoice.ts'
import { type Decimal, formatAmount, zero } from '../money.ts'
import { type Credit, type CreditSource, creditLines, type WantedCredit } from './credit-lines.ts'
import { makeCreditNote } from './credit-note.ts'
import { getInvoicedClient, invoiceIsFinal } from './draft-invoice.ts'
import type { InvoiceSums } from './invoice.ts'
import { invoiceMails } from './invoice-mail.ts'
import { invoicedBuyer } from './invoiced-buyer.ts'
import { getInvoice, type InvoicesContext, lockInvoice, type Request } from './invoices-context.ts'
import { numberInvoice } from './issue-invoice.ts'
import { settleCredited } from './settle-credited.ts'
import { type InvoiceWithLines, invoiceSummary, type StoredInvoice } from './stored-invoice.ts'

export interface WantedCreditNote extends Request {
  id: string
  /** null: in full. */
  lines: readonly WantedCredit[] | null
  reason: string | null
  /** Whether another invoice may take the calls; left out: where this note alone takes the whole invoice. */
  rebill?: boolean | undefined
  /** null: the brand's, or else the invoice's own. */
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
    const credit = creditLines(await loadCreditSource(tx, invoice), wanted.lines)
    if (wanted.lines !== null) checkWithinInvoice(invoice, credit)
    const { reason, actor } = wanted
    const numberSequenceId =
      wanted.numberSequenceId ?? client.brand.creditNoteSequenceId ?? invoice.numberSequenceId
    const note = makeCreditNote(invoice, credit, { numberSequenceId, reason, actor, now })
    await checkSequence(tx, note)
    const freed = await freeCalls(tx, invoice, credit, wanted)
    invoice.creditedAmount = invoice.creditedAmount.minus(note.total)
    if (credit.isComplete) invoice.status = 'credited'
    else if (amountDue(invoice).isZero()) invoice.status = 'paid'
    invoice.updatedAt = now
    await Promise.all([insertDraftRow(tx, note), insertLines(tx, note.id, note.lines)])
    const series = await numberInvoice(tx, note, client.brand.timeZone, now)
    note.status = 'issued'
    note.seller = client.brand.party
    note.buyer = invoicedBuyer(client.party, note.terms)
    note.template = invoice.template
    note.logoDigest = invoice.logoDigest
    note.revision += 1
    ledger.mail(...invoiceMails(note, null, now))
    ledger.appendFact(makeFact('billing.invoices.issued', clientId, invoiceSummary(note, now), now))
    ledger.post(owner, {
      kind: 'invoice',
      source: `invoice:${note.id}`,
      // Calls and fees that are free again have been charged before, and stay so.
      amount: note.total.negated().minus(freed),
      reference: note.number,
      invoiceId: note.id,
      actor: wanted.actor,
    })
    await settleCredited(tx, ledger, { invoice, actor: wanted.actor })
    await commitAfter([issueRow(tx, note, series), writeSettledAmounts(tx, invoice), ...ledger.write(tx)])
    return { note, news: ledger.news }
  })
  context.onCommitted(issued.news)
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

/** Lines that gave back money make the others worth more than the invoice: it is credited in full, or not beyond what it came to. */
function checkWithinInvoice(invoice: StoredInvoice, sums: InvoiceSums): void {
  const left = invoice.total.minus(invoice.creditedAmount)
  const given = sums.total.negated()
  const isWithin = left.isNegative() ? given.gte(left) && given.lte(0) : given.gte(0) && given.lte(left)
  if (isWithin) return
  const [gives, has] = [formatAmount(given), formatAmount(left)]
  const detail = `These lines would give back ${gives} of the ${has} ${invoice.currency} that are left: name the lines that gave money back, too, or credit the invoice in full.`
  throw new Unprocessable('credit_exceeds_invoice', detail, [
    { pointer: '/lines', detail: `give back ${gives}, between 0 and ${has} is possible` },
  ])
}

async function loadCreditSource(tx: Sql, invoice: StoredInvoice): Promise<CreditSource> {
  const notes = await listCreditNotes(tx, invoice.id)
  const lines = await loadInvoiceLines(tx, [invoice.id, ...notes.map(({ id }) => id)])
  return {
    currency: invoice.currency,
    lines: lines.get(invoice.id) ?? [],
    taxes: invoice.taxes,
    notes: notes.map(({ id, taxes }) => ({ lines: lines.get(id) ?? [], taxes })),
  }
}

/** Answers what they cost. */
async function freeCalls(
  tx: Sql,
  { id, clientId, period }: StoredInvoice,
  credit: Credit,
  { lines, rebill }: WantedCreditNote,
): Promise<Decimal> {
  if (!(rebill ?? (lines === null || credit.isWholeInvoice))) return zero
  const freeing = { clientId, invoiceId: id, periodFrom: period.from, isComplete: credit.isComplete }
  if (!credit.isWholeInvoice) return freeRollupsOfLines(tx, freeing, credit.wholeLines)
  const [calls, fees] = [await freeAllRollups(tx, freeing), await freeFees(tx, id)]
  return calls.plus(fees)
}

async function checkSequence(tx: Sql, note: StoredInvoice): Promise<void> {
  const sequence = await findSequence(tx, note.numberSequenceId)
  if (sequence?.brandId === note.brandId) return
  throw new InvalidRequest('The brand has no such number sequence.', [
    { pointer: '/numberSequenceId', detail: 'is not a known number sequence of the brand' },
  ])
}
