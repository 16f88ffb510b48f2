/**
 * How does an invoice begin? As a draft: computed, kept, without number, changed and thrown away at will.
 *
 * Throws `NotFound` for another tenant's client, `FeatureDisabled`, `InvalidRequest`, `Conflict`
 * (`invoice_is_final`) where it is issued already.
 */
import { inBatch } from '../db/batch.ts'
import type { Sql } from '../db/connection.ts'
import { deleteLines, insertLines, loadLines } from '../db/invoices/invoice-lines.ts'
import { hasTemplate } from '../db/invoices/invoice-prices.ts'
import { findSequence } from '../db/invoices/invoice-series.ts'
import { findInvoicedClient, type InvoicedClient } from '../db/invoices/invoiced-clients.ts'
import { deleteDraftRow, insertDraftRow, writeDraftSums } from '../db/invoices/invoices.ts'
import { Conflict, FeatureDisabled, InvalidRequest, NotFound } from '../errors.ts'
import { zero } from '../money.ts'
import { newId } from '../uuid.ts'
import { checkSpans, computeInvoice } from './compute-invoice.ts'
import type { InvoiceSums, Period } from './invoice.ts'
import type { InvoiceTerms } from './invoice-terms.ts'
import {
  getInvoice,
  type InvoiceScope,
  type InvoicesContext,
  isInScope,
  lockInvoice,
  type Request,
} from './invoices-context.ts'
import { startOfLocalDay } from './schedule-periods.ts'
import type { InvoiceWithLines, StoredInvoice } from './stored-invoice.ts'

export interface WantedInvoice extends Request {
  clientId: string
  numberSequenceId: string
  period: Period
  terms: InvoiceTerms
}

/** Computed and kept. */
export async function draftInvoice(
  { sql, clock }: InvoicesContext,
  wanted: WantedInvoice,
): Promise<InvoiceWithLines> {
  checkSpans(wanted.terms.fixedCosts, wanted.period)
  return inBatch(sql, async ({ tx, commitAfter }) => {
    const draft = await composeDraft(tx, wanted, clock())
    await commitAfter([insertDraftRow(tx, draft), insertLines(tx, draft.id, draft.lines)])
    return draft
  })
}

/** The same, and nothing is kept. */
export async function previewInvoice(
  { sql, clock }: InvoicesContext,
  wanted: WantedInvoice,
): Promise<InvoiceWithLines> {
  checkSpans(wanted.terms.fixedCosts, wanted.period)
  return composeDraft(sql, wanted, clock())
}

/** The draft as it would be now, with other terms where some are given. */
export async function recomputeDraft(
  { sql, clock }: InvoicesContext,
  wanted: { id: string; terms?: Partial<InvoiceTerms> } & Request,
): Promise<InvoiceWithLines> {
  return inBatch(sql, async ({ tx, commitAfter }) => {
    const before = await lockDraft(tx, wanted.id, wanted)
    const client = await getInvoicedClient(tx, before.clientId, wanted.scope)
    await checkTemplate(tx, client, wanted.terms?.templateId)
    const terms = { ...before.terms, ...wanted.terms }
    checkSpans(wanted.terms?.fixedCosts ?? [], before.period)
    const draft = recomputed(
      before,
      client,
      await computeInvoice(tx, client, { period: before.period, terms }),
    )
    draft.terms = terms
    draft.updatedAt = clock()
    draft.revision += 1
    await commitAfter([
      writeDraftSums(tx, draft),
      deleteLines(tx, draft.id),
      insertLines(tx, draft.id, draft.lines),
    ])
    return draft
  })
}

export async function deleteDraft(
  { sql }: InvoicesContext,
  wanted: { id: string } & Pick<Request, 'scope' | 'checkRevision'>,
): Promise<void> {
  await inBatch(sql, async ({ tx, commitAfter }) => {
    const draft = await lockDraft(tx, wanted.id, wanted)
    await commitAfter([deleteLines(tx, draft.id), deleteDraftRow(tx, draft.id)])
  })
}

export async function readInvoiceWithLines(
  tx: Sql,
  { id, scope }: { id: string; scope: InvoiceScope },
): Promise<InvoiceWithLines> {
  const [invoice, lines] = await Promise.all([getInvoice(tx, id, scope), loadLines(tx, id)])
  return { ...invoice, lines }
}

export async function getInvoicedClient(
  tx: Sql,
  clientId: string,
  scope: InvoiceScope,
): Promise<InvoicedClient> {
  const client = await findInvoicedClient(tx, clientId)
  if (!client || !isInScope({ brandId: client.brandId, clientId }, scope))
    throw new NotFound('client', clientId)
  if (!client.features.includes('invoices')) throw new FeatureDisabled('invoices')
  return client
}

export async function composeDraft(tx: Sql, wanted: WantedInvoice, now: number): Promise<InvoiceWithLines> {
  const { clientId, period, terms, scope } = wanted
  const [client, sequence] = await Promise.all([
    getInvoicedClient(tx, clientId, scope),
    findSequence(tx, wanted.numberSequenceId),
  ])
  if (sequence?.brandId !== client.brandId) {
    const detail = 'is not a known number sequence of the brand'
    throw new InvalidRequest('The brand has no such number sequence.', [
      { pointer: '/numberSequenceId', detail },
    ])
  }
  await checkTemplate(tx, client, terms.templateId)
  checkPeriod(period, client.timeZone)
  const sums = await computeInvoice(tx, client, { period, terms })
  const empty: StoredInvoice = {
    id: newId(now),
    brandId: client.brandId,
    clientId,
    kind: 'invoice',
    status: 'draft',
    number: null,
    numberSequenceId: sequence.id,
    period,
    timeZone: client.timeZone,
    currency: client.currency,
    language: client.language,
    billingMethod: client.billingMethod,
    terms,
    seller: null,
    buyer: null,
    template: null,
    logoDigest: null,
    taxes: [],
    net: zero,
    tax: zero,
    total: zero,
    callsAmount: zero,
    feesAmount: zero,
    prepaidAmount: zero,
    amountDueAtIssue: null,
    paidAmount: zero,
    creditedAmount: zero,
    creditsInvoiceId: null,
    reason: null,
    issuedAt: null,
    issueDay: null,
    dueDay: null,
    dueAt: null,
    actor: wanted.actor,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }
  return recomputed(empty, client, sums)
}

/** The draft with what the client and its calls are now. */
export function recomputed(
  draft: StoredInvoice,
  client: InvoicedClient,
  sums: InvoiceSums,
): InvoiceWithLines {
  return {
    ...draft,
    timeZone: client.timeZone,
    currency: client.currency,
    language: client.language,
    billingMethod: client.billingMethod,
    taxes: [...sums.taxes],
    net: sums.net,
    tax: sums.tax,
    total: sums.total,
    callsAmount: sums.callsAmount,
    lines: [...sums.lines],
  }
}

/** Else an invoice would silently be drawn with the built-in template. */
async function checkTemplate(
  tx: Sql,
  { brandId }: InvoicedClient,
  id: string | null | undefined,
): Promise<void> {
  if (id == null || (await hasTemplate(tx, { brandId, id }))) return
  throw new InvalidRequest('The brand has no such invoice template.', [
    { pointer: '/templateId', detail: 'is not a known invoice template of the brand' },
  ])
}

function checkPeriod({ from, to }: Period, timeZone: string): void {
  for (const [pointer, day] of [
    ['/from', from],
    ['/to', to],
  ] as const) {
    try {
      startOfLocalDay(day, timeZone)
    } catch {
      throw new InvalidRequest('The period has a day that does not exist.', [
        { pointer, detail: 'is not a valid calendar day' },
      ])
    }
  }
  if (from >= to) {
    throw new InvalidRequest('The period is empty.', [
      { pointer: '/to', detail: 'is the first day after the period, so it must be later than "from"' },
    ])
  }
}

async function lockDraft(
  tx: Sql,
  id: string,
  request: Pick<Request, 'scope' | 'checkRevision'>,
): Promise<StoredInvoice> {
  const invoice = await lockInvoice(tx, id, request)
  if (invoice.status !== 'draft') throw invoiceIsFinal(invoice, 'An issued invoice never changes: credit it.')
  return invoice
}

export function invoiceIsFinal(invoice: StoredInvoice, detail: string): Conflict {
  return new Conflict('invoice_is_final', detail, [
    { pointer: '', detail: `invoice ${invoice.number} is ${invoice.status}` },
  ])
}
