/**
 * `/v1/clients/{id}/statement`: every movement between two local days, with the balances before and after.
 */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import {
  findMovementBefore,
  listMovementsBetween,
  sumMovementsByKind,
} from '../../db/accounts/read-accounts.ts'
import { InvalidRequest } from '../../errors.ts'
import { Decimal, formatAmount, zero } from '../../money.ts'
import type { ApiContext } from '../context.ts'
import { Amount, Currency, closed, Day, nullable, PathId, TimeZone } from '../conventions/fields.ts'
import { startOfDay } from '../conventions/local-days.ts'
import { type PageQuery, pageQuery, readCursor, toPage } from '../conventions/pagination.ts'
import { parentClient } from '../conventions/parent-client.ts'
import { scopeOf } from '../conventions/request-scope.ts'
import { read } from '../conventions/run-as-tenant.ts'
import { movementShownTo, viewOf } from '../conventions/sections.ts'
import { Movement, showMovement } from './balance-movements.ts'

const params = Type.Object({ clientId: PathId })

const Statement = closed({
  from: Day,
  to: Day,
  timeZone: TimeZone,
  currency: Currency,
  openingBalance: Amount,
  closingBalance: Amount,
  totals: Type.Record(Type.String(), Amount, { description: 'Sum of the movements by kind.' }),
  movements: Type.Array(Movement),
  nextCursor: nullable(Type.String()),
})

export function statementRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get(
    '/v1/clients/:clientId/statement',
    {
      schema: {
        tags: ['Accounts'],
        summary: 'Movements between two local days, half open, with the balances before and after',
        params,
        querystring: closed({ ...pageQuery, from: Day, to: Day }),
        response: { 200: Statement },
      },
    },
    async (request) => {
      const scope = scopeOf(request)
      const { from, to, limit = 50, cursor } = request.query as PageQuery & { from: string; to: string }
      const afterSeq = Number(readCursor(cursor, [/^\d{1,15}$/])?.[0] ?? 0)
      return read(context, request, async (tx) => {
        const client = await parentClient(tx, scope)
        const span = {
          clientId: client.id,
          from: startOfDay(from, client.timeZone, '/from', 0),
          to: startOfDay(to, client.timeZone, '/to', 0),
        }
        if (span.to <= span.from) {
          throw new InvalidRequest('The span is empty.', [{ pointer: '/to', detail: 'must be after "from"' }])
        }
        const opening = await findMovementBefore(tx, client.id, span.from)
        const closing = await findMovementBefore(tx, client.id, span.to)
        const totals = await sumMovementsByKind(tx, span)
        const rows = await listMovementsBetween(tx, {
          ...span,
          afterSeq,
          limit: limit + 1,
          ofCalls: viewOf(context, request).callPrices ? 'shown' : 'hidden',
        })
        const page = toPage(rows, limit, (row) => [String(row.seq)])
        return {
          from,
          to,
          timeZone: client.timeZone,
          currency: client.currency,
          openingBalance: formatAmount(opening?.balanceAfter ?? zero),
          closingBalance: formatAmount(closing?.balanceAfter ?? zero),
          totals: Object.fromEntries(
            totals.map(({ kind, amount }) => [kind, formatAmount(new Decimal(amount))]),
          ),
          movements: page.rows.map(showMovement).map(movementShownTo(context, request)),
          nextCursor: page.nextCursor,
        }
      })
    },
  )
}
