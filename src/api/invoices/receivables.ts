/**
 * `/v1/receivables` and `/v1/uninvoiced-calls`: what is owed on invoices, and what no invoice has taken yet.
 */
import Type from 'typebox'
import { listForgottenCalls, listReceivables } from '../../db/accounts/receivables.ts'
import { listTimeZones } from '../../db/clients/client-clocks.ts'
import { todayOfZones } from '../../limits/client-days.ts'
import { formatAmount } from '../../money.ts'
import { Amount, Currency, closed, Day, Uuid } from '../../shapes/fields.ts'
import type { Api } from '../api.ts'
import type { ApiContext } from '../context.ts'
import { pageOf, pageQuery, readCursor, toPage, uuidText } from '../conventions/pagination.ts'
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
        response: { 200: pageOf(Receivable) },
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
        summary: 'Clients with priced calls that no invoice took for more than two periods; at most 500',
        querystring: closed({ brandId: Type.Optional(Uuid) }),
        response: { 200: pageOf(Forgotten) },
      },
    },
    async (request) => {
      const { brandId = null } = request.query
      const rows = await readSql(context, request, async (tx) => {
        const today = todayOfZones(await listTimeZones(tx), stories.clock())
        return listForgottenCalls(tx, { brandId, today, limit: 500 })
      })
      return { data: rows.map((row) => ({ ...row, amount: formatAmount(row.amount) })), nextCursor: null }
    },
  )
}
