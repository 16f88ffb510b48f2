/**
 * `/v1/receivables` and `/v1/uninvoiced-calls`: what is owed on invoices, and what no invoice has taken yet.
 */
import Type from 'typebox'
import { listForgottenCalls, listReceivables } from '../../db/accounts/receivables.ts'
import { InvalidRequest } from '../../errors.ts'
import { formatAmount } from '../../money.ts'
import { Amount, Currency, closed, Day, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { isDay } from '../conventions/local-days.ts'
import { pageQuery, pageSchema, readCursor, toPage, uuidText } from '../conventions/pagination.ts'
import { readSql } from '../conventions/read-sql.ts'
import { invoicesContext, invoiceTags as tags } from './invoice-requests.ts'

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

export function receivableRoutes(app: Api, context: ApiContext): void {
  const stories = invoicesContext(context)

  app.get(
    '/v1/receivables',
    {
      schema: {
        tags,
        summary: 'What clients owe, by days since it was due',
        querystring: closed({ ...pageQuery, brandId: Type.Optional(Uuid) }),
        response: { 200: pageSchema(Receivable) },
      },
    },
    async (request) => {
      const { limit = 50, cursor, brandId } = request.query
      const after = readCursor(cursor, [uuidText])?.[0] ?? null
      const wanted = { brandId: brandId ?? null, after, limit: limit + 1, now: stories.clock() }
      const rows = await readSql(context, request, (tx) => listReceivables(tx, wanted))
      const page = toPage(rows, limit, (row) => [row.clientId])
      return {
        data: page.rows.map((row) => ({
          ...row,
          notDue: formatAmount(row.notDue),
          upTo30: formatAmount(row.upTo30),
          upTo60: formatAmount(row.upTo60),
          upTo90: formatAmount(row.upTo90),
          over90: formatAmount(row.over90),
          due: formatAmount(row.due),
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
        summary: 'Clients with priced calls that no invoice took for more than two periods, oldest first',
        querystring: closed({
          ...pageQuery,
          brandId: Type.Optional(Uuid),
          clientId: Type.Optional(Uuid),
          to: Type.Optional({ ...Day, description: 'Only calls of local days before this one.' }),
        }),
        response: { 200: pageSchema(Forgotten) },
      },
    },
    async (request) => {
      const { limit = 50, cursor, brandId = null, clientId = null, to = null } = request.query
      if (to !== null && !isDay(to)) {
        throw new InvalidRequest('The day does not exist.', [
          { pointer: '/to', detail: 'is not a valid calendar day' },
        ])
      }
      const [firstDay, after] = readCursor(cursor, [{ test: isDay }, uuidText]) ?? []
      const wanted = {
        ...{ brandId, clientId, to },
        after: firstDay !== undefined && after !== undefined ? { firstDay, clientId: after } : null,
        limit: limit + 1,
        now: stories.clock(),
      }
      const rows = await readSql(context, request, (tx) => listForgottenCalls(tx, wanted))
      const page = toPage(rows, limit, (row) => [row.firstDay, row.clientId])
      return {
        data: page.rows.map((row) => ({ ...row, amount: formatAmount(row.amount) })),
        nextCursor: page.nextCursor,
      }
    },
  )
}
