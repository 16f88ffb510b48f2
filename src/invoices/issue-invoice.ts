/**
 * How does a draft become an invoice? In one transaction: checked again, computed again, numbered, frozen, posted.
 *
 * Lock the account (no charge and no other issue of this client passes meanwhile), check, compute, take the calls'
 * rollup rows, and last of all lock the series for the next number: a number exists exactly when its invoice does.
 * The one movement is what is not calls, so that calls and invoice together are −total. Money that is on the account
 * settles the invoice at once.
 *
 * Issuing an issued one answers it again. Throws `Conflict` with the obstacles' names.
 */
import { createHash } from 'node:crypto'
import { type Batch, inBatch } from '../db/batch.ts'
import type { Sql } from '../db/connection.ts'
import { takeFees } from '../db/invoices/allowance-fees.ts'
import { deleteLines, insertLines, loadLines } from '../db/invoices/invoice-lines.ts'
import { findTemplateContent, keepLogo } from '../db/invoices/invoice-prices.ts'
import { hasOpenCorrections, takeRollups } from '../db/invoices/invoice-rollups.ts'
import { lockSequence, takeNumber } from '../db/invoices/invoice-series.ts'
import type { InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { insertDraftRow, issueRow, writeDraftSums } from '../db/invoices/invoices.ts'
import { makeFact } from '../ledger/fact.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { loadReceivables } from '../ledger/load-receivables.ts'
import { lockAccount } from '../ledger/lock-ledger.ts'
import type { AccountOwner } from '../ledger/movement.ts'
import type { Receivables } from '../ledger/receivables.ts'
import { amountDue, updateStatus } from '../ledger/settled-invoice.ts'
import { Decimal } from '../money.ts'
import { computeInvoice } from './compute-invoice.ts'
import { composeDraft, getInvoicedClient, recomputed, type WantedInvoice } from './draft-invoice.ts'
import { dueDates, issueDates } from './due-day.ts'
import { findObstacles, findUnready, refuseIssue } from './find-obstacles.ts'
import { invoiceMails } from './invoice-mail.ts'
import { invoiceNumber, seriesYear } from './invoice-number.ts'
import { invoicedBuyer } from './invoiced-buyer.ts'
import { getInvoice, type InvoicesContext, type Request } from './invoices-context.ts'
import { prepareCorrectionNotes } from './issue-correction-notes.ts'
import { type InvoiceWithLines, invoiceSummary, type StoredInvoice } from './stored-invoice.ts'

export interface IssueOptions {
  /** Also gets the invoice by mail, beside the client's own address. */
  email?: string | null
  /** Writes of the caller's own that stand or fall with the issue. */
  alsoWrite?: (tx: Sql, invoice: StoredInvoice) => Promise<unknown>[]
}

export interface Issued {
  invoice: InvoiceWithLines
  /** What waits to be sent after the commit; undefined: the invoice was issued before. */
  news?: Ledger['news']
}

export async function issueInvoice(
  context: InvoicesContext,
  wanted: { id: string } & Request & IssueOptions,
): Promise<InvoiceWithLines> {
  const { clientId } = await getInvoice(context.sql, wanted.id, wanted.scope)
  const issued = await inBatch<Issued>(context.sql, async (batch) => {
    const { tx } = batch
    const [account, draft] = await Promise.all([
      lockAccount(tx, { clientId, now: context.clock() }),
      getInvoice(tx, wanted.id, wanted.scope, 'update'),
    ])
    if (draft.status !== 'draft') {
      const lines = await loadLines(tx, draft.id)
      await batch.commitAfter([])
      return { invoice: { ...draft, lines } }
    }
    const client = await getInvoicedClient(tx, clientId, wanted.scope)
    // Not before: who asks again after a lost answer still names the draft.
    wanted.checkRevision?.(draft.revision)
    context.atFailPoint?.('inv_selected')
    const { period, terms } = draft
    const invoice = recomputed(draft, client, await computeInvoice(tx, client, { period, terms }))
    invoice.revision += 1
    const keep = () => [
      writeDraftSums(tx, invoice),
      deleteLines(tx, invoice.id),
      insertLines(tx, invoice.id, invoice.lines),
    ]
    return finishIssue(context, batch, { invoice, client, account, keep, ...wanted })
  })
  if (issued.news) context.onCommitted(issued.news)
  return issued.invoice
}

/** Draft and issue at once: nothing is left where it is refused. */
export async function issueNewInvoice(
  context: InvoicesContext,
  wanted: WantedInvoice & IssueOptions,
): Promise<InvoiceWithLines> {
  const issued = await inBatch(context.sql, (batch) => issueNewInBatch(context, batch, wanted))
  if (!issued) throw new Error('an invoice that may be empty was not issued')
  if (issued.news) context.onCommitted(issued.news)
  return issued.invoice
}

/** The same in the caller's transaction, which it commits. `whenEmpty` says what becomes of one without lines. */
export async function issueNewInBatch(
  context: InvoicesContext,
  batch: Batch,
  wanted: WantedInvoice & IssueOptions,
  whenEmpty: 'issue' | 'leave' = 'issue',
): Promise<Issued | undefined> {
  const { tx } = batch
  const now = context.clock()
  const account = await lockAccount(tx, { clientId: wanted.clientId, now })
  const client = await getInvoicedClient(tx, wanted.clientId, wanted.scope)
  context.atFailPoint?.('inv_selected')
  const invoice = await composeDraft(tx, wanted, now)
  const isEmpty = invoice.lines.length === 0
  if (whenEmpty === 'leave' && isEmpty && !(await bringsNotes(tx, client, invoice))) {
    refuseIssue(await findObstacles(tx, invoice, now))
    return undefined
  }
  const keep = () => [insertDraftRow(tx, invoice), insertLines(tx, invoice.id, invoice.lines)]
  return finishIssue(context, batch, { invoice, client, account, keep, ...wanted })
}

/** Corrections are issued with an invoice, be it empty. */
async function bringsNotes(tx: Sql, client: InvoicedClient, { period }: StoredInvoice): Promise<boolean> {
  if (client.brand.corrections === 'invoice') return false
  return hasOpenCorrections(tx, { clientId: client.id, to: period.to })
}

interface Issue extends IssueOptions {
  invoice: InvoiceWithLines
  client: InvoicedClient
  account: { ledger: Ledger; owner: AccountOwner }
  /** Writes the invoice as a draft, with its lines. */
  keep: () => Promise<unknown>[]
  actor: string
}

async function finishIssue(
  context: InvoicesContext,
  { tx, commitAfter }: Batch,
  { invoice, client, account: { ledger, owner }, keep, ...options }: Issue,
): Promise<Issued> {
  const { now } = ledger
  const unready = findUnready(client, invoice, options.email ?? null)
  refuseIssue([...(await findObstacles(tx, invoice, now)), ...unready])
  const { brandId, terms } = invoice
  const logo = readLogo(client)
  const notes = await prepareCorrectionNotes(tx, {
    ...{ invoice, client, account: { ledger, owner }, actor: options.actor },
    number: (note) => numberInvoice(tx, note, client.brand.timeZone, now),
  })
  await notes.keep()
  const taken = takeRollups(tx, { clientId: client.id, ...invoice.period, invoiceId: invoice.id })
  const { period } = invoice
  const fees = takeFees(tx, { clientId: client.id, to: period.to, invoiceId: invoice.id })
  const [receivables, template, postedFees] = await Promise.all([
    // Behind the calls and fees that it takes: they are not unbilled any more.
    loadReceivables(tx, client.id),
    findTemplateContent(tx, { brandId, id: terms.templateId }),
    fees,
    logo && keepLogo(tx, logo),
    taken,
    ...keep(),
  ])
  context.atFailPoint?.('inv_lines')
  const series = await numberInvoice(tx, invoice, client.brand.timeZone, now)
  context.atFailPoint?.('inv_numbered')

  invoice.seller = client.brand.party
  invoice.buyer = invoicedBuyer(client.party, invoice.terms)
  invoice.template = template
  invoice.logoDigest = logo?.digest ?? null
  invoice.feesAmount = postedFees
  invoice.actor = options.actor
  invoice.updatedAt = now
  invoice.revision += 1
  const issuedAt = invoice.issuedAt ?? now
  ledger.post(owner, {
    kind: 'invoice',
    source: `invoice:${invoice.id}`,
    amount: invoice.callsAmount.plus(invoice.feesAmount).minus(invoice.total),
    reference: invoice.number,
    invoiceId: invoice.id,
    actor: options.actor,
  })
  const writeNotes = await notes.issue(receivables)
  settleIssued(ledger, receivables, invoice)
  ledger.mail(...invoiceMails(invoice, options.email ?? null, now))
  ledger.appendFact(makeFact('billing.invoices.issued', client.id, invoiceSummary(invoice, issuedAt), now))
  await commitAfter([
    issueRow(tx, invoice, series),
    ...writeNotes(),
    ...ledger.write(tx),
    ...(options.alsoWrite?.(tx, invoice) ?? []),
  ])
  context.atFailPoint?.('inv_committed')
  return { invoice, news: ledger.news }
}

/**
 * Who pays in advance has paid what the balance covers beyond older invoices: only the rest is due. Then money on the
 * account settles what is open.
 */
function settleIssued(ledger: Ledger, receivables: Receivables, invoice: StoredInvoice): void {
  if (invoice.billingMethod === 'prepaid' || invoice.billingMethod === 'pseudoprepaid') {
    const { balance } = ledger.getAccount(invoice.clientId)
    const owed = receivables.unallocatedOf(balance).negated()
    const due = Decimal.max(0, Decimal.min(invoice.total, owed))
    invoice.prepaidAmount = invoice.total.minus(due)
  }
  invoice.status = 'issued'
  updateStatus(invoice)
  receivables.hold(invoice)
  ledger.allocate(receivables, invoice.actor)
  invoice.amountDueAtIssue = amountDue(invoice)
}

/** Dates it by the brand's day and takes the next number of its series, which stays locked until the commit. */
export async function numberInvoice(
  tx: Sql,
  invoice: StoredInvoice,
  brandTimeZone: string,
  now: number,
): Promise<{ year: number; number: number }> {
  const { sequence, last } = await lockSequence(tx, invoice.numberSequenceId)
  if (!sequence) throw new Error(`sequence ${invoice.numberSequenceId} of invoice ${invoice.id} is gone`)
  const { issuedAt, issueDay } = issueDates(now, { brandTimeZone, last })
  const year = seriesYear(sequence, issueDay)
  const { id: sequenceId, start } = sequence
  const number = await takeNumber(tx, { sequenceId, year, start, issuedAt, issueDay })
  invoice.issuedAt = issuedAt
  invoice.issueDay = issueDay
  if (invoice.kind === 'invoice') {
    const { timeZone, terms } = invoice
    const { dueDay, dueAt } = dueDates(issueDay, { dueDays: terms.dueDays, brandTimeZone, timeZone })
    invoice.dueDay = dueDay
    invoice.dueAt = dueAt
  }
  invoice.number = invoiceNumber(sequence, number, issueDay)
  return { year, number }
}

function readLogo(client: InvoicedClient): { digest: string; content: string } | null {
  const content = client.brand.logo
  if (content === null) return null
  return { digest: createHash('sha256').update(content).digest('hex'), content }
}
