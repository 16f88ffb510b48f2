/**
 * `/v1/invoices/{id}`: issued, credited and paid.
 */
import { creditInvoice } from '../../invoices/credit-invoice.ts'
import { issueInvoice } from '../../invoices/issue-invoice.ts'
import { payInvoice } from '../../invoices/pay-invoice.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { readIdempotencyKey } from '../conventions/idempotency.ts'
import { readId } from '../conventions/request-scope.ts'
import { withLeasesBack } from '../conventions/run-as-tenant.ts'
import { Invoice, IssueRequest, NewCreditNote, NewPayment } from './invoice-fields.ts'
import {
  answerInvoice,
  invoicesContext,
  onceOnly,
  oneInvoice,
  readInstantAt,
  readRequester,
  invoiceTags as tags,
} from './invoice-requests.ts'

export function invoiceIssueRoutes(app: Api, context: ApiContext): void {
  const stories = invoicesContext(context)

  app.post(
    '/v1/invoices/:id/issue',
    {
      schema: {
        tags,
        summary: 'Issue an invoice',
        description: 'Twice gives the same invoice. 409 names what stands in the way.',
        params: oneInvoice,
        body: IssueRequest,
        response: { 200: Invoice },
      },
    },
    async (request, reply) => {
      const { email = null } = request.body ?? {}
      const id = readId(request, 'invoice')
      const invoice = await withLeasesBack(context, () =>
        issueInvoice(stories, { id, email, ...readRequester(request) }),
      )
      return answerInvoice(stories, reply, invoice)
    },
  )

  app.post(
    '/v1/invoices/:id/credit-notes',
    {
      schema: {
        tags,
        summary: 'Credit an invoice, whole or by lines',
        params: oneInvoice,
        body: NewCreditNote,
        response: { 201: Invoice },
      },
    },
    async (request, reply) => {
      const id = readId(request, 'invoice')
      const { lines, reason, numberSequenceId, rebill } = request.body ?? {}
      const answer = await onceOnly(context, { request, reply }, async () => {
        const note = await creditInvoice(stories, {
          id,
          lines:
            lines?.map(({ index, quantity }) => ({
              index,
              ...(quantity !== undefined && { quantity: String(quantity) }),
            })) ?? null,
          reason: reason ?? null,
          rebill,
          numberSequenceId: numberSequenceId ?? null,
          ...readRequester(request),
        })
        reply.header('location', `/v1/invoices/${note.id}`)
        return answerInvoice(stories, reply, note)
      })
      return reply.code(201).send(answer)
    },
  )

  app.post(
    '/v1/invoices/:id/payments',
    {
      schema: {
        tags,
        summary: 'Post a payment; answers the invoice as it stands then',
        description:
          'What goes beyond the amount due is unallocated money of the account, and settles other open invoices.',
        params: oneInvoice,
        body: NewPayment,
        response: { 201: Invoice },
      },
    },
    async (request, reply) => {
      const id = readId(request, 'invoice')
      const body = request.body
      const key = readIdempotencyKey(request)
      const requester = readRequester(request)
      const answer = await onceOnly(context, { request, reply }, async () => {
        const { invoice, payments } = await payInvoice(stories, {
          id,
          amount: body.amount,
          paidAt: readInstantAt(body.paidAt, '/paidAt') ?? stories.clock(),
          method: body.method ?? null,
          reference: body.reference ?? null,
          reversesPaymentId: body.reversesPaymentId ?? null,
          fromBalance: body.fromBalance ?? false,
          idempotencyKey: key === null ? null : `${requester.scope.brandId ?? 'platform'}:${id}:${key}`,
          ...requester,
        })
        return answerInvoice(stories, reply, invoice, payments)
      })
      return reply.code(201).send(answer)
    },
  )
}
