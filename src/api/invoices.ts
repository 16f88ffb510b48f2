/**
 * `/v1/invoices`: drafted, previewed, issued, credited and paid; what they are in JSON.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { readInstant } from '../calls/call-messages.ts'
import { instantText } from '../db/columns.ts'
import { type InvoicePayment, listPayments } from '../db/invoice-payments.ts'
import { findFeatures, listInvoices } from '../db/list-invoices.ts'
import { listForgottenCalls, listReceivables } from '../db/receivables.ts'
import { FeatureDisabled, InvalidRequest, NotFound } from '../errors.ts'
import { creditInvoice } from '../invoices/credit-invoice.ts'
import {
  deleteDraft,
  draftInvoice,
  previewInvoice,
  readInvoiceWithLines,
  recomputeDraft,
} from '../invoices/draft-invoice.ts'
import type { InvoiceScope, InvoicesContext } from '../invoices/invoices-context.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { payInvoice } from '../invoices/pay-invoice.ts'
import { type InvoiceWithLines, invoiceRecord, invoiceSummary } from '../invoices/stored-invoice.ts'
import { formatAmount } from '../money.ts'
import { identityOf } from './authentication.ts'
import type { ApiContext } from './context.ts'
import { Amount, Currency, closed, Day, oneOf, PathId, Uuid } from './fields.ts'
import { answerOnce, idempotencyKeyOf } from './idempotency.ts'
import {
  Invoice,
  InvoiceSummary,
  IssueRequest,
  NewCreditNote,
  NewInvoice,
  NewPayment,
  Recompute,
  termsOf,
} from './invoice-fields.ts'
import { type PageQuery, pageOf, pageQuery, readCursor, toPage } from './pagination.ts'
import { readSql } from './read-sql.ts'
import { idOf, scopeOf, write } from './resource.ts'

const tags = ['Invoices']
const oneInvoice = Type.Object({ id: PathId })
const statuses = ['draft', 'issued', 'paid', 'overdue', 'credited'] as const
const filters = {
  ...pageQuery,
  status: Type.Optional(oneOf(statuses)),
  kind: Type.Optional(oneOf(['invoice', 'credit-note'])),
  number: Type.Optional(Type.String({ maxLength: 100 })),
}

export function invoicesContext(context: ApiContext): InvoicesContext {
  const { clock, onTold } = context.calls
  return { sql: context.worker.$client, clock, onTold }
}

export function requesterOf(request: FastifyRequest): { scope: InvoiceScope; actor: string } {
  const { brandId, clientId, actor } = identityOf(request)
  return { scope: { brandId, clientId }, actor }
}

export function invoiceRoutes(app: FastifyInstance, context: ApiContext): void {
  const stories = invoicesContext(context)
  const idempotent = (request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>) =>
    write(context, request, (tx) => answerOnce(tx, request, reply, work), 'nothing-in-memory')
  const show = (invoice: InvoiceWithLines, payments?: readonly InvoicePayment[]) => ({
    ...invoiceRecord(invoice, stories.clock()),
    ...(payments && { payments: payments.map(showPayment) }),
  })

  app.get(
    '/v1/invoices',
    {
      schema: {
        tags,
        summary: 'Invoices, newest first',
        querystring: closed({ ...filters, clientId: Type.Optional(Uuid), brandId: Type.Optional(Uuid) }),
        response: { 200: pageOf(InvoiceSummary) },
      },
    },
    (request) => answerPage(context, request, null),
  )

  app.get(
    '/v1/clients/:clientId/invoices',
    {
      schema: {
        tags,
        summary: "A client's invoices, newest first",
        params: Type.Object({ clientId: PathId }),
        querystring: closed(filters),
        response: { 200: pageOf(InvoiceSummary) },
      },
    },
    async (request) => {
      const scope = scopeOf(request)
      return answerPage(context, request, scope.parents.clientId ?? null)
    },
  )

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
      const wanted = wantedInvoice(request)
      const answer = await idempotent(request, reply, async () => {
        const draft = await draftInvoice(stories, wanted)
        reply.header('location', `/v1/invoices/${draft.id}`)
        return show(draft)
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
    async (request) => show(await previewInvoice(stories, wantedInvoice(request))),
  )

  app.get(
    '/v1/invoices/:id',
    {
      schema: {
        tags,
        summary: 'An invoice with its lines and payments',
        params: oneInvoice,
        response: { 200: Invoice },
      },
    },
    async (request) => {
      const id = idOf(request, 'invoice')
      return readSql(context, request, async (tx) => {
        const invoice = await readInvoiceWithLines(tx, { id, scope: requesterOf(request).scope })
        return show(invoice, await listPayments(tx, id))
      })
    },
  )

  app.post(
    '/v1/invoices/:id/recompute',
    {
      schema: {
        tags,
        summary: 'Compute a draft anew, with other terms where some are given',
        params: oneInvoice,
        body: Type.Union([Recompute, Type.Null()]),
        response: { 200: Invoice },
      },
    },
    async (request) => {
      const body = request.body as Static<typeof Recompute> | null
      const given = Object.keys(body ?? {})
      const terms = Object.fromEntries(
        Object.entries(termsOf(body ?? {})).filter(([name]) => given.includes(name)),
      )
      return show(
        await recomputeDraft(stories, { id: idOf(request, 'invoice'), terms, ...requesterOf(request) }),
      )
    },
  )

  app.delete(
    '/v1/invoices/:id',
    { schema: { tags, summary: 'Delete a draft', params: oneInvoice, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteDraft(stories, { id: idOf(request, 'invoice'), scope: requesterOf(request).scope })
      return reply.code(204).send(null)
    },
  )

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
    async (request) => {
      const { email = null } = (request.body as { email?: string | null } | null) ?? {}
      const invoice = await issueInvoice(stories, {
        id: idOf(request, 'invoice'),
        email,
        ...requesterOf(request),
      })
      return show(invoice)
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
      const id = idOf(request, 'invoice')
      const { lines, reason, numberSequenceId } = (request.body as Static<typeof NewCreditNote>) ?? {}
      const answer = await idempotent(request, reply, async () => {
        const note = await creditInvoice(stories, {
          id,
          lines:
            lines?.map(({ index, quantity }) => ({
              index,
              ...(quantity !== undefined && { quantity: String(quantity) }),
            })) ?? null,
          reason: reason ?? null,
          numberSequenceId: numberSequenceId ?? null,
          ...requesterOf(request),
        })
        reply.header('location', `/v1/invoices/${note.id}`)
        return show(note)
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
        params: oneInvoice,
        body: NewPayment,
        response: { 201: Invoice },
      },
    },
    async (request, reply) => {
      const id = idOf(request, 'invoice')
      const body = request.body as Static<typeof NewPayment>
      const key = idempotencyKeyOf(request)
      const requester = requesterOf(request)
      const answer = await idempotent(request, reply, async () => {
        const { invoice, payments } = await payInvoice(stories, {
          id,
          amount: body.amount,
          paidAt: paidAtOf(body.paidAt) ?? stories.clock(),
          method: body.method ?? null,
          reference: body.reference ?? null,
          idempotencyKey: key === null ? null : `${requester.scope.brandId ?? 'platform'}:${id}:${key}`,
          ...requester,
        })
        return show(invoice, payments)
      })
      return reply.code(201).send(answer)
    },
  )

  app.get(
    '/v1/receivables',
    {
      schema: {
        tags,
        summary: 'What clients owe, by days since it was due',
        querystring: closed({ ...pageQuery, brandId: Type.Optional(Uuid) }),
        response: { 200: pageOf(Receivable) },
      },
    },
    async (request) => {
      const { limit = 50, cursor, brandId } = request.query as PageQuery & { brandId?: string }
      const after = readCursor(cursor, [uuidText])?.[0] ?? null
      const wanted = { brandId: brandId ?? null, after, limit: limit + 1, now: stories.clock() }
      const rows = await readSql(context, request, (tx) => listReceivables(tx, wanted))
      const page = toPage(rows, limit, (row) => [row.clientId])
      return {
        data: page.rows.map(({ clientId, clientName, currency, invoices, ...amounts }) => ({
          clientId,
          clientName,
          currency,
          invoices,
          ...Object.fromEntries(
            Object.entries(amounts).map(([name, amount]) => [name, formatAmount(amount)]),
          ),
        })),
        nextCursor: page.nextCursor,
      }
    },
  )

  app.get(
    '/v1/uninvoiced-calls',
    {
      schema: {
        tags,
        summary: 'Clients with priced calls that no invoice took for more than two periods; at most 500',
        querystring: closed({ brandId: Type.Optional(Uuid) }),
        response: { 200: pageOf(Forgotten) },
      },
    },
    async (request) => {
      const { brandId = null } = request.query as { brandId?: string }
      const rows = await readSql(context, request, (tx) =>
        listForgottenCalls(tx, { brandId, now: stories.clock(), limit: 500 }),
      )
      return { data: rows.map((row) => ({ ...row, amount: formatAmount(row.amount) })), nextCursor: null }
    },
  )
}

const uuidText = /^[0-9a-f-]{36}$/
const Receivable = closed({
  clientId: Uuid,
  clientName: Type.String(),
  currency: Currency,
  invoices: Type.Integer(),
  notDue: Amount,
  upTo30: Amount,
  upTo60: Amount,
  upTo90: Amount,
  over90: Amount,
  due: Amount,
})
const Forgotten = closed({
  clientId: Uuid,
  clientName: Type.String(),
  firstDay: Day,
  lastDay: Day,
  calls: Type.Integer(),
  amount: Amount,
})

function wantedInvoice(request: FastifyRequest) {
  const { clientId, numberSequenceId, from, to, ...terms } = request.body as Static<typeof NewInvoice>
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
    terms: termsOf(terms),
    ...requesterOf(request),
  }
}

async function answerPage(context: ApiContext, request: FastifyRequest, pathClientId: string | null) {
  const query = request.query as PageQuery & Record<string, string | undefined>
  const limit = query.limit ?? 50
  const now = context.calls.clock()
  const identity = identityOf(request)
  const wanted = {
    clientId: pathClientId ?? query.clientId ?? identity.clientId,
    // The asker's own is said, though the walls hold anyway: an index is found by it.
    brandId: query.brandId ?? identity.brandId,
    status: query.status ?? null,
    kind: query.kind ?? null,
    number: query.number ?? null,
    after: readCursor(query.cursor, [uuidText])?.[0] ?? null,
    limit: limit + 1,
    now,
  }
  const [rows, features] = await readSql(context, request, (tx) =>
    Promise.all([
      listInvoices(tx, wanted),
      pathClientId === null ? undefined : findFeatures(tx, pathClientId),
    ]),
  )
  if (pathClientId !== null) {
    if (!features) throw new NotFound('client', pathClientId)
    if (!features.includes('invoices')) throw new FeatureDisabled('invoices')
  }
  const page = toPage(rows, limit, (row) => [row.id])
  return { data: page.rows.map((row) => invoiceSummary(row, now)), nextCursor: page.nextCursor }
}

function paidAtOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = readInstant(text)
  if (at === undefined)
    throw new InvalidRequest('The instant is none.', [{ pointer: '/paidAt', detail: 'is no instant' }])
  return at
}

function showPayment(payment: InvoicePayment) {
  const { id, method, reference, actor } = payment
  return {
    id,
    amount: formatAmount(payment.amount),
    paidAt: instantText(payment.paidAt),
    method,
    reference,
    actor,
    createdAt: instantText(payment.createdAt),
  }
}
