/**
 * What every request about invoices has in common: who asks, what answers it, and that a repeated key writes once.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { readInstant } from '../../calls/read-instant.ts'
import { instantText } from '../../db/columns.ts'
import type { InvoicePayment } from '../../db/invoices/invoice-payments.ts'
import { InvalidRequest } from '../../errors.ts'
import { readWarnings } from '../../invoices/find-warnings.ts'
import type { InvoicesContext, Request } from '../../invoices/invoices-context.ts'
import { type InvoiceWithLines, invoiceRecord } from '../../invoices/stored-invoice.ts'
import { formatAmount } from '../../money.ts'
import { PathId } from '../../shapes/fields.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { checkIfMatch, entityTag } from '../conventions/entity-tag.ts'
import { answerOnce } from '../conventions/idempotency.ts'
import { write } from '../conventions/run-as-tenant.ts'

export const invoiceTags = ['Invoices']
export const oneInvoice = Type.Object({ id: PathId })

export function invoicesContext(context: ApiContext): InvoicesContext {
  const { clock, onCommitted, atFailPoint } = context.calls
  return { sql: context.worker.$client, clock, onCommitted, atFailPoint }
}

export function readRequester(request: FastifyRequest): Required<Request> {
  const { brandId, clientId, actor } = requireIdentity(request)
  const ifMatch = request.headers['if-match']
  return {
    scope: { brandId, clientId },
    actor,
    checkRevision: (revision) => checkIfMatch(ifMatch, revision),
  }
}

/** `work` opens its own transaction; the answer is kept under the request's key. */
export function onceOnly<Answer>(
  context: ApiContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  work: () => Promise<Answer>,
): Promise<Answer> {
  return write(context, request, (tx) => answerOnce(tx, request, reply, work), 'nothing-in-memory')
}

export function showInvoice(
  { clock }: InvoicesContext,
  invoice: InvoiceWithLines,
  payments?: readonly InvoicePayment[],
) {
  return { ...invoiceRecord(invoice, clock()), ...(payments && { payments: payments.map(showPayment) }) }
}

/** One that is kept: with its ETag. */
export function answerInvoice(
  stories: InvoicesContext,
  reply: FastifyReply,
  invoice: InvoiceWithLines,
  payments?: readonly InvoicePayment[],
) {
  reply.header('etag', entityTag(invoice.revision))
  return showInvoice(stories, invoice, payments)
}

/** A draft, or a preview that is not kept, with what it lacks. */
export async function showDraft(stories: InvoicesContext, draft: InvoiceWithLines) {
  return { ...showInvoice(stories, draft), warnings: await readWarnings(stories.sql, draft) }
}

export async function answerDraft(stories: InvoicesContext, reply: FastifyReply, draft: InvoiceWithLines) {
  reply.header('etag', entityTag(draft.revision))
  return showDraft(stories, draft)
}

function showPayment(payment: InvoicePayment) {
  const { id, method, reference, actor } = payment
  return {
    id,
    amount: formatAmount(payment.amount),
    settledAmount: formatAmount(payment.settledAmount),
    reversesPaymentId: payment.reversesPaymentId,
    paidAt: instantText(payment.paidAt),
    method,
    reference,
    actor,
    createdAt: instantText(payment.createdAt),
  }
}

export function readInstantAt(text: string | undefined, pointer: string): number | undefined {
  if (text === undefined) return undefined
  const at = readInstant(text)
  if (at !== undefined) return at
  throw new InvalidRequest('The timestamp is not valid.', [
    { pointer, detail: 'is not a valid RFC 3339 timestamp' },
  ])
}
