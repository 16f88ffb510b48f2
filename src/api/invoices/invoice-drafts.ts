/**
 * `/v1/invoices`: drafted, previewed, computed anew and thrown away.
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { InvalidRequest } from '../../errors.ts'
import { deleteDraft, draftInvoice, previewInvoice, recomputeDraft } from '../../invoices/draft-invoice.ts'
import { nullable } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { readId } from '../conventions/request-scope.ts'
import { Invoice, NewInvoice, Recompute, toTerms } from './invoice-fields.ts'
import {
  answerDraft,
  invoicesContext,
  onceOnly,
  oneInvoice,
  readRequester,
  showDraft,
  invoiceTags as tags,
} from './invoice-requests.ts'

export function invoiceDraftRoutes(app: Api, context: ApiContext): void {
  const stories = invoicesContext(context)

  app.post(
    '/v1/invoices',
    {
      schema: {
        tags,
        summary: 'Draft an invoice',
        description: '`from` and `to` are local days of the client, `to` is the first day after the period.',
        body: NewInvoice,
        response: { 201: Invoice },
      },
    },
    async (request, reply) => {
      const wanted = wantedInvoice(request, request.body)
      const answer = await onceOnly(context, { request, reply }, async () => {
        const draft = await draftInvoice(stories, wanted)
        reply.header('location', `/v1/invoices/${draft.id}`)
        return answerDraft(stories, reply, draft)
      })
      return reply.code(201).send(answer)
    },
  )

  app.post(
    '/v1/invoices/preview',
    {
      schema: {
        tags,
        summary: 'What an invoice would be now; nothing is kept',
        body: NewInvoice,
        response: { 200: Invoice },
      },
    },
    async (request) =>
      showDraft(stories, await previewInvoice(stories, wantedInvoice(request, request.body))),
  )

  app.post(
    '/v1/invoices/:id/recompute',
    {
      schema: {
        tags,
        summary: 'Compute a draft anew, with other terms where some are given',
        params: oneInvoice,
        body: nullable(Recompute),
        response: { 200: Invoice },
      },
    },
    async (request, reply) => {
      const body = request.body
      const given = Object.keys(body ?? {})
      const terms = Object.fromEntries(
        Object.entries(toTerms(body ?? {})).filter(([name]) => given.includes(name)),
      )
      return answerDraft(
        stories,
        reply,
        await recomputeDraft(stories, { id: readId(request, 'invoice'), terms, ...readRequester(request) }),
      )
    },
  )

  app.delete(
    '/v1/invoices/:id',
    { schema: { tags, summary: 'Delete a draft', params: oneInvoice, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteDraft(stories, { id: readId(request, 'invoice'), ...readRequester(request) })
      return reply.code(204).send(null)
    },
  )
}

function wantedInvoice(
  request: FastifyRequest,
  { clientId, numberSequenceId, from, to, ...terms }: Static<typeof NewInvoice>,
) {
  for (const [i, discount] of (terms.discounts ?? []).entries()) {
    if ((discount.percent === undefined) !== (discount.amount === undefined)) continue
    throw new InvalidRequest('A discount is a percent or an amount.', [
      { pointer: `/discounts/${i}`, detail: 'must have exactly one of percent and amount' },
    ])
  }
  return {
    clientId: clientId.toLowerCase(),
    numberSequenceId,
    period: { from, to },
    terms: toTerms(terms),
    ...readRequester(request),
  }
}
