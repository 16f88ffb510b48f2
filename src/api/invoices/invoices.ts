/**
 * `/v1/invoices`: listed and read.
 */
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { findFeatures } from '../../db/clients/clients.ts'
import { instantText } from '../../db/columns.ts'
import { type InvoiceAllocation, listAllocations } from '../../db/invoices/invoice-allocations.ts'
import { listPayments } from '../../db/invoices/invoice-payments.ts'
import { listInvoices } from '../../db/invoices/list-invoices.ts'
import { FeatureDisabled, NotFound } from '../../errors.ts'
import { readInvoiceWithLines } from '../../invoices/draft-invoice.ts'
import { readWarnings } from '../../invoices/find-warnings.ts'
import { getInvoice } from '../../invoices/invoices-context.ts'
import type { InvoiceSummary as Summary } from '../../invoices/stored-invoice.ts'
import { formatAmount } from '../../money.ts'
import { closed, Day, oneOf, PathId, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { requireIdentity } from '../conventions/authentication.ts'
import { readDay } from '../conventions/local-days.ts'
import {
  instantPlace,
  pageQuery,
  pageSchema,
  readCursor,
  toPage,
  uuidText,
} from '../conventions/pagination.ts'
import { plainJson } from '../conventions/plain-json.ts'
import { readAtOnce, readSql } from '../conventions/read-sql.ts'
import { readId, readScope } from '../conventions/request-scope.ts'
import { rowPlace, sortsBy } from '../conventions/sorting.ts'
import { Allocation, Invoice, InvoiceSummary } from './invoice-fields.ts'
import {
  answerInvoice,
  invoicesContext,
  oneInvoice,
  readRequester,
  invoiceTags as tags,
} from './invoice-requests.ts'

const statuses = ['draft', 'issued', 'paid', 'overdue', 'credited'] as const
const sorts = sortsBy({
  createdAt: [uuidText],
  dueAt: [{ test: (text) => text === 'infinity' || instantPlace.test(text) }, uuidText],
  total: [/^-?\d{1,14}(\.\d{1,6})?$/, uuidText],
})
const filters = {
  ...pageQuery,
  ...sorts.query,
  status: Type.Optional(oneOf(statuses)),
  kind: Type.Optional(oneOf(['invoice', 'credit-note'])),
  number: Type.Optional(Type.String({ maxLength: 100 })),
  issuedFrom: Type.Optional(Day),
  issuedTo: Type.Optional(Day),
  dueFrom: Type.Optional(Day),
  dueTo: Type.Optional(Day),
}

const InvoiceQuery = closed({ ...filters, clientId: Type.Optional(Uuid), brandId: Type.Optional(Uuid) })

export function invoiceRoutes(app: Api, context: ApiContext): void {
  const stories = invoicesContext(context)

  app.get(
    '/v1/invoices',
    {
      schema: {
        tags,
        summary: 'Invoices, newest first',
        querystring: InvoiceQuery,
        response: { 200: pageSchema(InvoiceSummary) },
      },
      ...plainJson,
    },
    (request) => answerPage(context, request, null, request.query),
  )

  app.get(
    '/v1/clients/:clientId/invoices',
    {
      schema: {
        tags,
        summary: "A client's invoices, newest first",
        params: Type.Object({ clientId: PathId }),
        querystring: closed(filters),
        response: { 200: pageSchema(InvoiceSummary) },
      },
      ...plainJson,
    },
    async (request) => {
      const scope = readScope(request)
      return answerPage(context, request, scope.parents.clientId ?? null, request.query)
    },
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
    async (request, reply) => {
      const id = readId(request, 'invoice')
      return readSql(context, request, async (tx) => {
        const invoice = await readInvoiceWithLines(tx, { id, scope: readRequester(request).scope })
        const answer = answerInvoice(stories, reply, invoice, await listPayments(tx, id))
        return invoice.status === 'draft' ? { ...answer, warnings: await readWarnings(tx, invoice) } : answer
      })
    },
  )

  app.get(
    '/v1/invoices/:id/allocations',
    {
      schema: {
        tags,
        summary: 'What settled an invoice, or what a negative one settled, beside its payments; newest first',
        params: oneInvoice,
        querystring: closed(pageQuery),
        response: { 200: pageSchema(Allocation) },
      },
    },
    async (request) => {
      const id = readId(request, 'invoice')
      const { limit = 50, cursor } = request.query
      const after = readCursor(cursor, [uuidText])?.[0] ?? null
      const rows = await readSql(context, request, async (tx) => {
        await getInvoice(tx, id, readRequester(request).scope)
        return listAllocations(tx, { invoiceId: id, after, limit: limit + 1 })
      })
      const page = toPage(rows, limit, (row) => [row.id])
      return { data: page.rows.map(showAllocation), nextCursor: page.nextCursor }
    },
  )
}

function showAllocation({ id, fromInvoiceId, toInvoiceId, amount, createdAt }: InvoiceAllocation) {
  return { id, fromInvoiceId, toInvoiceId, amount: formatAmount(amount), createdAt: instantText(createdAt) }
}

function dayOf(
  query: Static<typeof InvoiceQuery>,
  name: 'issuedFrom' | 'issuedTo' | 'dueFrom' | 'dueTo',
): string | null {
  const day = query[name]
  return day === undefined ? null : readDay(day, `/${name}`)
}

/** What the place of an invoice begins with, in each order. */
const sortedBy = {
  createdAt: () => [],
  dueAt: ({ dueAt }: Summary) => [dueAt ?? 'infinity'],
  total: ({ total }: Summary) => [total],
}

async function answerPage(
  context: ApiContext,
  request: FastifyRequest,
  pathClientId: string | null,
  query: Static<typeof InvoiceQuery>,
) {
  const limit = query.limit ?? 50
  const now = context.calls.clock()
  const identity = requireIdentity(request)
  const order = sorts.read(query)
  const wanted = {
    clientId: pathClientId ?? query.clientId ?? identity.clientId,
    // The asker's own is said, though the walls hold anyway: an index is found by it.
    brandId: query.brandId ?? identity.brandId,
    status: query.status ?? null,
    kind: query.kind ?? null,
    number: query.number ?? null,
    issuedFrom: dayOf(query, 'issuedFrom'),
    issuedTo: dayOf(query, 'issuedTo'),
    dueFrom: dayOf(query, 'dueFrom'),
    dueTo: dayOf(query, 'dueTo'),
    order,
    limit: limit + 1,
    now,
  }
  const [rows, features] = await readAtOnce(
    context,
    request,
    (tx) =>
      Promise.all([
        listInvoices(tx, wanted),
        pathClientId === null ? undefined : findFeatures(tx, pathClientId),
      ]),
    'by-index',
  )
  if (pathClientId !== null) {
    if (!features) throw new NotFound('client', pathClientId)
    if (!features.includes('invoices')) throw new FeatureDisabled('invoices')
  }
  const page = toPage(rows, limit, (row) => rowPlace(order, [...sortedBy[order.by](row), row.id]))
  return { data: page.rows, nextCursor: page.nextCursor }
}
